"""What the decision column of unmatched money says, from what was chosen and typed so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QCoreApplication

from hmis_pos.contract.invoices import Invoice
from hmis_pos.contract.mapping import money
from hmis_pos.contract.unmatched import Part, UnmatchedDetail
from hmis_pos.domain.money import Money
from hmis_pos.terminal.presenters.texts import brief, spoken_name
from hmis_pos.terminal.presenters.unmatched_view import Doing, PlacingView, ShareView
from hmis_pos.terminal.presenters.unmatched_words import consequence
from hmis_pos.terminal.presenters.views import NO_ACTION, ActionView, Notice, Words


@dataclass(slots=True)
class Share:
    """One share of a split, as typed."""

    invoice: Invoice
    minor: int | None
    problem: str = ""


@dataclass(slots=True)
class Draft:
    """What a person has chosen and typed so far. Nothing of it has moved money."""

    doing: Doing = Doing.NOTHING
    search: str = ""
    hits: list[Invoice] | None = None  #: of the search; None while it runs
    chosen: int = 0
    shares: list[Share] = field(default_factory=list)
    moving: Part | None = None
    reason: str = ""
    reason_problem: str = ""
    busy: bool = False
    problem: Words | None = None
    done: Notice | None = None

    def left(self, detail: UnmatchedDetail | None) -> int:
        """What the shares leave, in minor units; below zero where they are too much."""
        return remaining_of(detail).minor - sum(share.minor or 0 for share in self.shares)

    def invoice(self, detail: UnmatchedDetail | None) -> Invoice | None:
        """The invoice chosen."""
        suggested = [] if detail is None else [one.invoice for one in detail.suggestions]
        return next((one for one in (*(self.hits or ()), *suggested) if one.id == self.chosen), None)


def remaining_of(detail: UnmatchedDetail | None) -> Money:
    """What was not placed and not given back so far."""
    return Money.zero() if detail is None else money(detail.money.remaining, detail.money.currency)


def movable(detail: UnmatchedDetail | None) -> list[Part]:
    """Placings that were not moved back yet."""
    parts = [] if detail is None else detail.parts
    back = {part.payment_uid for part in parts if part.amount.startswith("-")}
    return [part for part in parts if part.payment_uid and not part.refund_uid and part.payment_uid not in back]


def view_of(draft: Draft, detail: UnmatchedDetail | None, *, online: bool, rows: int, decides: bool) -> PlacingView:
    """The column whole. ``rows``: how many invoices can be chosen from; ``decides``: may move back."""
    can = online and not draft.busy
    waits = bool(remaining_of(detail))
    view = PlacingView(
        doing=draft.doing,
        search=draft.search,
        list_title=QCoreApplication.translate("placing", "Found")
        if draft.search
        else QCoreApplication.translate("placing", "May be meant, best first"),
        message=_message(draft, rows),
        chosen=str(draft.chosen or ""),
        reason=draft.reason,
        reason_problem=draft.reason_problem,
        busy=draft.busy,
        problem=draft.problem,
        done=draft.done,
        split=ActionView(label=QCoreApplication.translate("placing", "Split…"), enabled=can) if waits else NO_ACTION,
        refund=ActionView(label=QCoreApplication.translate("placing", "Refund…"), enabled=can) if waits else NO_ACTION,
        move_back=_move_back(can=can, decides=decides) if movable(detail) else NO_ACTION,
    )
    match draft.doing:
        case Doing.ASSIGN:
            view = _assigning(view, draft, detail, rows)
        case Doing.SPLIT:
            view = _splitting(view, draft, detail)
        case Doing.MOVE_BACK:
            view = _moving_back(view, draft, detail)
        case _:
            pass
    if draft.busy:
        return replace(view, primary=replace(view.primary, enabled=False))
    if not online and view.primary.label:
        why = QCoreApplication.translate("placing", "The relay is away; money is moved once it is back.")
        return replace(view, primary=replace(view.primary, enabled=False, why_not=why))
    return view


def _move_back(*, can: bool, decides: bool) -> ActionView:
    label = QCoreApplication.translate("placing", "Move back…")
    why = "" if decides else QCoreApplication.translate("placing", "Only a supervisor or administrator moves it back.")
    return ActionView(label=label, enabled=can and decides, why_not=why)


def _assigning(view: PlacingView, draft: Draft, detail: UnmatchedDetail | None, rows: int) -> PlacingView:
    invoice = draft.invoice(detail)
    if invoice is None:
        return replace(
            view,
            primary=ActionView(label=QCoreApplication.translate("placing", "Choose an invoice"), enabled=bool(rows)),
        )
    remaining = remaining_of(detail)
    label = QCoreApplication.translate("placing", "Assign {amount} to {invoice}").format(
        amount=remaining.grouped, invoice=invoice.number
    )
    return replace(view, consequence=consequence(remaining, invoice), primary=ActionView(label=label))


def _splitting(view: PlacingView, draft: Draft, detail: UnmatchedDetail | None) -> PlacingView:
    remaining = remaining_of(detail)
    left = Money(draft.left(detail), remaining.currency)
    whole = bool(draft.shares) and all(share.minor and not share.problem for share in draft.shares)
    why = "" if whole else QCoreApplication.translate("placing", "Add invoices, and an amount for each.")
    if left.minor < 0:
        why = QCoreApplication.translate("placing", "The shares are more than what came.")
    label = (
        QCoreApplication.translate("placing", "Assign {amount} in one share")
        if len(draft.shares) == 1
        else QCoreApplication.translate("placing", "Assign {amount} in {n} shares")
    )
    words = QCoreApplication.translate("placing", "{amount} left of {all}")
    if not left:
        words = QCoreApplication.translate("placing", "All of it is placed")
    elif left.minor < 0:
        words = QCoreApplication.translate("placing", "{amount} too much")
    return replace(
        view,
        shares=tuple(_share(share, remaining.currency) for share in draft.shares),
        remainder=words.format(amount=Money(abs(left.minor), left.currency).grouped, all=remaining.grouped),
        over=left.minor < 0,
        primary=ActionView(
            label=label.format(amount=(remaining - left).grouped, n=len(draft.shares)),
            enabled=whole and left.minor >= 0,
            why_not=why,
        ),
        split=ActionView(label=QCoreApplication.translate("placing", "One invoice")),
    )


def _share(share: Share, currency: str) -> ShareView:
    invoice = share.invoice
    amount = Money(share.minor or 0, currency)
    owes = money(invoice.payable, invoice.currency)
    lines = consequence(amount, invoice) if amount else ()
    return ShareView(
        invoice_id=invoice.id,
        name=spoken_name(invoice.patient_name),
        number=invoice.number,
        owes=owes.grouped,
        amount_minor=share.minor,
        problem=share.problem,
        consequence=" ".join(lines[1:] if owes else lines),
    )


def _moving_back(view: PlacingView, draft: Draft, detail: UnmatchedDetail | None) -> PlacingView:
    part = draft.moving
    if part is None:
        return view
    amount = money(part.amount, remaining_of(detail).currency)
    words = QCoreApplication.translate(
        "placing", "KSh {amount} from {invoice}, {name}, back among the unmatched money. The invoice is due again."
    )
    return replace(
        view,
        moving=words.format(amount=brief(amount), invoice=part.invoice_number, name=spoken_name(part.patient_name)),
        primary=ActionView(
            label=QCoreApplication.translate("placing", "Move {amount} back").format(amount=amount.grouped)
        ),
    )


def _message(draft: Draft, rows: int) -> Words | None:
    if rows or draft.doing not in (Doing.ASSIGN, Doing.SPLIT):
        return None
    if draft.search and draft.hits is None:
        return Words(QCoreApplication.translate("placing", "Searching"))
    if draft.search:
        return Words(
            QCoreApplication.translate("placing", "No such invoice"),
            QCoreApplication.translate("placing", "Search by name, patient number, invoice number or phone."),
        )
    return Words(
        QCoreApplication.translate("placing", "No invoice comes near"),
        QCoreApplication.translate("placing", "Search for it by hand, or give the money back."),
    )
