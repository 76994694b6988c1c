"""The stores of unmatched money, refunds, commands at providers, receipt checks, feeds and statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from hmis_pos.cashier.records_back_office import (
    AccountBalance,
    BadLine,
    FeedState,
    GatewayRequest,
    KeyHolders,
    LineClass,
    ProviderMoney,
    ReceiptCheck,
    ReceiptUse,
    ReconciliationItem,
    RefundFilter,
    RefundRecord,
    StatementEntry,
    StatementFile,
    UnmatchedFilter,
    UnmatchedMoney,
    UnmatchedPart,
)
from hmis_pos.domain.evidence import Evidence
from hmis_pos.domain.invoice import Invoice
from hmis_pos.domain.money import Money
from hmis_pos.domain.refund import RefundState


class Accounts(Protocol):
    """Which invoices an account number can mean. Kept by the database beside the HMIS's invoices, as the search index is."""

    def holders(self, keys: Sequence[str]) -> Mapping[str, KeyHolders]:
        """Whose numbers have these keys, in the order given; keys that nobody has are left out."""
        ...

    def open_of_patient(self, patient_id: int) -> Sequence[Invoice]:
        """The patient's invoices that owe something, oldest first."""
        ...

    def candidates(self, money: ProviderMoney, now: datetime, limit: int = 300) -> Sequence[Invoice]:
        """Invoices worth ranking, open ones and those closed in the last days.

        Near keys, the same amount owed, a fitting phone, a shared name, being served.
        """
        ...

    def at_counter(self, now: datetime) -> frozenset[int]:
        """Invoices being served now, or with an open or lately given up electronic attempt."""
        ...


class Unmatched(Protocol):
    """Money nobody has been found for, and where its parts went. Parts never add up to more than came."""

    def hold(self, money: UnmatchedMoney) -> int: ...

    def get(self, unmatched_id: int) -> UnmatchedMoney | None: ...

    def lock(self, unmatched_id: int) -> UnmatchedMoney | None: ...

    def page(self, wanted: UnmatchedFilter) -> Sequence[UnmatchedMoney]: ...

    def totals(self, facility_id: int) -> tuple[int, Money, datetime | None]:
        """(how many wait, their sum, since when the oldest waits)."""
        ...

    def place(self, part: UnmatchedPart) -> None: ...

    def parts(self, unmatched_id: int) -> Sequence[UnmatchedPart]: ...

    def parts_of(self, payment_uid: UUID) -> Sequence[UnmatchedPart]: ...

    def take_on(self, unmatched_id: int, owner: str) -> None: ...


class Refunds(Protocol):
    """Money on its way back."""

    def add(self, record: RefundRecord) -> RefundRecord:
        """Store a new one.

        Raises:
            Conflict: code ``above-refundable`` where all reserving refunds together exceed what came.
        """
        ...

    def get(self, uid: UUID) -> RefundRecord | None: ...

    def lock(self, uid: UUID) -> RefundRecord | None: ...

    def of_payment(self, payment_uid: UUID) -> Sequence[RefundRecord]: ...

    def of_unmatched(self, unmatched_id: int) -> Sequence[RefundRecord]: ...

    def of_receipt(self, provider: str, receipt_no: str) -> Sequence[RefundRecord]:
        """Those that name this receipt (reversals, and what was moved back), whatever holds its money; oldest first."""
        ...

    def by_originator(self, provider: str, originator: str) -> RefundRecord | None: ...

    def by_provider_receipt(self, provider: str, receipt_no: str) -> RefundRecord | None: ...

    def save(self, record: RefundRecord, new: Evidence | None = None) -> None: ...

    def to_send(self, now: datetime, limit: int) -> Sequence[UUID]:
        """Approved ones whose provider was not asked yet, oldest first; without those to be tried later."""
        ...

    def in_flight(self, provider: str, since: datetime) -> bool:
        """Whether one was sent after ``since`` and has no result yet."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[UUID]:
        """Those that were sent and are to be looked up now, longest due first."""
        ...

    def page(self, wanted: RefundFilter) -> Sequence[RefundRecord]: ...

    def count(self, state: RefundState) -> int: ...


class Requests(Protocol):
    """Commands at providers that are answered by callback."""

    def add(self, request: GatewayRequest) -> None: ...

    def by_token(self, token: str) -> GatewayRequest | None: ...

    def accepted(self, uid: UUID, originator: str, conversation: str) -> None: ...

    def answered(self, uid: UUID, outcome: str, at: datetime) -> None:
        """The first answer is kept; a repeat changes nothing."""
        ...


class Checks(Protocol):
    """Receipt numbers to be proven."""

    def add(self, check: ReceiptCheck) -> None: ...

    def get(self, uid: UUID) -> ReceiptCheck | None: ...

    def lock(self, uid: UUID) -> ReceiptCheck | None: ...

    def waiting_for(self, provider: str, receipt_no: str) -> Sequence[ReceiptCheck]: ...

    def save(self, check: ReceiptCheck) -> None: ...

    def due(self, now: datetime, limit: int) -> Sequence[UUID]: ...

    def use_of(self, provider: str, receipt_no: str) -> ReceiptUse | None:
        """Where this receipt number was used; None where it is unknown here."""
        ...


class Feeds(Protocol):
    """How far providers' lists were read, what lies in their accounts, and whether payouts are stopped."""

    def state(self, provider: str, feed: str) -> FeedState | None: ...

    def save(self, state: FeedState) -> None: ...

    def balances(self, provider: str) -> Sequence[AccountBalance]: ...

    def save_balances(self, balances: Sequence[AccountBalance]) -> None: ...

    def halted(self, provider: str) -> str:
        """Why payouts are stopped; empty where they are not."""
        ...

    def halt(self, provider: str, why: str, at: datetime) -> None:
        """Stop payouts, or with an empty ``why`` let them go on."""
        ...


