"""What concurrency and locks can change, once more on a real PostgreSQL."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

import pytest

from hmis_pos.cashier import receive_money
from hmis_pos.cashier.records_back_office import ProviderMoney
from hmis_pos.domain.evidence import Evidence, Source
from hmis_pos.domain.money import Money
from tests.relay import (
    test_auth,
    test_back_office,
    test_callbacks,
    test_events,
    test_invoices,
    test_payments,
    test_receipts,
    test_threats,
)
from tests.relay.conftest import BEGAN, C2B_TOKEN, Hospital, fill, opened, until
from tests.relay.test_paybill import paid
from tests.relay.test_threats import credited
from tests.support.postgres import postgres_server, postgres_template, postgres_url

__all__ = ["postgres_server", "postgres_template", "postgres_url"]

SCENARIOS: list[Callable[[Hospital], Awaitable[Any]]] = [
    test_payments.test_fifty_identical_submits_make_one_push_and_fifty_equal_answers,
    test_payments.test_fifty_submits_with_keys_of_their_own_make_one_push,
    test_payments.test_transactions_filters_and_pages,
    test_payments.test_confirm_by_hand_settles_the_invoice,
    test_payments.test_another_facility_sees_and_touches_nothing,
    test_invoices.test_the_queue_pages_in_order_and_names_where_the_feed_stands,
    test_invoices.test_search_finds_by_number_name_and_patient,
    test_invoices.test_of_many_counters_at_once_one_wins,
    test_auth.test_a_refresh_token_works_once_and_its_second_use_ends_the_session,
    test_callbacks.test_the_same_callback_ten_times_is_one_payment,
    test_callbacks.test_money_paid_to_the_shortcode_comes_by_the_c2b_token,
    test_receipts.test_a_batch_may_be_sent_again_whole_or_cut,
    test_receipts.test_one_receipt_that_cannot_be_taken_does_not_hold_up_the_others,
    test_events.test_many_followers_hear_every_payment_whenever_they_join,
    test_events.test_what_the_hmis_changes_itself_is_heard,
    test_back_office.test_what_waits_is_listed_oldest_first_and_pages,
    test_back_office.test_a_cashier_finds_the_patient_splits_and_the_rest_waits,
    test_back_office.test_the_wrong_patients_money_is_moved_back_by_a_supervisor,
    test_back_office.test_a_refund_wants_two_people_and_goes_out_once,
    test_back_office.test_a_code_that_pays_is_proven_and_one_that_was_used_says_where,
    test_back_office.test_the_list_is_read_on_demand_and_finds_what_no_callback_told,
    test_threats.test_T05_fifty_identical_assignments_place_the_money_once,
]


@pytest.fixture
async def postgres_hospital(postgres_url: str) -> AsyncIterator[Hospital]:
    fill(postgres_url)
    async with opened(postgres_url) as found:
        await found.sign_in()
        await found.enrol()
        yield found


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__.removeprefix("test_"))
async def test_on_postgres(scenario: Callable[[Hospital], Awaitable[Any]], postgres_hospital: Hospital):
    await scenario(postgres_hospital)


async def test_numbers_and_readiness_on_postgres(postgres_hospital: Hospital):
    await postgres_hospital.initiate(1)
    text = (await postgres_hospital.http.get("/metrics")).text
    assert "hmis_pos_inbox_depth 0.0" in text
    async with postgres_hospital.app.lifespan():
        assert (await postgres_hospital.http.get("/health/ready")).status_code == 200


class Race:
    """Two transactions that both saw a receipt number to be nobody's; the one that comes second goes on once the other is through."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.arrived = 0
        self.won = threading.Event()
        both, real = threading.Barrier(2, timeout=20), receive_money.proof_of

        def proof(*args: Any) -> Evidence:  # what is done first with money that nobody has
            self.arrived += 1
            place = self.arrived
            if place <= 2:
                both.wait()
            if place == 2:
                assert self.won.wait(20)
            return real(*args)

        monkeypatch.setattr(receive_money, "proof_of", proof)

    async def run(self, winner: Coroutine[Any, Any, int], loser: Coroutine[Any, Any, int]) -> None:
        async with asyncio.TaskGroup() as group:
            first = group.create_task(winner)
            await until(lambda: self.arrived == 1)
            group.create_task(loser)
            await first
            self.won.set()


@pytest.mark.parametrize("account", ["INV-20004", "NOBODY"])
@pytest.mark.parametrize("loser", ["inbox", "pull"])
async def test_who_loses_the_race_for_a_receipt_number_looks_again(
    postgres_hospital: Hospital, monkeypatch: pytest.MonkeyPatch, loser: str, account: str
):
    """Confirmation and list tell of the same new money in the same moment: it is taken once, and neither is bad."""
    hospital = postgres_hospital
    row = ProviderMoney(
        provider="mpesa",
        source=Source.PULL,
        receipt_no="TABRACE001",
        amount=Money.whole(4850),
        observed_at=BEGAN,
        account=account,
        paid_at=BEGAN,
    )
    hospital.gateway.feed.append(row)
    body = paid(TransID=row.receipt_no, BillRefNumber=account)
    assert (await hospital.http.post(f"/cb/{C2B_TOKEN}", content=body)).status_code == 200
    winner = "pull" if loser == "inbox" else "inbox"
    await Race(monkeypatch).run(hospital.step(winner), hospital.step(loser))
    assert "bad-callback" not in [task.kind for task in await hospital.tasks()]
    assert await hospital.database.read(lambda books: books.inbox.depth()) == 0
    assert await credited(hospital) == Money.whole(4850)
