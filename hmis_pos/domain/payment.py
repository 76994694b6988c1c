"""One attempt to collect money with one method, and the state that its evidence adds up to.

The state is a function of the *set* of evidence, so order, repeats and delay never change where it ends; it is stored
beside the evidence only to be searched. The rules, strongest first:

1. Proof of money (PAID, TAKEN) or the gateway's own assurance (ASSURED) -> ``completed``, with the amount received: the sum
   over distinct receipt numbers; the amount asked where only ASSURED stands. A CLAIM of an unproven sender never counts.
2. A refusal at the door, or a final no -> ``failed``. A final no is a DECLINED callback, or any no of the last query after
   the grace period. A last query that says "still processing" takes a callback's no back.
3. NOTHING_FOUND after 48 h -> ``expired``.  4. ABANDONED -> ``cancelled``.
5. Any other no, UNCLEAR, CLAIMED, SILENCE, NO_ANSWER -> ``unknown``.  6. ACCEPTED, PROCESSING -> ``pending``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from hmis_pos.domain.errors import PosError
from hmis_pos.domain.evidence import NO_KINDS, SUCCESS_KINDS, Evidence, EvidenceKind, Source
from hmis_pos.domain.money import Money, total


class PaymentState(StrEnum):
    """Who knows what."""

    CREATED = "created"  #: we wrote it down; the gateway was not asked yet
    PENDING = "pending"  #: the gateway accepted; the payer has been asked
    UNKNOWN = "unknown"  #: asked, and we cannot tell; queries, pull and statements go on
    COMPLETED = "completed"  #: money is proven, amount as received
    FAILED = "failed"  #: a final no from the gateway
    EXPIRED = "expired"  #: nothing found after 48 h
    CANCELLED = "cancelled"  #: the cashier stopped waiting; the money may still come
    PARTIALLY_REFUNDED = "partially_refunded"  #: some of it went back
    REFUNDED = "refunded"  #: all of it went back


class Method(StrEnum):
    """How the money came."""

    CASH = "cash"
    MPESA = "mpesa"
    STRIPE = "stripe"
    PAYPAL = "paypal"
    CARD_PDQ = "card_pdq"
    BANK_TRANSFER = "bank_transfer"
    CHEQUE = "cheque"
    INSURANCE = "insurance"


#: Methods whose money moves through a gateway that tells us later.
ELECTRONIC = frozenset({Method.MPESA, Method.STRIPE, Method.PAYPAL})

_S = PaymentState
_LATE = frozenset({_S.COMPLETED})
#: Every move there is. A late success lifts ``failed``, ``cancelled`` and ``expired``; nothing ever leaves money behind.
TRANSITIONS: Mapping[PaymentState, frozenset[PaymentState]] = {
    _S.CREATED: frozenset({_S.PENDING, _S.UNKNOWN, _S.COMPLETED, _S.FAILED, _S.CANCELLED, _S.EXPIRED}),
    _S.PENDING: frozenset({_S.UNKNOWN, _S.COMPLETED, _S.FAILED, _S.CANCELLED, _S.EXPIRED}),
    _S.UNKNOWN: frozenset({_S.COMPLETED, _S.FAILED, _S.CANCELLED, _S.EXPIRED}),
    _S.FAILED: _LATE | {_S.UNKNOWN, _S.CANCELLED, _S.EXPIRED},  # a later "still processing" takes the no back
    _S.CANCELLED: _LATE | {_S.FAILED, _S.EXPIRED},
    _S.EXPIRED: _LATE | {_S.FAILED},
    _S.COMPLETED: frozenset({_S.PARTIALLY_REFUNDED, _S.REFUNDED}),
    _S.PARTIALLY_REFUNDED: frozenset({_S.REFUNDED}),
    _S.REFUNDED: frozenset({_S.PARTIALLY_REFUNDED}),  # the same request was paid a second time after all went back
}

#: Attempts that may still bring money and therefore block a second prompt.
OPEN_STATES = frozenset({_S.CREATED, _S.PENDING, _S.UNKNOWN})

REFUND_STATES = frozenset({_S.PARTIALLY_REFUNDED, _S.REFUNDED})
#: States in which money is proven.
MONEY_STATES = frozenset({_S.COMPLETED}) | REFUND_STATES

#: A query's no counts as final this long after asking; earlier it may only mean "not yet" (Daraja section 3).
GRACE = timedelta(seconds=75)


class IllegalTransition(PosError):
    """A move that the table does not hold: a bug, never a user's mistake."""

    code = "illegal-transition"

    def __init__(self, old: PaymentState, new: PaymentState) -> None:
        super().__init__(f"a payment cannot go from {old} to {new}")
        self.old = old
        self.new = new


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a set of evidence adds up to.

    ``doubts`` are contradictions a person must look at: ``amount-differs``, ``second-receipt``, ``no-after-yes``.
    """

    state: PaymentState
    received: Money
    receipts: tuple[str, ...] = ()
    code: str = ""
    text: str = ""
    agreed: bool = False  #: for ``failed``: a query confirmed it
    doubts: frozenset[str] = frozenset()


def judge(evidence: Iterable[Evidence], *, asked: Money, asked_at: datetime) -> Verdict:
    """Compute state and amount from all evidence, in whatever order it comes.

    Only times that are part of an evidence's identity (queries, our own clock) are looked at: when a callback was heard says
    nothing, since it may be repeated and delayed at will.
    """
    unique = sorted({e.digest: e for e in evidence}.values(), key=lambda e: e.digest)
    return _success(unique, asked) or _no_success(unique, asked, asked_at)


def _success(evidence: list[Evidence], asked: Money) -> Verdict | None:
    doubts: set[str] = set()
    if any(e.kind in (EvidenceKind.DECLINED, EvidenceKind.REFUSED) for e in evidence):
        doubts.add("no-after-yes")
    by_receipt: dict[str, list[Evidence]] = {}
    for proof in (e for e in evidence if e.kind in SUCCESS_KINDS):
        by_receipt.setdefault(normal_receipt(proof.receipt_no), []).append(proof)
    if not by_receipt:
        assured = any(e.kind is EvidenceKind.ASSURED for e in evidence)
        return Verdict(state=PaymentState.COMPLETED, received=asked, doubts=frozenset(doubts)) if assured else None
    amounts = {receipt: _amount(said, asked) for receipt, said in by_receipt.items()}
    received = total(amounts.values(), asked.currency)
    if any(len({e.amount for e in said}) > 1 for said in by_receipt.values()) or (
        received != asked and len(amounts) == 1
    ):
        doubts.add("amount-differs")
    if len(amounts) > 1:
        doubts.add("second-receipt")
    receipts = tuple(sorted(r for r in amounts if r))
    return Verdict(state=PaymentState.COMPLETED, received=received, receipts=receipts, doubts=frozenset(doubts))


def _amount(said: list[Evidence], asked: Money) -> Money:
    """The amount of one receipt: the most trusted source's; of its contradicting words the smaller."""
    trust = list(Source)
    stated = [(trust.index(e.source), e.amount.minor) for e in said if e.amount is not None]
    return Money(min(stated)[1], asked.currency) if stated else asked


