"""Runs planned traffic: moves the clock, pays, pushes, and keeps the truth of what was done to which receipt."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from hmis_pos.simulators.asgi import Answer, Handler, Request, json_response
from hmis_pos.simulators.daraja.desk import Desk
from hmis_pos.simulators.daraja.steering import Wrong, object_of
from hmis_pos.simulators.daraja.traffic_plan import Bill, Planned, TrafficRates, plan_traffic
from hmis_pos.simulators.daraja.validation import StkOrder

if TYPE_CHECKING:
    from hmis_pos.simulators.daraja.simulator import Daraja

PushIt = Callable[[Planned], Awaitable[str | None]]
Advance = Callable[[float], Awaitable[None]]
_DESCRIPTION = "Hospital bill"
_REFERENCE_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Happened:
    """What became of a planned payment: the truth that books are held against.

    Attributes:
        planned: what was meant to happen, with the typo and the faults.
        at: when.
        receipt: of the money that moved; None when none did.
        checkout: of a push that was accepted.
        result: `0`, the result code of the push, `refused` by phone or validation, or `not sent`.
    """

    planned: Planned
    at: datetime
    receipt: str | None
    checkout: str | None
    result: str

    @property
    def paid(self) -> bool:
        return self.receipt is not None

    def hit_by(self, fault: str) -> bool:
        """Whether this fault, or a typo of this kind, was done to it."""
        return fault in self.planned.faults or fault == self.planned.typo


class TrafficTruth:
    """Everything that traffic has done, in order."""

    def __init__(self) -> None:
        self.happened: list[Happened] = []
        self.expected = 0

    def receipts(self, fault: str | None = None) -> list[str]:
        """Return the receipts of the money that moved, all or those hit by a fault or a kind of typo."""
        return [h.receipt for h in self.happened if h.receipt is not None and (fault is None or h.hit_by(fault))]

    def of(self, receipt: str) -> Happened | None:
        """Return what was done to a receipt, None when it is not of this traffic."""
        return next((h for h in self.happened if h.receipt == receipt), None)


class TrafficDesk(Desk):
    """Makes traffic, for tests and for the command."""

    def __init__(self, daraja: "Daraja") -> None:
        self._daraja = daraja
        self.truth = TrafficTruth()
        self._running = False

    def steering(self) -> Mapping[str, Handler]:
        return {"GET /sim/traffic": self.get_traffic, "POST /sim/traffic": self.post_traffic}

    @property
    def quiet(self) -> bool:
        return not self._running

    def reset(self) -> None:
        self.truth = TrafficTruth()
        self._running = False

    async def run(
        self,
        plan: Sequence[Planned],
        *,
        push: PushIt | None = None,
        advance: Advance | None = None,
        after_each: Callable[[Happened], Awaitable[None]] | None = None,
    ) -> TrafficTruth:
        """Let the plan happen, one payment after the other, from now on.

        After each payment everything that is due has been sent; what is late follows when the clock gets there.
        After the last one, half an hour of the clock goes by after the last late report.

        Args:
            plan: from `plan_traffic`.
            push: asks for a push as the merchant (the phone's script is set by then) and returns its
                CheckoutRequestID, None when it could not; without it Safaricom rings the phone of its own accord and
                only the C2B twin is sent.
            advance: moves the clock by seconds, for tests with more clocks than ours.
            after_each: is told each payment's truth before the next one.
        """
        truth, clock = self.truth, self._daraja.state.clock
        truth.expected += len(plan)
        self._running = True
        move = advance or self._advance
        begun = clock.now()
        try:
            for planned in plan:
                await self._until(begun + timedelta(seconds=planned.after), move)
                happened = await self._happen(planned, push)
                truth.happened.append(happened)
                await self._daraja.sent_what_is_due()
                if after_each is not None:
                    await after_each(happened)
            await self._let_late_ones_come(move)
        finally:
            self._running = False
            self._daraja.state.journal.record("traffic_done", payments=len(truth.happened))
        return truth

    async def _advance(self, seconds: float) -> None:
        self._daraja.advance(seconds)

    async def _until(self, moment: datetime, move: Advance) -> None:
        """Go to a moment, with a stop at every late report that is due before it."""
        clock = self._daraja.state.clock
        while (due := self._daraja.next_due()) is not None and due <= moment:
            await move(max(0.0, (due - clock.now()).total_seconds()))
            await self._daraja.sent_what_is_due()
        left = (moment - clock.now()).total_seconds()
        if left > 0:
            await move(left)

    async def _let_late_ones_come(self, move: Advance) -> None:
        while (due := self._daraja.next_due()) is not None:
            await self._until(due, move)
        await move(1800)

    async def _happen(self, planned: Planned, push: PushIt | None) -> Happened:
        state = self._daraja.state
        if planned.msisdn:
            phone = state.phones.get(planned.msisdn)
            phone.balance = max(phone.balance, planned.amount)
        at = state.clock.now()
        if planned.kind == "stk":
            happened = await self._pushed(planned, at, push)
        else:
            payment = await self._daraja.pay(
                msisdn=planned.msisdn,
                business="" if planned.msisdn else f"COMPANY {planned.no} LTD",
                amount=planned.amount,
                account=planned.account,
                behaviour=planned.payment,
            )
            receipt = payment.receipt if payment.paid else None
            happened = Happened(planned, at, receipt, None, "0" if payment.paid else "refused")
        if happened.receipt is not None and planned.feed_seconds:
            self._daraja.pull.hide(happened.receipt, planned.feed_seconds)
        return happened

    async def _pushed(self, planned: Planned, at: datetime, push: PushIt | None) -> Happened:
        state = self._daraja.state
        if push is None:
            checkout: str | None = self._daraja.stk.ring(_order(planned, state.config.shortcode), planned.push)
        else:
            state.behaviours.put(planned.msisdn, planned.push)
            checkout = await push(planned)
        if checkout is None:
            return Happened(planned, at, None, None, "not sent")
        made = state.pushes[checkout]
        ended = await self._daraja.wait_for(lambda _: made.result, timeout=60)
        receipt = made.movement.receipt if made.movement is not None else None
        return Happened(planned, at, receipt, checkout, ended.code if ended is not None else "")

    # -- steering

    async def get_traffic(self, _: Request) -> Answer:
        """What traffic has done: receipts with their typos and faults."""
        told = [truth_view(happened) for happened in self.truth.happened]
        return json_response({"running": self._running, "expected": self.truth.expected, "happened": told})

    async def post_traffic(self, request: Request) -> Answer:
        """Start traffic in the background: {"days", "seed", "rates": {…}, "bills": [{…}]}."""
        if self._running:
            raise Wrong(409, "traffic is running already")
        wanted = object_of(request)
        unknown = set(wanted) - {"days", "seed", "rates", "bills"}
        if unknown:
            raise Wrong(400, f"unknown field {min(unknown)!r}: use days, seed, rates, bills")
        bills = wanted.get("bills")
        plan = plan_traffic(
            days=msgspec.convert(wanted.get("days", 1), int),
            seed=msgspec.convert(wanted.get("seed", 1), int),
            rates=msgspec.convert(wanted.get("rates", {}), TrafficRates),
            bills=None if bills is None else msgspec.convert(bills, list[Bill]),
        )
        self.start(plan)
        return json_response({"expected": self.truth.expected + len(plan)}, 202)

    def start(self, plan: Sequence[Planned]) -> None:
        """Let a plan happen in the background."""
        self._running = True
        self._daraja.state.background.spawn(self._run_alone(plan))

    async def _run_alone(self, plan: Sequence[Planned]) -> None:
        await self.run(plan)


def truth_view(happened: Happened) -> dict[str, Any]:
    planned = happened.planned
    return {
        "no": planned.no,
        "at": happened.at.isoformat(),
        "kind": planned.kind,
        "msisdn": planned.msisdn,
        "amount": f"{planned.amount:.2f}",
        "meant": planned.bill.account,
        "typed": planned.account,
        "typo": planned.typo,
        "faults": list(planned.faults),
        "receipt": happened.receipt,
        "checkout": happened.checkout,
        "result": happened.result,
    }


def _order(planned: Planned, shortcode: str) -> StkOrder:
    reference = "".join(c for c in planned.account if c.isalnum())[:_REFERENCE_LENGTH]
    return StkOrder(
        shortcode=shortcode,
        transaction_type="CustomerPayBillOnline",
        amount=int(planned.amount),
        party_a=planned.msisdn,
        party_b=shortcode,
        phone=planned.msisdn,
        callback_url="",
        reference=reference,
        description=_DESCRIPTION,
    )
