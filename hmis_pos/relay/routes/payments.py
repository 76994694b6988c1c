"""``/api/payments``: collecting money, and what became of it. The HMIS's web pages call these paths too, so they stay."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from hmis_pos.cashier import confirm_by_hand, stop_waiting, take_payment
from hmis_pos.cashier.confirm_by_hand import HandPayment
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import Channel, PaymentFilter
from hmis_pos.cashier.take_payment import InitiateOrder
from hmis_pos.contract import mapping
from hmis_pos.contract.payments import Confirm, InitiateMpesa, StopWaiting, Transaction, TransactionPage
from hmis_pos.domain.errors import NotFound
from hmis_pos.domain.money import KES
from hmis_pos.domain.payment import Method, PaymentState
from hmis_pos.logs import bound
from hmis_pos.relay.idempotency import IdempotencyKey, answer_of
from hmis_pos.relay.parts import RelayRequest, TheRelay, refuse_nul
from hmis_pos.relay.problems import responses
from hmis_pos.relay.routes import paging
from hmis_pos.relay.routes.answers import answers

#: How far a transaction list reaches at once.
_PAGE = 50


@post(
    "/mpesa/initiate",
    summary="Prompt a phone (M-Pesa Express)",
    operation_id="initiateMpesa",
    status_code=200,
    responses=answers(Transaction) | responses(400, 401, 403, 404, 409, 413, 422, 503),
)
async def initiate(
    request: RelayRequest, relay: TheRelay, data: JSONBody[InitiateMpesa], idempotency_key: IdempotencyKey
) -> Response[bytes]:
    """Ask the payer once.

    ``status`` of the answer: ``pending`` (the phone rings), ``failed`` (refused at the door) or ``unknown`` (nobody can
    tell: wait, do not ask again).
    """
    amount = mapping.money(data.amount, KES)
    uid = mapping.uid(data.uid) if data.uid else None

    async def work(key: str) -> Transaction:
        order = InitiateOrder(
            invoice_id=data.invoice_id, amount=amount, phone=data.phone_number, uid=uid, idempotency_key=key
        )
        return mapping.transaction_message(await take_payment.initiate(relay.ctx, request.user, order))

    with bound(payment_uid=data.uid):
        return await answer_of(relay, request, idempotency_key, work)


@post(
    "/confirm",
    summary="Record money taken by hand",
    operation_id="confirmPayment",
    status_code=200,
    responses=answers(Transaction) | responses(400, 401, 403, 404, 409, 413, 422, 503),
)
async def confirm(
    request: RelayRequest, relay: TheRelay, data: JSONBody[Confirm], idempotency_key: IdempotencyKey
) -> Response[bytes]:
    """Cash, a card machine's slip, a bank slip or a cheque, as the web pages record them. Never M-Pesa."""
    amount = mapping.money(data.amount, KES)
    tendered = mapping.money(data.tendered, KES, field="tendered") if data.tendered else None

    async def work(key: str) -> Transaction:
        taken = HandPayment(
            invoice_id=data.invoice_id,
            amount=amount,
            method=Method(data.payment_method),
            reference=data.gateway_reference,
            tendered=tendered,
            note=data.note,
            idempotency_key=key,
        )
        return mapping.transaction_message(await confirm_by_hand.confirm(relay.ctx, request.user, taken))

    return await answer_of(relay, request, idempotency_key, work)


@post(
    "/{uid:uuid}/stop",
    summary="Stop waiting",
    operation_id="stopWaiting",
    status_code=200,
    responses=answers(Transaction) | responses(400, 401, 403, 404, 409, 413, 422, 503),
)
async def stop(
    request: RelayRequest,
    relay: TheRelay,
    uid: FromPath[UUID],
    data: JSONBody[StopWaiting],
    idempotency_key: IdempotencyKey,
) -> Response[bytes]:
    """The cashier stops waiting. The patient may still be charged, and the money is still looked for."""

    async def work(_key: str) -> Transaction:
        return mapping.transaction_message(await stop_waiting.stop(relay.ctx, request.user, uid, data.reason))

    with bound(payment_uid=str(uid)):
        return await answer_of(relay, request, idempotency_key, work)


@get("/transactions", summary="Payments", operation_id="listTransactions", responses=responses(400, 401, 403, 422, 503))
async def transactions(
    request: RelayRequest,
    relay: TheRelay,
    *,
    search: Annotated[
        str,
        QueryParameter(max_length=100, description="Part of a patient, invoice number, receipt number or reference."),
    ] = "",
    status: Annotated[list[PaymentState] | None, QueryParameter(description="May be given several times.")] = None,
    payment_method: Annotated[list[Method] | None, QueryParameter(description="May be given several times.")] = None,
    channel: Annotated[
        list[Channel] | None, QueryParameter(description="Where it began; may be given several times.")
    ] = None,
    invoice_id: Annotated[int | None, QueryParameter(ge=1, le=2**53 - 1)] = None,
    patient_id: Annotated[int | None, QueryParameter(ge=1, le=2**53 - 1)] = None,
    processed_by: Annotated[str, QueryParameter(max_length=100, description="User name of the cashier.")] = "",
    terminal: Annotated[str, QueryParameter(max_length=8, description="Series of the terminal.")] = "",
    since: Annotated[str, QueryParameter(max_length=40, description="ISO 8601 with a zone; from then on.")] = "",
    until: Annotated[str, QueryParameter(max_length=40, description="ISO 8601 with a zone; before then.")] = "",
    cursor: Annotated[str, QueryParameter(max_length=200, description='"next" of the page before.')] = "",
    limit: Annotated[int, QueryParameter(ge=1, le=500)] = _PAGE,
) -> TransactionPage:
    """Payments of the user's facility, newest first."""
    for name, text in (("search", search), ("processed_by", processed_by), ("terminal", terminal)):
        refuse_nul(text, name)
    wanted = PaymentFilter(
        facility_id=request.user.facility_id,
        text=search.strip(),
        states=tuple(status or ()),
        methods=tuple(method.value for method in payment_method or ()),
        channels=tuple(channel or ()),
        invoice_id=invoice_id,
        patient_id=patient_id,
        cashier=processed_by,
        terminal=terminal,
        since=mapping.instant(since, field="since") if since else None,
        until=mapping.instant(until, field="until") if until else None,
        after=paging.place_in_list(cursor),
        limit=limit,
    )
    found = await relay.ctx.database.read(lambda books: books.payments.page(wanted))
    return TransactionPage(
        transactions=[mapping.transaction_message(one, with_evidence=False) for one in found],
        next=paging.encode(found[-1].record.id) if len(found) == limit else "",
    )


@get(
    "/transactions/{uid:uuid}",
    summary="One payment with its evidence",
    operation_id="getTransaction",
    responses=responses(400, 401, 403, 404, 422, 503),
)
async def transaction(request: RelayRequest, relay: TheRelay, uid: FromPath[UUID]) -> Transaction:
    """A payment, and each piece of evidence with its time."""

    def phase(books: Books) -> Transaction:
        summary = books.payments.summary(uid)
        if summary is None or summary.record.facility_id != request.user.facility_id:
            raise NotFound(f"there is no payment {uid}", field="uid", cure="Look it up in the list of payments.")
        return mapping.transaction_message(summary, books.refunds.of_payment(uid))

    return await relay.ctx.database.read(phase)


router = Router("/api/payments", route_handlers=[initiate, confirm, stop, transactions, transaction], tags=["payments"])
