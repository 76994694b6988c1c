"""Who this till is: its install uid, made once, and the receipt series the relay bound to it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from hmis_pos.db.local.records import Install
from hmis_pos.db.local.tables import install
from hmis_pos.db.local.worker import Worker
from hmis_pos.domain.errors import Misconfigured


class Installation:
    """One row, never deleted."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def get(self) -> Install:
        return await self._worker.run(_read)

    async def bind(self, enrolled: Install) -> Install:
        """Keep what the relay answered to the enrolment; ``enrolled.last_number`` is the last number it has seen.

        Raises:
            Misconfigured: it is another install's series, or the relay has seen numbers this store never gave: an old copy of
                the store was put back, and going on would give a number twice.
        """
        return await self._worker.run(lambda c: _bind(c, enrolled))


def ensure_install(c: Connection, fresh_uid: UUID) -> None:
    """Write the row of a new store."""
    if c.execute(select(install.c.id)).one_or_none() is None:
        c.execute(insert(install).values(id=1, install_uid=str(fresh_uid)))


def _read(c: Connection) -> Install:
    row = c.execute(select(install)).one()
    return Install(
        install_uid=UUID(row.install_uid),
        series=row.series,
        counter=row.counter,
        facility_id=row.facility_id,
        facility_name=row.facility_name,
        last_number=row.last_number,
    )


def _bind(c: Connection, enrolled: Install) -> Install:
    now = _read(c)
    if enrolled.install_uid != now.install_uid or (now.series and now.series != enrolled.series):
        raise Misconfigured(
            f"the relay answered with series {enrolled.series} of another install; this till has {now.series or 'none'}",
            code="series-other",
            cure="Do not copy a till's folder to another computer. Ask IT to enrol this till anew.",
        )
    check_not_behind(now, enrolled.last_number)
    c.execute(
        update(install).values(
            series=enrolled.series,
            counter=enrolled.counter,
            facility_id=enrolled.facility_id,
            facility_name=enrolled.facility_name,
        )
    )
    return _read(c)


def check_not_behind(here: Install, relay_last: int) -> None:
    """Refuse a store that is older than its own receipts at the relay.

    Raises:
        Misconfigured: code ``series-behind``.
    """
    if relay_last > here.last_number:
        raise Misconfigured(
            f"the relay has receipts up to number {relay_last}, this till's store only up to {here.last_number}",
            code="series-behind",
            cure="An old copy of the store was put back. Take no money here; ask IT to enrol this till anew.",
        )
