"""Days of random traffic, planned in advance from a seed: who pays what when, what is mistyped, what gets lost."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from hmis_pos.simulators.daraja.behaviour import Behaviour, Delivery
from hmis_pos.simulators.daraja.confirmations import ConfirmationShape, PaymentBehaviour, random_shape
from hmis_pos.simulators.daraja.typos import bare, mistype

Rate = Annotated[float, msgspec.Meta(ge=0, le=1)]
_DAY = 86400.0
_OPENS, _CLOSES = 7 * 3600.0, 19 * 3600.0
_FAILURES = ("cancel", "ignore", "wrong_pin", "insufficient", "expire")


class TrafficRates(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much happens, and how much of it goes wrong.

    Attributes:
        paybill_per_day: payments from the phone's menu.
        stk_per_day: pushes.
        typos: share of menu payments with a mistyped account.
        other_amount: share of menu payments of another amount than the bill's.
        business: share of menu payments made by an organisation: no number, no names.
        oddities: share of confirmations in a random shape.
        lost: share of callbacks and confirmations that never come; of a push, the twin too.
        duplicated: share that comes twice or three times.
        late: share that comes minutes later, after others.
        contradicted: share of paid pushes that the status query calls cancelled for ever.
        stk_failed: share of pushes that are not paid.
        feed_late: share that Pull Transactions shows hours later.
    """

    paybill_per_day: Annotated[int, msgspec.Meta(ge=0)] = 40
    stk_per_day: Annotated[int, msgspec.Meta(ge=0)] = 20
    typos: Rate = 0.10
    other_amount: Rate = 0.05
    business: Rate = 0.02
    oddities: Rate = 0.10
    lost: Rate = 0.05
    duplicated: Rate = 0.05
    late: Rate = 0.05
    contradicted: Rate = 0.02
    stk_failed: Rate = 0.15
    feed_late: Rate = 0.02


