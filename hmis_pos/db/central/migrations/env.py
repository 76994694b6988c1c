"""Run by Alembic. ``migrate.py`` hands the connection and the schema over; there is no alembic.ini."""

from alembic import context

from hmis_pos.db.central.migrate import is_ours
from hmis_pos.db.central.tables import Schema

_attributes = context.config.attributes
_schema: Schema = _attributes["schema"]

context.configure(
    connection=_attributes["connection"],
    target_metadata=_schema.metadata,
    include_object=is_ours(_schema),
    compare_type=True,
    transactional_ddl=True,  # SQLite's DDL is transactional too, once BEGIN is ours
    render_as_batch=_attributes["connection"].dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
