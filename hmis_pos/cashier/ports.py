"""What the use cases need of the world. Each port says what must not happen at each step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from hmis_pos.cashier.ports_back_office import (
    Accounts,
    Checks,
    Feeds,
    Refunds,
    Requests,
    Statements,
    Unmatched,
)
from hmis_pos.cashier.records import (
    Advice,
    Event,
    InboxMessage,
    InvoiceFilter,
    InvoicePage,
    PaymentFilter,
    PaymentRecord,
    PaymentSummary,
    Posted,
    ReceiptRecord,
    Serving,
    StoredAnswer,
    Task,
    TaskKind,
    TerminalRecord,
    UserAccount,
)
from hmis_pos.cashier.records_back_office import ProviderMoney
from hmis_pos.domain.audit import AuditEntry
from hmis_pos.domain.evidence import Evidence
from hmis_pos.domain.invoice import Invoice
from hmis_pos.domain.ledger import Transfer
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import PaymentState
from hmis_pos.domain.receipt import Receipt

T = TypeVar("T")


class Clock(Protocol):
    """The time, aware and in UTC. The relay's clock is authoritative."""

    def now(self) -> datetime: ...


class Ids(Protocol):
    """Chance: unique names and secrets."""

    def uuid(self) -> UUID:
        """A new UUIDv7."""
        ...

    def token(self) -> str:
        """64 hex digits nobody can guess. Hex, since Daraja refuses URLs that contain words such as "sql"."""
        ...

    def random(self, count: int) -> bytes: ...


# ---------------------------------------------------------------- gateways


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a gateway is asked to collect. ``phone`` is a normalised MSISDN."""

    uid: UUID
    amount: Money
    phone: str
    account_reference: str
    description: str
    callback_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryAdvice:
    """What a provider's code means for asking the payer again. ``wait`` counts from when the code was heard.

    ``about_settings``: nothing is wrong with this request or its payer; until IT has mended a setting, every other is refused alike.
    """

    advice: Advice
    wait: timedelta = timedelta(0)
    about_settings: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackReading:
    """What a callback's body says, still to be matched to a payment.

    ``evidence.reference`` holds the provider's request id (STK); ``money`` is what came to the Paybill (C2B).
    """

    evidence: Evidence
    payer: str = ""
    paid_at: datetime | None = None
    money: ProviderMoney | None = None


class Gateway(Protocol):
    """One provider of electronic money."""

    provider: str

    def check(self, amount: Money, phone: str) -> None:
        """Refuse what the provider cannot take (a fraction of a shilling, more than its limit). Asks nobody.

        Raises:
            CashierMistake: naming the field and the cure.
        """
        ...

    async def start(self, order: Order) -> Evidence:
        """Ask the payer, once. May move money. Never repeats itself after a timeout or a 5xx.

        Returns:
            ACCEPTED with ``reference``, or REFUSED with the provider's code and text.

        Raises:
            Unavailable: nothing was asked (no connection, no token).
            OutcomeUnknown: it may have been asked.
        """
        ...

    async def ask(self, reference: str) -> Evidence:
        """Ask the provider what became of an attempt. Read-only, may be repeated.

        Returns:
            PROCESSING, ASSURED, DECLINED, UNREACHED or UNCLEAR.

        Raises:
            Unavailable: no usable answer this time.
        """
        ...

    def read_callback(self, channel: str, body: bytes, heard_at: datetime) -> CallbackReading:
        """Interpret a raw callback; tolerant of everything the reference lists.

        Raises:
            ValueError: it is not a message of this channel.
        """
        ...

    def advise(self, code: str) -> RetryAdvice:
        """May the payer be asked again after this code?"""
        ...


# ---------------------------------------------------------------- the central books


class Invoices(Protocol):
    """The HMIS's invoices. We read them, and tell the HMIS what was paid."""

    def get(self, invoice_id: int) -> Invoice | None: ...

    def lock(self, invoice_id: int) -> Invoice | None:
        """Read it with its row locked until the end of the transaction."""
        ...

    def page(self, wanted: InvoiceFilter, now: datetime) -> InvoicePage: ...

    def count_open(self, facility_id: int) -> int: ...

    def add_paid(self, invoice_id: int, amount: Money) -> None:
        """Add to what is paid (negative to take back); the HMIS's status follows."""
        ...

    def serving(self, invoice_id: int, now: datetime) -> Serving | None: ...

    def serve(self, claim: Serving) -> None: ...

    def release(self, invoice_id: int, terminal: str) -> bool:
        """True if there was a claim of this terminal."""
        ...

    def changes(self, since: datetime, limit: int) -> Sequence[tuple[int, int, datetime]]:
        """(invoice id, facility id, changed at) of invoices the HMIS changed after ``since``, oldest first."""
        ...


