"""May a payment to the Paybill go on? Safaricom asks before the money moves, where the hospital has had validation switched on.

Answered at once and from our books alone. A payment is refused only for a reason the hospital chose (``HMIS_C2B_REJECT``); whatever goes
wrong on our side, and whatever takes too long, lets it go on: money that came can be placed by a person, a patient sent away cannot.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from hmis_pos import logs
from hmis_pos.cashier import judge_paybill
from hmis_pos.cashier.context import Context, PaybillRefusal
from hmis_pos.domain.errors import PosError
from hmis_pos.gateways.mpesa.c2b import Reject, validation_answer
from hmis_pos.relay.bodies import TooLong
from hmis_pos.relay.metrics import Metrics

#: Seconds we take at most; Safaricom waits for about 8 (Daraja section 4), and the patient with it.
LIMIT = 2.0
PROVIDER = "mpesa"

_CODES = {
    PaybillRefusal.UNKNOWN_ACCOUNT: Reject.ACCOUNT,
    PaybillRefusal.CLOSED_INVOICE: Reject.ACCOUNT,
    PaybillRefusal.WRONG_AMOUNT: Reject.AMOUNT,
}
_log = logs.logger("relay.validation")


class Validation:
    """Answers validations."""

    def __init__(self, ctx: Context, metrics: Metrics) -> None:
        self._ctx = ctx
        self._metrics = metrics

    async def answer(
        self, is_foreign: Callable[[], Awaitable[bool]], read: Callable[[], Awaitable[bytes | None]]
    ) -> bytes:
        """The body of our answer; ``read`` brings Safaricom's question, ``is_foreign`` tells whether a stranger asks it.

        Raises:
            TooLong: as ``read``; such a thing is no validation.
        """
        try:
            async with asyncio.timeout(LIMIT):
                if await is_foreign():
                    return self._goes_on("foreign-address")  # which accounts exist is nobody else's business
                if not self._ctx.policy.refuse_paybill:
                    return self._goes_on("accepted")
                refusal = await self._judge(await read())
        except TimeoutError:
            _log.warning("validation took too long, so the payment may go on", limit=LIMIT)
            return self._goes_on("timed-out")
        except TooLong:
            raise
        except (ValueError, PosError) as e:
            _log.warning("validation not understood, so the payment may go on", why=str(e))
            return self._goes_on("trouble")
        except Exception:  # noqa: BLE001 - a payment is not refused for our trouble, whatever it is
            _log.exception("validation failed, so the payment may go on")
            return self._goes_on("trouble")
        if refusal is None:
            return self._goes_on("accepted")
        self._metrics.validations.labels(refusal.value).inc()
        _log.info("payment to the Paybill refused", reason=refusal.value)
        return validation_answer(_CODES[refusal])

    def _goes_on(self, result: str) -> bytes:
        """It may go on; ``result`` says why, for the numbers."""
        self._metrics.validations.labels(result).inc()
        return validation_answer()

    async def _judge(self, body: bytes | None) -> PaybillRefusal | None:
        reading = self._ctx.gateway(PROVIDER).read_callback("c2b", body or b"", self._ctx.clock.now())
        return None if reading.money is None else await judge_paybill.judge(self._ctx, reading.money)
