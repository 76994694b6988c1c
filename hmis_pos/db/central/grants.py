"""The rights of the relay's own role on PostgreSQL: what it cannot do is denied twice, by triggers and by the server.

Migrations run as the owner of the tables; the relay runs as a role that may neither change nor delete what is append-only, and that
touches of the HMIS only what was paid. ``script`` gives the statements for a role and the hospital's names.
"""

from __future__ import annotations

import re

from hmis_pos.db.central.guards import APPEND_ONLY
from hmis_pos.db.central.hmis_map import HmisMap
from hmis_pos.db.central.search import INVOICES, PAYMENTS
from hmis_pos.db.central.tables import build
from hmis_pos.domain.errors import Misconfigured

_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")
#: Tables of ours whose rows may go: a key that was refused or is old, a claim that ended, an event that nobody follows any longer.
_MAY_DELETE = ("idempotency", "invoice_serving", "event")
#: Kept by triggers with the owner's rights.
_READ_ONLY = ("account_key",)


def script(role: str, *, names: HmisMap | None = None) -> list[str]:
    """GRANT and REVOKE statements for ``role``, which must exist.

    Raises:
        Misconfigured: the role's name is no plain lower-case name.
    """
    if not _ROLE.fullmatch(role):
        raise Misconfigured(f"{role!r} is no plain role name", cure="Use lower-case letters, digits and underscores.")
    schema = build(names)
    made = []
    for table in schema.ours:
        rights = ["SELECT"] if table.name in _READ_ONLY else ["SELECT", "INSERT"]
        if table.name not in (*APPEND_ONLY, *_READ_ONLY):
            rights.append("UPDATE")
        if table.name in _MAY_DELETE:
            rights.append("DELETE")
        made.append(f'REVOKE ALL ON "{table.name}" FROM {role}')
        made.append(f'GRANT {", ".join(rights)} ON "{table.name}" TO {role}')
    for table in schema.hmis.all:
        made.append(f'REVOKE ALL ON "{table.name}" FROM {role}')
        made.append(f'GRANT SELECT ON "{table.name}" TO {role}')
    invoice = schema.hmis.invoice
    paid = ", ".join(f'"{invoice.c[key].name}"' for key in ("amount_paid", "status", "updated_at"))
    made.append(f'GRANT UPDATE ({paid}) ON "{invoice.name}" TO {role}')
    made.extend(f"GRANT SELECT ON {index} TO {role}" for index in (INVOICES, PAYMENTS, "alembic_version"))
    numbered = [table.name for table in schema.ours if "id" in table.c]
    made.extend(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO {role}" for table in numbered)
    # To see when another role's transaction began: without it the feed of HMIS changes waits for all of them to end.
    made.append(f"GRANT pg_read_all_stats TO {role}")
    return made
