"""The central database in one transaction."""

from __future__ import annotations

from sqlalchemy import Connection

from hmis_pos.cashier.ports import Clock
from hmis_pos.db.central.stores.accounts import AccountStore
from hmis_pos.db.central.stores.answers import AnswerStore
from hmis_pos.db.central.stores.checks import CheckStore
from hmis_pos.db.central.stores.feeds import FeedStore
from hmis_pos.db.central.stores.inbox import InboxStore
from hmis_pos.db.central.stores.invoices import InvoiceStore
from hmis_pos.db.central.stores.ledger import LedgerStore
from hmis_pos.db.central.stores.payments import PaymentStore
from hmis_pos.db.central.stores.receipts import ReceiptStore
from hmis_pos.db.central.stores.receipts_booked import BookedReceipts
from hmis_pos.db.central.stores.refunds import RefundStore
from hmis_pos.db.central.stores.requests import RequestStore
from hmis_pos.db.central.stores.statement_files import StatementStore
from hmis_pos.db.central.stores.terminals import TerminalStore
from hmis_pos.db.central.stores.trail import TrailStore
from hmis_pos.db.central.stores.unmatched import UnmatchedStore
from hmis_pos.db.central.stores.users import UserStore
from hmis_pos.db.central.tables import Schema


class CentralBooks:
    """``cashier.ports.Books``; whoever made it commits or rolls back."""

    def __init__(self, connection: Connection, schema: Schema, clock: Clock) -> None:
        self.connection = connection
        self.schema = schema
        self.payments = PaymentStore(connection, schema)
        self.invoices = InvoiceStore(connection, schema, self.payments)
        self.ledger = LedgerStore(connection, schema)
        self.receipts = ReceiptStore(connection, schema)
        self.inbox = InboxStore(connection, schema)
        self.users = UserStore(connection, schema)
        self.terminals = TerminalStore(connection, schema)
        self.answers = AnswerStore(connection, schema)
        self.trail = TrailStore(connection, schema, clock)
        booked = BookedReceipts(connection, schema, self.payments)
        self.accounts = AccountStore(connection, schema, self.invoices)
        self.unmatched = UnmatchedStore(connection, schema)
        self.refunds = RefundStore(connection, schema, self.payments)
        self.requests = RequestStore(connection, schema)
        self.checks = CheckStore(connection, schema, booked)
        self.feeds = FeedStore(connection, schema)
        self.statements = StatementStore(connection, schema, booked)

    def finish(self) -> None:
        """What must be done last, before the commit: check sums that are only whole now, then the trail under its lock."""
        self.payments.finish()
        self.trail.finish()
