"""What passes between Safaricom and the merchant about a C2B payment: the question before, the confirmations after."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hmis_pos.simulators import exact_json
from hmis_pos.simulators.daraja import callbacks
from hmis_pos.simulators.daraja.behaviour import Delivery, as_delivery
from hmis_pos.simulators.daraja.c2b_urls import C2BUrls, Registration
from hmis_pos.simulators.daraja.confirmations import ConfirmationShape, confirmation_body
from hmis_pos.simulators.daraja.courier import Courier, Letter
from hmis_pos.simulators.daraja.payments import REJECTIONS, Payment
from hmis_pos.simulators.daraja.state import State


class MerchantLine:
    """Asks the merchant's validation URL and tells its confirmation URL."""

    def __init__(self, state: State, courier: Courier, urls: C2BUrls) -> None:
        self._state = state
        self._courier = courier
        self._urls = urls

    async def validate(self, payment: Payment) -> None:
        """Ask the validation URL, when external validation is on; a refusal ends in `payment.refused`."""
        config, known = self._state.config, self._urls.of(payment.shortcode)
        if not config.c2b_validation or known is None or not known.validation_url:
            return
        body = self._body(payment, Delivery(), validation=True)
        letter = await self._ask(payment, known, body)
        answer = _read_answer(letter)
        if answer is None:
            payment.validation = "silent" if letter is None or letter.status is None else "unreadable"
            if known.response_type == "Cancelled":
                payment.refused = REJECTIONS["C2B00016"]
            return
        code = str(answer.get("ResultCode"))
        payment.third_party_id = str(answer.get("ThirdPartyTransID") or "")
        payment.validation = "accepted" if code == "0" else "rejected"
        if code != "0":
            payment.reject_code = code
            payment.refused = REJECTIONS.get(code, REJECTIONS["C2B00016"])

    async def _ask(self, payment: Payment, known: Registration, body: str) -> Letter | None:
        loop, answered = asyncio.get_running_loop(), asyncio.Event()
        asking = loop.create_task(self._courier.ask(payment.receipt, "validation", known.validation_url, body))
        asking.add_done_callback(lambda _: answered.set())
        self._state.journal.record("validation_asked", checkout=payment.receipt)
        try:
            in_time = await self._state.clock.wait(answered, self._state.config.c2b_validation_seconds)
            return asking.result() if in_time else None
        finally:
            asking.cancel()

    async def confirm(self, payment: Payment) -> None:
        for step in payment.behaviour.deliveries:
            await self.deliver(payment, as_delivery(step))
        payment.done = True
        self._state.journal.record("payment_done", checkout=payment.receipt)

    async def deliver(self, payment: Payment, step: Delivery) -> None:
        """Send one step to the confirmation URL; nothing without one."""
        if step.after:
            payment.due = self._state.clock.now() + timedelta(seconds=step.after)
            self._state.journal.record("callback_delayed", checkout=payment.receipt)
            await self._state.clock.sleep(step.after)
            payment.due = None
        if step.held:
            payment.held = True
            await self._courier.hold(payment.receipt)
            payment.held = False
        known = self._urls.of(payment.shortcode)
        if known is None:
            return
        body = self._body(payment, step)
        attempts = self._state.config.c2b_confirmation_attempts
        async with asyncio.TaskGroup() as group:
            for _ in range(step.times):
                group.create_task(
                    self._courier.send(payment.receipt, step.say, known.confirmation_url, body, attempts=attempts)
                )

    def _body(self, payment: Payment, step: Delivery, *, validation: bool = False) -> str:
        if step.say == "garbage":
            return callbacks.GARBAGE
        if step.say == "raw":
            return step.body
        movement = payment.movement or payment.as_movement()
        if step.say == "forged":
            movement = replace(movement, receipt=self._state.ledger.new_receipt())
        return confirmation_body(
            movement,
            ConfirmationShape() if validation else payment.behaviour.shape,
            msisdn_style=self._urls.msisdn_style(payment.shortcode),
            buy_goods=payment.buy_goods,
            delivery=step,
            third_party_id=payment.third_party_id,
            validation=validation,
        )


def _read_answer(letter: Letter | None) -> dict[str, Any] | None:
    """Return the JSON object of a validation's answer; None when there is none to go by."""
    if letter is None or letter.status is None or not 200 <= letter.status < 300:  # noqa: PLR2004  HTTP's own range
        return None
    try:
        answer = exact_json.read(letter.reply.encode())
    except ValueError:
        return None
    return answer if isinstance(answer, dict) and "ResultCode" in answer else None
