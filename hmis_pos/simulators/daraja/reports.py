"""What the merchant is told about a push: the steps of its script, one after the other."""

import asyncio
from datetime import timedelta
from decimal import Decimal

from hmis_pos.simulators.daraja import callbacks
from hmis_pos.simulators.daraja.behaviour import TRUTH, Delivery, as_delivery
from hmis_pos.simulators.daraja.c2b_urls import C2BUrls
from hmis_pos.simulators.daraja.confirmations import confirmation_body
from hmis_pos.simulators.daraja.courier import Courier
from hmis_pos.simulators.daraja.ledger import Movement
from hmis_pos.simulators.daraja.push import Push
from hmis_pos.simulators.daraja.results import SUCCESS, result
from hmis_pos.simulators.daraja.state import State


class ReportDesk:
    """Writes callbacks and hands them to the courier."""

    def __init__(self, state: State, courier: Courier, urls: C2BUrls) -> None:
        self._state = state
        self._urls = urls
        self._courier = courier

    async def report(self, push: Push) -> None:
        """Send everything the push's script says."""
        push.stage = "delivering"
        for step in self._steps(push):
            await self.deliver(push, step)
        push.stage = "done"
        self._state.live_pushes.pop(push.checkout_id, None)
        self._state.journal.record("push_done", checkout=push.checkout_id)

    def _steps(self, push: Push) -> list[Delivery]:
        if push.behaviour.deliveries is not None:
            return [as_delivery(step) for step in push.behaviour.deliveries]
        steps = [Delivery(say=TRUTH)]
        if self._urls.of(push.order.party_b) is not None:
            at = 0 if self._state.config.c2b_twin == "before" else 1
            steps.insert(at, Delivery(say="twin"))
        return steps

    async def deliver(self, push: Push, step: Delivery) -> None:
        """Send one step; what cannot be said (the twin of an unpaid push) is passed over."""
        if step.after:
            push.due = self._state.clock.now() + timedelta(seconds=step.after)
            self._state.journal.record("callback_delayed", checkout=push.checkout_id)
            await self._state.clock.sleep(step.after)
            push.due = None
        if step.held:
            before, push.stage = push.stage, "held"
            await self._courier.hold(push.checkout_id)
            push.stage = before
        url = push.order.callback_url
        if step.say == "twin":
            registered = self._urls.of(push.order.party_b)
            url = "" if registered is None else registered.confirmation_url
        body = self._body(push, step)
        if not url or body is None:
            return
        attempts = self._state.config.c2b_confirmation_attempts if step.say == "twin" else None
        async with asyncio.TaskGroup() as group:
            for _ in range(step.times):
                group.create_task(self._courier.send(push.checkout_id, step.say, url, body, attempts=attempts))

    def _body(self, push: Push, step: Delivery) -> str | None:
        phone = self._state.phones.get(push.order.party_a)
        if step.say == "garbage":
            return callbacks.GARBAGE
        if step.say == "raw":
            return step.body
        if step.say == "twin":
            if push.movement is None:
                return None
            return confirmation_body(
                push.movement,
                self._state.config.c2b_behaviour.shape,
                msisdn_style=self._urls.msisdn_style(push.movement.shortcode),
                buy_goods=push.order.transaction_type == "CustomerBuyGoodsOnline",
                delivery=step,
            )
        movement, said = push.movement, push.result
        if step.say == "forged":
            movement, said = self._forged(push), result(SUCCESS)
        elif step.say != TRUTH:
            said = result(step.say)
        if said is None:
            return None
        return callbacks.stk_body(push, said, movement, phone.balance, step, self._state.rng)

    def _forged(self, push: Push) -> Movement:
        order = push.order
        return Movement(
            receipt=self._state.ledger.new_receipt(),
            msisdn=order.party_a,
            amount=Decimal(order.amount),
            account=order.reference,
            shortcode=order.party_b,
            at=self._state.clock.now(),
            kind="forged",
            cause=push.checkout_id,
        )