def _no_success(evidence: list[Evidence], asked: Money, asked_at: datetime) -> Verdict:
    def verdict(state: PaymentState, by: Evidence | None = None, *, agreed: bool = False) -> Verdict:
        return Verdict(
            state=state,
            received=Money.zero(asked.currency),
            code=by.code if by else "",
            text=by.text if by else "",
            agreed=agreed,
        )

    def first(*kinds: EvidenceKind) -> Evidence | None:
        """The first there is, by the order of ``kinds``."""
        return next((e for kind in kinds for e in evidence if e.kind is kind), None)

    refused = first(EvidenceKind.REFUSED)
    if refused is not None:
        return verdict(PaymentState.FAILED, refused, agreed=True)
    queries = [
        e
        for e in evidence
        if e.source is Source.QUERY
        and e.observed_at - asked_at >= GRACE
        and (e.kind in NO_KINDS or e.kind is EvidenceKind.PROCESSING)
    ]
    last_query = max(queries, key=lambda e: (e.observed_at, e.digest), default=None)
    told = next((e for e in evidence if e.kind is EvidenceKind.DECLINED and e.source is not Source.QUERY), None)
    if last_query is not None and last_query.kind in NO_KINDS:
        return verdict(PaymentState.FAILED, told or last_query, agreed=True)
    if last_query is None and told is not None:
        return verdict(PaymentState.FAILED, told)
    nothing = first(EvidenceKind.NOTHING_FOUND)
    if nothing is not None:
        return verdict(PaymentState.EXPIRED, nothing)
    abandoned = first(EvidenceKind.ABANDONED)
    if abandoned is not None:
        return verdict(PaymentState.CANCELLED, abandoned)
    doubt = first(
        EvidenceKind.DECLINED,
        EvidenceKind.UNREACHED,
        EvidenceKind.UNCLEAR,
        EvidenceKind.CLAIMED,
        EvidenceKind.SILENCE,
        EvidenceKind.NO_ANSWER,
    )
    if doubt is not None:
        return verdict(PaymentState.UNKNOWN, doubt)
    if first(EvidenceKind.ACCEPTED, EvidenceKind.PROCESSING) is not None:
        return verdict(PaymentState.PENDING)
    return verdict(PaymentState.CREATED)


def normal_receipt(receipt_no: str) -> str:
    """A provider's receipt number for comparing: trimmed, upper case (Daraja section 11)."""
    return receipt_no.strip().upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment transaction: what was asked, and everything said about it since."""

    uid: UUID
    invoice_id: int
    patient_id: int
    method: Method
    asked: Money
    asked_at: datetime
    evidence: tuple[Evidence, ...] = ()
    state: PaymentState = PaymentState.CREATED

    @property
    def verdict(self) -> Verdict:
        return judge(self.evidence, asked=self.asked, asked_at=self.asked_at)

    def apply(self, fact: Evidence) -> Payment:
        """Add a piece of evidence; a repeat changes nothing.

        Raises:
            IllegalTransition: the evidence adds up to a move the table does not hold (a bug).
        """
        if any(known.digest == fact.digest for known in self.evidence):
            return self
        grown = replace(self, evidence=(*self.evidence, fact))
        new = grown.verdict.state
        if new is PaymentState.COMPLETED and self.state in REFUND_STATES:
            return grown  # the money came and went; hearing again that it came changes nothing
        if new is not self.state and new not in TRANSITIONS[self.state]:
            raise IllegalTransition(self.state, new)
        return replace(grown, state=new)

    def with_refunded(self, refunded: Money) -> Payment:
        """The payment after ``refunded`` of what was received has gone back in all.

        Raises:
            ValueError: more than was received, or nothing.
            IllegalTransition: it holds no money.
        """
        received = self.verdict.received
        if not 0 < refunded.minor <= received.minor:
            raise ValueError(f"{refunded.text} of {received.text} cannot have gone back")
        new = PaymentState.REFUNDED if refunded == received else PaymentState.PARTIALLY_REFUNDED
        if new is not self.state and new not in TRANSITIONS[self.state]:
            raise IllegalTransition(self.state, new)
        return replace(self, state=new)
