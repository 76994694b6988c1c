"""What happens in the scripted tour at the counter: cash, prompts on phones, and the relay killed in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from hmis_pos.demo.clerk import Clerk
from hmis_pos.demo.phones import Phones
from hmis_pos.demo.processes import Hospital
from hmis_pos.demo.report import Report, say
from hmis_pos.terminal.presenters.mpesa_view import MpesaStage
from hmis_pos.terminal.printing.content import content_of
from hmis_pos.terminal.printing.printer import write_pdf
from hmis_pos.terminal.printing.template import load_template
from hmis_pos.terminal.settings import Paper

#: A phone of nobody in the queue.
_ODD_PHONE = "0733000111"


@dataclass
class Morning:
    """The scenes, in the order of :meth:`run`."""

    clerk: Clerk
    hospital: Hospital
    phones: Phones
    report: Report
    _ringing: int = field(default=0, init=False)  #: the invoice whose phone rang when the relay was killed

    async def sign_in(self) -> None:
        say("signing in")
        await self.clerk.sign_in(shot="sign-in")
        await self.clerk.see_queue(20)
        await self.clerk.hands.shoot("queue")

    async def cash(self) -> None:
        say("cash: exact, and over with change")
        clerk = self.clerk
        await clerk.choose("INV-20934")
        self.report.took(await clerk.take_cash())
        await clerk.choose("INV-20931")
        await clerk.hands.press("F2")
        await clerk.hands.write("5000")
        await clerk.hands.shoot("counter-cash")
        await clerk.hands.press("Return")
        self.report.took(await clerk.cash_receipt())
        await clerk.hands.shoot("receipt")
        await clerk.see_all_sent()

    async def prompts(self) -> None:
        clerk, report = self.clerk, self.report
        say("M-Pesa: the patient enters the PIN")
        await clerk.choose("INV-20946")
        await clerk.ask_phone()
        await clerk.see_mpesa(MpesaStage.WAITING)
        await clerk.hands.shoot("mpesa-waiting")
        await self.phones.answer("pin")
        await clerk.see_mpesa(MpesaStage.PAID)
        report.took(await clerk.mpesa_receipt())
        await clerk.hands.shoot("mpesa-paid")

        say("M-Pesa: the patient cancels")
        await clerk.choose("INV-20943")
        await clerk.ask_phone()
        await clerk.see_mpesa(MpesaStage.WAITING)
        await self.phones.answer("cancel")
        await clerk.see_mpesa(MpesaStage.NOT_PAID)
        report.add("mpesa", "failed", clerk.board.mpesa.view.amount.replace(",", ""), "")
        await clerk.hands.shoot("mpesa-not-paid")

        say("M-Pesa: Safaricom's answer cannot be read, and nobody pretends to know")
        unreadable = {"outcome": "ignore", "submit": {"fault": "html", "accepted": False}, "deliveries": []}
        await self.phones.behave(f"254{_ODD_PHONE[1:]}", unreadable)
        await clerk.choose("INV-20947")
        await clerk.ask_phone(_ODD_PHONE)
        await clerk.see_mpesa(MpesaStage.UNKNOWN)
        report.add("mpesa", "unknown", clerk.board.mpesa.view.amount.replace(",", ""), "")
        await clerk.hands.shoot("mpesa-unknown")
        clerk.terminal.toggle_theme()
        await clerk.hands.shoot("mpesa-unknown-dark")
        clerk.terminal.toggle_theme()

    async def without_the_relay(self) -> None:
        say("a phone rings, and the relay is killed")
        clerk = self.clerk
        await clerk.choose("INV-20940")
        await clerk.ask_phone()
        await clerk.see_mpesa(MpesaStage.WAITING)
        self._ringing = clerk.board.counter.invoice_id
        if self.hospital.relay is not None:
            self.hospital.relay.kill()
        await clerk.see_line(online=False)
        await self.phones.answer("pin")
        say("two patients pay cash meanwhile")
        for number in ("INV-20902", "INV-20929"):
            await clerk.choose(number)
            self.report.took(await clerk.take_cash())
        await clerk.hands.shoot("offline")
        say("the relay is started again")
        self.hospital.start_relay()
        await clerk.see_line(online=True)
        await clerk.see_all_sent()

    async def what_was_ringing(self) -> None:
        say("the payment whose message found no relay was found by asking")
        self.report.took(await self.clerk.phone_receipt(self._ringing))
        await self.clerk.hands.shoot("found-again")

    async def look_back(self) -> None:
        clerk = self.clerk
        await clerk.see_all_sent()
        await clerk.hands.press("Ctrl+2")
        await clerk.hands.until("the list of payments", lambda: clerk.board.payments.view.shown)
        await clerk.hands.shoot("payments")
        await clerk.hands.press("Ctrl+1", "F1")
        await clerk.hands.shoot("keys")
        await clerk.hands.press("Escape")

    def print_receipts(self, folder: Path) -> None:
        """All of the tour's, on both papers."""
        template = load_template()
        facility = self.clerk.board.desk.view.facility_name
        for receipt in self.report.receipts:
            content = content_of(receipt, 1, template, facility=facility)
            for paper in Paper:
                write_pdf(content, paper, folder / f"{receipt.no}-{paper.value}.pdf")
