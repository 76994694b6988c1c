"""Which role a route wants, beyond being allowed to process payments at all."""

from __future__ import annotations

from hmis_pos.cashier.records import Actor, Role
from hmis_pos.domain.errors import NotAllowed

#: Who answers for the money of others.
SUPERVISORS = frozenset({Role.SUPERVISOR, Role.ADMIN})


def only_supervisors(actor: Actor, what: str) -> None:
    """Refuse everybody else.

    Raises:
        NotAllowed: the actor is neither supervisor nor admin; ``what`` says what only they do.
    """
    if actor.role not in SUPERVISORS:
        raise NotAllowed(
            f"only a supervisor {what}", code="supervisor-needed", cure="Ask a supervisor to sign in and do it."
        )
