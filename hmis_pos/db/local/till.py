"""The commit of a receipt: number, receipt, outbox row and the invoice's new local balance, together or not at all."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from hmis_pos.db.local.file import check_space
from hmis_pos.db.local.records import Documents
from hmis_pos.db.local.stamps import from_stamp, stamp
from hmis_pos.db.local.tables import install, outbox, receipt, worklist
from hmis_pos.db.local.worklist import recount_local
from hmis_pos.domain.errors import Conflict, Misconfigured
from hmis_pos.domain.payment import ELECTRONIC
from hmis_pos.domain.receipt import Receipt

#: A clock that stands further back than this behind the last receipt was set back.
_CLOCK_SLACK_SECONDS = 60


class SqlTill:
    """:class:`hmis_pos.cashier.ports.Till` on one transaction of the local store."""

    def __init__(self, connection: Connection, documents: Documents, folder: Path) -> None:
        self._connection = connection
        self._documents = documents
        self._folder = folder
        self.committed: list[Receipt] = []

    def series(self) -> str:
        found = self._connection.execute(select(install.c.series)).scalar_one()
        if not found:
            raise Misconfigured(
                "this till has no receipt series yet",
                code="not-enrolled",
                cure="Sign in once while the relay can be reached; it gives the till its series.",
            )
        return str(found)

    def next_number(self) -> int:
        """See the port. Refuses first what would fail after the money was taken.

        Raises:
            Misconfigured: the till is not enrolled.
            Unavailable: the disk is nearly full.
        """
        self.series()
        check_space(self._folder)
        grown = update(install).values(last_number=install.c.last_number + 1).returning(install.c.last_number)
        return int(self._connection.execute(grown).scalar_one())

    def receipt_of(self, payment_uid: UUID) -> Receipt | None:
        document = self._connection.execute(
            select(receipt.c.document).where(receipt.c.payment_uid == str(payment_uid))
        ).scalar_one_or_none()
        return None if document is None else self._documents.decode(document)

    def commit_receipt(self, receipt: Receipt) -> None:
        """See the port.

        Raises:
            Conflict: the clock stands before the last receipt.
            ValueError: series or number are not the ones this transaction was given (a bug).
        """
        given = self._connection.execute(select(install.c.series, install.c.last_number)).one()
        if (receipt.series, receipt.number) != (given.series, given.last_number):
            raise ValueError(f"receipt {receipt.no} was not numbered in this transaction")
        self._check_clock(receipt)
        self._insert(receipt)
        self.committed.append(receipt)

    def _check_clock(self, new: Receipt) -> None:
        last = self._connection.execute(
            select(receipt.c.issued_at).where(receipt.c.series == new.series).order_by(receipt.c.number.desc()).limit(1)
        ).scalar_one_or_none()
        if last is not None and (from_stamp(last) - new.issued_at).total_seconds() > _CLOCK_SLACK_SECONDS:
            raise Conflict(
                "this computer's clock stands before the last receipt",
                code="clock-behind",
                cure="Set date and time right (automatic time), then take the money again. Nothing was saved.",
            )

    def _insert(self, new: Receipt) -> None:
        run = self._connection.execute
        uid, applied = str(new.uid), new.tender.applied.minor
        run(
            insert(receipt).values(
                uid=uid,
                series=new.series,
                number=new.number,
                payment_uid=str(new.payment_uid),
                invoice_id=new.invoice.id,
                issued_at=stamp(new.issued_at),
                document=self._documents.encode(new),
            )
        )
        known = run(select(worklist.c.paid_minor).where(worklist.c.id == new.invoice.id)).scalar_one_or_none()
        run(
            insert(outbox).values(
                uid=uid,
                invoice_id=new.invoice.id,
                applied_minor=applied,
                # The relay learns of electronic money from its gateway, not from us.
                reduces_minor=0 if new.method in ELECTRONIC else applied,
                paid_before_minor=new.invoice.paid.minor if known is None else known,
            )
        )
        recount_local(self._connection, [new.invoice.id])