class Payments(Protocol):
    """Payment transactions and their evidence."""

    def add(self, record: PaymentRecord) -> PaymentRecord:
        """Store a new one with its evidence (normally none) and return it with its id.

        Raises:
            Conflict: code ``duplicate-reference`` where uid, idempotency key or account reference exist already.
        """
        ...

    def get(self, uid: UUID) -> PaymentRecord | None: ...

    def lock(self, uid: UUID) -> PaymentRecord | None: ...

    def by_token(self, token: str) -> PaymentRecord | None: ...

    def by_request(self, provider: str, reference: str) -> PaymentRecord | None: ...

    def by_account(self, provider: str, account: str) -> PaymentRecord | None: ...

    def assured_without_receipt(
        self, provider: str, amount: Money, since: datetime, until: datetime
    ) -> Sequence[PaymentRecord]:
        """Prompts for this amount asked in between, whose money is proven but whose receipt number nobody told; oldest first."""
        ...

    def by_idempotency_key(self, key: str) -> PaymentRecord | None: ...

    def of_invoice(self, invoice_id: int) -> Sequence[PaymentRecord]:
        """All attempts on an invoice, oldest first."""
        ...

    def last_for_phone(self, phone: str, since: datetime) -> PaymentRecord | None:
        """The latest attempt with this phone that began after ``since``."""
        ...

    def save(self, record: PaymentRecord, new: Evidence | None = None) -> None:
        """Store the changed record and append ``new`` evidence."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[UUID]:
        """Payments whose ``next_check_at`` has come."""
        ...

    def page(self, wanted: PaymentFilter) -> Sequence[PaymentSummary]: ...

    def summary(self, uid: UUID) -> PaymentSummary | None: ...

    def count(self, state: PaymentState) -> int:
        """Payments in a state, of all facilities; for the relay's numbers."""
        ...

    def owner_of(self, provider: str, receipt_no: str) -> str | None:
        """Who settled this provider receipt: ``payment:<uid>`` or ``unmatched:<id>``; None if nobody."""
        ...

    def claim_receipt(self, provider: str, receipt_no: str, owner: str) -> None:
        """Bind a provider's receipt number to its one owner, for ever; the database refuses a second."""
        ...


class Ledger(Protocol):
    """Allocations, deposits, unmatched money and the double-entry rows beside them. Append-only."""

    def posted(self, payment_uid: UUID) -> Posted: ...

    def allocate(self, payment_uid: UUID, invoice_id: int, amount: Money, at: datetime) -> None:
        """Negative amounts take an allocation back."""
        ...

    def deposit(self, payment_uid: UUID, patient_id: int, amount: Money, reason: str, at: datetime) -> None: ...

    def transfer(self, transfer: Transfer, subject: str, at: datetime) -> None: ...


class Receipts(Protocol):
    """Receipts that terminals committed."""

    def by_uid(self, uid: UUID) -> ReceiptRecord | None: ...

    def by_number(self, series: str, number: int) -> ReceiptRecord | None: ...

    def by_payment(self, payment_uid: UUID) -> ReceiptRecord | None: ...

    def add(self, record: ReceiptRecord) -> None: ...

    def last_number(self, series: str) -> int: ...


class Inbox(Protocol):
    """Callbacks as they came."""

    def add(self, message: InboxMessage) -> int: ...

    def waiting(self, limit: int, after: int = 0) -> Sequence[InboxMessage]:
        """What was not dealt with yet, oldest first; only behind the message numbered ``after``."""
        ...

    def done(self, message_id: int, outcome: str, at: datetime) -> None: ...

    def depth(self) -> int:
        """How many wait."""
        ...


class Users(Protocol):
    """The HMIS's users and our sessions."""

    def by_name(self, username: str) -> UserAccount | None: ...

    def by_id(self, user_id: int) -> UserAccount | None: ...

    def note_failure(self, user_id: int, failures: int, locked_until: datetime | None) -> None: ...

    def open_session(
        self, session: UUID, user_id: int, token_hash: str, expires_at: datetime, at: datetime
    ) -> None: ...

    def session(self, session: UUID) -> tuple[int, str, datetime, bool] | None:
        """(user id, hash of the current refresh token, expiry, revoked)."""
        ...

    def session_user(self, session: UUID) -> int | None:
        """Whose session this is while it is not revoked; unlike ``session`` it locks nothing, for a look on every request."""
        ...

    def rotate_session(self, session: UUID, token_hash: str) -> None: ...

    def revoke_session(self, session: UUID) -> None: ...


