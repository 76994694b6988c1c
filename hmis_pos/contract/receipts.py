"""Receipts that a terminal committed and now sends."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from hmis_pos.contract.fields import Amount, Currency, Name, RowId, Series
from hmis_pos.contract.invoices import Invoice
from hmis_pos.domain.payment import Method

#: Receipts in one batch; more is refused.
MAX_BATCH = 500


class Receipt(Struct, frozen=True, kw_only=True):
    """A committed receipt. ``invoice`` is the snapshot the cashier saw. Never changed after its commit."""

    uid: str
    series: Series
    number: Annotated[int, Meta(ge=1, le=999_999_999)]
    payment_uid: str
    method: Method
    currency: Currency
    tendered: Amount
    applied: Amount
    change: Amount
    issued_at: str
    cashier: Name
    counter: Name
    provider_receipt: Annotated[str, Meta(max_length=100)]
    invoice_id: RowId
    invoice: Invoice


class Batch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/sync/receipts``: in order of number. A batch may be sent again, whole or cut."""

    receipts: Annotated[list[Receipt], Meta(min_length=1, max_length=MAX_BATCH)]


class Answer(Struct, frozen=True, kw_only=True):
    """What became of one receipt.

    ``result``: ``accepted``, ``repeated`` (had it already, nothing done), ``refused`` (``code``, ``message`` say why; it stays
    with the terminal for a person). ``outcome``: ``settled``, ``partly`` (the rest became a deposit), ``deposit``, ``issued``.
    """

    uid: str
    result: Literal["accepted", "repeated", "refused"]
    outcome: str = ""
    deposited: str = "0.00"
    code: str = ""
    message: str = ""


class Answers(Struct, frozen=True, kw_only=True):
    """An answer per receipt, in the order sent; ``last_number`` is the highest contiguous number the relay holds."""

    answers: list[Answer]
    last_number: int
