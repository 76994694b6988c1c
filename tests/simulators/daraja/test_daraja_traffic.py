"""Random traffic: the same by its seed, with the wanted share of trouble, and a truth that fits the ledger."""

import json
import random
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from hmis_pos.simulators.daraja.traffic_plan import Bill, Planned, TrafficRates, invent_bills, plan_traffic
from hmis_pos.simulators.daraja.typos import HARMFUL, HARMLESS, KINDS, bare, mistype
from tests.support.daraja_till import Open, Till

CALM = TrafficRates(
    typos=0,
    other_amount=0,
    business=0,
    oddities=0,
    lost=0,
    duplicated=0,
    late=0,
    contradicted=0,
    stk_failed=0,
    feed_late=0,
)


def rates(**changed: Any) -> TrafficRates:
    return TrafficRates(**({name: getattr(CALM, name) for name in CALM.__struct_fields__} | changed))


def share(plan: list[Planned], fault: str) -> float:
    return sum(fault in planned.faults for planned in plan) / len(plan)


# -- the plan


def test_the_same_seed_is_the_same_traffic() -> None:
    first, second, other = (plan_traffic(days=3, seed=seed) for seed in (5, 5, 6))
    assert first == second
    assert first != other
    assert [p.after for p in first] == sorted(p.after for p in first)
    assert Counter(p.kind for p in first) == {"paybill": 120, "stk": 60}
    assert all(7 * 3600 <= p.after % 86400 <= 19 * 3600 for p in first)


def test_the_wanted_shares() -> None:
    plan = plan_traffic(days=30, seed=1, rates=TrafficRates(paybill_per_day=100, stk_per_day=100))
    menu = [p for p in plan if p.kind == "paybill"]
    typos = sum(p.typo is not None for p in menu) / len(menu)
    assert 0.08 < typos < 0.12
    assert 0.04 < share(plan, "lost") < 0.06
    assert 0.03 < share(plan, "duplicated") < 0.06
    assert 0.005 < share(plan, "contradicted") < 0.02, "of half of them"
    assert {p.typo for p in menu if p.typo} == set(KINDS)
    assert len({p.msisdn for p in plan if p.msisdn}) == sum(bool(p.msisdn) for p in plan)


def test_calm_traffic_has_no_trouble() -> None:
    plan = plan_traffic(days=2, seed=1, rates=CALM)
    assert all(p.faults == () and p.typo is None and p.account == p.bill.account for p in plan)


def test_bills_of_the_callers_choice() -> None:
    bills = [Bill(account="INV-1", amount=Decimal(700), msisdn="254700000001")]
    plan = plan_traffic(days=1, seed=1, rates=CALM, bills=bills)
    assert {(p.account, p.amount, p.msisdn) for p in plan} == {("INV-1", Decimal(700), "254700000001")}
    assert len({bill.account for bill in invent_bills(500, 3)}) == 500


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": 1, "bills": []}])
def test_no_traffic_without_days_or_bills(wrong: Any) -> None:
    with pytest.raises(ValueError, match="at least one"):
        plan_traffic(seed=1, **wrong)


@pytest.mark.parametrize("seed", range(200))
def test_a_typo_is_a_typo(seed: int) -> None:
    others = {f"INV{n}" for n in range(20900, 21000)}
    typed, kind = mistype("INV-20931", "P104000", random.Random(seed), others)
    assert typed != "INV-20931"
    assert len(typed) <= 20
    if kind in HARMLESS:
        forgiven = bare(typed).replace("O", "0")
        assert forgiven.removeprefix("INV") in {"20931", "2093I"}
    else:
        assert kind in HARMFUL
        assert bare(typed) not in others - {"INV20931"}


# -- the run


async def run(till: Till, plan: list[Planned], **more: Any) -> None:
    await till.register()
    await till.daraja.traffic.run(plan, **more)


async def test_calm_traffic_is_confirmed_once_each(open_till: Open) -> None:
    till = await open_till()
    plan = plan_traffic(days=2, seed=3, rates=rates(paybill_per_day=5, stk_per_day=3))
    begun = till.daraja.state.clock.now()
    await run(till, plan)
    truth = till.daraja.traffic.truth
    movements = till.daraja.state.ledger.movements()
    assert len(truth.happened) == len(plan) == 16
    assert [m.receipt for m in movements] == truth.receipts()
    assert sorted(told["TransID"] for told in till.confirmed()) == sorted(truth.receipts())
    assert [m.amount for m in movements] == [p.amount for p in plan]
    ahead = (till.daraja.state.clock.now() - begun).total_seconds()
    assert plan[-1].after < ahead < plan[-1].after + 3600


