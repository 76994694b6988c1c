"""Commands at providers that are answered by callback, each at an address of its own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from hmis_pos.cashier.records_back_office import GatewayRequest, RequestKind
from hmis_pos.db.central.stores.statements import or_refuse
from hmis_pos.db.central.tables import Schema
from hmis_pos.domain.errors import NotFound


class RequestStore:
    """``cashier.ports_back_office.Requests``."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self._db = connection
        self._schema = schema
        self._t = schema.request

    def add(self, request: GatewayRequest) -> None:
        values = {
            "uid": request.uid,
            "provider": request.provider,
            "kind": request.kind.value,
            "subject": request.subject,
            "token": request.token,
            "asked_at": request.asked_at,
            "originator": request.originator,
            "conversation": request.conversation,
            "answered_at": request.answered_at,
            "outcome": request.outcome,
        }
        or_refuse(self._db, self._schema, insert(self._t).values(**values))

    def by_token(self, token: str) -> GatewayRequest | None:
        row = self._db.execute(select(self._t).where(self._t.c.token == token)).one_or_none()
        if row is None:
            return None
        return GatewayRequest(
            uid=row.uid,
            provider=row.provider,
            kind=RequestKind(row.kind),
            subject=row.subject,
            token=row.token,
            asked_at=row.asked_at,
            originator=row.originator,
            conversation=row.conversation,
            answered_at=row.answered_at,
            outcome=row.outcome,
            id=row.id,
        )

    def accepted(self, uid: UUID, originator: str, conversation: str) -> None:
        said = update(self._t).where(self._t.c.uid == uid).values(originator=originator, conversation=conversation)
        if self._db.execute(said).rowcount != 1:
            raise NotFound(f"there is no request {uid}", field="uid")

    def answered(self, uid: UUID, outcome: str, at: datetime) -> None:
        t = self._t.c
        self._db.execute(
            update(self._t).where(t.uid == uid, t.answered_at.is_(None)).values(outcome=outcome, answered_at=at)
        )
