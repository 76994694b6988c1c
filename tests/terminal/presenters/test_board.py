"""All presenters on one board before a real relay process: the first day of a till, and the relay killed in the middle of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, SignalInstance

from hmis_pos.terminal.clock import ServerTime, SystemClock, SystemIds
from hmis_pos.terminal.garbage import delete_now
from hmis_pos.terminal.opening import Given, close_services
from hmis_pos.terminal.presenters.board import Board
from hmis_pos.terminal.presenters.cash_view import CashState
from hmis_pos.terminal.presenters.counter import Claim
from hmis_pos.terminal.presenters.desk import Desk
from hmis_pos.terminal.presenters.line import Line
from hmis_pos.terminal.presenters.queue import QueueState
from hmis_pos.terminal.presenters.services import HouseRules, Services
from hmis_pos.terminal.presenters.session import SessionState
from hmis_pos.terminal.presenters.ticker import Ticker
from hmis_pos.terminal.relay_client import RelayClient
from hmis_pos.terminal.relay_http import RelayHttp
from hmis_pos.terminal.secrets import Secrets
from hmis_pos.terminal.sync import OutboxSender
from hmis_pos.terminal.tasks import Tasks
from hmis_pos.terminal.worklist import Worklist
from tests.support.relay_process import PASSWORD, RelayProcess
from tests.support.till import open_store
from tests.terminal.presenters.conftest import Paper


async def until(signal: SignalInstance, true: Callable[[], bool]) -> None:
    """Wait for a signal after which something is so."""
    came = asyncio.Event()

    def hear(_value: object) -> None:
        if true():
            came.set()

    signal.connect(hear)
    try:
        if not true():
            await asyncio.wait_for(came.wait(), 40)
    finally:
        signal.disconnect(hear)


@pytest.fixture
async def board(relay: RelayProcess, tmp_path: Path, qapp: QCoreApplication) -> AsyncIterator[Board]:
    keyring = Secrets("board", f"file:{tmp_path / 'keys.json'}")
    server_time = ServerTime()
    client = RelayClient(RelayHttp(relay.url, SystemClock(), server_time, keep_refresh=keyring.keep_refresh_token))
    store = await open_store(tmp_path / "till")
    made = Board(
        Services(
            store=store,
            worklist=Worklist(store, client),
            relay=client,
            line=Line(client),
            sender=OutboxSender(store, client, SystemClock(), SystemIds()),
            server_time=server_time,
            secrets=keyring,
            printer=Paper(),
            clock=SystemClock(),
            ids=SystemIds(),
            tasks=Tasks(),
            ticker=Ticker(),
            desk=Desk(),
            rules=HouseRules(print_at_once=True, counter="Counter 4", receipts_folder=tmp_path),
        )
    )
    yield made
    parts = await close_services(made.services, Given())
    delete_now(made, *parts, made.services.tasks)


async def first_sign_in(board: Board) -> None:
    session = board.session
    board.start()
    await until(session.changed, lambda: session.view.state is SessionState.SIGN_IN)
    session.sign_in("cashier", PASSWORD)
    await until(session.changed, lambda: session.view.state is SessionState.ENROL)
    session.enrol(session.view.counter)
    await until(session.changed, lambda: session.view.state is SessionState.SIGNED_IN)
    await until(board.queue.changed, lambda: board.queue.view.waiting == 9)
    assert board.queue.view.state is QueueState.READY


async def take_exact(board: Board, invoice_id: int) -> None:
    board.queue.choose(invoice_id)
    cash = board.cash
    await until(cash.changed, lambda: cash.view.state is CashState.OPEN and cash.view.receipt_no == "")
    cash.enter()
    cash.enter()
    await until(cash.changed, lambda: cash.view.state is CashState.TAKEN)


async def test_a_day_with_the_relay_killed_in_the_middle(board: Board, relay: RelayProcess) -> None:
    await first_sign_in(board)
    await take_exact(board, 1)
    await until(board.status.changed, lambda: board.status.view.text == "Online · all sent")
    await until(board.queue.changed, lambda: board.queue.view.waiting == 8)

    await relay.kill()
    await take_exact(board, 2)
    await take_exact(board, 3)
    await until(board.counter.changed, lambda: board.counter.view.claim is Claim.UNSEEN)
    await until(board.status.changed, lambda: board.status.view.text == "Offline · 2 not sent")
    await until(board.queue.changed, lambda: board.queue.view.waiting == 6)

    await relay.start()
    board.status.send_now()
    await until(board.status.changed, lambda: board.status.view.text == "Online · all sent")
    page = await board.services.relay.transactions()
    assert sorted((one.receipt_no, one.status, one.allocated) for one in page.transactions) == [
        ("T01A-000001", "completed", "4850.00"),
        ("T01A-000002", "completed", "4850.00"),
        ("T01A-000003", "completed", "4850.00"),
    ]


async def test_signing_out_ends_the_following_and_signing_in_begins_it_again(board: Board) -> None:
    await first_sign_in(board)
    board.session.sign_out()
    await until(board.session.changed, lambda: board.session.view.state is SessionState.SIGN_IN)
    assert not board.desk.view.signed_in
    board.session.sign_in("cashier", PASSWORD)
    await until(board.session.changed, lambda: board.session.view.state is SessionState.SIGNED_IN)
    await take_exact(board, 5)
    await until(board.status.changed, lambda: board.status.view.text == "Online · all sent")
    assert board.services.tasks.names.count("worklist") == 1
    assert board.services.tasks.names.count("sync") == 1
