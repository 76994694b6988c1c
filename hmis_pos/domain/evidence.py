"""What somebody told us about one attempt to collect money. Append-only; the state is computed from the whole set.

A gateway translates its provider's codes into these kinds; nothing here knows a provider.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hmis_pos.domain.money import Money


class EvidenceKind(StrEnum):
    """What a piece of evidence says."""

    ACCEPTED = "accepted"  #: the gateway took the request; the payer is being asked
    REFUSED = "refused"  #: the gateway refused at the door; the payer was never asked
    NO_ANSWER = "no_answer"  #: asked, and no readable answer came: timeout, 5xx, broken connection
    PROCESSING = "processing"  #: the gateway, asked again, says: not decided yet
    SILENCE = "silence"  #: our own clock: no result by the deadline
    PAID = "paid"  #: proof: a provider's receipt number and the amount received
    CLAIMED = "claimed"  #: the same from a sender we cannot trust: a reason to ask the gateway, never proof
    ASSURED = "assured"  #: the gateway, asked by us, says paid, without receipt number or amount
    DECLINED = "declined"  #: a final no with its code; no money moved
    UNREACHED = "unreached"  #: a no that may still turn (phone off, prompt expired): needs a query to agree
    UNCLEAR = "unclear"  #: a code nobody has documented; indeterminate
    ABANDONED = "abandoned"  #: the cashier stopped waiting; the money may still come
    NOTHING_FOUND = "nothing_found"  #: 48 h of looking in every source found nothing
    TAKEN = "taken"  #: a cashier's own entry: cash counted, a card slip in hand


class Source(StrEnum):
    """Who said it. Order of trust for a contradiction in amounts: the first listed wins."""

    CALLBACK = "callback"
    C2B = "c2b"
    STATUS = "status"  #: the provider's answer about one receipt (Daraja: Transaction Status)
    PULL = "pull"  #: the provider's list of the last 48 hours
    STATEMENT = "statement"  #: the merchant's statement, exported by a person
    QUERY = "query"
    SUBMIT = "submit"  #: the answer to our own request
    CASHIER = "cashier"
    WORKER = "worker"  #: our own clock
    TERMINAL = "terminal"  #: a receipt a terminal committed and synced


SUCCESS_KINDS = frozenset({EvidenceKind.PAID, EvidenceKind.TAKEN})
NO_KINDS = frozenset({EvidenceKind.DECLINED, EvidenceKind.UNREACHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One statement about one payment.

    ``observed_at`` is when we learnt it (aware, UTC). ``receipt_no`` and ``amount`` come with PAID, CLAIMED and TAKEN
    (TAKEN may lack a receipt number), ``code`` and ``text`` as the provider gave them, ``reference`` is the provider's
    id of the attempt (CheckoutRequestID). ``raw_id`` points to the stored raw message, where there is one.
    """

    kind: EvidenceKind
    source: Source
    observed_at: datetime
    receipt_no: str = ""
    amount: Money | None = None
    code: str = ""
    text: str = ""
    reference: str = ""
    raw_id: int | None = None

    @property
    def digest(self) -> str:
        """Equal for a repeat of the same statement.

        When it was heard does not matter, except for kinds that are about time: a second PROCESSING is
        news, a second callback is not.
        """
        about_time = self.kind in _ABOUT_TIME or self.source is Source.QUERY
        fields = (
            self.kind,
            self.source,
            self.receipt_no,
            self.amount.text if self.amount is not None else "",
            self.code,
            self.reference,
            self.observed_at.isoformat() if about_time else "",
        )
        return hashlib.sha256("\x1f".join(fields).encode()).hexdigest()


_ABOUT_TIME = frozenset({EvidenceKind.PROCESSING, EvidenceKind.SILENCE, EvidenceKind.ABANDONED})
