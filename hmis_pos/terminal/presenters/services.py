"""What presenters are given: the terminal's services in one bundle, and the ports whose shape is a matter of the machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from hmis_pos.cashier.ports import Clock, Ids
from hmis_pos.domain.receipt import Receipt
from hmis_pos.terminal.clock import ServerTime
from hmis_pos.terminal.presenters.desk import Desk
from hmis_pos.terminal.presenters.line import Line
from hmis_pos.terminal.presenters.ticker import Ticker
from hmis_pos.terminal.relay_client import RelayClient
from hmis_pos.terminal.secrets import Secrets
from hmis_pos.terminal.settings import Fraction
from hmis_pos.terminal.sync import OutboxSender
from hmis_pos.terminal.tasks import Tasks
from hmis_pos.terminal.worklist import Worklist

if TYPE_CHECKING:  # SQLAlchemy does not stand before the first paint
    from hmis_pos.db.local.store import LocalStore


class Printer(Protocol):
    """Paper. ``copy`` is 1 for the original; a higher number is printed on it."""

    async def print_receipt(self, receipt: Receipt, copy: int) -> None:
        """Print it.

        Raises:
            Unavailable: codes ``printer-missing``, ``print-failed``.
        """
        ...

    async def save_pdf(self, receipt: Receipt, copy: int, path: Path) -> Path:
        """Write it as PDF and return where it lies."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseRules:
    """Choices of this hospital or till, from settings."""

    print_at_once: bool = False
    counter: str = "Counter 1"  #: offered as this counter's name when the till is enrolled
    fraction: Fraction = Fraction.STAYS_DUE
    receipts_folder: Path = field(default_factory=Path.cwd)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything presenters work with; made once by the composition root, or by a test."""

    store: LocalStore
    worklist: Worklist
    relay: RelayClient
    line: Line
    sender: OutboxSender
    server_time: ServerTime
    secrets: Secrets
    printer: Printer
    clock: Clock
    ids: Ids
    tasks: Tasks
    ticker: Ticker
    desk: Desk
    rules: HouseRules = field(default_factory=HouseRules)
