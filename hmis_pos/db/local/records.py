"""What the local store holds, as its callers see it. Documents are opaque bytes: the contract's JSON, made elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hmis_pos.domain.money import Money
from hmis_pos.domain.receipt import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """How a receipt becomes the bytes that are kept and sent, and back. Called in the store's worker thread."""

    encode: Callable[[Receipt], bytes]
    decode: Callable[[bytes], Receipt]


@dataclass(frozen=True, slots=True, kw_only=True)
class Install:
    """This install of the terminal. ``series`` is empty until the relay has enrolled it."""

    install_uid: UUID
    series: str = ""
    counter: str = ""
    facility_id: int = 0
    facility_name: str = ""
    last_number: int = 0

    @property
    def enrolled(self) -> bool:
        return bool(self.series)


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedInvoice:
    """An invoice as the relay described it, to be kept.

    ``owed_minor`` and ``paid_minor`` are the relay's words in cents. ``served_by`` and ``ringing`` are documents of their
    own, empty where there is nothing.
    """

    id: int
    document: bytes
    number: str
    patient_no: str
    patient_name: str
    phone: str
    queued_at: str  #: ISO 8601, UTC, fixed width, so that text order is time order
    is_open: bool
    owed_minor: int
    paid_minor: int
    served_by: bytes = b""
    ringing: bytes = b""
    ringing_uid: str = ""


@dataclass(frozen=True, slots=True)
class ServingMark:
    """Who has an invoice at a counter; an empty document: nobody."""

    invoice_id: int
    document: bytes


@dataclass(frozen=True, slots=True)
class RingingMark:
    """An electronic attempt on an invoice; an empty document: this attempt rings no more, another one may."""

    invoice_id: int
    payment_uid: str
    document: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedInvoice:
    """An invoice as this till knows it now.

    ``document`` is what the relay last sent; ``owed_minor`` and ``paid_minor`` are newer where the relay acknowledged receipts
    since. ``local_minor`` is what this till took for it and the relay has not acknowledged yet.
    """

    id: int
    document: bytes
    is_open: bool
    owed_minor: int
    paid_minor: int
    local_minor: int
    served_by: bytes
    ringing: bytes

    @property
    def payable_minor(self) -> int:
        """What may still be asked for here and now."""
        return max(0, self.owed_minor - self.local_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncAnswer:
    """What the relay said about one receipt. ``deposited`` is the part that settled nothing."""

    uid: UUID
    refused: bool
    deposited: Money
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """``unsent`` wait for the relay; ``refused`` were answered with a no and wait for a person."""

    unsent: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedReceipt:
    """A receipt the relay would not take, with its reason. The cash is in the drawer: somebody must look."""

    uid: UUID
    no: str
    invoice_id: int
    applied: Money
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReceipt:
    """A receipt of this till. ``acknowledged_at`` is None until the relay has it."""

    receipt: Receipt
    acknowledged_at: datetime | None
    refused: str  #: the relay's reason, empty where it did not refuse
    copies: int  #: how often it was printed


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedPayment:
    """An electronic payment this till began and whose end it has to see, across restarts.

    Written before the relay is asked. ``idempotency_key`` makes the same request repeatable.
    """

    uid: UUID
    invoice_id: int
    method: str
    amount: Money
    phone: str
    idempotency_key: str
    cashier: str
    status: str
    began_at: datetime


#: How long a sign-in with the relay lets a person work without it.
OFFLINE_FOR = timedelta(hours=72)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownUser:
    """A person who signed in here while the relay was there, and may sign in without it until ``expires_at``."""

    user_id: int
    username: str
    display_name: str
    role: str
    facility_id: int
    facility_name: str
    expires_at: datetime
