"""Signing in with the HMIS's user and password, and keeping a session alive.

Wrong passwords are counted in the books, so that neither a restart nor another relay process forgets them. A refresh token works once; its
second use means that two people hold it, and the session ends.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import Role, UserAccount
from hmis_pos.domain.errors import NotAllowed

#: Wrong passwords in a row before the account rests, and for how long; the rest doubles with each further failure.
FREE_TRIES = 5
REST = timedelta(minutes=15)
LONGEST_REST = timedelta(hours=24)

_hasher = PasswordHasher()
#: Verified where the user name is unknown, so that the answer takes as long.
_NOBODY = _hasher.hash("nobody has this password")


class SignInRefused(NotAllowed):
    """Wrong user or password, a locked or unfit account, a spent session. ``code`` says which; words do not help a guesser."""

    code = "sign-in-refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """An open session. ``refresh_token`` is shown once and stored only as a hash."""

    user: UserAccount
    session: UUID
    refresh_token: str


async def login(ctx: Context, username: str, password: str, origin: str) -> SignedIn:
    """Check user and password.

    Raises:
        SignInRefused: codes ``sign-in-refused``, ``account-locked``, ``role-not-allowed``.
    """
    user = await ctx.database.read(lambda books: books.users.by_name(username))
    now = ctx.clock.now()
    if user is not None and user.locked_until is not None and user.locked_until > now:
        raise SignInRefused(
            "too many wrong passwords; this account rests for a while",
            code="account-locked",
            field="password",
            cure=f"Try again after {user.locked_until.isoformat(timespec='minutes')}, or ask an administrator.",
        )
    right = await asyncio.to_thread(_matches, user.password_hash if user is not None else _NOBODY, password)
    if user is None or not user.active or not right:
        await ctx.database.write(lambda books: _note_failure(books, ctx, username, origin))
        raise SignInRefused("user or password is wrong", field="password", cure="Check both; Caps Lock may be on.")
    if user.role not in set(Role):
        raise SignInRefused(
            f"the role {user.role!r} may not take payments",
            code="role-not-allowed",
            field="username",
            cure="Ask an administrator for the role billing, supervisor or admin.",
        )
    return await ctx.database.write(lambda books: _open(books, ctx, user, origin))


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _note_failure(books: Books, ctx: Context, username: str, origin: str) -> None:
    user = books.users.by_name(username)  # read again: another try may have counted meanwhile
    books.trail.audit(username[:80], "sign-in.refused", f"user:{user.id if user else 0}", origin, {})
    if user is None:
        return
    failures = user.failures + 1
    until = None
    if failures >= FREE_TRIES:
        until = ctx.clock.now() + min(REST * 2 ** min(failures - FREE_TRIES, 10), LONGEST_REST)
    books.users.note_failure(user.id, failures, until)


def _open(books: Books, ctx: Context, user: UserAccount, origin: str) -> SignedIn:
    now = ctx.clock.now()
    session, secret = ctx.ids.uuid(), ctx.ids.token()
    if user.failures:
        books.users.note_failure(user.id, 0, None)
    books.users.open_session(session, user.id, _hash(secret), now + ctx.policy.refresh_life, now)
    books.trail.audit(user.username, "sign-in", f"user:{user.id}", origin, {"session": str(session)})
    return SignedIn(user=user, session=session, refresh_token=f"{session}.{secret}")


async def refresh(ctx: Context, refresh_token: str, origin: str) -> SignedIn:
    """A new refresh token for the present one.

    Raises:
        SignInRefused: code ``session-ended``; sign in again.
    """
    outcome = await ctx.database.write(lambda books: _rotate(books, ctx, refresh_token, origin))
    if outcome is None:
        raise SignInRefused(
            "this session has ended", code="session-ended", field="refresh_token", cure="Sign in again."
        )
    return outcome


def _rotate(books: Books, ctx: Context, refresh_token: str, origin: str) -> SignedIn | None:
    name, _, secret = refresh_token.partition(".")
    try:
        session = UUID(name)
    except ValueError:
        return None
    known = books.users.session(session)
    if known is None:
        return None
    user_id, token_hash, expires_at, revoked = known
    if revoked or expires_at <= ctx.clock.now():
        return None
    user = books.users.by_id(user_id)
    if not hmac.compare_digest(token_hash, _hash(secret)) or user is None or not user.active:
        books.users.revoke_session(session)
        books.trail.audit("relay", "session.revoke", f"user:{user_id}", origin, {"why": "a spent token came back"})
        return None
    new = ctx.ids.token()
    books.users.rotate_session(session, _hash(new))
    return SignedIn(user=user, session=session, refresh_token=f"{session}.{new}")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
