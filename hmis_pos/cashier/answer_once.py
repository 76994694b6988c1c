"""Idempotency keys: the same key and body lead to one effect and one stored answer.

Same key, same body: the stored answer. Same key, other body: a mistake. Still running: come back. A key whose holder died is free again
after a lease; the use cases themselves look the key up, so that running again finds what was done instead of doing it twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import Actor, StoredAnswer
from hmis_pos.domain.errors import Conflict

#: A status from which on nothing was decided, so that the key may be tried again.
_SERVER_ERROR = 500


async def once(
    ctx: Context,
    key: str,
    route: str,
    actor: Actor,
    request_hash: str,
    work: Callable[[], Awaitable[tuple[int, bytes]]],
) -> StoredAnswer:
    """Run ``work`` once for ``key`` and keep its (status, body); or give the kept answer.

    Raises:
        Conflict: ``idempotency-mismatch`` (other body), ``idempotency-running`` (``retry_at`` is set).
    """
    stored = await ctx.database.write(lambda books: _begin(books, ctx, key, route, actor, request_hash))
    if stored is not None:
        return stored
    try:
        status, body = await work()
    except BaseException:
        # Refused or broken: nothing that the key stands for was answered, so it may be tried again.
        await ctx.database.write(lambda books: books.answers.forget(key))
        raise
    if status >= _SERVER_ERROR:
        await ctx.database.write(lambda books: books.answers.forget(key))
    else:
        await ctx.database.write(lambda books: books.answers.finish(key, status, body))
    return StoredAnswer(key=key, request_hash=request_hash, status=status, body=body)


def _begin(books: Books, ctx: Context, key: str, route: str, actor: Actor, request_hash: str) -> StoredAnswer | None:
    """Reserve the key; the stored answer if it has one."""
    now = ctx.clock.now()
    until = now + ctx.policy.answer_lease
    fresh = StoredAnswer(key=key, request_hash=request_hash, locked_until=until)
    if books.answers.begin(fresh, route, actor.user_id, now):
        return None
    known = books.answers.get(key)
    if known is None or known.request_hash != request_hash:
        raise Conflict(
            "this Idempotency-Key was used for another request",
            code="idempotency-mismatch",
            field="Idempotency-Key",
            cure="Make a new key for each new intent; repeat a key only with the same body.",
        )
    if known.status:
        return known
    if known.locked_until is not None and known.locked_until > now:
        raise Conflict(
            "the same request is still running",
            code="idempotency-running",
            field="Idempotency-Key",
            cure="Repeat it in a moment with the same key.",
            retry_at=known.locked_until.isoformat(),
        )
    books.answers.relock(key, until)
    return None
