"""The organisation portal's statement of our own ledger: who asked, the totals, and a row for each movement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from hmis_pos.simulators.daraja.config import DarajaConfig
from hmis_pos.simulators.daraja.ledger import EAT, UTILITY, Ledger, Movement

COLUMNS = (
    "Receipt No.",
    "Completion Time",
    "Initiation Time",
    "Details",
    "Transaction Status",
    "Paid In",
    "Withdrawn",
    "Balance",
    "Balance Confirmed",
    "Reason Type",
    "Other Party Info",
    "Linked Transaction ID",
    "A/C No.",
)
# What a person leaves who saved the file again, and how other versions of the portal spell the same.
FEW = ("Receipt No.", "Completion Time", "Details", "Paid In", "Withdrawn", "A/C No.")
RESPELT = {
    "Receipt No.": "Receipt No",
    "Completion Time": "Completion  time",
    "Initiation Time": "Initiation time",
    "Transaction Status": "Status",
    "Paid In": "PAID IN",
    "Withdrawn": "Withdrawals",
    "Other Party Info": "Other Party",
    "Linked Transaction ID": "Linked Transaction Id",
    "A/C No.": "Account No.",
}
REASONS = {
    "stk": "Pay Utility",
    "c2b": "Pay Utility",
    "b2c": "Business Payment to Customer via API",
    "reversal": "Transaction Reversal",
    "settlement": "Utility Account to Organization Settlement Account",
    "transfer": "Organization Settlement Account to Utility Account",
}


class StatementStyle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the file is written. The portal's own way by default.

    Attributes:
        dates: day first, year first, or the serial numbers of a spreadsheet.
        withdrawn: its sign; the reference could not prove either.
        thousands: commas in amounts.
        columns: all, or the few of a file that a person saved again.
        headers: the portal's, or spelt otherwise.
        currency: one column more, with KES in it.
        preamble: the six rows before the header.
        declined: rows of payments that were refused, which moved nothing.
        newest_first: the latest row first.
        parties: numbers masked, or in full.
    """

    dates: Literal["day_first", "iso", "serial"] = "day_first"
    withdrawn: Literal["positive", "negative"] = "positive"
    thousands: bool = True
    columns: Literal["all", "few"] = "all"
    headers: Literal["portal", "respelt"] = "portal"
    currency: bool = False
    preamble: bool = True
    declined: bool = False
    newest_first: bool = False
    parties: Literal["masked", "full"] = "masked"


@dataclass(frozen=True, slots=True)
class Line:
    """One row: money that came in or went out, the balance after it, and what is said of it."""

    movement: Movement
    paid_in: Decimal | None
    withdrawn: Decimal | None
    reason: str
    details: str
    party: str


@dataclass(frozen=True, slots=True)
class Statement:
    """An account between two moments, both included. `closing` is `opening` and all rows together. KES."""

    holder: str
    shortcode: str
    account: str
    operator: str
    since: datetime
    until: datetime
    made_at: datetime
    opening: Decimal
    closing: Decimal
    paid_in: Decimal
    withdrawn: Decimal
    lines: Sequence[Line]
    style: StatementStyle


def make_statement(
    ledger: Ledger,
    config: DarajaConfig,
    since: datetime,
    until: datetime,
    *,
    made_at: datetime,
    style: StatementStyle | None = None,
    account: str = UTILITY,
    shortcode: str | None = None,
) -> Statement:
    """Return the statement of an account of an organisation (None: the collecting one).

    Raises:
        ValueError: it would end before it begins.
    """
    if since > until:
        raise ValueError("a statement cannot end before it begins")
    style = style or StatementStyle()
    org = config.shortcode if shortcode is None else shortcode
    mine = [m for m in ledger.movements() if (m.org, m.org_account) == (org, account)]
    before = sum((m.signed for m in mine if m.at < since), ledger.opening(account, org))
    inside = [m for m in mine if since <= m.at <= until]
    came = sum((m.amount for m in inside if m.direction == "in"), Decimal(0))
    went = sum((m.amount for m in inside if m.direction == "out"), Decimal(0))
    if style.declined:
        inside = sorted([*inside, *(m for m in ledger.declined if since <= m.at <= until)], key=lambda m: m.at)
    if style.newest_first:
        inside.reverse()
    kinds = {m.receipt: m.kind for m in mine if m.kind != "charge"}
    return Statement(
        holder=config.shop_name,
        shortcode=org,
        account=account,
        operator=config.initiator_name,
        since=since,
        until=until,
        made_at=made_at,
        opening=before,
        closing=before + came - went,
        paid_in=came,
        withdrawn=went,
        lines=[_line(m, style, config, kinds) for m in inside],
        style=style,
    )


def _line(movement: Movement, style: StatementStyle, config: DarajaConfig, kinds: Mapping[str, str]) -> Line:
    came = movement.direction == "in"
    number = party_number(movement.msisdn, style)
    party = movement.other_party or " - ".join(word for word in (number, movement.payer) if word)
    return Line(
        movement=movement,
        paid_in=movement.amount if came else None,
        withdrawn=None if came else movement.amount,
        reason=_reason(movement, config, kinds),
        details=_details(movement, config, party),
        party=party,
    )


def party_number(msisdn: str, style: StatementStyle) -> str:
    """Return a customer's number as the statement prints it."""
    return f"{msisdn[:5]}****{msisdn[-3:]}" if msisdn and style.parties == "masked" else msisdn


def _reason(movement: Movement, config: DarajaConfig, kinds: Mapping[str, str]) -> str:
    if movement.reason:
        return movement.reason
    if movement.kind == "charge":
        return "Business Payment Charge" if kinds.get(movement.receipt) == "b2c" else "Pay Bill Charge"
    if movement.shortcode in config.tills and movement.kind in {"stk", "c2b"}:
        return "Merchant Payment"
    return REASONS.get(movement.kind, movement.kind)


def _details(movement: Movement, config: DarajaConfig, party: str) -> str:
    if movement.kind in {"stk", "c2b"}:
        how = "Merchant Payment" if movement.shortcode in config.tills else "Pay Bill"
        account = f" Acc. {movement.account}" if movement.account else ""
        return f"{how} from {party}{account}"
    words = {
        "b2c": f"Business Payment to {party}",
        "reversal": f"Reversal of {movement.linked} to {party}",
        "charge": f"Charge for {movement.receipt}",
    }
    return words.get(movement.kind, REASONS.get(movement.kind, movement.kind))


def local(at: datetime) -> datetime:
    """Return the moment as the portal's clock shows it: East Africa Time, whole seconds, no zone."""
    return at.astimezone(EAT).replace(tzinfo=None, microsecond=0)
