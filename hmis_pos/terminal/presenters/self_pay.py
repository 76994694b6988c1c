"""Paybill, account and QR code for the patient who pays from their own phone: on the panel, and on the screen that faces the patient.

The numbers are right also without the relay: the Paybill is remembered, the account is the invoice's number. The QR code is Safaricom's,
asked for only while somebody looks at it.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from hmis_pos.contract.mpesa import PayQr
from hmis_pos.domain.errors import PosError
from hmis_pos.domain.invoice import Invoice
from hmis_pos.domain.money import Money
from hmis_pos.terminal.presenters.counter import OpenInvoice
from hmis_pos.terminal.presenters.line import LineState
from hmis_pos.terminal.presenters.mpesa_form import whole
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.texts import brief

_KEPT = "paybill"  #: the note in the local store: ``paybill 600999`` or ``till 600999``
_TILL = "till"


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfPayView:
    """``shortcode`` is empty where nobody ever told this till; then nothing is shown. ``png`` empty: ``why`` says why."""

    invoice_id: int = 0
    shortcode: str = ""
    is_till: bool = False
    account: str = ""  #: empty for a till, which takes none
    amount: str = ""
    png: bytes = b""
    asking: bool = False
    why: str = ""

    @property
    def is_shown(self) -> bool:
        return bool(self.shortcode and self.amount)


class SelfPayPresenter(QObject):
    """Connect ``CounterPresenter.opened`` to :meth:`open`; say with :meth:`look` who looks; render ``changed``."""

    changed = Signal(SelfPayView)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._view = SelfPayView()
        self._invoice: Invoice | None = None
        self._lookers: set[str] = set()
        self._known: tuple[str, bool] = ("", False)
        self._loaded = False
        self._answer: tuple[int, Money, PayQr] | None = None  #: for an invoice and what it owed
        self._asking: tuple[int, Money] | None = None
        self._failed: tuple[int, Money] | None = None
        services.line.changed.connect(self._on_line)

    @property
    def view(self) -> SelfPayView:
        return self._view

    def open(self, opened: OpenInvoice) -> None:
        """Another invoice was chosen, or its figures changed."""
        self._invoice = opened.invoice
        self._failed = None
        self._fetch()
        self._publish()

    def look(self, who: str, looks: bool) -> None:  # noqa: FBT001 - whether ``who`` shows it now
        """Somebody begins to show it, or stops: the panel, the patient's screen."""
        if looks:
            self._lookers.add(who)
        else:
            self._lookers.discard(who)
        self._fetch()
        self._publish()

    def retell(self) -> None:
        """The language changed: say everything anew."""
        self._publish()

    # ------------------------------------------------------------ within

    def _wanted(self) -> tuple[int, Money] | None:
        """Invoice and amount to pay, in shillings M-Pesa can move."""
        if self._invoice is None or not self._invoice.owed:
            return None
        return self._invoice.id, whole(self._invoice, self._services.rules.fraction)

    def _fetch(self) -> None:
        wanted = self._wanted()
        if wanted is None or not self._lookers:
            return
        if not self._loaded:
            self._loaded = True
            self._services.tasks.spawn(self._recall(), name="self-pay.recall")
        known = self._answer is not None and self._answer[:2] == wanted
        if known or wanted in (self._asking, self._failed) or not self._services.line.online or not wanted[1]:
            return
        self._asking = wanted
        self._services.tasks.spawn(self._ask(*wanted), name="self-pay.qr")

    async def _recall(self) -> None:
        kind, _, shortcode = (await self._services.store.notes.get(_KEPT)).partition(" ")
        if shortcode and not self._known[0]:
            self._known = shortcode, kind == _TILL
            self._publish()

    async def _ask(self, invoice_id: int, amount: Money) -> None:
        try:
            said = await self._services.relay.pay_qr(invoice_id, amount)
        except PosError:
            self._failed = invoice_id, amount
        else:
            self._answer = invoice_id, amount, said
            if self._known != (said.shortcode, said.is_till):
                self._known = said.shortcode, said.is_till
                await self._services.store.notes.set(_KEPT, f"{_TILL if said.is_till else _KEPT} {said.shortcode}")
        finally:
            if self._asking == (invoice_id, amount):
                self._asking = None
        self._fetch()
        self._publish()

    def _on_line(self, state: str) -> None:
        if state == LineState.ONLINE:
            self._failed = None
            self._fetch()
        self._publish()

    def _publish(self) -> None:
        view = self._make_view()
        if view != self._view:
            self._view = view
            self.changed.emit(view)

    def _make_view(self) -> SelfPayView:
        wanted, invoice = self._wanted(), self._invoice
        if wanted is None or invoice is None or not wanted[1]:
            return SelfPayView()
        shortcode, is_till = self._known
        account = "" if is_till else invoice.number
        png = b""
        if self._answer is not None and self._answer[:2] == wanted:
            said = self._answer[2]
            shortcode, is_till, account = said.shortcode, said.is_till, "" if said.is_till else said.account
            png = _picture(said.png)
        asking = self._asking == wanted
        return SelfPayView(
            invoice_id=wanted[0],
            shortcode=shortcode,
            is_till=is_till,
            account=account,
            amount=brief(wanted[1]),
            png=png,
            asking=asking,
            why="" if png or asking else self._why(),
        )

    def _why(self) -> str:
        if not self._services.line.online:
            return self.tr("No QR code while the relay is away. The numbers are right.")
        return self.tr("No QR code just now. The numbers are right.")


def _picture(text: str) -> bytes:
    """The PNG of an answer; empty where it is none."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
