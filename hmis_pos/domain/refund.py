"""Money that goes back: how it goes, and the state that the evidence about it adds up to.

Like a payment's, the state is a function of the *set* of evidence. A timeout, silence or a queue's "too late" is never a
failure: the money may be on its way, so nothing is sent again under a new name.

1. PAID or ASSURED (the provider did it, or says it was done before) -> ``completed``; nothing takes that back.
2. REFUSED at the door, or a DECLINED result -> ``failed``.
3. NO_ANSWER, SILENCE, UNCLEAR, NOTHING_FOUND -> ``unknown``.  4. ACCEPTED, PROCESSING -> ``pending``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hmis_pos.domain.errors import CashierMistake
from hmis_pos.domain.evidence import Evidence, EvidenceKind
from hmis_pos.domain.money import Money


class RefundState(StrEnum):
    """Where a refund stands."""

    REQUESTED = "requested"  #: somebody asks for it; a second person has to agree
    REJECTED = "rejected"  #: the second person said no
    APPROVED = "approved"  #: agreed; the provider was not asked yet, or its answer is not written down yet
    PENDING = "pending"  #: the provider took the request
    UNKNOWN = "unknown"  #: asked, and we cannot tell; it is looked for and never sent again blindly
    COMPLETED = "completed"  #: the money went back
    FAILED = "failed"  #: a final no; no money moved


#: States in which the money counts as on its way back: it can be neither refunded nor used a second time.
RESERVING = frozenset(
    {
        RefundState.REQUESTED,
        RefundState.APPROVED,
        RefundState.PENDING,
        RefundState.UNKNOWN,
        RefundState.COMPLETED,
    }
)
#: States in which the provider may still act.
SENT = frozenset({RefundState.PENDING, RefundState.UNKNOWN})

_R = RefundState
REFUND_TRANSITIONS = {
    _R.REQUESTED: frozenset({_R.REJECTED, _R.APPROVED, _R.COMPLETED}),
    _R.APPROVED: frozenset({_R.PENDING, _R.UNKNOWN, _R.COMPLETED, _R.FAILED}),
    _R.PENDING: frozenset({_R.UNKNOWN, _R.COMPLETED, _R.FAILED}),
    _R.UNKNOWN: frozenset({_R.PENDING, _R.COMPLETED, _R.FAILED}),
    _R.FAILED: frozenset({_R.COMPLETED, _R.UNKNOWN}),  # a late success lifts it
    _R.REJECTED: frozenset[RefundState](),
    _R.COMPLETED: frozenset[RefundState](),
}


class Route(StrEnum):
    """How money goes back."""

    REVERSAL = "reversal"  #: the provider undoes the payment: to the original payer, whose number we need not know
    PAYOUT = "payout"  #: a payment of ours to a phone (Daraja: B2C)
    PROVIDER = "provider"  #: the provider undid it of its own accord; a statement told us
    UNMATCHED = "unmatched"  #: no money leaves: it goes back among the unmatched money (assigned to the wrong patient)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundVerdict:
    """What a set of evidence adds up to; ``state`` None: nothing was said yet."""

    state: RefundState | None
    receipt_no: str = ""  #: the provider's receipt of the money going back
    code: str = ""
    text: str = ""


def judge_refund(evidence: Iterable[Evidence]) -> RefundVerdict:
    """Compute a refund's state from all evidence, in whatever order it comes."""
    unique = sorted({e.digest: e for e in evidence}.values(), key=lambda e: e.digest)

    def first(*kinds: EvidenceKind) -> Evidence | None:
        return next((e for kind in kinds for e in unique if e.kind is kind), None)

    done = first(EvidenceKind.PAID, EvidenceKind.ASSURED)
    if done is not None:
        return RefundVerdict(state=_R.COMPLETED, receipt_no=done.receipt_no, code=done.code, text=done.text)
    no = first(EvidenceKind.REFUSED, EvidenceKind.DECLINED)
    if no is not None:
        return RefundVerdict(state=_R.FAILED, code=no.code, text=no.text)
    doubt = first(EvidenceKind.UNCLEAR, EvidenceKind.NO_ANSWER, EvidenceKind.NOTHING_FOUND, EvidenceKind.SILENCE)
    if doubt is not None:
        return RefundVerdict(state=_R.UNKNOWN, code=doubt.code, text=doubt.text)
    if unique:
        return RefundVerdict(state=_R.PENDING)
    return RefundVerdict(state=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRules:
    """What a provider and the hospital allow. Amounts in whole shillings (Daraja section 5 and 6).

    ``reversal_within``: Safaricom names no limit of age; after it the money may have been settled to the bank, so it is paid
    out. ``partial_reversal``: whether less than the whole may be reversed is undocumented, so it is off.
    """

    reversal: bool = True
    payout: bool = True
    payout_minimum: int = 10
    payout_maximum: int = 250_000
    reversal_within: timedelta = timedelta(hours=24)
    partial_reversal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The payment that money goes back from. ``received`` and ``refundable`` of the receipt to be given back."""

    receipts: int  #: how many receipts of the provider it has
    received: Money
    refundable: Money  #: not yet on its way back
    paid_at: datetime
    payer_phone: str  #: the payer's MSISDN where we know it in full, else empty


def choose_route(amount: Money, original: Original, phone: str, *, now: datetime, rules: RefundRules) -> Route:
    """Which way money goes back (Daraja section 6, "Reversal or B2C?").

    A reversal where all of a recent payment goes back to whoever paid it: it needs no phone number and costs nothing. A payout
    for a part of it, for another phone, and for older money. Both move whole shillings only.

    Args:
        amount: what is to go back.
        original: the payment.
        phone: a normalised MSISDN to pay to, empty for "whoever paid".
        now: the time.
        rules: what is possible.

    Raises:
        CashierMistake: naming the field and the cure.
    """
    if amount.minor <= 0:
        raise CashierMistake("amount is zero", field="amount", code="amount-zero", cure="Give what is to go back.")
    if amount > original.refundable:
        raise CashierMistake(
            f"{amount.grouped} is more than the {original.refundable.grouped} that may go back",
            field="amount",
            code="above-refundable",
            cure=f"Give back {original.refundable.grouped} or less.",
        )
    elsewhere = bool(phone) and phone != original.payer_phone
    whole = amount == original.received and not amount.fraction  # Daraja takes whole shillings only
    recent = now - original.paid_at <= rules.reversal_within
    if rules.reversal and original.receipts == 1 and recent and not elsewhere and (whole or rules.partial_reversal):
        return Route.REVERSAL
    if not rules.payout:
        raise CashierMistake(
            "this cannot be reversed, and payouts to phones are not set up",
            field="amount",
            code="no-route",
            cure="Give back the whole payment on the day it was made, or pay out in cash.",
        )
    _check_payout(amount, phone or original.payer_phone, rules)
    return Route.PAYOUT


def _check_payout(amount: Money, phone: str, rules: RefundRules) -> None:
    if amount.fraction:
        raise CashierMistake(
            f"M-Pesa pays out whole shillings, {amount.grouped} has cents",
            field="amount",
            code="amount-fraction",
            cure=f"Give back {Money.whole(amount.whole_units).grouped}, and the cents in cash.",
        )
    if not phone:
        raise CashierMistake(
            "the payer's number is masked, so a payout needs one",
            field="phone_number",
            code="phone-needed",
            cure="Ask the patient for the phone number that the money is to go to.",
        )
    if amount.whole_units < rules.payout_minimum:
        raise CashierMistake(
            f"M-Pesa pays out {rules.payout_minimum} shillings or more",
            field="amount",
            code="amount-low",
            cure="Give it back in cash.",
        )
    if amount.whole_units > rules.payout_maximum:
        raise CashierMistake(
            f"M-Pesa pays out at most {rules.payout_maximum:,} shillings at once",
            field="amount",
            code="amount-high",
            cure=f"Give back {rules.payout_maximum:,} or less, and the rest in a second refund.",
        )
