"""Bind a receipt series to one install of the terminal program."""

from __future__ import annotations

from uuid import UUID

from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import Actor, TerminalRecord
from hmis_pos.domain.errors import CashierMistake


async def enrol(ctx: Context, actor: Actor, install_uid: UUID, counter: str) -> TerminalRecord:
    """The series of this install: the one it has, or a new one that no install had before.

    Raises:
        CashierMistake: the counter's name is blank.
    """
    name = " ".join(counter.split())
    if not name:
        raise CashierMistake("counter is blank", field="counter", cure='Give the counter\'s name, such as "Counter 3".')

    def phase(books: Books) -> TerminalRecord:
        known = books.terminals.get(install_uid)
        if known is not None:
            return known
        terminal = books.terminals.enrol(install_uid, name, actor.facility_id, ctx.clock.now())
        books.trail.audit(
            actor.username,
            "terminal.enrol",
            f"terminal:{terminal.series}",
            actor.origin,
            {"install": str(install_uid), "counter": name},
        )
        return terminal

    return await ctx.database.write(phase)
