"""A hospital's Monday at its back office: money that matched nothing, refunds to decide, statements with differences."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hmis_pos.contract.mapping import iso
from hmis_pos.contract.mpesa import Balance, MpesaStatus
from hmis_pos.contract.payments import EvidenceLine
from hmis_pos.contract.statements import BadRow, ClassCount, Item
from hmis_pos.contract.unmatched import Suggestion
from tests.support.office import Office
from tests.support.office_messages import NOW, evidence, invoice, refund, statement, transaction, unmatched

_PEOPLE = (
    (31, "Wanjiku, Grace N.", "1300.00"),
    (34, "Otieno, Brian", "1200.00"),
    (2, "Hassan, Amina Y.", "12400.00"),
    (40, "Kiprono, Daniel", "650.00"),
    (29, "Muthoni, Faith W.", "3300.00"),
    (43, "Barasa, Peter", "2075.50"),
)
COUNTS = (
    ("MATCHED", 1271, "405250.00"),
    ("MISSING_HERE", 5, "8900.00"),
    ("MISSING_THERE", 1, "1200.00"),
    ("AMOUNT_DIFF", 2, "150.00"),
    ("REVERSED_THERE", 1, "500.00"),
    ("DUPLICATE", 1, "4850.00"),
    ("TIMING", 3, "2600.00"),
)


def monday() -> Office:
    """Everything at once."""
    office = Office()
    office.invoices = {which: invoice(which, name, owed) for which, name, owed in _PEOPLE}
    _fill_money(office)
    _fill_refunds(office)
    _fill_statements(office)
    told = iso(NOW - timedelta(minutes=42))
    office.mpesa = MpesaStatus(
        shortcode="600999",
        is_till=False,
        features=["reversal", "payout", "status", "balance", "pull", "qr"],
        balances=[
            Balance(account="Utility Account", available="486450.00", at=told),
            Balance(account="Working Account", available="25000.00", at=told),
            Balance(account="Charges Paid Account", available="-1230.00", at=told),
        ],
        pull_good_at=iso(NOW - timedelta(minutes=9)),
        pull_trouble="",
        pull_is_late=False,
        payouts_halted="",
    )
    return office


def _fill_money(office: Office) -> None:
    hours, minutes = timedelta(hours=1), timedelta(minutes=1)
    rows = (
        unmatched(1, "3300.00", age=98 * hours, account="FAITH", payer_name="PETER MWANGI", owner="finance"),
        unmatched(2, "1500.00", age=29 * hours, account="INV2093I"),
        unmatched(3, "12400.00", age=5 * hours, account="0002", payer_name="AMINA HASSAN", source="pull"),
        unmatched(4, "650.00", age=12 * minutes, account="", payer_name="", kind="Buy Goods"),
        unmatched(5, "20000.00", age=4 * minutes, account="MATERNITY", payer_name="KAMAU TRADERS LTD", payer_phone=""),
    )
    office.money = {one.unmatched_id: one for one in rows}

    def suggest(which: int, score: int, *reasons: str) -> Suggestion:
        return Suggestion(invoice=office.invoices[which], score=score, reasons=list(reasons))

    office.suggestions = {
        1: [suggest(29, 40, "same-amount", "name")],
        2: [suggest(31, 70, "near-account", "at-counter"), suggest(34, 45, "near-account"), suggest(40, 20, "phone")],
        3: [suggest(2, 95, "part-of-account", "same-amount", "name", "recent")],
        4: [suggest(40, 30, "same-amount", "recent")],
    }


def _fill_refunds(office: Office) -> None:
    paid = ((34, "1200.00"), (2, "2000.00"), (43, "2000.00"), (29, "900.00"), (31, "500.00"))
    for which, (number, amount) in enumerate(paid, 1):
        uid = UUID(int=1000 + which)
        office.payments[str(uid)] = transaction(uid, office.invoices[number], amount)
    rows = (
        (1, "requested", "cashier", "Service not given: X-ray machine down, patient referred", "reversal"),
        (2, "requested", "supervisor", "Paid twice", "reversal"),
        (3, "completed", "cashier", "Wrong amount typed", "payout"),
        (4, "rejected", "cashier", "Changed mind", "reversal"),
        (5, "unknown", "cashier", "Paid twice, by phone and in cash", "payout"),
    )
    for which, state, by, reason, route in rows:
        one = office.payments[str(UUID(int=1000 + which))]
        decided = state != "requested"
        at = NOW - timedelta(minutes=4 + 18 * (which - 1))
        name = str(UUID(int=2000 + which))
        told: list[EvidenceLine] = []
        if state in ("completed", "unknown"):
            told.append(evidence("accepted", "submit", at + timedelta(minutes=2)))
        if state == "completed":
            told.append(evidence("paid", "callback", at + timedelta(minutes=3), receipt_no="TKN9ZZ8YY7"))
        if state == "unknown":
            told.append(evidence("silence", "worker", at + timedelta(minutes=7)))
        office.refunds[name] = refund(
            name,
            "350.00" if state == "completed" else one.received,
            transaction_id=one.transaction_id,
            invoice_number=one.invoice_number,
            patient_name=one.patient_name,
            route=route,
            phone="254712345418" if route == "payout" else "",
            state=state,
            reason=reason,
            provider_receipt="TKN9ZZ8YY7" if state == "completed" else "",
            requested_by=by,
            requested_at=iso(at),
            decided_by="admin" if decided else "",
            decided_at=iso(at + timedelta(minutes=2)) if decided else "",
            decision_note="The service was given" if state == "rejected" else "",
            completed_at=iso(at + timedelta(minutes=3)) if state == "completed" else "",
            next_check_at=iso(NOW + timedelta(minutes=6)) if state == "unknown" else "",
            evidence=told,
        )


def _fill_statements(office: Office) -> None:
    counts = [ClassCount(line_class=name, count=count, total=total) for name, count, total in COUNTS]
    empty = dict.fromkeys(("opening", "closing", "paid_in", "withdrawn", "balance_gap", "since", "until"), "")
    office.statements = {
        1: statement(1, counts=counts, bad_lines=2),
        2: statement(2, name="Org_600999_nov22.xlsx", balance_gap="-4850.00", imported_at=iso(NOW - timedelta(days=1))),
        3: statement(
            3,
            name="contacts.csv",
            state="broken",
            trouble="the file has no column of receipt numbers",
            lines=0,
            imported_at=iso(NOW - timedelta(days=2)),
            **empty,
        ),
    }
    rows: list[Item] = []
    for line_class, count, _total in COUNTS:
        for number in range(min(count, 140)):
            rows.append(
                Item(
                    item_id=len(rows) + 1,
                    line_class=line_class,
                    receipt_no=f"TK{line_class[0]}{number:03d}X{len(rows):04d}",
                    row=None if line_class == "MISSING_THERE" else 8 + len(rows),
                    here="" if line_class == "MISSING_HERE" else "1200.00",
                    there={"MISSING_THERE": "", "AMOUNT_DIFF": "1275.00"}.get(line_class, "1200.00"),
                    at=iso(NOW - timedelta(minutes=7 * len(rows))),
                    owner="" if line_class == "MISSING_HERE" else "payment:0190",
                    text="=HYPERLINK(0)" if number == 1 else "",
                )
            )
    office.items = {1: rows}
    office.bad = {
        1: [
            BadRow(
                row=412,
                text="the amount 'l,200.00' is no number: correct the cell and import again",
                cells="TKM1 | 2026-11-22 | l,200.00",
            ),
            BadRow(row=977, text="the date is missing: export the statement once more", cells="TKM2 |  | 500.00"),
        ]
    }