class Terminals(Protocol):
    """Installs of the terminal program."""

    def get(self, install_uid: UUID) -> TerminalRecord | None: ...

    def by_series(self, series: str) -> TerminalRecord | None: ...

    def enrol(self, install_uid: UUID, counter: str, facility_id: int, at: datetime) -> TerminalRecord:
        """Bind the next series to a new install: same counter name, next letter; new name, next number."""
        ...


class Answers(Protocol):
    """Idempotency keys and what they led to."""

    def get(self, key: str) -> StoredAnswer | None: ...

    def begin(self, answer: StoredAnswer, route: str, user_id: int, at: datetime) -> bool:
        """Reserve the key; False if it exists already (then nothing is changed)."""
        ...

    def relock(self, key: str, until: datetime) -> None: ...

    def finish(self, key: str, status: int, body: bytes) -> None: ...

    def forget(self, key: str) -> None:
        """Free a key whose request was refused before it changed anything."""
        ...

    def drop(self, before: datetime, limit: int) -> int:
        """Take away keys begun, and held by nobody, since before then; how many."""
        ...


class Trail(Protocol):
    """The audit chain, the event feed and the task list; all in the same commit as what they tell of."""

    def audit(self, actor: str, action: str, subject: str, origin: str, detail: dict[str, object]) -> None: ...

    def emit(self, kind: str, facility_id: int, data: dict[str, object]) -> None: ...

    def open_task(self, task: Task, facility_id: int) -> None:
        """At most one open task per (kind, subject)."""
        ...

    def close_task(self, kind: TaskKind, subject: str) -> None:
        """The work is done; told in the feed (``task.closed``). Nothing where no such task is open."""
        ...

    def tasks(self, facility_id: int, limit: int) -> Sequence[Task]: ...

    def open_subjects(self, kind: TaskKind) -> frozenset[str]:
        """What the open tasks of a kind are about."""
        ...

    def task(self, task_id: int) -> Task | None: ...

    def events(self, after: int, limit: int) -> Sequence[Event]: ...

    def last_event(self) -> int: ...

    def drop_events(self, before: datetime, limit: int) -> int:
        """Take away the oldest events from before then; how many. The newest 10,000 stay: their numbers are never given again."""
        ...

    def entries(self, after_seq: int, limit: int) -> Sequence[AuditEntry]: ...


class Books(Protocol):
    """The central database in one transaction: all of it is committed, or none."""

    @property
    def invoices(self) -> Invoices: ...
    @property
    def payments(self) -> Payments: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def receipts(self) -> Receipts: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def users(self) -> Users: ...
    @property
    def terminals(self) -> Terminals: ...
    @property
    def answers(self) -> Answers: ...
    @property
    def trail(self) -> Trail: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def unmatched(self) -> Unmatched: ...
    @property
    def refunds(self) -> Refunds: ...
    @property
    def requests(self) -> Requests: ...
    @property
    def checks(self) -> Checks: ...
    @property
    def feeds(self) -> Feeds: ...
    @property
    def statements(self) -> Statements: ...


class Database(Protocol):
    """Runs phases.

    ``work`` must be safe to run again: it is repeated when the database asks for it (serialization failure,
    deadlock) and nothing was committed.
    """

    async def write(self, work: Callable[[Books], T]) -> T: ...

    async def read(self, work: Callable[[Books], T]) -> T: ...


# ---------------------------------------------------------------- the terminal's till


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """A receipt not yet acknowledged by the relay."""

    uid: UUID
    series: str
    number: int
    document: bytes  #: the JSON that is sent, fixed at commit
    tries: int = 0
    last_error: str = ""


class Till(Protocol):
    """The terminal's own encrypted store, in one transaction."""

    def series(self) -> str:
        """The series bound to this install.

        Raises:
            Misconfigured: the terminal is not enrolled yet.
        """
        ...

    def next_number(self) -> int:
        """Allocated inside the commit; a number is never given twice and never skipped."""
        ...

    def receipt_of(self, payment_uid: UUID) -> Receipt | None: ...

    def commit_receipt(self, receipt: Receipt) -> None:
        """Receipt, outbox row and the invoice's new local balance, together or not at all."""
        ...


class TillStore(Protocol):
    """Runs till work in its one worker thread."""

    async def write(self, work: Callable[[Till], T]) -> T: ...
