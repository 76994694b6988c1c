"""What happens in the scripted tour without a prompt: patients pay the Paybill by themselves, and people put right what went wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from hmis_pos.demo.clerk import Clerk
from hmis_pos.demo.finance_clerk import FinanceClerk
from hmis_pos.demo.phones import Phones
from hmis_pos.demo.report import Report, say
from hmis_pos.domain.receipt import Receipt
from hmis_pos.terminal.presenters.codes import CodeStage
from hmis_pos.terminal.presenters.patient_display import DisplayStage

#: Mercy Achieng, Moses Wafula and Joseph Kamau of the demo hospital, and what they owe.
_MERCY, _MOSES, _JOSEPH = "254713032295", "254710400318", "254715664272"
_OWNERS = {_MERCY: "MERCY ACHIENG", _MOSES: "MOSES WAFULA", _JOSEPH: "JOSEPH M KAMAU"}


@dataclass
class PaybillScenes:
    """The scenes at the counter and, at a desk of her own, the supervisor's."""

    clerk: Clerk
    supervisor: Clerk
    phones: Phones
    report: Report
    folder: Path
    _paid_by_code: Receipt | None = field(default=None, init=False)

    async def live(self) -> None:
        say(
            "Paybill: the patient pays from the phone's own menu, with a slip in the account, while the invoice is open"
        )
        clerk = self.clerk
        for phone, owner in _OWNERS.items():
            await self.phones.name(phone, owner)
        await clerk.choose("INV-20949")
        screen = await clerk.show_patient_screen()
        await clerk.hands.until("the QR code", lambda: clerk.board.self_pay.view.png)
        await clerk.hands.shoot("patient-screen", of=screen)
        await self.phones.pay(_MERCY, "2400", "inv 2O949")
        self.report.took(await clerk.arrived_receipt(clerk.board.counter.invoice_id))
        await clerk.hands.shoot("paybill-arrived")
        await clerk.hands.until("paid, for the patient", lambda: clerk.board.display.view.stage is DisplayStage.PAID)
        await clerk.hands.shoot("patient-screen-paid", of=screen)
        await clerk.hands.press("F12")
        await (
            clerk.hands.come_forward()
        )  # where no window manager is, a window that goes makes any other the active one

    async def unmatched(self) -> None:
        say("Paybill: an account that means nobody; the money waits, and is placed by hand")
        clerk, finance = self.clerk, FinanceClerk(self.clerk)
        code = await self.phones.pay(_MOSES, "1280", "20984")
        await finance.find_money(code)
        await clerk.hands.shoot("unmatched")
        await finance.choose_first_invoice()
        await clerk.hands.shoot("unmatched-whose")
        await finance.assign()
        await clerk.hands.shoot("unmatched-placed")
        placed = clerk.board.back_office.unmatched.detail
        invoice_id = placed.parts[-1].invoice_id if placed is not None else None
        if invoice_id is None:
            raise LookupError("the money that was placed is not on the screen")
        self.report.took(await clerk.arrived_receipt(invoice_id))

    async def code(self) -> None:
        say("Paybill: Safaricom's message is lost; the patient's SMS is checked by its code")
        clerk = self.clerk
        code = await self.phones.pay(_JOSEPH, "2200", "KAMAU", confirmed=False)
        await clerk.hands.press("Ctrl+1")
        await clerk.choose("INV-20950")
        await clerk.type_code(code)
        await clerk.hands.shoot("code")
        await clerk.hands.press("Return")
        await clerk.hands.until("the code to be checked", lambda: clerk.board.codes.view.stage is not CodeStage.ENTRY)
        self._paid_by_code = await clerk.arrived_receipt(clerk.board.counter.invoice_id)
        self.report.took(self._paid_by_code)
        await clerk.hands.shoot("code-proven")

    async def refund(self) -> None:
        say("refund: the cashier asks, the supervisor approves, the money goes back to the phone")
        if self._paid_by_code is None:
            raise LookupError("nothing was paid that could go back")
        receipt = self._paid_by_code
        await FinanceClerk(self.clerk).ask_refund(
            receipt.provider_receipt, "The physiotherapist is away today", shot="refund-asked"
        )
        finance = FinanceClerk(self.supervisor)
        await finance.see_refund()
        await self.supervisor.hands.shoot("refund-to-decide")
        await finance.approve()
        await self.supervisor.hands.shoot("refund-done")
        self.report.now(receipt.no, "refunded")

    async def statement(self) -> None:
        say("statement: exported from the portal, imported, and held against the books")
        file = self.folder / "portal-statement.csv"
        await self.phones.rest()
        await self.phones.export_statement(file)
        await FinanceClerk(self.supervisor).import_statement(file)
        await self.supervisor.hands.shoot("statement")
