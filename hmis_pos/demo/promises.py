"""The six promises as code: ``check_all(books, world)``. Every scenario, crash test and simulation ends with it.

``World`` is what really happened, told by those who know: the simulated Safaricom's own ledger of money moved, and the drawer, noted by
whoever put the money in. Neither is derived from our books.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import PaymentFilter, PaymentRecord
from hmis_pos.cashier.records_back_office import RefundFilter, UnmatchedFilter
from hmis_pos.db.central.invariants import Breach, find_breaches
from hmis_pos.domain.evidence import EvidenceKind
from hmis_pos.domain.payment import MONEY_STATES, OPEN_STATES, Method, PaymentState
from hmis_pos.domain.refund import RefundState, Route

PROMISES = ("P1", "P2", "P3", "P4", "P5", "P6")
_A_NO = frozenset({EvidenceKind.DECLINED, EvidenceKind.UNREACHED, EvidenceKind.REFUSED})
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that a network moved: ``minor`` units, for the request it answers (empty where nobody asked)."""

    minor: int
    request: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What really happened.

    ``mpesa``: the network's receipt number -> its movement to us; ``paid_back``: the same of what went back. ``drawer``: number of
    our receipt -> cash kept, minor units. ``settled``: everything under way had its chance to arrive, so that the books must be
    equal and not only not above.
    """

    mpesa: Mapping[str, Movement] = field(default_factory=dict)
    paid_back: Mapping[str, Movement] = field(default_factory=dict)
    drawer: Mapping[tuple[str, int], int] = field(default_factory=dict)
    settled: bool = True


def check_all(books: Books, world: World, *, facility_id: int = 1) -> list[Breach]:
    """Every broken promise, in words; empty when all six hold."""
    found = list(find_breaches(books))
    records = list(_payments(books, facility_id))
    found.extend(_mpesa_once(books, records, world))
    found.extend(_gone_back_once(books, world, facility_id))
    found.extend(_cash_once(books, records, world))
    found.extend(_honest(records, world))
    return found


def seeded_movements(books: Books, facility_id: int = 1) -> dict[str, Movement]:
    """What M-Pesa moved before a scenario began, as the seed tells it: part of the scenario's world."""
    paid = {
        receipt: Movement(record.received.minor, record.provider_request)
        for record in _payments(books, facility_id)
        if record.payment.method is Method.MPESA and record.received is not None
        for receipt in record.receipts
    }
    waiting = books.unmatched.page(UnmatchedFilter(facility_id=facility_id, open_only=False, limit=_PAGE))
    return paid | {one.money.receipt_no: Movement(one.money.amount.minor) for one in waiting}


def verdict(breaches: list[Breach]) -> dict[str, bool]:
    """Promise by promise: does it hold?"""
    broken = {breach.promise for breach in breaches}
    return {promise: promise not in broken for promise in PROMISES}


def _payments(books: Books, facility_id: int) -> Iterator[PaymentRecord]:
    after: int | None = None
    while True:
        page = books.payments.page(PaymentFilter(facility_id=facility_id, after=after, limit=_PAGE))
        if not page:
            return
        for summary in page:
            record = books.payments.get(summary.record.uid)
            if record is not None:
                yield record
        after = page[-1].record.id


