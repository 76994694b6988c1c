"""What the database itself refuses about refunds and about unmatched money placed in parts; a part of ``guards``."""

from __future__ import annotations

from collections.abc import Iterator

from hmis_pos.db.central.shapes import PREFIX, quoted
from hmis_pos.domain.refund import RESERVING, RefundState

_CAME_IN = "(SELECT coalesce(p.amount_received, 0) FROM payment_transaction p WHERE p.uid = NEW.payment_uid)"
_TOO_MUCH_BACK = "more would be on its way back than came"
_RESERVING = quoted(sorted(RESERVING))
_RESERVED = f"(SELECT coalesce(sum(r.amount), 0) FROM refund r WHERE r.{{origin}} = NEW.{{origin}} AND r.state IN ({_RESERVING}))"


def _too_much_back() -> str:
    came = "(SELECT u.amount FROM unmatched_money u WHERE u.id = NEW.unmatched_id)"
    of_payment = f"{_RESERVED.format(origin='payment_uid')} > {_CAME_IN}"
    of_unmatched = f"{_RESERVED.format(origin='unmatched_id')} > {came}"
    return (
        f"NEW.state IN ({_RESERVING}) AND ((NEW.payment_uid IS NOT NULL AND {of_payment})"
        f" OR (NEW.unmatched_id IS NOT NULL AND {of_unmatched}))"
    )


_PLACE = "UPDATE unmatched_money SET placed = placed + NEW.amount WHERE id = NEW.unmatched_id"
_MISPLACED = "unmatched_money: what is placed is the sum of its parts"
_IS_MISPLACED = "NEW.placed <> (SELECT coalesce(sum(p.amount), 0) FROM unmatched_part p WHERE p.unmatched_id = NEW.id)"


def sqlite() -> Iterator[str]:
    """The triggers on SQLite, where one transaction writes at a time."""
    for name, event in (("new", "INSERT"), ("moves", "UPDATE OF state")):
        yield (
            f"CREATE TRIGGER {PREFIX}refund_sums_{name} AFTER {event} ON refund BEGIN"
            f" SELECT RAISE(ABORT, '{_TOO_MUCH_BACK}') WHERE {_too_much_back()}; END"
        )
    yield f"CREATE TRIGGER {PREFIX}unmatched_place AFTER INSERT ON unmatched_part BEGIN {_PLACE}; END"
    for name, event in (("new", "INSERT"), ("moves", "UPDATE OF placed")):
        yield (
            f"CREATE TRIGGER {PREFIX}unmatched_placed_{name} AFTER {event} ON unmatched_money BEGIN"
            f" SELECT RAISE(ABORT, '{_MISPLACED}') WHERE {_IS_MISPLACED}; END"
        )


def postgresql(is_over: str, over: str) -> Iterator[str]:
    """The triggers on PostgreSQL: lock the one row that all its refunds or parts share, then sum.

    ``is_over``: the condition that more than was received is posted and refunded of ``NEW.payment_uid``; ``over`` says so.
    """

    def function(name: str, body: str) -> str:
        return (
            f"CREATE FUNCTION {PREFIX}{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
        )

    def refuse(condition: str, words: str) -> str:
        return f"IF {condition} THEN RAISE EXCEPTION USING ERRCODE = '23514', MESSAGE = '{words}'; END IF;"

    def trigger(name: str, event: str, table: str) -> str:
        return f"CREATE TRIGGER {PREFIX}{name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {PREFIX}{name}()"

    yield function(
        "refund_sums",
        "PERFORM 1 FROM payment_transaction p WHERE p.uid = NEW.payment_uid FOR NO KEY UPDATE;"
        " PERFORM 1 FROM unmatched_money u WHERE u.id = NEW.unmatched_id FOR NO KEY UPDATE;"
        f" {refuse(_too_much_back(), _TOO_MUCH_BACK)}",
    )
    yield trigger("refund_sums", "INSERT OR UPDATE OF state", "refund")
    yield function("unmatched_place", f"{_PLACE};")
    yield trigger("unmatched_place", "INSERT", "unmatched_part")
    yield function("unmatched_placed", refuse(_IS_MISPLACED, _MISPLACED))
    yield trigger("unmatched_placed", "INSERT OR UPDATE OF placed", "unmatched_money")
    # Money given back leaves invoice and deposit in the same transaction, before or after: look at the end.
    yield function(
        "refund_posted",
        refuse(is_over, over),
    )
    yield (
        f"CREATE CONSTRAINT TRIGGER {PREFIX}refund_posted AFTER INSERT OR UPDATE OF state ON refund"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
        f" WHEN (NEW.payment_uid IS NOT NULL AND NEW.state = '{RefundState.COMPLETED.value}')"
        f" EXECUTE FUNCTION {PREFIX}refund_posted()"
    )
