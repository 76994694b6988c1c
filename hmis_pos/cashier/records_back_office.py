"""What the central books hold of money on its way back or not yet placed: the work of supervisors and finance.

Stores map these to tables; nothing here knows SQL or a provider.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from hmis_pos.domain.evidence import Evidence, Source
from hmis_pos.domain.money import Money
from hmis_pos.domain.refund import RefundState, Route


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderMoney:
    """Money that a provider says came in: a C2B confirmation, a row of a pull, a status answer, a line of a statement.

    ``account`` as the payer typed it (a twin of our prompt: our own reference). ``payer_name`` and ``payer_phone`` are opaque and
    may be masked, hashed or empty. ``shortcode`` empty: the source does not say.
    """

    provider: str
    source: Source
    receipt_no: str
    amount: Money
    observed_at: datetime
    account: str = ""
    payer_name: str = ""
    payer_phone: str = ""
    shortcode: str = ""
    kind: str = ""  #: TransactionType, transaction type or reason, as the source words it
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyHolders:
    """Whose number has a key of an account (``matching.account_keys``): ids, ascending, at most 20 of each."""

    invoices: tuple[int, ...] = ()
    patients: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedMoney:
    """Money that arrived and belongs to nobody known yet. ``remaining`` is what was not placed or sent back so far."""

    money: ProviderMoney
    facility_id: int
    reason: str  #: why it matched nothing, in words
    inbox_id: int | None = None
    owner: str = ""  #: user name of whoever looks after it
    remaining: Money
    at: datetime  #: since when it waits
    id: int = 0

    @property
    def is_open(self) -> bool:
        return self.remaining.minor > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedPart:
    """One placing of unmatched money: into a payment, into a refund; negative where a placing was taken back."""

    unmatched_id: int
    amount: Money
    by: str
    at: datetime
    note: str = ""
    payment_uid: UUID | None = None
    refund_uid: UUID | None = None
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedFilter:
    """Which unmatched money; oldest first. ``text`` searches account, payer and receipt number."""

    facility_id: int
    text: str = ""
    open_only: bool = True
    owner: str = ""
    after: int | None = None  #: id of the last row seen
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRecord:
    """Money on its way back, out of a payment or out of unmatched money (one of the two is set).

    ``originator`` is our own name for it at the provider (Daraja: OriginatorConversationID of B2C v3, an idempotency key);
    ``provider_request`` the provider's (ConversationID). ``receipt_no`` is the receipt it undoes, ``provider_receipt`` the
    provider's receipt of the money going back.
    """

    uid: UUID
    facility_id: int
    provider: str
    amount: Money
    route: Route
    reason: str
    requested_by: str
    requested_at: datetime
    state: RefundState = RefundState.REQUESTED
    payment_uid: UUID | None = None
    unmatched_id: int | None = None
    receipt_no: str = ""
    phone: str = ""  #: normalised MSISDN a payout goes to; empty for a reversal
    decided_by: str = ""  #: who approved or rejected it; never ``requested_by``
    decided_at: datetime | None = None
    decision_note: str = ""
    asked_at: datetime | None = None  #: when the provider was asked; written before it is asked
    originator: str = ""
    provider_request: str = ""
    provider_receipt: str = ""
    failure_code: str = ""
    failure_text: str = ""
    completed_at: datetime | None = None
    next_check_at: datetime | None = None
    checks_done: int = 0
    evidence: tuple[Evidence, ...] = ()
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundFilter:
    """Which refunds; newest first."""

    facility_id: int
    states: tuple[RefundState, ...] = ()
    payment_uid: UUID | None = None
    unmatched_id: int | None = None
    after: int | None = None
    limit: int = 100


class RequestKind(StrEnum):
    """Commands that a provider answers later, at a callback address of their own."""

    PAYOUT = "payout"
    REVERSAL = "reversal"
    STATUS = "status"
    BALANCE = "balance"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayRequest:
    """One such command. ``subject`` says what it is about: ``refund:<uid>``, ``check:<uid>``, ``payment:<uid>``, ``balance``."""

    uid: UUID
    provider: str
    kind: RequestKind
    subject: str
    token: str  #: of its callback address
    asked_at: datetime
    originator: str = ""
    conversation: str = ""
    answered_at: datetime | None = None
    outcome: str = ""
    id: int = 0


class CheckState(StrEnum):
    """Where the proof of a provider's receipt number stands."""

    WAITING = "waiting"  #: the provider is asked, or its next list is awaited
    PROVEN = "proven"  #: the money is in the books
    REFUSED = "refused"  #: the provider does not know it, it is not ours, or it was used before
    EXPIRED = "expired"  #: nothing found in 48 hours