def _mpesa_once(books: Books, records: list[PaymentRecord], world: World) -> Iterator[Breach]:
    """P1: what the network moved is what we hold as received or as unmatched, receipt by receipt."""
    ours = [r for r in records if r.payment.method is Method.MPESA and r.state in MONEY_STATES]
    by_request = {r.provider_request: f"payment:{r.uid}" for r in ours if r.provider_request}
    moved_for: dict[str, int] = {}
    for receipt, movement in world.mpesa.items():
        holder = books.payments.owner_of(Method.MPESA.value, receipt) or by_request.get(movement.request)
        if holder is None:
            if world.settled:
                yield Breach("P1", f"M-Pesa moved {movement.minor} for {receipt}, and nobody recorded it")
            continue
        moved_for[holder] = moved_for.get(holder, 0) + movement.minor
    for record in ours:
        if books.unmatched.parts_of(record.uid):
            continue  # its money is its unmatched money's, looked at below
        received = record.received.minor if record.received is not None else 0
        moved = moved_for.get(f"payment:{record.uid}", 0)
        if received > moved or (world.settled and received != moved):
            yield Breach("P1", f"payment {record.uid} holds {received} received, M-Pesa moved {moved}")
    for holder, moved in moved_for.items():
        held, _, number = holder.partition(":")
        money = books.unmatched.get(int(number)) if held == "unmatched" else None
        if money is not None and money.money.amount.minor != moved:
            yield Breach("P1", f"{holder} holds {money.money.amount.minor}, M-Pesa moved {moved}")


def _gone_back_once(books: Books, world: World, facility_id: int) -> Iterator[Breach]:
    """P1: what the network moved back is what our refunds say went back, once."""
    done: dict[str, int] = {}
    unnamed = 0
    after: int | None = None
    while page := books.refunds.page(RefundFilter(facility_id=facility_id, after=after, limit=_PAGE)):
        after = page[-1].id
        for refund in page:
            if refund.state is not RefundState.COMPLETED or refund.route is Route.UNMATCHED:
                continue
            if refund.provider_receipt:
                done[refund.provider_receipt] = done.get(refund.provider_receipt, 0) + refund.amount.minor
            else:
                unnamed += refund.amount.minor
    for receipt, minor in done.items():
        moved = world.paid_back.get(receipt)
        if moved is None or moved.minor != minor:
            yield Breach("P1", f"refund {receipt} says {minor} went back, M-Pesa moved {moved.minor if moved else 0}")
    nobodys = sum(movement.minor for receipt, movement in world.paid_back.items() if receipt not in done)
    if nobodys < unnamed or (world.settled and nobodys != unnamed):
        yield Breach("P1", f"{nobodys} went back by M-Pesa without its receipt in our books, they know of {unnamed}")


def _cash_once(books: Books, records: list[PaymentRecord], world: World) -> Iterator[Breach]:
    """P1: what lies in the drawer is what the receipts and their payments say."""
    recorded: dict[tuple[str, int], int] = {}
    by_uid = {record.uid: record for record in records}
    for (series, number), kept in world.drawer.items():
        found = books.receipts.by_number(series, number)
        if found is None:
            if world.settled:
                yield Breach("P1", f"receipt {series}-{number:06d} over {kept} never arrived")
            continue
        record = by_uid.get(found.receipt.payment_uid)
        received = record.received.minor if record is not None and record.received is not None else 0
        recorded[(series, number)] = received
        if received != kept:
            yield Breach("P1", f"receipt {series}-{number:06d}: {kept} lies in the drawer, {received} is recorded")
    if world.drawer and world.settled:
        cash = [r for r in records if r.payment.method is Method.CASH and r.terminal and r.state in MONEY_STATES]
        ours = sum(
            r.received.minor for r in cash if r.received is not None and r.terminal in {s for s, _ in world.drawer}
        )
        if ours != sum(world.drawer.values()):
            yield Breach("P1", f"{sum(world.drawer.values())} lies in the drawers, {ours} is recorded as cash")


def _honest(records: list[PaymentRecord], world: World) -> Iterator[Breach]:
    """P6: failed only where somebody said no; nothing that moved money is called failed once all has settled."""
    moved = {movement.request for movement in world.mpesa.values() if movement.request}
    for record in records:
        said_no = any(e.kind in _A_NO for e in record.payment.evidence)
        if record.state is PaymentState.FAILED and not said_no:
            yield Breach("P6", f"payment {record.uid} is called failed, and nobody said no")
        not_paid = record.state not in MONEY_STATES and record.state not in OPEN_STATES
        if world.settled and not_paid and record.provider_request and record.provider_request in moved:
            yield Breach("P6", f"payment {record.uid} is called {record.state.value}, and its money moved")
