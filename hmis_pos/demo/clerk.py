"""A cashier who knows the keys: works a real terminal through its window, for the tour and for the flow tests."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Coroutine
from typing import Any, TypeVar

import qasync
from PySide6.QtWidgets import QApplication, QWidget

from hmis_pos.demo.hands import Hands, NeverCame
from hmis_pos.domain.receipt import Receipt
from hmis_pos.terminal.app import Terminal
from hmis_pos.terminal.garbage import GarbageCollector
from hmis_pos.terminal.presenters.board import Board
from hmis_pos.terminal.presenters.cash_view import CashState
from hmis_pos.terminal.presenters.codes import CodeStage
from hmis_pos.terminal.presenters.mpesa_view import MpesaStage
from hmis_pos.terminal.presenters.queue import QueueState
from hmis_pos.terminal.presenters.session import SessionState

T = TypeVar("T")


class Clerk:
    """Does what a cashier does, one intent a method, and waits until the screen says that it is done."""

    def __init__(self, terminal: Terminal, hands: Hands) -> None:
        self.terminal = terminal
        self.hands = hands

    @property
    def board(self) -> Board:
        if self.terminal.board is None:
            raise RuntimeError("the till is not open yet")
        return self.terminal.board

    async def sign_in(
        self,
        username: str = "cashier",
        password: str = "demo-only",  # noqa: S107 - the demo's
        shot: str = "",
    ) -> None:
        """From the sign-in page to the queue; enrols the till where it is new. A kept session goes on by itself."""
        session = self.board.session
        asked = (SessionState.SIGN_IN, SessionState.SIGNED_IN)
        await self.hands.until("the sign-in page", lambda: session.view.state in asked)
        if session.view.state is SessionState.SIGNED_IN:
            return
        if shot:
            await self.hands.shoot(shot)
        if not session.view.username:
            await self.hands.write(username)
            await self.hands.press("Return")
        await self.hands.write(password)
        await self.hands.press("Return")
        settled = (SessionState.ENROL, SessionState.SIGNED_IN)
        await self.hands.until("an answer to the sign-in", lambda: session.view.state in settled)
        if session.view.state is SessionState.ENROL:
            await self.hands.press("Return")
        await self.hands.until("the counter", lambda: session.view.state is SessionState.SIGNED_IN)

    async def see_queue(self, at_least: int = 1) -> None:
        """Wait for the queue."""
        queue = self.board.queue
        await self.hands.until(
            f"{at_least} patients in the queue",
            lambda: queue.view.state is QueueState.READY and queue.view.waiting >= at_least,
        )

    async def choose(self, number: str, *, to_pay: bool = True) -> None:
        """Search an invoice by its number and open it; ``to_pay``: wait until money can be taken for it."""
        await self.hands.press("/")
        await self.hands.clear()
        await self.hands.write(number)
        await self.hands.press("Return")
        await self.hands.until(f"{number} on the counter", lambda: self.board.counter.invoice_number == number)
        if to_pay:
            await self.hands.until("a panel to pay on", lambda: self.board.cash.view.state is CashState.OPEN)

    async def take_cash(self, handed_over: str = "") -> Receipt:
        """Take cash for the open invoice: exact, or what was handed over; returns the receipt that was committed."""
        await self.hands.press("F2")
        if handed_over:
            await self.hands.write(handed_over)
        else:
            await self.hands.press("Return")
        await self.hands.press("Return")
        return await self.cash_receipt()

    async def cash_receipt(self) -> Receipt:
        """The receipt of the sale on the panel, once it is committed."""
        await self.hands.until("the receipt", lambda: self.board.cash.view.state is CashState.TAKEN)
        return await self._receipt(self.board.cash.view.receipt_no)

    async def _receipt(self, number: str) -> Receipt:
        series, _, digits = number.rpartition("-")
        kept = await self.board.services.store.receipts.by_no(series, int(digits))
        if kept is None:
            raise LookupError(f"receipt {number} is not in the till")
        return kept.receipt

    async def ask_phone(self, phone: str = "", amount: str = "") -> None:
        """Ask a phone for the open invoice; the patient's own where none is given."""
        await self.hands.press("F3")
        await self.hands.until("the M-Pesa panel", lambda: self.board.mpesa.view.stage is MpesaStage.DRAFT)
        for field, text in (("mpesaPhone", phone), ("mpesaAmount", amount)):
            if text:
                await self.hands.go_to(field)
                await self.hands.clear()
                await self.hands.write(text)
        await self.hands.press("Return")
        asked = (MpesaStage.DRAFT, MpesaStage.ASKING)
        await self.hands.until("Safaricom's answer", lambda: self.board.mpesa.view.stage not in asked)

    async def see_mpesa(self, stage: MpesaStage, seconds: float = 60) -> None:
        """Wait until the panel tells this stage."""
        try:
            await self.hands.until(f"M-Pesa {stage.value}", lambda: self.board.mpesa.view.stage is stage, seconds)
        except NeverCame as e:
            raise NeverCame(f"{e}; the panel says {self.board.mpesa.view}") from e

    async def mpesa_receipt(self) -> Receipt:
        """The receipt of the paid request on the panel."""
        await self.hands.until("the M-Pesa receipt", lambda: self.board.mpesa.view.receipt_no)
        return await self._receipt(self.board.mpesa.view.receipt_no)

    async def phone_receipt(self, invoice_id: int, seconds: float = 90) -> Receipt:
        """The receipt of a phone that rang for this invoice, wherever the cashier is by now."""
        attempts = self.board.attempts

        def issued() -> str:
            attempt = attempts.of_invoice(invoice_id)
            return attempt.receipt_no if attempt is not None else ""

        await self.hands.until("the receipt of the phone that rang", issued, seconds)
        return await self._receipt(issued())

    async def arrived_receipt(self, invoice_id: int, seconds: float = 60) -> Receipt:
        """The receipt of M-Pesa money that came for this invoice without a prompt: by Paybill, by its code, or placed."""
        arrivals = self.board.arrivals

        def issued() -> str:
            arrival = arrivals.latest(invoice_id)
            return arrival.receipt_no if arrival is not None else ""

        await self.hands.until("the receipt of money that came by itself", issued, seconds)
        return await self._receipt(issued())

    async def type_code(self, code: str) -> None:
        """The patient shows an M-Pesa message: type its code, not sent yet."""
        codes = self.board.codes
        await self.hands.press("F8")
        await self.hands.until("the field for the code", lambda: codes.view.stage is CodeStage.ENTRY)
        await self.hands.write(code)
        await self.hands.until("the code to be read", lambda: codes.view.primary.enabled)

    async def show_patient_screen(self) -> QWidget:
        """Open the screen that faces the patient; its window, for pictures. The keys stay with the cashier."""
        screen = self.terminal.patient_screen
        if screen is None:
            raise RuntimeError("the till is not open yet")
        if screen.window is None:
            await self.hands.press("F12")
        await self.hands.until("the patient's screen", lambda: screen.is_open)
        if screen.window is None:
            raise RuntimeError("the patient's screen closed itself")
        return screen.window

    async def see_line(self, *, online: bool) -> None:
        """Wait until the top bar says that the relay is there, or away."""
        word = "online" if online else "offline"
        await self.hands.until(f"the till {word}", lambda: self.board.status.view.online is online, 90)

    async def see_all_sent(self) -> None:
        """Wait until nothing is unsent."""
        await self.hands.until("all receipts sent", lambda: self.board.status.view.unsent == 0, 90)


def on_qt_loop(scene: Coroutine[Any, Any, T]) -> T:
    """Run a scene on a Qt event loop, as the terminal itself runs."""
    app = QApplication.instance() or QApplication(["hmis-pos"])
    if isinstance(app, QApplication):
        app.setQuitOnLastWindowClosed(False)
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    garbage = GarbageCollector()
    try:
        with loop:
            result: T = loop.run_until_complete(scene)
            loop.run_until_complete(_rest())
            return result
    finally:
        garbage.stop()
        asyncio.set_event_loop(None)
        gc.collect()  # what a scene left behind goes now, not under the next one's feet


async def _rest() -> None:
    """Let Qt delete what was given up."""
    for _ in range(3):
        await asyncio.sleep(0)
