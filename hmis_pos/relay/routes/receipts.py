"""``/api/sync/receipts``: what terminals committed, in batches, an answer each."""

from __future__ import annotations

from litestar import Response, Router, post
from litestar.params import JSONBody

from hmis_pos import logs
from hmis_pos.cashier import accept_receipts
from hmis_pos.cashier.accept_receipts import ReceiptAnswer, SentReceipt
from hmis_pos.contract import mapping
from hmis_pos.contract.receipts import Answer, Answers, Batch
from hmis_pos.domain.errors import CashierMistake, OutcomeUnknown, PosError, Unavailable
from hmis_pos.relay.idempotency import IdempotencyKey, answer_of
from hmis_pos.relay.parts import RelayRequest, TheRelay
from hmis_pos.relay.problems import responses
from hmis_pos.relay.routes.answers import answers

#: 500 receipts with their invoices' lines.
LONGEST_BATCH = 16 * 1024 * 1024

_log = logs.logger("relay.receipts")


@post(
    "/receipts",
    summary="Hand in committed receipts",
    operation_id="syncReceipts",
    status_code=200,
    request_max_body_size=LONGEST_BATCH,
    responses=answers(Answers) | responses(400, 401, 403, 409, 413, 422, 503),
)
async def sync(
    request: RelayRequest, relay: TheRelay, data: JSONBody[Batch], idempotency_key: IdempotencyKey
) -> Response[bytes]:
    """Record each receipt exactly once, whatever is repeated or cut.

    An invoice paid elsewhere meanwhile makes a deposit and a task. One receipt that cannot be taken does not hold up the
    others.
    """

    async def work(_key: str) -> Answers:
        given: list[Answer] = []
        for message in data.receipts:
            try:
                sent = SentReceipt(receipt=mapping.receipt_from(message), content_hash=mapping.content_hash(message))
                done = await accept_receipts.accept(relay.ctx, request.user, [sent])
                given.extend(_answer(one) for one in done)
            except (Unavailable, OutcomeUnknown):
                raise  # the batch comes again
            except PosError as e:
                given.append(_refused(message.uid, e))
        series = data.receipts[0].series
        last = await relay.ctx.database.read(lambda books: books.receipts.last_number(series))
        return Answers(answers=given, last_number=last)

    return await answer_of(relay, request, idempotency_key, work)


def _refused(uid: str, error: PosError) -> Answer:
    """One receipt that cannot be taken; it must not stop those behind it."""
    if not isinstance(error, CashierMistake):
        _log.error("receipt refused by the database", receipt=uid, exc_info=error)
        return Answer(uid=uid, result="refused", code="internal", message="The relay cannot record it; ask IT.")
    return Answer(uid=uid, result="refused", code=error.code, message=f"{error.message}. {error.cure}")


def _answer(one: ReceiptAnswer) -> Answer:
    return Answer(
        uid=str(one.uid),
        result=one.result,  # type: ignore[arg-type] # the use case says one of the three words
        outcome=one.outcome,
        deposited=one.deposited.text,
        code=one.code,
        message=one.message,
    )


router = Router("/api/sync", route_handlers=[sync], tags=["receipts"])
