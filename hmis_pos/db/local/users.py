"""Signing in while the relay is away: who signed in here within 72 hours, against an argon2id verifier.

The counter of wrong passwords lies in the file, so that a kill between tries does not reset it (T13).
"""

from __future__ import annotations

from datetime import datetime, timedelta

import argon2
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from hmis_pos.db.local.records import KnownUser
from hmis_pos.db.local.stamps import from_stamp, stamp
from hmis_pos.db.local.tables import known_user
from hmis_pos.db.local.worker import Worker
from hmis_pos.domain.errors import NotAllowed

_TRIES = 5
_LOCKED_FOR = timedelta(minutes=15)


class KnownUsers:
    """Hashing runs in the store's thread, about a tenth of a second."""

    def __init__(self, worker: Worker, hasher: argon2.PasswordHasher | None = None) -> None:
        self._worker = worker
        self._hasher = hasher or argon2.PasswordHasher()

    async def remember(self, user: KnownUser, password: str) -> None:
        """After the relay accepted them. ``user.expires_at`` is usually now + :data:`~hmis_pos.db.local.records.OFFLINE_FOR`."""
        await self._worker.run(lambda c: self._remember(c, user, password))

    async def forget(self, username: str) -> None:
        """The relay says they may not sign in any more."""
        await self._worker.run(lambda c: c.execute(delete(known_user).where(known_user.c.username == _name(username))))

    async def sign_in(self, username: str, password: str, now: datetime) -> KnownUser:
        """Check a password without the relay.

        Raises:
            NotAllowed: code ``offline-unknown`` (never signed in here, or too long ago), ``bad-credentials`` or ``locked``.
        """
        answer = await self._worker.run(lambda c: self._check(c, username, password, now))
        if isinstance(answer, NotAllowed):  # returned, not raised, so that the failure is counted in the same commit
            raise answer
        return answer

    def _remember(self, c: Connection, user: KnownUser, password: str) -> None:
        values = {
            "user_id": user.user_id,
            "display_name": user.display_name,
            "role": user.role,
            "facility_id": user.facility_id,
            "facility_name": user.facility_name,
            "verifier": self._hasher.hash(password),
            "expires_at": stamp(user.expires_at),
            "failures": 0,
            "locked_until": None,
        }
        statement = insert(known_user).values(username=_name(user.username), **values)
        c.execute(statement.on_conflict_do_update(index_elements=[known_user.c.username], set_=values))

    def _check(self, c: Connection, username: str, password: str, now: datetime) -> KnownUser | NotAllowed:
        mine = known_user.c.username == _name(username)
        row = c.execute(select(known_user).where(mine)).one_or_none()
        if row is None or from_stamp(row.expires_at) <= now:
            return NotAllowed(
                f"{username} cannot sign in while the relay is away",
                code="offline-unknown",
                cure="Only who signed in on this till with the relay within 72 hours can. Try again once it is back.",
            )
        if row.locked_until is not None and from_stamp(row.locked_until) > now:
            return _locked(from_stamp(row.locked_until))
        try:
            self._hasher.verify(row.verifier, password)
        except (Argon2Error, InvalidHashError):
            return self._count_failure(c, row.username, row.failures + 1, now)
        c.execute(update(known_user).where(mine).values(failures=0, locked_until=None))
        return KnownUser(
            user_id=row.user_id,
            username=row.username,
            display_name=row.display_name,
            role=row.role,
            facility_id=row.facility_id,
            facility_name=row.facility_name,
            expires_at=from_stamp(row.expires_at),
        )

    def _count_failure(self, c: Connection, username: str, failures: int, now: datetime) -> NotAllowed:
        until = now + _LOCKED_FOR if failures >= _TRIES else None
        c.execute(
            update(known_user)
            .where(known_user.c.username == username)
            .values(failures=0 if until else failures, locked_until=None if until is None else stamp(until))
        )
        if until is not None:
            return _locked(until)
        return NotAllowed(
            "user name or password is wrong",
            code="bad-credentials",
            field="password",
            cure=f"{_TRIES - failures} tries are left before a pause of 15 minutes.",
        )


def _locked(until: datetime) -> NotAllowed:
    return NotAllowed(
        f"too many wrong passwords; locked until {stamp(until)}",
        code="locked",
        cure="Wait 15 minutes, or sign in once the relay is back.",
    )


def _name(username: str) -> str:
    return username.strip().casefold()
