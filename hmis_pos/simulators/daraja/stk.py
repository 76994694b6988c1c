"""M-Pesa Express: a push is checked, accepted or refused, and rings a phone."""

from datetime import datetime, timedelta

from hmis_pos.simulators.asgi import Answer, Request, json_response
from hmis_pos.simulators.daraja.behaviour import MANUAL, Behaviour
from hmis_pos.simulators.daraja.errors import (
    SUBSCRIBER_LOCKED,
    Refused,
    broken,
    rejection,
)
from hmis_pos.simulators.daraja.ledger import EAT
from hmis_pos.simulators.daraja.oauth import TokenDesk
from hmis_pos.simulators.daraja.prompts import PromptDesk
from hmis_pos.simulators.daraja.push import PROMPT_LIMIT, Push, PushRequest, prompt_text
from hmis_pos.simulators.daraja.reports import ReportDesk
from hmis_pos.simulators.daraja.state import State
from hmis_pos.simulators.daraja.validation import REFERENCE_LENGTH, StkOrder, read_body, read_stk


class StkDesk:
    """Takes push requests and follows each accepted push to its end."""

    def __init__(self, state: State, tokens: TokenDesk, prompts: PromptDesk, reports: ReportDesk) -> None:
        self._state = state
        self._tokens = tokens
        self._prompts = prompts
        self._reports = reports

    async def submit(self, request: Request) -> Answer:
        """`POST /mpesa/stkpush/v1/processrequest`."""
        now = self._state.clock.now()
        record = PushRequest(len(self._state.requests) + 1, now, {})
        self._state.requests.append(record)
        try:
            self._tokens.check(request)
            record.body = read_body(request, "BusinessShortCode")
            order = read_stk(record.body, self._state.config, now)
            self._check_lock(order.phone)
            return await self._scripted(order, self._state.behaviours.next(order.phone), record)
        except Refused as refusal:
            record.error = refusal.code
            raise
        finally:
            self._state.journal.record("push_received", no=record.no, checkout=record.checkout_id, error=record.error)

    async def _scripted(self, order: StkOrder, behaviour: Behaviour, record: PushRequest) -> Answer:
        submit = behaviour.submit
        record.fault = None if submit.fault == "none" else submit.fault
        if submit.fault == "reject" or (submit.fault != "none" and not submit.accepted):
            await self._delay(submit.delay)
            if submit.fault == "reject":
                raise rejection(submit.reject, retry_after=self._state.config.retry_after)
            return broken(submit.fault)
        push = self._accept(order, behaviour)
        record.checkout_id = push.checkout_id
        if behaviour.callback_before_answer:
            push.started = True
            await self._live(push)
        await self._delay(submit.delay)
        if submit.fault != "none":
            self._start(push)
            return broken(submit.fault)
        return json_response(
            {
                "MerchantRequestID": push.merchant_id,
                "CheckoutRequestID": push.checkout_id,
                "ResponseCode": "0",
                "ResponseDescription": "Success. Request accepted for processing",
                "CustomerMessage": "Success. Request accepted for processing",
            },
            after=lambda: self._start(push),
        )

    def ring(self, order: StkOrder, behaviour: Behaviour) -> str:
        """Push to a phone without a merchant's request; returns the CheckoutRequestID."""
        push = self._accept(order, behaviour)
        self._start(push)
        return push.checkout_id

    async def _delay(self, seconds: float) -> None:
        if seconds:
            await self._state.clock.sleep(seconds)

    def _check_lock(self, phone: str) -> None:
        """Refuse a push to a phone that is being asked, or was a moment ago.

        Raises:
            Refused: 500.001.1001.
        """
        if self._state.config.second_push != "refuse":
            return
        now = self._state.clock.now()
        held = timedelta(seconds=self._state.config.lock_seconds)
        for push in self._state.pushes.values():
            if push.order.phone == phone and (push.closed_at is None or now < push.closed_at + held):
                raise Refused(500, "500.001.1001", SUBSCRIBER_LOCKED)

    def _accept(self, order: StkOrder, behaviour: Behaviour) -> Push:
        state = self._state
        now = state.clock.now()
        digits = "".join(state.rng.choices("0123456789", k=17))
        stamp = now.astimezone(EAT).strftime("%d%m%Y%H%M%S")
        push = Push(
            order=order,
            merchant_id=f"{digits[:5]}-{digits[5:13]}-1",
            checkout_id=f"ws_CO_{stamp}{digits}",
            accepted_at=now,
            behaviour=behaviour,
            prompt=prompt_text(order, state.config.shop_name),
        )
        ringing = next((p for p in state.pushes.values() if p.open and p.order.phone == order.phone), None)
        refusal = self._refused_later(push, ringing)
        state.pushes[push.checkout_id] = push
        state.live_pushes[push.checkout_id] = push
        if refusal is not None:
            self._prompts.decide(push, refusal)
            return push
        if ringing is not None:
            # The reference: a second push can kill the first prompt.
            self._prompts.decide(ringing, "ignore")
        push.stage = "ringing"
        for msisdn in (order.phone, order.party_a):
            state.phones.get(msisdn)
        state.journal.record("prompt_opened", checkout=push.checkout_id, phone=order.phone, amount=order.amount)
        return push

    def _refused_later(self, push: Push, ringing: Push | None) -> str | None:
        """The result of a push that is accepted and then never reaches a phone, if it is one."""
        order, config = push.order, self._state.config
        right: tuple[str, ...] = (config.shortcode,)
        other = config.tills
        if order.transaction_type == "CustomerBuyGoodsOnline":
            right, other = other, right
        if order.party_b not in right:
            return "till_mismatch" if order.party_b in other else "no_operator"
        if len(order.reference) > REFERENCE_LENGTH or len(push.prompt) > PROMPT_LIMIT:
            return "push_error"
        if ringing is not None and config.second_push == "result_1001":
            return "subscriber_locked"
        return "repeated" if self._repeats(order, push.accepted_at) else None

    def _repeats(self, order: StkOrder, now: datetime) -> bool:
        config = self._state.config
        if config.repeat_seconds is None:
            return False
        since = now - timedelta(seconds=config.repeat_seconds)
        return any(
            push.order.phone == order.phone
            and push.order.amount == order.amount
            and push.accepted_at > since
            # A push that was itself refused as a repeat does not stretch the two minutes.
            and (push.result is None or push.result.code != "17")
            and (config.repeat_counts == "any" or push.movement is not None)
            for push in self._state.pushes.values()
        )

    def _start(self, push: Push) -> None:
        if not push.started:
            push.started = True
            self._state.background.spawn(self._live(push))

    async def _live(self, push: Push) -> None:
        """Ring until somebody answers or the script does, then report."""
        outcome = push.behaviour.outcome
        seconds = push.behaviour.ring_seconds
        if outcome == MANUAL:
            outcome, seconds = "ignore", self._state.config.prompt_seconds
        if push.open and not await self._state.clock.wait(push.answered, seconds):
            self._prompts.decide(push, outcome)
        await self._reports.report(push)
