"""Files that are refused whole, each with its cure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hmis_pos.domain.errors import CashierMistake

EXPORT_AGAIN = "Export the statement again from the M-Pesa organisation portal, as CSV or XLSX."
SAVE_AS = "Open it in Excel or LibreOffice, save it as XLSX or CSV, and import that."


class NotAStatement(CashierMistake):
    """The file is no statement of a shortcode that can be read; ``code`` says which case it is."""

    code = "statement-unreadable"

    def __init__(self, message: str, *, code: str | None = None, cure: str = EXPORT_AGAIN) -> None:
        super().__init__(message, code=code, field="file", cure=cure)


def damaged(what: str) -> NotAStatement:
    """The file is of a form we read, and is cut off or broken inside."""
    return NotAStatement(f"the file is damaged: {what}", code="statement-damaged")


@contextmanager
def refusing(errors: tuple[type[Exception], ...], what: str) -> Iterator[None]:
    """Turn a parser's ``errors`` into :func:`damaged`; our own refusals pass as they are."""
    try:
        yield
    except NotAStatement:
        raise
    except errors as error:
        raise damaged(f"{what} ({type(error).__name__})") from error
