"""A statement against the books: what was injected is what is found, no more and no less; and what is done about it."""

import csv
import io
import random
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from hmis_pos.cashier import import_statement
from hmis_pos.db.central import seed as seeding
from hmis_pos.gateways.mpesa.statement_source import opened as opened_statement
from hmis_pos.simulators.daraja import Delivery
from hmis_pos.simulators.daraja.confirmations import PaymentBehaviour
from hmis_pos.simulators.daraja.statement import StatementStyle
from hmis_pos.simulators.daraja.statement_files import as_csv, as_xlsx
from tests.support.house import HandClock, opened

NO_PULL = {"pull": False}
COUNT = 40
FAULTS = ("none", "none", "none", "lost", "forged", "amount", "double", "reversed", "edge", "unmatched", "rejected_row")


def receipts(books):
    """Every receipt number of M-Pesa that is in our books."""
    return set(books.connection.execute(select(books.schema.provider_receipt.c.receipt_no)).scalars())


class Ground:
    """Makes history with faults and writes down what a perfect comparison would find."""

    def __init__(self, house, rng):
        self.house = house
        self.rng = rng
        self.expected = {}  # receipt -> class
        self.dropped = set()

    async def happen(self, fault, invoice):
        amount = int(Decimal(invoice["payable"]))
        number = invoice["number"]
        await getattr(self, f"_{fault}")(number, amount)
        await self.wait(self.rng.randrange(60, 4000))

    async def wait(self, seconds):
        self.house.clock.at += timedelta(seconds=seconds)
        self.house.daraja.advance(0)

    async def _pay(self, number, amount, behaviour=None):
        phone = f"2547{self.rng.randrange(10**8):08d}"
        return await self.house.pay(amount, number, phone, behaviour=behaviour)

    async def _none(self, number, amount):
        self.expected[(await self._pay(number, amount)).receipt] = "MATCHED"

    async def _unmatched(self, _number, amount):
        self.expected[(await self._pay("NOBODY", amount)).receipt] = "MATCHED"

    async def _lost(self, number, amount):
        payment = await self._pay(number, amount, PaymentBehaviour(deliveries=()))
        self.expected[payment.receipt] = "MISSING_HERE"

    async def _forged(self, number, amount):
        """Somebody posts a confirmation of money that never came; nothing else happens."""
        before = await self.house.database.read(receipts)
        payment = await self._pay(number, amount, PaymentBehaviour(deliveries=("forged",)))
        (forged,) = await self.house.database.read(receipts) - before
        self.expected[forged] = "MISSING_THERE"
        self.expected[payment.receipt] = "MISSING_HERE"

    async def _amount(self, number, amount):
        told = PaymentBehaviour(deliveries=(Delivery(amount=f"{amount + self.rng.choice((-1, 1, 500))}.00"),))
        self.expected[(await self._pay(number, amount, told)).receipt] = "AMOUNT_DIFF"

    async def _double(self, number, amount):
        self.expected[(await self._pay(number, amount)).receipt] = "MATCHED"
        await self.wait(90)
        self.expected[(await self._pay(number, amount)).receipt] = "DUPLICATE"

    async def _reversed(self, number, amount):
        payment = await self._pay(number, amount)
        self.expected[payment.receipt] = "MATCHED"
        await self.wait(600)
        back = self.house.daraja.state.ledger.move(
            f"portal {payment.receipt}",
            msisdn=payment.msisdn,
            amount=Decimal(amount),
            account="",
            shortcode=payment.shortcode,
            at=self.house.clock.now(),
            kind="reversal",
            direction="out",
            linked=payment.receipt,
        )
        self.expected[back.receipt] = "REVERSED_THERE"

    async def _edge(self, number, amount):
        """Nothing here: its payment is made at the very end."""
        self.last = (number, amount)

    async def _rejected_row(self, number, amount):
        """A confirmation told three times, late and in lower case: still one payment."""
        told = PaymentBehaviour(deliveries=(Delivery(times=3),))
        self.expected[(await self._pay(number, amount, told)).receipt] = "MATCHED"

    async def at_the_edge(self):
        """The portal's export may lack what happened in its last minutes."""
        if not hasattr(self, "last"):
            return
        await self.wait(2400)
        payment = await self._pay(*self.last)
        self.expected[payment.receipt] = "TIMING"
        self.dropped.add(payment.receipt)
        await self.wait(300)


def without(statement, receipts):
    """The file, lacking some rows."""
    rows = list(csv.reader(io.StringIO(statement.decode())))
    text = io.StringIO()
    csv.writer(text).writerows(row for row in rows if not row or row[0] not in receipts)
    return text.getvalue().encode()


async def classified(url, tmp_path, seed, style):
    seeding.many(url, COUNT, HandClock())
    rng = random.Random(seed)
    async with opened(url, mpesa=NO_PULL, c2b_confirmation_url="ours", seed=seed) as house:
        ground = Ground(house, rng)
        found = await house.get("/api/invoices", search="BULK", limit=COUNT)
        for invoice in found["invoices"]:
            await ground.happen(rng.choice(FAULTS), invoice)
        await ground.at_the_edge()
        statement = house.daraja.statement(house.began, house.clock.now(), style=style)
        file = tmp_path / "statement.csv"
        file.write_bytes(without(as_csv(statement), ground.dropped))
        with opened_statement(file) as source:
            view = await import_statement.run(house.relay.ctx, source, by="finance", facility_id=1)
        items = await house.database.read(lambda books: books.statements.items(view.file.id, (), 0, 1000))
        assert {item.receipt_no: item.line_class.value for item in items} == ground.expected
        assert len(items) == len(ground.expected)
        return ground, house