class Bill(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a patient means to pay. `amount` is KES; without `msisdn` somebody's phone is taken."""

    account: str
    amount: Decimal
    patient: str = ""
    msisdn: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """One payment to come.

    Attributes:
        no: counts from 1 in the order of time.
        after: seconds after the beginning.
        kind: from the phone's menu, or asked for by a push.
        msisdn: the payer's phone; empty for a business.
        amount: KES; of a push, whole.
        bill: what was meant.
        account: what is typed; of a push, the bill's.
        typo: the kind of mistake (`typos.KINDS`), or None.
        faults: what is done to its reports: lost, duplicated, late, contradicted, odd, other_amount, business, feed_late,
            failed.
        payment: how a menu payment is confirmed.
        push: how a push goes.
        feed_seconds: how much later Pull Transactions shows it.
    """

    no: int
    after: float
    kind: Literal["paybill", "stk"]
    msisdn: str
    amount: Decimal
    bill: Bill
    account: str
    typo: str | None
    faults: tuple[str, ...]
    payment: PaymentBehaviour
    push: Behaviour
    feed_seconds: float = 0


def invent_bills(count: int, seed: int) -> list[Bill]:
    """Return bills of nobody, with account numbers like INV-20931."""
    rng = random.Random(f"bills {seed}")  # noqa: S311  a replayable test, not a secret
    numbers = rng.sample(range(10000, 10000 + max(90000, 10 * count)), count)
    return [
        Bill(
            account=f"INV-{number}",
            amount=Decimal(rng.randrange(50, 20001, 10)),
            patient=f"P{rng.randrange(10**5, 10**6)}",
        )
        for number in numbers
    ]


def plan_traffic(
    *, days: int, seed: int, rates: TrafficRates | None = None, bills: Sequence[Bill] | None = None
) -> list[Planned]:
    """Return `days` of traffic in the order of time, the same for the same arguments.

    Payments are made by day: between the seventh and the nineteenth hour of every 24, so begin at a midnight. Bills are taken in order, again from the first when they run
    out; none invents as many as are needed.

    Raises:
        ValueError: no day, or no bill.
    """
    rates = rates or TrafficRates()
    count = days * (rates.paybill_per_day + rates.stk_per_day)
    if days < 1:
        raise ValueError("traffic needs at least one day")
    wanted = invent_bills(count, seed) if bills is None else list(bills)
    if count and not wanted:
        raise ValueError("traffic needs at least one bill")
    rng = random.Random(f"traffic {seed}")  # noqa: S311  a replayable test, not a secret
    moments = sorted(
        (day * _DAY + rng.uniform(_OPENS, _CLOSES), is_push)
        for day in range(days)
        for is_push, per_day in ((False, rates.paybill_per_day), (True, rates.stk_per_day))
        for _ in range(per_day)
    )
    draw = _Draw(rng, rates, [bill.account for bill in wanted])
    return [
        (draw.stk if is_push else draw.paybill)(n + 1, round(after, 3), wanted[n % len(wanted)])
        for n, (after, is_push) in enumerate(moments)
    ]


class _Draw:
    """Draws what happens to each payment."""

    def __init__(self, rng: random.Random, rates: TrafficRates, accounts: Sequence[str]) -> None:
        self._rng = rng
        self._rates = rates
        self._taken = {bare(account) for account in accounts}

    def paybill(self, no: int, after: float, bill: Bill) -> Planned:
        """Draw a payment from the phone's menu."""
        rates, faults = self._rates, list[str]()
        account, typo, amount, msisdn = bill.account, None, bill.amount, _phone(no, bill)
        if self._chance(rates.typos):
            account, typo = mistype(bill.account, bill.patient, self._rng, self._taken)
        if self._chance(rates.other_amount):
            faults.append("other_amount")
            amount = max(Decimal(1), (amount * Decimal(self._rng.choice(("0.5", "0.9", "1.1", "2")))).to_integral())
        if self._chance(rates.business):
            faults.append("business")
            msisdn = ""
        step = self._delivery(faults)
        shape = self._shape(faults)
        feed = self._feed(faults)
        payment = PaymentBehaviour(deliveries=() if step is None else (step,), shape=shape)
        return Planned(
            no, after, "paybill", msisdn, amount, bill, account, typo, tuple(faults), payment, Behaviour(), feed
        )

    def stk(self, no: int, after: float, bill: Bill) -> Planned:
        """Draw a push; a lost one loses its twin too, and a contradicted one is called cancelled by every query."""
        rates, faults = self._rates, list[str]()
        outcome = "pay"
        if self._chance(rates.stk_failed):
            faults.append("failed")
            outcome = self._rng.choice(_FAILURES)
        step = self._delivery(faults)
        steps: list[Delivery] = []
        if step is not None:
            twin = msgspec.structs.replace(step, say="twin")
            steps = [twin, step] if self._chance(0.5) else [step, twin]
            # One wait is enough: the steps follow each other.
            steps[1] = msgspec.structs.replace(steps[1], after=0)
        query: tuple[str, ...] = ("truth",)
        feed = 0.0
        if outcome == "pay":
            if self._chance(rates.contradicted):
                faults.append("contradicted")
                query = ("cancel",)
            feed = self._feed(faults)
        push = Behaviour(outcome=outcome, deliveries=tuple(steps), query=query)
        amount = max(Decimal(1), Decimal(int(bill.amount)))
        msisdn = _phone(no, bill)
        return Planned(
            no, after, "stk", msisdn, amount, bill, bill.account, None, tuple(faults), PaymentBehaviour(), push, feed
        )

    def _delivery(self, faults: list[str]) -> Delivery | None:
        if self._chance(self._rates.lost):
            faults.append("lost")
            return None
        after, times = 0.0, 1
        if self._chance(self._rates.late):
            faults.append("late")
            after = round(self._rng.uniform(120, 3600), 3)
        if self._chance(self._rates.duplicated):
            faults.append("duplicated")
            times = self._rng.choice((2, 3))
        return Delivery(after=after, times=times)

    def _shape(self, faults: list[str]) -> ConfirmationShape:
        if not self._chance(self._rates.oddities):
            return ConfirmationShape()
        faults.append("odd")
        return random_shape(self._rng)

    def _feed(self, faults: list[str]) -> float:
        if not self._chance(self._rates.feed_late):
            return 0
        faults.append("feed_late")
        return round(self._rng.uniform(600, 6 * 3600), 3)

    def _chance(self, rate: float) -> bool:
        return self._rng.random() < rate


def _phone(no: int, bill: Bill) -> str:
    # A phone of its own for each, so that no subscriber is locked and no daily limit reached.
    return bill.msisdn or f"2547{no * 7919 % 10**8:08d}"
