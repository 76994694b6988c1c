"""A month of Paybill and prompt traffic: typos, lost, doubled, late and contradicting reports. The books end as Safaricom's own.

What a seed does is decided by the simulator's planner; nobody tells our books which payment was hit by what.
"""

from datetime import timedelta

import pytest

from hmis_pos.cashier import import_statement, take_payment
from hmis_pos.cashier.records import Actor, InvoiceFilter, Role
from hmis_pos.cashier.take_payment import InitiateOrder
from hmis_pos.db.central import seed as seeding
from hmis_pos.domain.errors import CashierMistake
from hmis_pos.domain.money import Money
from hmis_pos.gateways.mpesa.statement_source import opened as opened_statement
from hmis_pos.simulators.daraja.statement_files import as_csv
from hmis_pos.simulators.daraja.traffic_plan import Bill, TrafficRates, plan_traffic
from tests.support.house import HandClock, opened

DAYS = 30
CASHIER = Actor(
    user_id=1, username="cashier", display_name="A. Cashier", role=Role.BILLING, facility_id=1, terminal="T01A"
)
#: The looks that the relay takes after a payment, in seconds; the chase plan's own rhythm, coarse.
LOOKS = (25, 60, 120, 480, 1300)


class Month:
    """The relay and Safaricom through a month, on one clock."""

    def __init__(self, house):
        self.house = house
        self.ctx = house.relay.ctx

    async def advance(self, seconds):
        """Time goes by; meanwhile the relay looks whenever something may be due."""
        left = seconds
        for look in LOOKS:
            if left > look:
                await self.step(look)
                left -= look
        while left > 6 * 3600:
            await self.step(6 * 3600)
            left -= 6 * 3600
        await self.step(left)

    async def step(self, seconds):
        self.house.clock.at += timedelta(seconds=seconds)
        self.house.daraja.advance(0)
        await self.house.daraja.sent_what_is_due()
        for name in ("inbox", "chase", "inbox", "pull", "checks"):
            await self.house.step(name)

    async def push(self, planned):
        """A cashier asks a phone; None where our own rules refuse it."""
        page = await self.ctx.database.read(
            lambda books: books.invoices.page(
                InvoiceFilter(facility_id=1, text=planned.bill.account, open_only=False), self.house.clock.now()
            )
        )
        invoice = page.invoices[0]
        try:
            summary = await take_payment.initiate(
                self.ctx,
                CASHIER,
                InitiateOrder(
                    invoice_id=invoice.id,
                    amount=min(Money.whole(int(planned.amount)), invoice.owed.rounded_up),
                    phone=planned.msisdn,
                    uid=None,
                    idempotency_key=f"month-{planned.no:06d}",
                ),
            )
        except CashierMistake:
            return None
        return summary.record.provider_request or None

    async def note(self, _happened):
        for name in ("inbox", "chase"):
            await self.house.step(name)


def totals(books):
    """What our ledger says M-Pesa holds for us, in cents."""
    t = books.schema.transfer.c
    from sqlalchemy import func, select  # noqa: PLC0415

    def total(column):
        return books.connection.execute(
            select(func.coalesce(func.sum(t.amount), 0)).where(column == "received:mpesa")
        ).scalar_one()

    back = books.connection.execute(
        select(func.coalesce(func.sum(t.amount), 0)).where(t.credit == "paid-back:mpesa")
    ).scalar_one()
    return int(total(t.debit)) - int(total(t.credit)) - int(back)


async def run_month(url, tmp_path, *, seed, per_day, style=None):
    clock = HandClock()
    seeding.many(url, sum(per_day) * DAYS, clock)
    rates = TrafficRates(
        paybill_per_day=per_day[0], stk_per_day=per_day[1], typos=0.10, lost=0.05, duplicated=0.05, contradicted=0.02
    )
    async with opened(url, c2b_confirmation_url="ours", repeat_seconds=None, seed=seed, pull_late=0.02) as house:
        month = Month(house)
        await month.step(12 * 3600 + 1740)  # to a midnight in Nairobi, as the planner counts days
        before = await house.database.read(totals)
        found = await house.database.read(
            lambda books: (
                books.invoices.page(
                    InvoiceFilter(facility_id=1, text="BULK", limit=sum(per_day) * DAYS), clock.now()
                ).invoices
            )
        )
        bills = [
            Bill(account=one.number, amount=one.payable.rounded_up.decimal, patient=one.patient_no) for one in found
        ]
        plan = plan_traffic(days=DAYS, seed=seed, rates=rates, bills=bills)
        began = house.clock.now()
        truth = await house.daraja.traffic.run(plan, push=month.push, advance=month.advance, after_each=month.note)
        assert truth.receipts("lost"), "the month must lose something"
        await month.step(700)
        file = tmp_path / "statement.csv"
        statement = house.daraja.statement(began - timedelta(hours=1), house.clock.now(), style=style)
        file.write_bytes(as_csv(statement))
        with opened_statement(file) as source:
            view = await import_statement.run(month.ctx, source, by="finance", facility_id=1)
        moved = sum(m.amount for m in house.daraja.state.ledger.movements("stk", "c2b"))
        assert await house.database.read(totals) - before == int(moved * 100)
        assert await house.breaches() == []
        counts = {kind.value: count for kind, (count, _) in view.counts.items()}
        assert set(counts) <= {"MATCHED", "MISSING_HERE", "DUPLICATE"}, counts
        assert sum(counts.values()) == len(truth.receipts())
        # A second import of the same file finds nothing to do.
        with opened_statement(file) as source:
            again = await import_statement.run(month.ctx, source, by="finance", facility_id=1)
        assert again.counts == view.counts
        assert await house.database.read(totals) - before == int(moved * 100)
        return counts


async def test_books_equal_safaricoms_after_pull_and_one_statement(sqlite_url, tmp_path):
    await run_month(sqlite_url, tmp_path, seed=20261, per_day=(3, 2))


@pytest.mark.deep
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(10))
async def test_many_months(url, tmp_path, seed):
    await run_month(url, tmp_path, seed=seed, per_day=(8, 4))