@pytest.mark.parametrize("seed", [11])
async def test_faults_are_found_with_precision_and_recall_of_one(sqlite_url, tmp_path, seed):
    await classified(sqlite_url, tmp_path, seed, None)


@pytest.mark.deep
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", [3, *range(100, 130)])
async def test_faults_of_many_seeds(url, tmp_path, seed):
    styles = (None, StatementStyle(newest_first=True), StatementStyle(dates="iso", withdrawn="negative"))
    await classified(url, tmp_path, seed, styles[seed % len(styles)])


async def test_money_missing_here_is_created_and_settles(sqlite_url):
    async with opened(sqlite_url, mpesa=NO_PULL, c2b_confirmation_url="ours") as house:
        await house.pay(4850, "inv 20931", "254722000111", behaviour=PaymentBehaviour(deliveries=()))
        await house.pass_time(3600)
        found = await house.import_statement()
        assert [(c["line_class"], c["count"], c["total"]) for c in found["counts"]] == [("MISSING_HERE", 1, "4850.00")]
        assert (await house.invoice("INV-20931"))["payable"] == "0.00"
        again = await house.import_statement()
        assert (await house.invoice("INV-20931"))["paid"] == "4850.00"
        assert again["state"] == "done"
        assert await house.breaches() == []


async def test_a_forged_confirmation_freezes_its_refund_until_it_is_explained(sqlite_url):
    async with opened(sqlite_url, mpesa=NO_PULL, c2b_confirmation_url="ours") as house:
        await house.pass_time(3600)  # not at the edge of the statement, which begins with the test
        await house.pay(4850, "INV-20931", "254722000111", behaviour=PaymentBehaviour(deliveries=("forged",)))
        await house.pass_time(7200)
        await house.import_statement()
        assert "missing-there" in await house.tasks()
        invoice = await house.invoice("INV-20931")
        forged = next(p for p in await house.payments(invoice["id"]) if p["allocated"] == "4850.00")
        body = {"transaction_id": forged["transaction_id"], "amount": "4850", "reason": "the payer asks for it"}
        answer = await house.post("/api/payments/refund", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "refund-frozen")


async def test_what_safaricom_took_back_is_owed_again(sqlite_url):
    async with opened(sqlite_url, mpesa=NO_PULL, c2b_confirmation_url="ours") as house:
        payment = await house.pay(4850, "INV-20931", "254722000111")
        await house.pass_time(600)
        house.daraja.state.ledger.move(
            "portal",
            msisdn=payment.msisdn,
            amount=Decimal(4850),
            account="",
            shortcode=payment.shortcode,
            at=house.clock.now(),
            kind="reversal",
            direction="out",
            linked=payment.receipt,
        )
        await house.pass_time(3600)
        found = await house.import_statement()
        assert {c["line_class"]: c["count"] for c in found["counts"]} == {"MATCHED": 1, "REVERSED_THERE": 1}
        assert (await house.invoice("INV-20931"))["payable"] == "4850.00"
        assert "reversed-there" in await house.tasks()
        assert await house.breaches() == []


async def test_a_workbook_and_a_csv_say_the_same(sqlite_url):
    async with opened(sqlite_url, mpesa=NO_PULL, c2b_confirmation_url="ours") as house:
        await house.pay(4850, "INV-20931", "254722000111")
        await house.pass_time(3600)
        now = house.clock.now()
        book = as_xlsx(house.daraja.statement(house.began, now, style=StatementStyle(dates="serial")))
        found = await house.import_statement(content=book, name="statement.xlsx")
        assert {c["line_class"]: c["count"] for c in found["counts"]} == {"MATCHED": 1}
        assert found["balance_gap"] == "0.00"


async def test_a_bad_row_is_told_with_its_line_and_loses_nothing_else(sqlite_url):
    async with opened(sqlite_url, mpesa=NO_PULL, c2b_confirmation_url="ours") as house:
        await house.pay(4850, "INV-20931", "254722000111", behaviour=PaymentBehaviour(deliveries=()))
        await house.pay(100, "INV-20934", "254722000112", behaviour=PaymentBehaviour(deliveries=()))
        await house.pass_time(3600)
        now = house.clock.now()
        lines = as_csv(house.daraja.statement(house.began, now)).decode().splitlines()
        at = next(n for n, line in enumerate(lines) if "INV-20934" in line)
        lines[at] = lines[at].replace("100.00", "one hundred", 1)
        found = await house.import_statement(content="\n".join(lines).encode())
        assert (found["lines"], found["bad_lines"]) == (1, 1)
        await house.sign_in("supervisor")
        (bad,) = (await house.get(f"/api/statements/{found['statement_id']}/bad-rows"))["rows"]
        assert bad["row"] == at + 1
        assert (await house.invoice("INV-20931"))["payable"] == "0.00"


async def test_another_shortcodes_statement_is_refused(sqlite_url):
    async with opened(sqlite_url, mpesa=NO_PULL) as house:
        now = house.clock.now()
        content = as_csv(house.daraja.statement(house.began, now)).replace(b"174379", b"600999")
        answer = await house.send_statement(content)
        assert (answer.status_code, answer.json()["code"]) == (409, "other-shortcode")
        assert "600999" in answer.json()["detail"]
