from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from hmis_pos.db.local.records import KnownUser, SyncAnswer, WatchedPayment
from hmis_pos.db.local.store import LocalStore
from hmis_pos.domain.errors import NotAllowed
from hmis_pos.domain.money import Money
from tests.support.till import IDS, NOW, enrol, invoice, open_store, sell


def yes(uid: object) -> SyncAnswer:
    return SyncAnswer(uid=uid, refused=False, deposited=Money.zero())  # type: ignore[arg-type]


async def test_rows_leave_in_order_and_only_on_an_answer(store: LocalStore) -> None:
    sold = [await sell(store, invoice(n)) for n in (1, 2, 3)]
    assert [i.number for i in await store.outbox.pending(2)] == [1, 2]
    await store.outbox.tried([sold[0].uid, sold[1].uid], "the relay is away")
    first = (await store.outbox.pending())[0]
    assert (first.tries, first.last_error) == (1, "the relay is away")
    await store.outbox.acknowledge([yes(sold[1].uid)], NOW)
    assert [i.number for i in await store.outbox.pending()] == [1, 3]
    kept = await store.receipts.by_uid(sold[1].uid)
    assert kept is not None
    assert kept.acknowledged_at == NOW


async def test_a_refused_receipt_is_shown_with_its_reason_and_can_be_offered_again(store: LocalStore) -> None:
    receipt = await sell(store, invoice(1))
    no = SyncAnswer(
        uid=receipt.uid, refused=True, deposited=Money.zero(), code="receipt-conflict", message="number 1 is taken"
    )
    await store.outbox.acknowledge([no], NOW)
    counts = await store.outbox.counts()
    assert (counts.unsent, counts.refused) == (0, 1)
    [refused] = await store.outbox.refused()
    assert (refused.no, refused.code, refused.message) == ("T03A-000001", "receipt-conflict", "number 1 is taken")
    kept = await store.receipts.by_uid(receipt.uid)
    assert kept is not None
    assert kept.refused == "number 1 is taken"
    await store.outbox.send_again(receipt.uid)
    assert (await store.outbox.counts()).unsent == 1


async def test_answers_may_repeat_and_name_strangers(store: LocalStore) -> None:
    receipt = await sell(store, invoice(1))
    await store.outbox.acknowledge([yes(receipt.uid), yes(receipt.uid), yes(IDS.uuid())], NOW)
    await store.outbox.acknowledge([yes(receipt.uid)], NOW + timedelta(hours=1))
    kept = await store.receipts.by_uid(receipt.uid)
    assert kept is not None
    assert kept.acknowledged_at == NOW


async def test_a_watched_payment_survives_a_restart(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    asked = WatchedPayment(
        uid=IDS.uuid(),
        invoice_id=4,
        method="mpesa",
        amount=Money.whole(4850),
        phone="254712345418",
        idempotency_key="k-1",
        cashier="cashier",
        status="created",
        began_at=NOW,
    )
    await store.watched.watch(asked)
    await store.watched.watch(asked)
    await store.watched.note_status(asked.uid, "pending")
    await store.close()
    store = await open_store(tmp_path)
    [found] = await store.watched.all()
    assert (found.status, found.amount, found.idempotency_key) == ("pending", Money.whole(4850), "k-1")
    await store.watched.forget(asked.uid)
    assert await store.watched.get(asked.uid) is None
    await store.close()


def known(hours: int = 72) -> KnownUser:
    return KnownUser(
        user_id=7,
        username="Cashier",
        display_name="Jane Cashier",
        role="billing",
        facility_id=1,
        facility_name="Makadara Hospital",
        expires_at=NOW + timedelta(hours=hours),
    )


async def test_offline_sign_in_within_72_hours(store: LocalStore) -> None:
    await store.users.remember(known(), "right horse")
    found = await store.users.sign_in("cashier ", "right horse", NOW)
    assert (found.user_id, found.display_name) == (7, "Jane Cashier")
    with pytest.raises(NotAllowed) as late:
        await store.users.sign_in("cashier", "right horse", NOW + timedelta(hours=72))
    assert late.value.code == "offline-unknown"
    with pytest.raises(NotAllowed):
        await store.users.sign_in("stranger", "right horse", NOW)
    await store.users.forget("CASHIER")
    with pytest.raises(NotAllowed):
        await store.users.sign_in("cashier", "right horse", NOW)


async def test_wrong_passwords_are_counted_across_restarts(tmp_path: Path) -> None:
    for attempt in range(1, 6):
        store = await open_store(tmp_path)
        if attempt == 1:
            await enrol(store)
            await store.users.remember(known(), "right horse")
        with pytest.raises(NotAllowed) as wrong:
            await store.users.sign_in("cashier", "wrong", NOW)
        assert wrong.value.code == ("locked" if attempt == 5 else "bad-credentials")
        await store.close()
    store = await open_store(tmp_path)
    with pytest.raises(NotAllowed) as locked:
        await store.users.sign_in("cashier", "right horse", NOW + timedelta(minutes=14))
    assert locked.value.code == "locked"
    assert (await store.users.sign_in("cashier", "right horse", NOW + timedelta(minutes=16))).user_id == 7
    await store.close()


async def test_notes_are_kept(store: LocalStore) -> None:
    assert await store.notes.get("language") == ""
    await store.notes.set("language", "sw")
    assert await store.notes.get("language") == "sw"
