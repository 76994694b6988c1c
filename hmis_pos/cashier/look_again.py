"""A lost race: two transactions both saw that a receipt number was nobody's, and each gave it an owner.

The database lets one of them win. The other's work is right, only what it looked at is not any longer: by now the owner is there to
be seen. SQLite, with its one writer, knows no such race.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.domain.errors import Conflict

T = TypeVar("T")

#: The code of a Conflict where something of the same name is there already.
TAKEN = "duplicate-reference"


async def write(ctx: Context, work: Callable[[Books], T]) -> T:
    """Run ``work``; once more where somebody else stored the same reference meanwhile.

    Raises:
        Conflict: as the second time, too; then it is no race.
    """
    try:
        return await ctx.database.write(work)
    except Conflict as e:
        if e.code != TAKEN:
            raise
    return await ctx.database.write(work)
