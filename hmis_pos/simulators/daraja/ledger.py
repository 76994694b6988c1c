"""Safaricom's own record of money moved. The tests hold ours against it."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Literal

EAT = timezone(timedelta(hours=3), "EAT")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALPHANUMERIC = _LETTERS + "0123456789"
RECEIPT_LENGTH = 10

# The accounts of an organisation, by the names that balances and statements print.
UTILITY = "Utility Account"
WORKING = "Working Account"
CHARGES_PAID = "Charges Paid Account"
ACCOUNTS = (WORKING, UTILITY, CHARGES_PAID)

COLLECTIONS = ("stk", "c2b")

Direction = Literal["in", "out"]


def compact_eat(at: datetime) -> str:
    """Return `YYYYMMDDHHmmss` in East Africa Time."""
    return at.astimezone(EAT).strftime("%Y%m%d%H%M%S")


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that came to the organisation or left it: one row of its statement. Amounts are KES.

    Attributes:
        receipt: shared only by a payment and its charge.
        msisdn: the customer's number; empty for a business payer, a charge of the house, a settlement.
        amount: above zero; `direction` tells its sign.
        account: what the payer typed or the push said; empty for a till and for everything that is no collection.
        shortcode: the paybill, till or B2C number it came to or went from.
        at: when it was completed.
        kind: `stk`, `c2b`, `b2c`, `reversal`, `charge`, `settlement` or `transfer` (between own accounts, top-ups).
        cause: what moved it (a CheckoutRequestID, a ConversationID …); moves money once per kind.
        direction: as the organisation sees it.
        org: the organisation's main shortcode, under which its accounts are kept.
        org_account: which of them moved.
        balance: of that account afterwards.
        linked: the receipt this one belongs to: of a reversal, the payment it takes back.
        payer: the customer's name, first, middle and last with spaces between.
        other_party: as the statement prints it; empty lets the statement make it from number and name.
        reason: Reason Type of the statement; empty is the usual one of its kind.
        status: `Completed`; declined money is no movement, see `Ledger.declined`.
        initiated_at: when it was asked for.
    """

    receipt: str
    msisdn: str
    amount: Decimal
    account: str
    shortcode: str
    at: datetime
    kind: str
    cause: str
    direction: Direction = "in"
    org: str = ""
    org_account: str = UTILITY
    balance: Decimal = Decimal(0)
    linked: str = ""
    payer: str = ""
    other_party: str = ""
    reason: str = ""
    status: str = "Completed"
    initiated_at: datetime | None = None

    @property
    def signed(self) -> Decimal:
        """The amount with the sign the organisation sees."""
        return self.amount if self.direction == "in" else -self.amount

    @property
    def day(self) -> date:
        """The day (EAT) it was completed on."""
        return self.at.astimezone(EAT).date()


class AlreadyMoved(Exception):
    """The same cause has moved its money before."""


