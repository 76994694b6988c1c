from __future__ import annotations

import asyncio
from contextlib import aclosing
from uuid import UUID

import pytest

from hmis_pos.contract import events, payments
from hmis_pos.domain.errors import CashierMistake, Conflict, NotAllowed, NotFound, OutcomeUnknown, Unavailable
from hmis_pos.domain.money import Money
from hmis_pos.terminal import relay_http
from hmis_pos.terminal.clock import ServerTime, Skew, SystemClock, SystemIds
from hmis_pos.terminal.relay_client import RelayClient, TransactionFilter
from hmis_pos.terminal.relay_http import RelayHttp
from tests.support.relay_process import PASSWORD, CuttingProxy, RelayProcess
from tests.terminal.conftest import Counter, open_counter

IDS = SystemIds()


def key() -> str:
    return str(IDS.uuid())


async def test_signing_in_keeps_the_session_and_hears_the_time(counter: Counter) -> None:
    session = counter.client.http.session
    assert session is not None
    assert (session.username, session.role, session.facility_id) == ("cashier", "billing", 1)
    assert counter.kept_refresh == [session.refresh_token]
    assert counter.server_time.skew is Skew.FINE
    assert counter.client.http.series == "T01A"


@pytest.mark.parametrize(("user", "password"), [("cashier", "wrong"), ("nurse", PASSWORD), ("nobody", "x")])
async def test_who_may_not_sign_in_hears_why(relay: RelayProcess, user: str, password: str) -> None:
    client = RelayClient(RelayHttp(relay.url, SystemClock(), ServerTime()))
    with pytest.raises(NotAllowed) as refused:
        await client.login(user, password)
    assert refused.value.message
    assert client.http.session is None
    with pytest.raises(NotAllowed) as unsigned:
        await client.invoices()
    assert unsigned.value.code == "not-signed-in"
    await client.http.close()


async def test_the_queue_comes_in_pages(counter: Counter) -> None:
    first = await counter.client.invoices(limit=5)
    second = await counter.client.invoices(limit=5, cursor=first.next)
    assert [i.id for i in first.invoices + second.invoices] == list(range(1, 10))
    assert (first.open_count, second.next) == (9, "")
    assert [i.id for i in (await counter.client.invoices(search="wanjiru 3")).invoices] == [3]
    assert (await counter.client.invoice(4)).number == "INV-00004"
    with pytest.raises(NotFound):
        await counter.client.invoice(4711)


async def test_two_counters_and_one_invoice(counter: Counter, relay: RelayProcess, tmp_path_factory: object) -> None:
    mark = await counter.client.serve(1, "Counter 1", key=key())
    assert mark.terminal == "T01A"
    folder = tmp_path_factory.mktemp("other")  # type: ignore[attr-defined]
    other = await open_counter(relay.url, folder, name="Counter 2")
    with pytest.raises(Conflict) as held:
        await other.client.serve(1, "Counter 2", key=key())
    assert held.value.code == "served-elsewhere"
    assert (await other.client.serve(1, "Counter 2", key=key(), take_over=True)).terminal == "T02A"
    await other.client.release(1, key=key())
    await other.client.http.close()
    await other.store.close()


async def test_a_stale_token_is_renewed_once_for_all_who_ask(counter: Counter) -> None:
    http = counter.client.http
    assert http._session is not None
    http._session = type(http._session)(
        **{f: getattr(http._session, f) for f in http._session.__struct_fields__} | {"access_token": "stale"}
    )
    pages = await asyncio.gather(*(counter.client.invoices(limit=1) for _ in range(8)))
    assert all(page.open_count == 9 for page in pages)
    assert len(counter.kept_refresh) == 2  # the sign-in's and one more: a second use would have ended the session


async def test_a_session_the_relay_ended_is_said(counter: Counter) -> None:
    http = counter.client.http
    said: list[str] = []
    http.signedOut.connect(said.append)
    used_up = counter.kept_refresh[0]
    await counter.client.resume(used_up)
    with pytest.raises(NotAllowed):
        await counter.client.resume(used_up)  # reuse: two people hold it, the relay ends the session
    with pytest.raises(NotAllowed):
        await counter.client.invoices()
    assert http.session is None
    assert len(said) == 1


async def test_a_relay_that_is_away_was_not_asked(counter: Counter, relay: RelayProcess, proxy: CuttingProxy) -> None:
    seen: list[bool] = []
    counter.client.http.reachableChanged.connect(seen.append)
    await relay.kill()
    await proxy.close()
    with pytest.raises(Unavailable) as away:
        await counter.client.initiate_mpesa(
            uid=IDS.uuid(), invoice_id=1, amount=Money.whole(10), phone="0712345678", key=key()
        )
    assert away.value.code == "relay-away"
    assert seen == [False]


