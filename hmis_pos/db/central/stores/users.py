"""The HMIS's users; our sessions and counts of failed sign-ins."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, insert, select, update

from hmis_pos.cashier.records import UserAccount
from hmis_pos.db.central.stores.statements import locked, or_refuse, upsert
from hmis_pos.db.central.tables import Schema


class UserStore:
    """``cashier.ports.Users``."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self._db = connection
        self._schema = schema
        self._user = schema.hmis.user
        self._sign_in = schema.sign_in
        self._session = schema.session

    def by_name(self, username: str) -> UserAccount | None:
        return self._one(self._user.c.username == username)

    def by_id(self, user_id: int) -> UserAccount | None:
        return self._one(self._user.c.id == user_id)

    def note_failure(self, user_id: int, failures: int, locked_until: datetime | None) -> None:
        values: dict[str, Any] = {"failures": failures, "locked_until": locked_until}
        self._db.execute(
            upsert(self._db, self._sign_in)
            .values(user_id=user_id, **values)
            .on_conflict_do_update(index_elements=["user_id"], set_=values)
        )

    def open_session(self, session: UUID, user_id: int, token_hash: str, expires_at: datetime, at: datetime) -> None:
        or_refuse(
            self._db,
            self._schema,
            insert(self._session).values(
                uid=session, user_id=user_id, token_hash=token_hash, expires_at=expires_at, opened_at=at
            ),
        )

    def session(self, session: UUID) -> tuple[int, str, datetime, bool] | None:
        s = self._session.c
        # Locked: of two that present the same refresh token at once, the second sees that it was used.
        wanted = select(s.user_id, s.token_hash, s.expires_at, s.revoked).where(s.uid == session)
        row = self._db.execute(locked(self._db, wanted)).one_or_none()
        return None if row is None else (row.user_id, row.token_hash, row.expires_at, row.revoked)

    def session_user(self, session: UUID) -> int | None:
        s = self._session.c
        found = self._db.execute(select(s.user_id).where(s.uid == session, s.revoked.is_(False))).scalar_one_or_none()
        return None if found is None else int(found)

    def rotate_session(self, session: UUID, token_hash: str) -> None:
        self._db.execute(update(self._session).where(self._session.c.uid == session).values(token_hash=token_hash))

    def revoke_session(self, session: UUID) -> None:
        self._db.execute(update(self._session).where(self._session.c.uid == session).values(revoked=True))

    def _one(self, condition: ColumnElement[bool]) -> UserAccount | None:
        u, f = self._user.c, self._sign_in.c
        columns = (u.id, u.username, u.display_name, u.role, u.facility_id, u.password_hash, u.active)
        row = self._db.execute(
            select(*(column.label(column.key) for column in columns), f.failures, f.locked_until)
            .select_from(self._user)
            .outerjoin(self._sign_in, f.user_id == u.id)
            .where(condition)
        ).one_or_none()
        if row is None:
            return None
        return UserAccount(
            id=row.id,
            username=row.username,
            display_name=row.display_name or row.username,
            role=row.role,
            facility_id=row.facility_id,
            password_hash=row.password_hash or "",
            active=bool(row.active),
            failures=row.failures or 0,
            locked_until=row.locked_until,
        )