class CheckCause(StrEnum):
    """Why a receipt number has to be proven before it counts."""

    CASHIER = "cashier"  #: a patient showed an SMS
    LIMIT = "limit"  #: a confirmation above the hospital's limit
    ADDRESS = "address"  #: a confirmation from an address we do not know


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptCheck:
    """A receipt number that somebody claims and a provider has to prove.

    ``invoice_id`` is where a cashier wants it; None for a claim by callback. ``claim`` is what was said of it, if anything was.
    """

    uid: UUID
    provider: str
    receipt_no: str
    cause: CheckCause
    facility_id: int
    asked_by: str
    asked_at: datetime
    invoice_id: int | None = None
    user_id: int | None = None
    terminal: str = ""
    claim: ProviderMoney | None = None
    state: CheckState = CheckState.WAITING
    code: str = ""  #: why it was refused: ``used``, ``unknown``, ``not-ours``, ``too-old``, ``not-completed``, …
    text: str = ""
    payment_uid: UUID | None = None
    decided_at: datetime | None = None
    next_check_at: datetime | None = None
    checks_done: int = 0
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptUse:
    """Where a receipt number was used before: what a cashier is told.

    ``owner`` is ``payment:<uid>`` or ``unmatched:<id>``; the other fields are empty where they do not apply.
    """

    owner: str
    amount: Money
    at: datetime
    by: str = ""
    invoice_id: int | None = None
    invoice_number: str = ""
    patient_name: str = ""
    receipt_no: str = ""  #: our own receipt
    payment_uid: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """How far a provider's list of payments was read. ``covered_until`` is the end of the last window read whole."""

    provider: str
    feed: str  #: ``pull``
    covered_until: datetime | None = None
    good_at: datetime | None = None
    tried_at: datetime | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBalance:
    """What a provider says lies in one of the merchant's accounts. May be negative (Daraja: Charges Paid)."""

    provider: str
    account: str
    available: Money
    at: datetime


class LineClass(StrEnum):
    """What comparing a statement with our books says of one line, or of one of our postings."""

    MATCHED = "MATCHED"  #: same receipt, same amount
    MISSING_HERE = "MISSING_HERE"  #: there, not in our books: created from the statement
    MISSING_THERE = "MISSING_THERE"  #: in our books, not there: refunds on it are stopped until it is explained
    AMOUNT_DIFF = "AMOUNT_DIFF"  #: same receipt, another amount
    REVERSED_THERE = "REVERSED_THERE"  #: taken back at the provider, live here: the invoice is opened again
    DUPLICATE = "DUPLICATE"  #: a second receipt for what was paid already
    TIMING = "TIMING"  #: too near the edge of the statement to say


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFile:
    """An imported statement. One file (by its hash) is imported once; importing it again finishes or repeats nothing."""

    file_hash: str
    name: str
    provider: str
    shortcode: str
    facility_id: int
    imported_by: str
    imported_at: datetime
    since: datetime | None = None
    until: datetime | None = None
    opening: Money | None = None
    closing: Money | None = None
    paid_in: Money | None = None
    withdrawn: Money | None = None
    lines: int = 0  #: rows read so far
    bad_lines: int = 0
    state: str = "reading"  #: ``reading``, ``comparing``, ``done``, ``broken``
    trouble: str = ""
    finished_at: datetime | None = None
    id: int = 0


#: What a line of a statement is, as far as it is compared with our books (``StatementEntry.kind``).
COLLECTION, REVERSAL, PAYOUT = "collection", "reversal", "payout"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementEntry:
    """One line of a statement as kept: ``row`` is its line in the file, ``kind`` collection, charge, reversal or payout."""

    row: int
    receipt_no: str
    kind: str
    status: str
    completed_at: datetime
    paid_in: Money
    withdrawn: Money
    details: str = ""
    reason: str = ""
    payer: str = ""
    account: str = ""
    linked_receipt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationItem:
    """What was found of one receipt. ``row`` None: it stands only in our books."""

    file_id: int
    line_class: LineClass
    receipt_no: str
    row: int | None = None
    here: Money | None = None
    there: Money | None = None
    at: datetime | None = None
    owner: str = ""  #: ``payment:<uid>``, ``unmatched:<id>``, ``refund:<uid>``
    text: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A row of a statement that could not be read."""

    row: int
    text: str  #: what is wrong and what to do
    cells: str
