"""Who is at the counter."""

from __future__ import annotations

from typing import Any

import pytest

from hmis_pos.terminal.presenters.queue import QueueState
from hmis_pos.terminal.presenters.session import PROBE_EVERY, SessionState
from tests.terminal.presenters.conftest import PASSWORD


async def sign_in(stand: Any, user: str = "cashier", password: str = PASSWORD) -> None:
    stand.session.sign_in(user, password)
    await stand.settled()


@pytest.fixture
async def fresh(open_stand: Any) -> Any:
    """A till that nobody ever used."""
    stand = await open_stand("Counter 7", signed_in=False)
    stand.session.start()
    await stand.settled()
    return stand


async def first_day(stand: Any) -> None:
    await sign_in(stand)
    stand.session.enrol("Counter 7")
    await stand.settled()


async def test_the_first_run_asks_for_the_counters_name_and_gets_a_series(fresh: Any) -> None:
    assert fresh.session.view.state is SessionState.SIGN_IN
    assert "demo and training" in fresh.session.view.keyring_warning
    await sign_in(fresh)
    assert (fresh.session.view.state, fresh.session.view.counter) == (SessionState.ENROL, "Counter 1")
    fresh.session.enrol("  ")
    assert fresh.session.view.problem_field == "counter"
    fresh.session.enrol(" Counter  7 ")
    await fresh.settled()
    desk = fresh.services.desk.view
    assert fresh.session.view.state is SessionState.SIGNED_IN
    assert (desk.username, desk.display_name, desk.role, desk.counter, desk.series, desk.offline_sign_in) == (
        "cashier",
        "Cashier",
        "billing",
        "Counter 7",
        "T01A",
        False,
    )


@pytest.mark.parametrize(
    ("user", "password", "title", "field"),
    [
        ("cashier", "wrong", "User or password is wrong", "password"),
        ("nurse", PASSWORD, "Your role may not take payments", "username"),
        ("", "x", "User and password are both needed", "username"),
        ("cashier", "", "User and password are both needed", "password"),
    ],
)
async def test_who_may_not_come_in_hears_why(fresh: Any, user: str, password: str, title: str, field: str) -> None:
    await sign_in(fresh, user, password)
    view = fresh.session.view
    assert (view.state, view.problem.title, view.problem_field) == (SessionState.SIGN_IN, title, field)
    assert not fresh.services.desk.view.signed_in


async def test_a_first_run_needs_the_relay(fresh: Any) -> None:
    fresh.wire.down = True
    await sign_in(fresh)
    assert fresh.session.view.problem.title == "This till has no receipt series yet"


async def test_signing_in_without_the_relay_is_marked_and_ends_in_signing_in_again(fresh: Any) -> None:
    await first_day(fresh)
    fresh.session.sign_out()
    await fresh.settled()
    fresh.wire.down = True
    await sign_in(fresh, password="wrong")
    assert fresh.session.view.problem.title == "User or password is wrong"
    await sign_in(fresh)
    assert fresh.session.view.state is SessionState.SIGNED_IN
    assert fresh.session.view.notice.title == "Signed in without the relay"
    assert fresh.services.desk.view.offline_sign_in

    await fresh.beat(PROBE_EVERY)
    assert fresh.session.view.state is SessionState.SIGNED_IN
    fresh.wire.down = False
    await fresh.beat(PROBE_EVERY)
    view = fresh.session.view
    assert (view.state, view.over_work, view.can_wait) == (SessionState.SIGN_IN_AGAIN, True, True)
    assert view.notice.title == "The connection is back: please sign in"
    fresh.session.later()
    assert fresh.session.view.state is SessionState.SIGNED_IN


async def test_who_never_signed_in_here_cannot_without_the_relay(fresh: Any) -> None:
    await first_day(fresh)
    fresh.session.sign_out()
    await fresh.settled()
    fresh.wire.down = True
    await sign_in(fresh, "supervisor")
    assert fresh.session.view.problem.title == "You cannot sign in while the relay is away"


async def test_a_restart_goes_on_with_the_kept_session(fresh: Any, open_stand: Any) -> None:
    await first_day(fresh)
    await fresh.close()
    again = await open_stand("Counter 7", signed_in=False)
    again.session.start()
    await again.settled()
    assert again.session.view.state is SessionState.SIGNED_IN
    assert again.services.desk.cashier == "cashier"
    assert again.services.desk.series == "T01A"
    assert again.services.relay.http.session is not None


async def test_after_a_restart_the_last_user_is_offered(fresh: Any, open_stand: Any) -> None:
    await first_day(fresh)
    fresh.session.sign_out()
    await fresh.settled()
    await fresh.close()
    again = await open_stand("Counter 7", signed_in=False)
    again.session.start()
    await again.settled()
    assert (again.session.view.state, again.session.view.username) == (SessionState.SIGN_IN, "cashier")


async def test_a_session_that_the_relay_ends_asks_again_and_keeps_the_work(fresh: Any) -> None:
    await first_day(fresh)
    await fresh.read_queue()
    await fresh.choose(1)
    fresh.cash.receive(5000_00)
    fresh.services.relay.http.end_session("session-ended")
    await fresh.settled()
    view = fresh.session.view
    assert (view.state, view.over_work, view.can_wait) == (SessionState.SIGN_IN_AGAIN, True, False)
    assert "Your session has ended" in view.notice.title
    assert fresh.cash.view.received_minor == 5000_00
    assert fresh.mpesa.view.unavailable.title == "M-Pesa needs you to sign in with the relay"

    await sign_in(fresh, password="wrong")
    assert fresh.session.view.state is SessionState.SIGN_IN_AGAIN
    assert fresh.session.view.problem is not None
    await sign_in(fresh)
    assert fresh.session.view.state is SessionState.SIGNED_IN
    assert fresh.cash.view.received_minor == 5000_00
    assert fresh.counter.invoice_id == 1


async def test_leaving_with_unsent_receipts_asks_first(fresh: Any) -> None:
    await first_day(fresh)
    await fresh.read_queue()
    fresh.wire.down = True
    await fresh.choose(1)
    fresh.cash.enter()
    fresh.cash.enter()
    await fresh.settled()
    fresh.session.sign_out()
    await fresh.settled()
    view = fresh.session.view
    assert view.state is SessionState.ASK_SIGN_OUT
    assert view.notice.title == "1 receipt is not sent yet."
    fresh.session.stay()
    assert fresh.session.view.state is SessionState.SIGNED_IN

    fresh.session.sign_out()
    await fresh.settled()
    fresh.session.confirm_sign_out()
    await fresh.settled()
    assert fresh.session.view.state is SessionState.SIGN_IN
    assert not fresh.services.desk.view.signed_in
    assert fresh.counter.invoice_id == 0
    assert (await fresh.store.outbox.counts()).unsent == 1
    assert await fresh.services.secrets.refresh_token() == ""


async def test_signing_in_fills_the_queue_by_itself(fresh: Any) -> None:
    came: list[object] = []
    fresh.services.worklist.queueChanged.connect(lambda: came.append(None))
    await first_day(fresh)
    while fresh.queue.view.state is not QueueState.READY:
        await fresh.services.worklist.count()  # each is a turn of the store's thread, behind which the loop goes on
        await fresh.settled()
    assert fresh.queue.view.waiting == 9
    assert came