async def test_a_cut_answer_is_asked_again_with_the_same_key(counter: Counter, proxy: CuttingProxy) -> None:
    proxy.cut_answers = 2
    done = await counter.client.confirm(
        payments.Confirm(invoice_id=2, amount="100.00", payment_method="card_pdq", gateway_reference="SLIP1"), key=key()
    )
    assert proxy.cuts == 2
    assert done.status == "completed"
    page = await counter.client.transactions(TransactionFilter(invoice_id=2))
    assert [t.transaction_id for t in page.transactions] == [done.transaction_id]
    assert (await counter.client.transaction(UUID(done.uid))).evidence


async def test_after_some_tries_nobody_can_tell(
    counter: Counter, proxy: CuttingProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_http, "WRITE_TRIES", 2)
    proxy.cut_answers = 10
    one = key()
    message = payments.Confirm(invoice_id=3, amount="50.00", payment_method="cheque", gateway_reference="C1")
    with pytest.raises(OutcomeUnknown) as unknown:
        await counter.client.confirm(message, key=one)
    assert unknown.value.code == "relay-silent"
    assert proxy.cuts == 2
    proxy.cut_answers = 0
    assert (await counter.client.confirm(message, key=one)).status == "completed"
    page = await counter.client.transactions(TransactionFilter(invoice_id=3))
    assert len(page.transactions) == 1


async def test_a_session_that_ends_behind_an_unheard_answer_leaves_it_unknown(
    counter: Counter, proxy: CuttingProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first try arrived and its answer was cut off; that the second is refused a seat says nothing of the first."""
    http, asked = counter.client.http, []
    real = http._signed

    async def signed(*arguments: object, **named: object) -> object:
        asked.append(arguments)
        if len(asked) > 1:
            raise NotAllowed("the session ended", code="session-ended")
        return await real(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(http, "_signed", signed)
    proxy.cut_answers = 1
    message = payments.Confirm(invoice_id=4, amount="50.00", payment_method="cheque", gateway_reference="C2")
    with pytest.raises(OutcomeUnknown):
        await counter.client.confirm(message, key=key())
    assert len(asked) == 2
    monkeypatch.undo()
    page = await counter.client.transactions(TransactionFilter(invoice_id=4))
    assert len(page.transactions) == 1


async def test_a_bad_field_is_named(counter: Counter) -> None:
    with pytest.raises(CashierMistake) as wrong:
        await counter.client.initiate_mpesa(
            uid=IDS.uuid(), invoice_id=1, amount=Money.whole(10), phone="0205555555", key=key()
        )
    assert wrong.value.field == "phone_number"
    one = key()
    message = payments.Confirm(invoice_id=3, amount="50.00", payment_method="cheque", gateway_reference="C1")
    await counter.client.confirm(message, key=one)
    with pytest.raises(CashierMistake) as mismatch:
        await counter.client.confirm(
            payments.Confirm(invoice_id=3, amount="51.00", payment_method="cheque", gateway_reference="C1"), key=one
        )
    assert mismatch.value.code == "idempotency-mismatch"


async def test_the_feed_goes_on_where_it_broke(counter: Counter, relay: RelayProcess, proxy: CuttingProxy) -> None:
    start = (await counter.client.invoices(limit=1)).last_event
    connected: list[bool] = []
    counter.client.feedChanged.connect(connected.append)
    async with aclosing(counter.client.events(start)) as feed:
        following = asyncio.ensure_future(anext(feed))  # noqa: TID251 - a test waits for it below
        await counter.client.serve(5, "Counter 1", key=key())
        first = await following
        assert isinstance(first.message, events.InvoiceServing)
        assert first.message.invoice_id == 5
        proxy.drop_all()
        await relay.kill()
        await relay.start()
        await counter.client.serve(6, "Counter 1", key=key())
        second = await anext(feed)
        assert isinstance(second.message, events.InvoiceServing)
        assert second.message.invoice_id == 6
    assert connected[0] is True
    assert connected[-1] is False
    assert len(connected) >= 4


async def test_a_feed_too_far_behind_says_reset(counter: Counter) -> None:
    async with aclosing(counter.client.events(10**6)) as feed:
        event = await anext(feed)
    assert isinstance(event.message, events.Reset)
    assert event.id == event.message.last_event
