"""The presenters of supervisors and finance, made once and connected."""

from __future__ import annotations

from PySide6.QtCore import QObject

from hmis_pos.terminal.presenters.mpesa_desk import MpesaDeskPresenter
from hmis_pos.terminal.presenters.placing import PlacingPresenter
from hmis_pos.terminal.presenters.refund_ask import RefundAskPresenter
from hmis_pos.terminal.presenters.refunds import RefundsPresenter
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.statement_items import StatementItemsPresenter
from hmis_pos.terminal.presenters.statements import StatementsPresenter
from hmis_pos.terminal.presenters.unmatched import UnmatchedPresenter


class BackOffice(QObject):
    """One of each room, and a form to ask for money back in each place that has one."""

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.unmatched = UnmatchedPresenter(services, self)
        self.placing = PlacingPresenter(services, self.unmatched, self)
        self.ask_unmatched = RefundAskPresenter(services, self)
        self.ask_payment = RefundAskPresenter(services, self)
        self.refunds = RefundsPresenter(services, self)
        self.statements = StatementsPresenter(services, self)
        self.items = StatementItemsPresenter(services, self.statements, self)
        self.mpesa = MpesaDeskPresenter(services, self)
        self.ask_unmatched.asked.connect(self.unmatched.read_again)

    def start(self) -> None:
        """Somebody signed in: count what waits."""
        self.unmatched.start()
        self.refunds.start()

    def retell(self) -> None:
        """The language changed: say everything anew."""
        self.unmatched.retell()
        self.placing.retell()
        self.ask_unmatched.retell()
        self.ask_payment.retell()
        self.refunds.retell()
        self.statements.retell()
        self.items.retell()
        self.mpesa.retell()
