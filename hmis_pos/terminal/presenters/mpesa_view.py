"""What the M-Pesa panel shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hmis_pos.terminal.presenters.views import NO_ACTION, ActionView, Notice, StepView, Words


class MpesaStage(StrEnum):
    """Where the story of an invoice's M-Pesa payment stands."""

    CLOSED = "closed"  #: no invoice, or nothing is owed on it
    DRAFT = "draft"  #: phone and amount are being filled in
    ASKING = "asking"  #: the request is under way to Safaricom
    WAITING = "waiting"  #: the phone rings
    UNKNOWN = "unknown"  #: nobody can tell; never shown as a failure
    PAID = "paid"
    NOT_PAID = "not_paid"  #: a final no
    STOPPED = "stopped"  #: the cashier stopped waiting; the money may still come


@dataclass(frozen=True, slots=True, kw_only=True)
class MpesaView:
    """The M-Pesa panel of the chosen invoice."""

    stage: MpesaStage = MpesaStage.CLOSED
    invoice_id: int = 0
    unavailable: Words | None = None  #: why M-Pesa cannot be asked now; cash goes on
    phone: str = ""  #: as typed, or as prefilled from the patient
    phone_problem: str = ""
    amount_minor: int | None = None
    amount_problem: str = ""
    amount_note: str = ""  #: what becomes of the cents
    lead: str = ""  #: ``Asking 0712 345 418 for``
    amount: str = ""  #: the big number, ``4,850``
    notice: Notice | None = None
    steps: tuple[StepView, ...] = ()
    arrived: Notice | None = None  #: a part came by itself, the form asks for the rest
    issue: ActionView = NO_ACTION  #: the receipt of money that came while nobody served the invoice
    primary: ActionView = NO_ACTION
    ask_again: ActionView = NO_ACTION
    change: ActionView = NO_ACTION  #: back to phone and amount, after a no
    stop: ActionView = NO_ACTION
    check: ActionView = NO_ACTION  #: ask the relay now how it stands
    countdown: str = ""  #: until asking again makes sense
    footnote: str = ""
    problem: Words | None = None  #: what went wrong with the last thing the cashier did here
    receipt_no: str = ""
    payment_uid: str = ""  #: the payment whose receipt that is; empty while there is none
    ringing_elsewhere: int = 0  #: phones that ring for other invoices of this till
