"""Opening the till's services, after the window is on the screen: keyring, encrypted store, relay, paper.

SQLAlchemy, httpx, keyring and print support are imported here and not before. Each part may be given instead; tests and the demo do.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from hmis_pos.cashier.ports import Clock, Ids
from hmis_pos.terminal.clock import ServerTime, SystemClock, SystemIds
from hmis_pos.terminal.presenters.desk import Desk
from hmis_pos.terminal.presenters.line import Line
from hmis_pos.terminal.presenters.services import HouseRules, Printer, Services
from hmis_pos.terminal.presenters.ticker import Ticker
from hmis_pos.terminal.relay_client import RelayClient
from hmis_pos.terminal.relay_http import RelayHttp
from hmis_pos.terminal.secrets import Secrets
from hmis_pos.terminal.settings import TerminalSettings
from hmis_pos.terminal.sync import OutboxSender
from hmis_pos.terminal.tasks import Tasks
from hmis_pos.terminal.worklist import Worklist

if TYPE_CHECKING:
    from hmis_pos.db.local.store import LocalStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Parts that are brought along instead of the real ones; None: the real one is made."""

    store: LocalStore | None = None
    relay: RelayClient | None = None
    clock: Clock | None = None
    ids: Ids | None = None
    printer: Printer | None = None
    secrets: Secrets | None = None


async def open_services(settings: TerminalSettings, tasks: Tasks, given: Given) -> Services:
    """Open everything the presenters need.

    Raises:
        Conflict: the till is open already on this computer.
        Misconfigured: keyring missing or locked, store damaged or newer, receipt template wrong; the cure is in the error.
    """
    await asyncio.to_thread(import_heavy)
    clock, ids = given.clock or SystemClock(), given.ids or SystemIds()
    secrets = given.secrets or Secrets(keyring_setting=settings.keyring)
    store = given.store or await _open_store(settings.folder, secrets, ids)
    try:
        server_time = ServerTime()
        relay = given.relay or RelayClient(
            RelayHttp(settings.relay_url, clock, server_time, keep_refresh=secrets.keep_refresh_token)
        )
        install = await store.install.get()
        relay.http.series = install.series
        return Services(
            store=store,
            worklist=Worklist(store, relay),
            relay=relay,
            line=Line(relay),
            sender=OutboxSender(store, relay, clock, ids),
            server_time=server_time,
            secrets=secrets,
            printer=given.printer or _printer(settings, install.facility_name),
            clock=clock,
            ids=ids,
            tasks=tasks,
            ticker=Ticker(),
            desk=Desk(),
            rules=HouseRules(
                fraction=settings.fraction,
                print_at_once=settings.print_each,
                receipts_folder=settings.receipts_folder,
                counter=settings.counter,
            ),
        )
    except BaseException:
        if given.store is None:
            await store.close()
        raise


async def close_services(services: Services, given: Given) -> list[QObject]:
    """End what :func:`open_services` began; what was given belongs to whoever gave it.

    Returns what is to be deleted, in this order, once no view and no presenter is left.
    """
    services.ticker.stop()
    await services.tasks.close()
    if given.relay is None:
        await services.relay.http.close()
    if given.store is None:
        await services.store.close()
    if given.secrets is None:
        services.secrets.close()
    made: list[QObject] = [services.line, services.sender, services.worklist, services.ticker, services.desk]
    if given.relay is None:
        made += [services.relay, services.relay.http]
    return [*made, services.server_time]


def import_heavy() -> None:
    """Half a second of imports, in a thread; whoever needs them later finds them there. Named here for the bundle, too."""
    import argon2  # noqa: F401, PLC0415 - after the first paint
    import httpx  # noqa: F401, PLC0415
    import keyring  # noqa: F401, PLC0415

    import hmis_pos.db.local.store  # noqa: PLC0415
    import hmis_pos.terminal.documents  # noqa: F401, PLC0415


async def _open_store(folder: Path, secrets: Secrets, ids: Ids) -> LocalStore:
    from hmis_pos.db.local.store import STORE_FILE, LocalStore  # noqa: PLC0415 - after the first paint
    from hmis_pos.terminal.documents import RECEIPTS  # noqa: PLC0415

    key = await secrets.store_key(store_exists=(folder / STORE_FILE).exists())
    return await LocalStore.open(folder, key, RECEIPTS, ids.uuid())


def _printer(settings: TerminalSettings, facility: str) -> Printer:
    from hmis_pos.terminal.printing.printer import ReceiptPrinter  # noqa: PLC0415 - after the first paint
    from hmis_pos.terminal.printing.template import load_template  # noqa: PLC0415

    return ReceiptPrinter(load_template(), paper=settings.paper, printer=settings.printer, facility=facility)
