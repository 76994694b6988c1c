"""A statement file as the import wants it: our names for its lines (implements ``cashier.ports_back_office.StatementSource``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from hmis_pos.cashier.records_back_office import BadLine, StatementEntry
from hmis_pos.gateways.mpesa.statement import BadRow, Statement, StatementLine, open_statement

PROVIDER = "mpesa"


class MpesaStatement:
    """An open statement of M-Pesa's organisation portal."""

    provider = PROVIDER

    def __init__(self, statement: Statement, name: str) -> None:
        above = statement.preamble
        self.name = name
        self.file_hash = statement.file_hash
        self.shortcode = above.shortcode
        self.since, self.until = above.since, above.covered_until
        self.opening, self.closing = above.opening, above.closing
        self.paid_in, self.withdrawn = above.paid_in, above.withdrawn
        self._statement = statement
        self._lines = iter(statement)
        #: Whether the file says what was completed; without it a line's status is empty, and nothing is created from it.
        self._has_status = "status" in statement.columns

    @property
    def percent(self) -> int | None:
        """How much of the file is read."""
        return int(self._statement.progress * 100)

    def read(self, count: int) -> Sequence[StatementEntry | BadLine]:
        """As the port says."""
        return [_ours(line, has_status=self._has_status) for line in islice(self._lines, count)]


@contextmanager
def opened(path: Path, name: str = "") -> Iterator[MpesaStatement]:
    """Open a statement file under the name a person gave it.

    Raises:
        NotAStatement: it is none; the message says what it is, ``cure`` what to do.
    """
    with open_statement(path) as statement:
        yield MpesaStatement(statement, name or path.name)


def _ours(line: StatementLine | BadRow, *, has_status: bool) -> StatementEntry | BadLine:
    if isinstance(line, BadRow):
        cells = " | ".join(line.cells)
        return BadLine(row=line.row, text=f"{line.problem} {line.cure}".strip(), cells=cells[:500])
    return StatementEntry(
        row=line.row,
        receipt_no=line.receipt_no,
        kind=line.kind.value,
        status=line.status if has_status else "",
        completed_at=line.completed_at,
        paid_in=line.paid_in,
        withdrawn=line.withdrawn,
        details=line.details[:300],
        reason=line.reason[:100],
        payer=line.other_party[:200],
        account=line.account[:100],
        linked_receipt=line.linked_receipt,
    )