async def test_the_truth_tells_what_was_done(open_till: Open) -> None:
    till = await open_till()
    wanted = TrafficRates(
        paybill_per_day=30, stk_per_day=20, lost=0.2, duplicated=0.2, late=0.2, contradicted=0.3, typos=0.5
    )
    plan = plan_traffic(days=2, seed=11, rates=wanted)
    await run(till, plan)
    daraja, truth = till.daraja, till.daraja.traffic.truth
    assert {m.receipt for m in daraja.state.ledger.movements()} == set(truth.receipts())
    told = Counter(json.loads(body)["TransID"].strip().upper() for body in till.merchant.confirmations)
    for happened in truth.happened:
        if happened.receipt is None:
            assert happened.result != "0"
            continue
        count = told[happened.receipt]
        if happened.hit_by("lost"):
            assert count == 0
        elif happened.hit_by("duplicated"):
            assert count in {2, 3}
        else:
            assert count == 1
        assert truth.of(happened.receipt) == happened
        movement = daraja.state.ledger.find(happened.receipt)
        assert movement is not None
        assert movement.amount == happened.planned.amount
    for fault in ("lost", "duplicated", "late", "contradicted", "failed", "feed_late", "business", "odd"):
        assert any(happened.hit_by(fault) for happened in truth.happened), fault
    assert truth.receipts("wrong_digit")


async def test_late_ones_come_after_others(open_till: Open) -> None:
    till = await open_till()
    plan = plan_traffic(days=1, seed=4, rates=rates(paybill_per_day=60, stk_per_day=0, late=0.3))
    await run(till, plan)
    order = [told["TransID"] for told in till.confirmed()]
    truth = till.daraja.traffic.truth
    assert sorted(order) == sorted(truth.receipts())
    assert order != truth.receipts()
    sent = {letter.checkout_id: letter.at for letter in till.daraja.courier.sent}
    for happened in truth.happened:
        assert happened.receipt is not None
        waited = (sent[happened.receipt] - happened.at).total_seconds()
        assert (waited > 100) == happened.hit_by("late")


async def test_a_merchant_asks_for_the_pushes(open_till: Open) -> None:
    till = await open_till()
    asked: list[int] = []

    async def push(planned: Planned) -> str | None:
        if planned.no == 2:
            return None
        await till.sign_in()
        answer = await till.push(phone=planned.msisdn, Amount=int(planned.amount), AccountReference="INV1")
        asked.append(planned.no)
        return str(answer.json()["CheckoutRequestID"])

    plan = plan_traffic(days=1, seed=2, rates=rates(paybill_per_day=0, stk_per_day=6, contradicted=1, stk_failed=0.3))
    seen: list[str] = []

    async def after_each(happened: Any) -> None:
        seen.append(happened.result)

    await run(till, plan, push=push, after_each=after_each)
    truth = till.daraja.traffic.truth
    assert asked == [1, 3, 4, 5, 6]
    assert [h.result for h in truth.happened] == seen
    assert seen[1] == "not sent"
    assert len(till.merchant.bodies) == 5
    paid = [h for h in truth.happened if h.paid]
    assert paid
    for happened in paid:
        await till.sign_in()
        assert (await till.query(happened.checkout or "")).json()["ResultCode"] == "1032", "it contradicts"


async def test_the_same_run_twice_gives_the_same_receipts(open_till: Open) -> None:
    receipts = []
    for _ in range(2):
        till = await open_till(seed=9)
        await run(till, plan_traffic(days=1, seed=9, rates=TrafficRates(paybill_per_day=10, stk_per_day=10)))
        receipts.append([(h.receipt, h.result) for h in till.daraja.traffic.truth.happened])
    assert receipts[0] == receipts[1]


async def test_rows_that_the_feed_shows_later(open_till: Open) -> None:
    till = await open_till(pull_needs_registration=False)
    await run(till, plan_traffic(days=1, seed=4, rates=rates(paybill_per_day=20, stk_per_day=0, feed_late=0.5)))
    ledger, truth = till.daraja.state.ledger, till.daraja.traffic.truth
    for movement in ledger.movements():
        late = till.daraja.pull.shown_from(movement) > movement.at
        assert late == (movement.receipt in truth.receipts("feed_late"))


async def test_over_http(open_till: Open) -> None:
    till = await open_till()
    await till.register()
    calm = dict.fromkeys(CALM.__struct_fields__, 0) | {"paybill_per_day": 3}
    bills = [{"account": "INV-1", "amount": "70.50"}]
    answer = await till.client.post("/sim/traffic", json={"days": 1, "seed": 2, "rates": calm, "bills": bills})
    assert (answer.status_code, answer.json()) == (202, {"expected": 3})
    assert (await till.client.get("/sim/idle?timeout=20")).json() == {"idle": True}
    told = (await till.client.get("/sim/traffic")).json()
    assert told["running"] is False
    assert [(h["meant"], h["typed"], h["amount"]) for h in told["happened"]] == [("INV-1", "INV-1", "70.50")] * 3
    assert {h["receipt"] for h in told["happened"]} == {t["TransID"] for t in till.confirmed()}
    for bad in ({"days": 0}, {"rates": {"lost": 2}}, {"colour": 1}, {"days": 1, "bills": []}):
        assert (await till.client.post("/sim/traffic", json=bad)).status_code == 400
