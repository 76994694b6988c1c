"""The simulator's records as JSON for the admin API: money as decimal text, time as ISO 8601 in UTC."""

from typing import Any

import msgspec

from hmis_pos.simulators.daraja.courier import Letter
from hmis_pos.simulators.daraja.ledger import Movement
from hmis_pos.simulators.daraja.push import Push, PushRequest, QueryRequest
from hmis_pos.simulators.handset.phone import Phone
from hmis_pos.simulators.journal import Event


def builtins(value: Any) -> Any:
    """Return plain JSON values of a struct, a dataclass, or a collection of them."""
    return msgspec.to_builtins(value)


def push_view(push: Push) -> dict[str, Any]:
    return {
        "id": push.checkout_id,
        "phone": push.order.phone,
        "amount": str(push.order.amount),
        "account": push.order.reference,
        "prompt": push.prompt,
        "stage": push.stage,
        "open": push.open,
        "accepted_at": push.accepted_at.isoformat(),
        "closed_at": None if push.closed_at is None else push.closed_at.isoformat(),
        "result_code": None if push.result is None else push.result.code,
        "result_desc": None if push.result is None else push.result.description,
        "receipt": None if push.movement is None else push.movement.receipt,
        "queries": push.queries,
    }


def movement_view(movement: Movement) -> dict[str, Any]:
    return {
        "receipt": movement.receipt,
        "msisdn": movement.msisdn,
        "amount": f"{movement.amount:.2f}",
        "account": movement.account,
        "shortcode": movement.shortcode,
        "at": movement.at.isoformat(),
        "kind": movement.kind,
        "cause": movement.cause,
        "direction": movement.direction,
        "org_account": movement.org_account,
        "balance": f"{movement.balance:.2f}",
        "linked": movement.linked,
        "payer": movement.payer,
        "status": movement.status,
    }


def request_view(request: PushRequest, push: Push | None) -> dict[str, Any]:
    # The password is not repeated: a log of it would be a log of the passkey.
    body = {k: v for k, v in request.body.items() if k != "Password"}
    return {
        "no": request.no,
        "at": request.at.isoformat(),
        "body": {k: str(v) for k, v in body.items()},
        "accepted": request.checkout_id is not None,
        "checkout_id": request.checkout_id,
        "error": request.error,
        "fault": request.fault,
        "result_code": push.result.code if push is not None and push.result is not None else None,
    }


def query_view(query: QueryRequest) -> dict[str, Any]:
    return {
        "at": query.at.isoformat(),
        "checkout_id": query.checkout_id,
        "answer": query.answer,
    }


def letter_view(letter: Letter) -> dict[str, Any]:
    return {
        "no": letter.no,
        "at": letter.at.isoformat(),
        "checkout_id": letter.checkout_id,
        "say": letter.say,
        "url": letter.url,
        "body": letter.body,
        "status": letter.status,
        "reply": letter.reply,
        "error": letter.error,
    }


def event_view(event: Event) -> dict[str, Any]:
    return {
        "no": event.no,
        "kind": event.kind,
        "at": event.at.isoformat(),
        "about": dict(event.about),
    }


def phone_view(phone: Phone) -> dict[str, Any]:
    return {
        "msisdn": phone.msisdn,
        "name": phone.name,
        "balance": f"{phone.balance:.2f}",
        "pin": phone.pin,
        "wrong_pins": phone.wrong_pins,
        "messages": [{"at": m.at.isoformat(), "text": m.text} for m in phone.messages],
    }
