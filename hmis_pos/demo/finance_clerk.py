"""What is done in the rooms behind the counter, by keys: placing unmatched money, refunds, statements."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication, QFileDialog

from hmis_pos.demo.clerk import Clerk
from hmis_pos.terminal.presenters.refunds import RefundsPresenter
from hmis_pos.terminal.presenters.unmatched_view import Doing


class FinanceClerk:
    """The same hands in other rooms; each method waits until the screen says that it is done."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk
        self._hands = clerk.hands

    async def find_money(self, code: str) -> None:
        """Into the room of unmatched money, to the piece with this M-Pesa code."""
        room = self._clerk.board.back_office.unmatched
        await self._hands.press("Ctrl+4")
        await self._search(code)
        await self._hands.until(f"{code} in the list", lambda: room.view.search == code and room.model.rowCount() == 1)
        await self._hands.press("Down")
        await self._hands.until(
            f"{code} in full", lambda: room.detail is not None and room.detail.money.receipt_no == code
        )

    async def choose_first_invoice(self) -> None:
        """The best suggestion of whose the money is; nothing is moved yet."""
        placing = self._clerk.board.back_office.placing
        await self._hands.until("a suggestion", lambda: placing.view.doing is Doing.ASSIGN and placing.model.rowCount())
        await self._hands.press("Return")
        await self._hands.until("an invoice chosen", lambda: placing.view.chosen and placing.view.primary.enabled)

    async def assign(self) -> None:
        """Assign the money to the invoice chosen."""
        placing = self._clerk.board.back_office.placing
        await self._hands.press("Return")
        await self._hands.until("the money placed", lambda: placing.view.done is not None)

    async def ask_refund(self, code: str, reason: str, shot: str = "") -> None:
        """From the list of payments: ask for all of one to go back. ``shot`` names a picture of the form as filled in."""
        payments = self._clerk.board.payments
        ask = self._clerk.board.back_office.ask_payment
        await self._hands.press("Ctrl+2")
        await self._search(code)
        await self._hands.until(
            f"{code} in the list", lambda: payments.view.filter.search == code and payments.view.shown == 1
        )
        await self._hands.press("Escape", "Down")
        await self._hands.until(
            f"{code} in full", lambda: payments.view.detail is not None and payments.view.detail.refund.enabled
        )
        await self._hands.press("F7")
        await self._hands.until("the form", lambda: ask.view.shown)
        await self._hands.write(reason)
        if shot:
            await self._hands.shoot(shot)
        await self._hands.press("Return")
        await self._hands.until("the request written down", lambda: ask.view.done is not None)

    async def see_refund(self) -> RefundsPresenter:
        """Into the room of refunds, to the first that waits for a decision of ours."""
        refunds = self._clerk.board.back_office.refunds
        await self._hands.press("Ctrl+3")
        await self._hands.until("a refund to decide", lambda: refunds.view.decision.approve.enabled)
        return refunds

    async def approve(self, seconds: float = 60) -> None:
        """Approve it, and wait until the money is back on the phone."""
        refunds = await self.see_refund()
        uid = refunds.view.selected
        await self._hands.press("Ctrl+Return")
        await self._hands.until(
            "the money back on the phone",
            lambda: (
                refunds.refund is not None and (refunds.refund.refund_uid, refunds.refund.state) == (uid, "completed")
            ),
            seconds,
        )

    async def import_statement(self, file: Path, seconds: float = 60) -> None:
        """Hand in a statement of the portal, and wait until it was held against the books."""
        statements = self._clerk.board.back_office.statements
        await self._hands.press("Ctrl+5")
        await self._hands.until("the room of statements", lambda: statements.view.may_import.enabled)
        await self._hands.press("F2")
        await self._choose_file(file)
        await self._hands.until(
            "the statement compared",
            lambda: statements.statement is not None and statements.statement.state == "done",
            seconds,
        )

    async def _choose_file(self, file: Path) -> None:
        """Type the path into the file dialog."""
        await self._hands.until("the file dialog", lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
        await self._hands.write(str(file))
        await self._hands.press("Return")
        await self._hands.until("the file chosen", lambda: QApplication.activeModalWidget() is None)

    async def _search(self, text: str) -> None:
        await self._hands.press("/")
        await self._hands.clear()
        await self._hands.write(text)
        await self._hands.press("Return")
