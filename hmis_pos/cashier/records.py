"""What the central books hold, as the use cases see it. Stores map these to tables; nothing here knows SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from hmis_pos.domain.evidence import Evidence
from hmis_pos.domain.invoice import Invoice
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import Payment, PaymentState
from hmis_pos.domain.receipt import Receipt


class Role(StrEnum):
    """Only these may process payments."""

    BILLING = "billing"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, as proven by a token, and from where."""

    user_id: int
    username: str
    display_name: str
    role: Role
    facility_id: int
    origin: str = ""  #: IP address or process
    terminal: str = ""  #: series of the terminal, empty for the web pages


class Advice(StrEnum):
    """May the patient be asked again after this outcome?"""

    NOW = "now"  #: the outcome is final and no money moved
    WAIT = "wait"  #: yes, but not before ``retry_not_before``
    FIX = "fix"  #: not before something is corrected: the amount, the phone, a setting
    NO = "no"  #: the money may still come


class Channel(StrEnum):
    """Where a payment began."""

    COUNTER = "counter"  #: a cashier's own doing: a prompt, cash, a slip
    PAYBILL = "paybill"  #: the payer's own, at the Paybill or till
    CODE = "code"  #: a receipt number that a patient showed
    UNMATCHED = "unmatched"  #: placed by a person out of unmatched money


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRecord:
    """A payment transaction as stored: the domain's payment and what surrounds it."""

    payment: Payment
    facility_id: int
    cashier: str
    processed_by: int | None
    terminal: str = ""
    idempotency_key: str = ""
    phone: str = ""  #: normalised MSISDN that was asked; empty for cash
    account_reference: str = ""
    callback_token: str = ""
    provider_request: str = ""  #: the provider's id of the attempt: CheckoutRequestID
    received: Money | None = None
    receipts: tuple[str, ...] = ()  #: the provider's receipt numbers
    tendered: Money | None = None
    change: Money | None = None
    note: str = ""
    failure_code: str = ""
    failure_text: str = ""
    agreed: bool = False  #: a query confirmed the failure
    advice: Advice = Advice.NO
    retry_not_before: datetime | None = None
    next_check_at: datetime | None = None
    checks_done: int = 0
    completed_at: datetime | None = None
    id: int = 0  #: the database's own number, 0 before it is stored
    attempt: int = 1  #: of this invoice with this method
    channel: Channel = Channel.COUNTER
    account_typed: str = ""  #: what a payer typed at the Paybill, as it came
    payer: str = ""  #: the payer's name and (masked) number as the provider gave them
    paid_at: datetime | None = None  #: when the provider says the money moved
    fee: Money | None = None  #: what the provider charges the hospital for it, by the tariff of that day

    @property
    def uid(self) -> UUID:
        return self.payment.uid

    @property
    def state(self) -> PaymentState:
        return self.payment.state


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxMessage:
    """A callback as it came, before anybody interpreted it."""

    provider: str  #: ``mpesa``
    channel: str  #: ``stk``, ``c2b``, ``alias``
    token: str  #: the hex token of the URL; empty for the alias
    source_ip: str
    headers: str  #: JSON text of the few headers worth keeping
    body: bytes
    received_at: datetime
    id: int = 0
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """A counter's claim on an invoice; a lease, so that a crashed terminal does not hold it for ever."""

    invoice_id: int
    terminal: str
    counter: str
    cashier: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What was posted for one payment so far, net of what was taken back; ``refunded`` has left the books with it."""

    allocated: Money
    deposited: Money
    refunded: Money


class TaskKind(StrEnum):
    """Why somebody has to look."""

    OVERPAID = "overpaid"  #: money beyond what was owed became a deposit
    PAID_TWICE = "paid-twice"  #: a second receipt for one attempt
    AMOUNT_DIFFERS = "amount-differs"  #: received is not what was asked
    CONTRADICTION = "contradiction"  #: a no after a yes
    RECEIPT_REUSED = "receipt-reused"  #: a provider's receipt was claimed by a second payment
    UNMATCHED = "unmatched"  #: money nobody has been found for
    RECEIPT_GAP = "receipt-gap"  #: a number of a series is missing
    RECEIPT_CONFLICT = "receipt-conflict"  #: one number, two contents
    BAD_CALLBACK = "bad-callback"  #: unreadable, or from a sender that has no right to send it
    MISSING_THERE = "missing-there"  #: in our books, not in the provider's statement
    AMOUNT_DIFF_THERE = "amount-diff"  #: the statement has another amount
    REVERSED_THERE = "reversed-there"  #: the provider took money back
    PAYOUT_UNKNOWN_HERE = "payout-unknown"  #: money left the paybill without a refund of ours
    REFUND_APPROVAL = "refund-approval"  #: a second person has to agree
    REFUND_UNKNOWN = "refund-unknown"  #: nobody can tell whether the money went back
    PAYOUTS_HALTED = "payouts-halted"  #: the provider refuses our credential; more tries would lock it
    FEED_SILENT = "feed-silent"  #: the provider's list was not read for a day
    CLAIM = "claim"  #: a confirmation that has to be proven before it counts
    CONFIGURATION = "configuration"  #: the gateway refuses us for a reason IT must mend


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Work for a person, with what it is about."""

    kind: TaskKind
    subject: str  #: ``payment:…``, ``receipt:…``, ``callback:…``; one open task per (kind, subject)
    text: str
    amount: Money | None = None
    opened_at: datetime | None = None
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the event feed. ``seq`` grows in commit order."""

    seq: int
    kind: str  #: ``invoice.changed``, ``invoice.serving``, ``payment.changed``, ``task.opened``
    facility_id: int
    at: datetime
    data: str  #: JSON text, a message of ``contract.events``


@dataclass(frozen=True, slots=True, kw_only=True)
class UserAccount:
    """A person of the HMIS who may sign in."""

    id: int
    username: str
    display_name: str
    role: str  #: as the HMIS names it; only the values of Role may process payments
    facility_id: int
    password_hash: str
    active: bool
    failures: int = 0
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalRecord:
    """One install of the terminal program, and the receipt series bound to it."""

    install_uid: UUID
    series: str
    counter: str
    facility_id: int
    facility_name: str
    last_number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """What an idempotency key led to. ``status`` 0: still running."""

    key: str
    request_hash: str
    status: int = 0
    body: bytes = b""
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceFilter:
    """Which invoices; empty fields do not restrict. ``text`` searches name, patient no, invoice no, phone."""

    facility_id: int
    text: str = ""
    open_only: bool = True
    after: tuple[datetime, int] | None = None  #: (queued_at, id) of the last row seen
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFilter:
    """Which payments; newest first. ``text`` searches patient, invoice no, receipt no, reference."""

    facility_id: int
    text: str = ""
    states: tuple[PaymentState, ...] = ()
    methods: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
    invoice_id: int | None = None
    patient_id: int | None = None
    cashier: str = ""
    terminal: str = ""
    since: datetime | None = None
    until: datetime | None = None
    after: int | None = None  #: id of the last row seen
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSummary:
    """A payment with the names a list shows."""

    record: PaymentRecord
    invoice_number: str
    patient_no: str
    patient_name: str
    receipt_no: str  #: our own receipt, empty until issued
    allocated: Money
    deposited: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRecord:
    """A receipt as the centre stores it, with the hash of what the terminal sent."""

    receipt: Receipt
    content_hash: str
    terminal: str
    received_at: datetime
    outcome: str  #: ``settled``, ``deposit``, ``partly``, ``issued`` (for electronic money)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePage:
    """Invoices in queue order, with who serves them and whose phone rings."""

    invoices: tuple[Invoice, ...]
    serving: dict[int, Serving] = field(default_factory=dict)
    ringing: dict[int, PaymentRecord] = field(default_factory=dict)  #: open electronic attempts by invoice


__all__ = [
    "Actor",
    "Advice",
    "Channel",
    "Event",
    "Evidence",
    "InboxMessage",
    "InvoiceFilter",
    "InvoicePage",
    "PaymentFilter",
    "PaymentRecord",
    "PaymentSummary",
    "Posted",
    "ReceiptRecord",
    "Role",
    "Serving",
    "StoredAnswer",
    "Task",
    "TaskKind",
    "TerminalRecord",
    "UserAccount",
]