class Ledger:
    """Movements in order, each with a receipt that no other has or had, and each for one cause only.

    Args:
        rng: where receipts come from.
        org: the organisation that a movement without one belongs to.
        openings: KES in its accounts at the beginning, by (organisation, account).
    """

    def __init__(
        self, rng: random.Random, org: str = "", openings: Mapping[tuple[str, str], Decimal] | None = None
    ) -> None:
        self._rng = rng
        self._issued: set[str] = set()
        self.start_over(org, openings or {})

    def start_over(self, org: str, openings: Mapping[tuple[str, str], Decimal]) -> None:
        """Forget all movements and begin with these balances. Receipts stay taken."""
        self._org = org
        self._openings = dict(openings)
        self._balances = dict(openings)
        self._movements: dict[tuple[str, str], Movement] = {}
        self._by_receipt: dict[str, list[Movement]] = {}
        self._by_link: dict[str, list[Movement]] = {}
        self._sent: dict[tuple[str, date], Decimal] = {}
        self._collected = Decimal(0)
        self.declined: list[Movement] = []

    def move(
        self,
        cause: str,
        *,
        msisdn: str,
        amount: Decimal,
        account: str,
        shortcode: str,
        at: datetime,
        kind: str,
        direction: Direction = "in",
        receipt: str | None = None,
        org: str | None = None,
        org_account: str = UTILITY,
        linked: str = "",
        payer: str = "",
        other_party: str = "",
        reason: str = "",
        initiated_at: datetime | None = None,
    ) -> Movement:
        """Write a movement down and change the balance; `cause` can move money once per kind.

        Whether the account holds enough is for the caller to ask before (`balance`).

        The arguments are what `Movement` says of them; without a receipt a new one is issued (a charge takes that of
        its payment), without an organisation it is the collecting one.

        Raises:
            AlreadyMoved: it has.
        """
        if (cause, kind) in self._movements:
            raise AlreadyMoved(cause)
        owner = self._org if org is None else org
        movement = Movement(
            receipt=receipt or self.new_receipt(),
            msisdn=msisdn,
            amount=amount,
            account=account,
            shortcode=shortcode,
            at=at,
            kind=kind,
            cause=cause,
            direction=direction,
            org=owner,
            org_account=org_account,
            linked=linked,
            payer=payer,
            other_party=other_party,
            reason=reason,
            initiated_at=initiated_at or at,
        )
        balance = self.balance(org_account, owner) + movement.signed
        movement = replace(movement, balance=balance)
        self._balances[owner, org_account] = balance
        self._keep(movement)
        return movement

    def _keep(self, movement: Movement) -> None:
        self._movements[movement.cause, movement.kind] = movement
        self._by_receipt.setdefault(movement.receipt, []).append(movement)
        if movement.linked:
            self._by_link.setdefault(movement.linked, []).append(movement)
        if movement.kind in COLLECTIONS:
            self._collected += movement.amount
            key = (movement.msisdn, movement.day)
            self._sent[key] = self._sent.get(key, Decimal(0)) + movement.amount

    def decline(self, movement: Movement) -> None:
        """Remember money that was refused and moved nothing; statements may print it."""
        self.declined.append(replace(movement, balance=self.balance(movement.org_account, movement.org)))

    def new_receipt(self) -> str:
        """Return a receipt number that was never given out, by a reset neither."""
        while True:
            receipt = self._rng.choice(_LETTERS) + "".join(self._rng.choices(_ALPHANUMERIC, k=RECEIPT_LENGTH - 1))
            if receipt not in self._issued:
                self._issued.add(receipt)
                return receipt

    def movements(self, *kinds: str) -> list[Movement]:
        """Return the movements of these kinds in order; all without any."""
        return [m for m in self._movements.values() if not kinds or m.kind in kinds]

    def find(self, receipt: str) -> Movement | None:
        """Return what this receipt was given for (never the charge that shares it), or None."""
        found = self._by_receipt.get(receipt.strip().upper(), [])
        return next((m for m in found if m.kind != "charge"), None)

    def caused_by(self, cause: str, kind: str) -> Movement | None:
        """Return what a cause has moved, or None."""
        return self._movements.get((cause, kind))

    def linked_to(self, receipt: str, kind: str | None = None) -> list[Movement]:
        """Return the movements that name this receipt as theirs, as reversals do."""
        return [m for m in self._by_link.get(receipt, []) if kind in {None, m.kind}]

    def total(self) -> Decimal:
        """KES collected from customers; what was given back is not taken off."""
        return self._collected

    def balance(self, account: str = UTILITY, org: str | None = None) -> Decimal:
        """KES now in an account of an organisation (None: the collecting one)."""
        return self._balances.get((self._org if org is None else org, account), Decimal(0))

    def opening(self, account: str = UTILITY, org: str | None = None) -> Decimal:
        """KES that was in the account before the first movement."""
        return self._openings.get((self._org if org is None else org, account), Decimal(0))

    def sent_on_day(self, msisdn: str, at: datetime) -> Decimal:
        """KES this phone has sent on the day (EAT) of `at`."""
        return self._sent.get((msisdn, at.astimezone(EAT).date()), Decimal(0))
