from __future__ import annotations

import asyncio

import pytest

from hmis_pos.domain.money import Money
from hmis_pos.terminal import relay_http
from hmis_pos.terminal.clock import SystemClock, SystemIds
from hmis_pos.terminal.sync import OutboxSender
from hmis_pos.terminal.tasks import Tasks
from hmis_pos.terminal.worklist import QueueState, Worklist
from tests.support.relay_process import CuttingProxy, RelayProcess
from tests.support.till import sell
from tests.terminal.conftest import Counter, open_counter


def sender_of(counter: Counter) -> OutboxSender:
    return OutboxSender(counter.store, counter.client, SystemClock(), SystemIds())


async def ready(counter: Counter) -> Worklist:
    """The queue, read and live."""
    queue = Worklist(counter.store, counter.client)
    await queue._store.worklist.end_reading(await queue._read_all())
    return queue


async def test_what_waits_goes_in_order_and_once(counter: Counter, relay: RelayProcess) -> None:
    queue = await ready(counter)
    sold = []
    for invoice_id in (1, 2, 3):
        [one] = await queue.items([invoice_id])
        sold.append(await sell(counter.store, one.invoice))
    sender = sender_of(counter)
    told: list[tuple[int, int]] = []
    sender.countsChanged.connect(lambda unsent, refused: told.append((unsent, refused)))
    assert await sender.send_all()
    assert told == [(3, 0), (0, 0)]
    assert [(r.series, r.number) for r in relay.rows("receipt")] == [("T01A", n) for n in (1, 2, 3)]
    assert await sender.send_all()
    assert len(relay.rows("payment")) == 3


async def test_a_cut_answer_leads_to_no_second_payment(
    counter: Counter, relay: RelayProcess, proxy: CuttingProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_http, "WRITE_TRIES", 1)
    queue = await ready(counter)
    [one] = await queue.items([1])
    await sell(counter.store, one.invoice)
    sender = sender_of(counter)
    failed: list[str] = []
    sender.failed.connect(failed.append)
    for _ in range(3):
        proxy.cut_answers = 1
        assert not await sender.send_all()
    [waiting] = await counter.store.outbox.pending()
    assert waiting.tries == 3
    assert waiting.last_error
    assert await sender.send_all()
    assert failed == ["relay-silent", ""]
    assert len(relay.rows("payment")) == 1
    assert (await counter.store.outbox.counts()).unsent == 0


async def test_the_relay_dies_and_the_counter_goes_on(counter: Counter, relay: RelayProcess) -> None:
    queue = await ready(counter)
    await relay.kill()
    sender = sender_of(counter)
    for invoice_id in (4, 5):
        [one] = await queue.items([invoice_id])
        await sell(counter.store, one.invoice)
    assert not await sender.send_all()
    assert await queue.ids() == [1, 2, 3, 6, 7, 8, 9]
    await relay.start()
    assert await sender.send_all()
    assert [r.number for r in relay.rows("receipt")] == [1, 2]
    assert await queue.ids() == [1, 2, 3, 6, 7, 8, 9]


async def test_an_invoice_paid_at_two_counters_is_kept_and_the_relay_makes_a_deposit(
    counter: Counter, relay: RelayProcess, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = await open_counter(relay.url, tmp_path_factory.mktemp("other"), name="Counter 2")
    for till in (counter, other):
        queue = await ready(till)
        [one] = await queue.items([1])
        await sell(till.store, one.invoice)
    assert await sender_of(counter).send_all()
    assert await sender_of(other).send_all()
    row = await other.store.worklist.get(1)
    assert row is not None
    assert row.payable_minor == 0 or row.local_minor == 0
    assert len(relay.rows("payment")) == 2
    await other.client.http.close()
    await other.store.close()


async def test_a_refused_receipt_stays_and_holds_up_no_other(counter: Counter, relay: RelayProcess) -> None:
    queue = await ready(counter)
    [one, two] = await queue.items([1, 2])
    stranger = type(one.invoice)(
        **{f: getattr(one.invoice, f) for f in one.invoice.__dataclass_fields__} | {"id": 99, "number": "INV-99999"}
    )
    await sell(counter.store, stranger)
    await sell(counter.store, two.invoice)
    sender = sender_of(counter)
    assert await sender.send_all()
    counts = await counter.store.outbox.counts()
    assert (counts.unsent, counts.refused) == (0, 1)
    [refused] = await counter.store.outbox.refused()
    assert refused.code == "invoice-unknown"
    assert refused.applied == Money.whole(4850)
    await counter.store.outbox.send_again(refused.uid)
    assert await sender.send_all()
    assert (await counter.store.outbox.counts()).refused == 1


async def test_running_it_sends_by_itself(counter: Counter, relay: RelayProcess) -> None:
    tasks = Tasks()
    queue = await ready(counter)
    sender = sender_of(counter)
    done = asyncio.Event()
    sender.acknowledged.connect(lambda _uid: done.set())
    tasks.spawn(sender.run(), name="sync")
    [one] = await queue.items([1])
    await sell(counter.store, one.invoice)
    async with asyncio.timeout(10):
        await done.wait()
    await tasks.close()
    assert len(relay.rows("receipt")) == 1


async def test_the_queue_follows_the_feed(
    counter: Counter, relay: RelayProcess, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tasks = Tasks()
    queue = Worklist(counter.store, counter.client)
    states: list[str] = []
    live, paid, served = asyncio.Event(), asyncio.Event(), asyncio.Event()

    def state(value: str) -> None:
        states.append(value)
        if value == QueueState.LIVE:
            live.set()

    queue.stateChanged.connect(state)
    queue.paymentChanged.connect(lambda _payment: paid.set())
    queue.invoiceChanged.connect(lambda _id: served.set())
    progress: list[tuple[int, int]] = []
    queue.progressed.connect(lambda done, of: progress.append((done, of)))
    tasks.spawn(queue.run(), name="worklist")
    async with asyncio.timeout(10):
        await live.wait()
    assert states == ["reading", "live"]
    assert progress == [(9, 9)]
    assert await queue.count() == 9
    assert await queue.search("wanjiru 7") == [7]

    other = await open_counter(relay.url, tmp_path_factory.mktemp("other"), name="Counter 2")
    async with asyncio.timeout(10):
        await other.client.serve(7, "Counter 2", key=str(SystemIds().uuid()))
        await served.wait()
    seen = await queue.get(7)
    assert seen is not None
    assert seen.served_elsewhere("T01A", SystemClock().now())

    [theirs] = await (await ready(other)).items([8])
    await sell(other.store, theirs.invoice)
    assert await sender_of(other).send_all()
    async with asyncio.timeout(10):
        await paid.wait()
        while 8 in await queue.ids():
            served.clear()
            await served.wait()

    live.clear()
    await relay.kill()
    await relay.start()
    async with asyncio.timeout(20):
        await live.wait()
    assert states[:4] == ["reading", "live", "away", "live"]
    await tasks.close()
    await other.client.http.close()
    await other.store.close()


async def test_a_signed_out_queue_says_so(counter: Counter) -> None:
    queue = Worklist(counter.store, counter.client)
    counter.client.http.end_session()
    await queue.run()
    assert queue.state is QueueState.SIGNED_OUT
