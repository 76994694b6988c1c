"""The relay's API as methods: one a route, messages of the contract in and out, our own errors.

Writes take an idempotency ``key`` that the caller makes once per intent (when a panel opens, not when a button is pressed)
and repeats with the same content for as long as it wants that one thing.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from hmis_pos import logs
from hmis_pos.contract import auth, payments, receipts
from hmis_pos.contract.codes import CheckCode, CodeCheck
from hmis_pos.contract.invoices import Invoice, InvoicePage, Serve, ServedBy
from hmis_pos.contract.mapping import iso
from hmis_pos.contract.mpesa import PayQr
from hmis_pos.domain.errors import NotAllowed, PosError
from hmis_pos.domain.money import Money
from hmis_pos.terminal.backoff import Backoff
from hmis_pos.terminal.event_stream import FeedEvent, read_events
from hmis_pos.terminal.relay_back_office import BackOffice
from hmis_pos.terminal.relay_errors import Unauthorised, away, error_of
from hmis_pos.terminal.relay_http import CONNECT_SECONDS, PAYMENT_SECONDS, QueryValue, RelayHttp

#: The relay gives a sign of life every 15 s; after this long without one the stream is taken for dead.
SILENCE_SECONDS = 40.0
_OK = 200
_log = logs.logger("terminal.relay")


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionFilter:
    """What the list of payments shows; empty fields do not restrict."""

    search: str = ""
    statuses: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    invoice_id: int | None = None
    patient_id: int | None = None
    cashier: str = ""
    terminal: str = ""
    since: datetime | None = None
    until: datetime | None = None


class RelayClient(QObject):
    """The relay, for presenters and services. ``back_office`` holds the routes of supervisors and finance.

    Signals:
        feedChanged(bool): whether the event feed is connected.
    """

    feedChanged = Signal(bool)  # noqa: N815 - Qt's style

    def __init__(self, http: RelayHttp, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.http = http
        self.back_office = BackOffice(http)
        self._feeding = False
        self._hurry = asyncio.Event()

    # ------------------------------------------------------------ signing in

    async def login(self, username: str, password: str) -> auth.Session:
        """Sign in; the tokens stay with :attr:`http`.

        Raises:
            NotAllowed: wrong, locked, or a role that takes no money (``code`` tells).
            Unavailable: the relay is away; the caller may try the offline sign-in.
        """
        wanted = auth.Login(username=username, password=password, terminal=self.http.series)
        return await self.http.begin_session("/api/auth/login", wanted)

    async def resume(self, refresh_token: str) -> auth.Session:
        """Go on with the session a keyring kept."""
        return await self.http.begin_session("/api/auth/refresh", auth.Refresh(refresh_token=refresh_token))

    async def enrol(self, install_uid: UUID, counter: str, *, key: str) -> auth.Enrolled:
        """The receipt series of this install; requests name it from then on."""
        message = auth.Enrol(install_uid=str(install_uid), counter=counter)
        enrolled = await self.http.write("/api/terminals", message, auth.Enrolled, key=key)
        self.http.series = enrolled.series
        return enrolled

    # ------------------------------------------------------------ the queue

    async def invoices(
        self, *, cursor: str = "", limit: int = 500, search: str = "", open_only: bool = True
    ) -> InvoicePage:
        query: dict[str, QueryValue] = {"limit": limit, "open_only": open_only}
        if cursor:
            query["cursor"] = cursor
        if search:
            query["search"] = search
        return await self.http.read("/api/invoices", InvoicePage, query)

    async def invoice(self, invoice_id: int) -> Invoice:
        return await self.http.read(f"/api/invoices/{invoice_id}", Invoice)

    async def serve(self, invoice_id: int, counter: str, *, key: str, take_over: bool = False) -> ServedBy:
        """Take an invoice to this counter, or renew the claim.

        Raises:
            Conflict: code ``served-elsewhere``: another counter has it; its message names who.
        """
        message = Serve(counter=counter, take_over=take_over)
        return await self.http.write(f"/api/invoices/{invoice_id}/serve", message, ServedBy, key=key)

    async def release(self, invoice_id: int, *, key: str) -> None:
        await self.http.write(f"/api/invoices/{invoice_id}/release", None, type(None), key=key)

    # ------------------------------------------------------------ money

    async def initiate_mpesa(
        self, *, uid: UUID, invoice_id: int, amount: Money, phone: str, key: str
    ) -> payments.Transaction:
        """Ring the patient's phone, once per key.

        Raises:
            CashierMistake: the field at fault is named (``amount``, ``phone_number``).
            Conflict: already ringing, paid meanwhile; ``retry_at`` where asking again later makes sense.
            Unavailable: nothing was asked.
            OutcomeUnknown: nobody can tell; the phone may ring. Watch the payment; never use a new key.
        """
        message = payments.InitiateMpesa(invoice_id=invoice_id, amount=amount.text, phone_number=phone, uid=str(uid))
        return await self.http.write(
            "/api/payments/mpesa/initiate", message, payments.Transaction, key=key, seconds=PAYMENT_SECONDS
        )

    async def confirm(self, message: payments.Confirm, *, key: str) -> payments.Transaction:
        """Record money taken by hand other than cash at this till (which goes by its receipt)."""
        return await self.http.write("/api/payments/confirm", message, payments.Transaction, key=key)

    async def stop(self, uid: UUID, *, key: str, reason: str = "") -> payments.Transaction:
        """Stop waiting; the patient may still be charged."""
        message = payments.StopWaiting(reason=reason)
        return await self.http.write(f"/api/payments/{uid}/stop", message, payments.Transaction, key=key)

    async def check_code(self, invoice_id: int, code: str, *, key: str) -> CodeCheck:
        """Have the code of an M-Pesa message proven for an invoice; the proof may come later (``Worklist.checkChanged``).

        Raises:
            CashierMistake: it is no code.
            Conflict: the hospital withdrew the invoice.
            OutcomeUnknown: nobody can tell whether the relay got it; asking again with the same key is safe.
        """
        message = CheckCode(invoice_id=invoice_id, code=code)
        return await self.http.write("/api/payments/mpesa/code", message, CodeCheck, key=key, seconds=PAYMENT_SECONDS)

    async def code_check(self, uid: str) -> CodeCheck:
        """How the proof of a code stands."""
        return await self.http.read(f"/api/payments/mpesa/code/{uid}", CodeCheck)

    async def pay_qr(self, invoice_id: int, amount: Money) -> PayQr:
        """What a patient needs to pay by themselves."""
        query: dict[str, QueryValue] = {"invoice_id": invoice_id, "amount": amount.text}
        return await self.http.read("/api/mpesa/qr", PayQr, query)

    async def transactions(
        self, wanted: TransactionFilter | None = None, *, cursor: str = "", limit: int = 50
    ) -> payments.TransactionPage:
        query = _query(wanted or TransactionFilter()) | {"limit": limit}
        if cursor:
            query["cursor"] = cursor
        return await self.http.read("/api/payments/transactions", payments.TransactionPage, query)

    async def transaction(self, uid: UUID) -> payments.Transaction:
        """One payment with its evidence."""
        return await self.http.read(f"/api/payments/transactions/{uid}", payments.Transaction)

    async def sync_receipts(self, documents: Iterable[bytes], *, key: str) -> receipts.Answers:
        """Hand in receipts, as the bytes that were committed; at most ``receipts.MAX_BATCH``."""
        body = b'{"receipts":[' + b",".join(documents) + b"]}"
        return await self.http.write_raw("/api/sync/receipts", body, receipts.Answers, key=key, seconds=PAYMENT_SECONDS)

    # ------------------------------------------------------------ the feed

    async def events(self, after: int) -> AsyncGenerator[FeedEvent, None]:
        """Follow the feed behind ``after``, for ever: what breaks is connected again from the last event seen.

        Raises:
            NotAllowed: the session ended; somebody must sign in.
        """
        pause, seen = Backoff(), after
        try:
            while True:
                try:
                    async with aclosing(self._stream(seen)) as stream:
                        async for event in stream:
                            pause.reset()
                            if event is not None:
                                seen = event.id
                                yield event
                except NotAllowed:
                    raise
                except PosError as e:
                    _log.info("feed lost", code=e.code)
                    self._feed(connected=False)
                await self._rest(pause.seconds())
        finally:
            self._feed(connected=False)

    def hurry(self) -> None:
        """Connect again now: the network came back, or somebody pressed "try again"."""
        self._hurry.set()

    async def _rest(self, seconds: float) -> None:
        self._hurry.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        except TimeoutError:
            return

    async def _stream(self, after: int) -> AsyncGenerator[FeedEvent | None, None]:
        """One connection; None once, when it stands. Ends when the relay ends it (each token's end)."""
        token = await self.http.token()
        client = await self.http.open()
        lib = importlib.import_module("httpx")
        headers = self.http.headers(token) | {"Last-Event-ID": str(after), "Accept": "text/event-stream"}
        timeout = lib.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
        try:
            async with client.stream("GET", "/api/events", headers=headers, timeout=timeout) as answer:
                self.http.heard(answered=True)
                if answer.status_code != _OK:
                    body = await answer.aread()
                    await self._refused(answer.status_code, answer.headers, body, token)
                    return
                self._feed(connected=True)
                yield None
                async for event in read_events(answer.aiter_lines()):
                    yield event
        except lib.HTTPError as e:
            self.http.heard(answered=False)
            raise away(type(e).__name__) from e

    async def _refused(self, status: int, headers: Mapping[str, str], body: bytes, token: str) -> None:
        error = error_of(status, headers, body, self.http.now(), wrote=False)
        if not isinstance(error, Unauthorised):
            raise error
        await self.http.refresh(token)

    def _feed(self, *, connected: bool) -> None:
        if connected is not self._feeding:
            self._feeding = connected
            self.feedChanged.emit(connected)


def _query(f: TransactionFilter) -> dict[str, QueryValue]:
    found: dict[str, QueryValue | None] = {
        "search": f.search,
        "status": list(f.statuses),
        "payment_method": list(f.methods),
        "channel": list(f.channels),
        "invoice_id": f.invoice_id,
        "patient_id": f.patient_id,
        "processed_by": f.cashier,
        "terminal": f.terminal,
        "since": iso(f.since),
        "until": iso(f.until),
    }
    return {name: value for name, value in found.items() if value not in (None, "", [])}