class Statements(Protocol):
    """Imported statements and what was found."""

    def by_hash(self, file_hash: str) -> StatementFile | None: ...

    def get(self, file_id: int) -> StatementFile | None: ...

    def add(self, file: StatementFile) -> StatementFile: ...

    def save(self, file: StatementFile) -> None: ...

    def page(self, facility_id: int, after: int | None, limit: int) -> Sequence[StatementFile]:
        """Newest first."""
        ...

    def add_lines(self, file_id: int, lines: Sequence[StatementEntry], bad: Sequence[BadLine]) -> None:
        """Store a batch; rows stored before are left as they are."""
        ...

    def lines(self, file_id: int, kinds: Sequence[str], after_row: int, limit: int) -> Sequence[StatementEntry]: ...

    def bad_lines(self, file_id: int, limit: int) -> Sequence[BadLine]: ...

    def ours_absent(
        self, file_id: int, since: datetime, until: datetime, after: str, limit: int
    ) -> tuple[Sequence[ReconciliationItem], str]:
        """Of our next ``limit`` receipts of the statement's provider, paid between two instants, those it does not know; the last looked at.

        No collection of this file names them, nor a row of it that could not be read, nor did another statement tell of them. In the order
        of their numbers, behind ``after``; an empty last one: there are no more. ``here``, ``at`` and ``owner`` are set.
        """
        ...

    def is_covered(self, file: StatementFile, since: datetime, until: datetime) -> bool:
        """Whether another statement of the same provider and shortcode, compared whole, covers all between two instants."""
        ...

    def told_rows(self, file_id: int, first: int, last: int) -> frozenset[int]:
        """Rows between two, both included, of which it is written down what they turned out to be."""
        ...

    def booked(self, provider: str, receipts: Sequence[str]) -> dict[str, tuple[str, Money]]:
        """By receipt number: (owner, amount we hold for it)."""
        ...

    def with_deposits(self, provider: str, receipts: Sequence[str]) -> dict[str, UUID]:
        """Of these receipts those whose payment holds a deposit, or has a second receipt: candidates for DUPLICATE."""
        ...

    def add_items(self, items: Sequence[ReconciliationItem]) -> None:
        """Store; an item of the same file, receipt and class is stored once."""
        ...

    def items(
        self, file_id: int, classes: Sequence[LineClass], after: int, limit: int
    ) -> Sequence[ReconciliationItem]: ...

    def counts(self, file_id: int) -> dict[LineClass, tuple[int, Money]]:
        """By class: (how many, the sum of what stands there, or of ours where it stands only here)."""
        ...

    def is_doubted(self, payment_uid: UUID) -> bool:
        """Whether one of this payment's receipts is doubted: refunds wait."""
        ...

    def doubts_receipt(self, provider: str, receipt_no: str) -> bool:
        """Whether the newest word of a statement on a receipt is MISSING_THERE. What lay at an edge is no word."""
        ...


class StatementSource(Protocol):
    """A statement file, opened: what stands above its table, and its lines once from the first to the last."""

    name: str
    file_hash: str
    provider: str
    shortcode: str  #: empty: the file does not say
    since: datetime | None
    until: datetime | None
    opening: Money | None
    closing: Money | None
    paid_in: Money | None
    withdrawn: Money | None

    @property
    def percent(self) -> int | None:
        """How much of the file is read; None: nobody can tell."""
        ...

    def read(self, count: int) -> Sequence[StatementEntry | BadLine]:
        """The next rows, fewer or none at the end. Blocks; may be called from another thread.

        Raises:
            CashierMistake: the rest of the file cannot be read (it is cut off).
        """
        ...
