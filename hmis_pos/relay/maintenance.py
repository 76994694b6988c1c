"""``hmis-pos migrate`` and ``hmis-pos verify``: what the relay's database needs now and then."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping

from hmis_pos.cashier.context import Context, Policy
from hmis_pos.cashier.verify_books import verify as verify_chain
from hmis_pos.db.central import invariants, seed
from hmis_pos.db.central import migrate as migrations
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.relay.clock import SystemClock, SystemIds
from hmis_pos.relay.settings import load_database

#: How often a long walk tells how far it is, in rows.
_TELL_EVERY = 20_000


def migrate(*, demo: bool = False, environ: Mapping[str, str] = os.environ) -> int:
    """Bring the database to this version; with ``demo`` also seed the demo hospital.

    Raises:
        Misconfigured: the database setting is wrong, or, for ``demo``, the database holds anything else.
    """
    url, names = load_database(environ)
    _say(f"database at version {migrations.upgrade(url, names=names)}")
    if demo:
        made = seed.demo(url, SystemClock(), names=names)
        _say("demo hospital seeded" if made else "the demo hospital is there already")
        _say("sign in as cashier, supervisor or admin, password demo-only")
    return 0


def verify(*, environ: Mapping[str, str] = os.environ) -> int:
    """Check the audit chain and the sums of the books; 0 when all is well, 1 naming what is not.

    Raises:
        Misconfigured, Unavailable: the database setting is wrong, or it is away.
    """
    url, names = load_database(environ)
    database = CentralDatabase(url, SystemClock(), names=names)
    database.check_now()
    return asyncio.run(_verify(database))


async def _verify(database: CentralDatabase) -> int:
    ctx = Context(database=database, clock=SystemClock(), ids=SystemIds(), gateways={}, policy=Policy(callback_base=""))
    rows = 0

    def told(walked: int) -> None:
        nonlocal rows
        rows = walked
        if walked % _TELL_EVERY == 0:
            _say(f"… {walked:,} rows of the audit trail walked")

    try:
        broken = await verify_chain(ctx, told)
        breaches = await database.snapshot(invariants.find_breaches)
    finally:
        await database.dispose()
    if broken is None:
        _say(f"audit trail: {rows:,} rows, every one believable")
    else:
        _say(f"audit trail: BROKEN at row {broken.seq}: {broken.reason}")
    others = [breach for breach in breaches if breach.promise != "P5"]
    for breach in others:
        _say(f"books: {breach.promise} BROKEN: {breach.text}")
    if not others:
        _say("books: every payment, allocation, deposit and receipt agrees")
    return 0 if broken is None and not others else 1


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
