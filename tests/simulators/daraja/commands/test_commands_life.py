"""The asynchronous life of a command: late, lost, doubled, contradicted, timed out, and answered badly at once."""

import json
from decimal import Decimal
from typing import Any, get_args

import httpx
import msgspec
import pytest

from hmis_pos.simulators.daraja.commands import TROUBLES, CommandDelivery, CommandScript, CommandSubmit
from hmis_pos.simulators.daraja.config import Trouble
from hmis_pos.simulators.daraja.ledger import UTILITY
from tests.support.daraja_commands import Kind, Office, parameters
from tests.support.daraja_till import PHONE


@pytest.fixture
async def office(open_office: Any) -> Office:
    opened: Office = await open_office()
    return opened


def payouts(office: Office) -> int:
    return len(office.till.daraja.state.ledger.movements("b2c"))


async def scripted(office: Office, script: Any, kind: Kind = "b2c", **changed: Any) -> str:
    """Send one command with this script; gives its ConversationID."""
    office.till.daraja.commands.script("b2c" if kind == "b2c_v1" else kind, script)
    answer = await office.send(kind, **changed)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["ConversationID"])


# -- results


async def test_a_lost_result(office: Office) -> None:
    await scripted(office, "lost_result")
    await office.till.daraja.idle()
    assert office.results() == []
    assert payouts(office) == 1


async def test_a_result_that_comes_three_times(office: Office) -> None:
    await scripted(office, "duplicate_result")
    await office.till.daraja.idle()
    bodies = [letter.body for letter in office.till.daraja.courier.sent]
    assert len(bodies) == 3
    assert len(set(bodies)) == 1


async def test_a_late_result_follows_the_clock(office: Office) -> None:
    conversation = await scripted(office, CommandScript(seconds=30, deliveries=(CommandDelivery(after=120),)))
    daraja = office.till.daraja
    await daraja.wait_for(lambda _: office.command(conversation).stage == "undecided")
    assert payouts(office) == 0
    daraja.advance(31)
    await daraja.wait_for(lambda _: payouts(office))
    assert office.results() == []
    assert not daraja.quiet
    daraja.advance(121)
    await daraja.idle()
    assert office.results()[0]["ResultCode"] == 0


async def test_a_result_before_the_answer(office: Office) -> None:
    await scripted(office, "result_first", originator="refund-1")
    assert office.results()[0]["OriginatorConversationID"] == "refund-1"
    await office.till.daraja.idle()
    assert len(office.results()) == 1


@pytest.mark.parametrize(
    ("deliveries", "codes"),
    [(("busy", "truth"), [26, 0]), (("truth", "internal"), [0, 17]), (("R000002",), ["R000002"])],
)
async def test_contradictions(office: Office, deliveries: Any, codes: Any) -> None:
    await scripted(office, CommandScript(deliveries=deliveries))
    await office.till.daraja.idle()
    assert [result["ResultCode"] for result in office.results()] == codes
    assert payouts(office) == 1


async def test_another_amount_is_told_than_moved(office: Office) -> None:
    await scripted(office, CommandScript(deliveries=("truth", CommandDelivery(amount="1499.5"))))
    await office.till.daraja.idle()
    assert [parameters(result)["TransactionAmount"] for result in office.results()] == [1500, 1499.5]


@pytest.mark.parametrize("kind", ["b2c", "reversal"])
async def test_a_forged_success_is_in_no_ledger(office: Office, kind: Any) -> None:
    script = CommandScript(outcome="insufficient", deliveries=("forged", "truth"))
    await scripted(office, script, kind, **({"TransactionID": "TAB1CD2EFG"} if kind == "reversal" else {}))
    await office.till.daraja.idle()
    forged, true = office.results()
    assert (forged["ResultCode"], true["ResultCode"]) == (0, 1)
    assert office.till.daraja.state.ledger.find(forged["TransactionID"]) is None
    assert office.till.daraja.state.ledger.movements() == []


async def test_what_cannot_be_forged_is_passed_over(office: Office) -> None:
    await scripted(office, CommandScript(deliveries=("forged", "truth")), "balance")
    await office.till.daraja.idle()
    assert len(office.results()) == 1


async def test_garbage_and_any_text(office: Office) -> None:
    await scripted(office, CommandScript(deliveries=("garbage", CommandDelivery(say="raw", body="<html>"), "truth")))
    await office.till.daraja.idle()
    first, second, third = (letter.body for letter in office.till.daraja.courier.sent)
    with pytest.raises(json.JSONDecodeError):
        json.loads(first)
    assert second == "<html>"
    assert json.loads(third)["Result"]["ResultCode"] == 0


async def test_more_can_be_sent_afterwards(office: Office) -> None:
    conversation = await scripted(office, CommandScript())
    await office.till.daraja.idle()
    office.till.daraja.commands.send(office.command(conversation), CommandDelivery(times=2))
    await office.till.daraja.wait_for(lambda _: len(office.results()) == 3)
    assert payouts(office) == 1


# -- QueueTimeOutURL


async def test_a_timeout_and_the_result_later(office: Office) -> None:
    await scripted(office, "timeout_then_result")
    daraja = office.till.daraja
    await daraja.wait_for(lambda _: payouts(office))
    assert len(office.timeouts()) == 1
    assert office.results() == []
    daraja.advance(61)
    await daraja.idle()
    assert office.results()[0]["ResultCode"] == 0


@pytest.mark.parametrize(
    ("trouble", "paid", "status"), [("timeout_paid", 1, "Completed"), ("timeout_unpaid", 0, "Expired")]
)
async def test_a_timeout_proves_nothing(office: Office, trouble: str, paid: int, status: str) -> None:
    await scripted(office, trouble, originator="refund-1")
    await office.till.daraja.idle()
    assert (len(office.timeouts()), office.results(), payouts(office)) == (1, [], paid)
    told = parameters(await office.done("status", OriginalConversationID="refund-1"))
    assert told["TransactionStatus"] == status


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ("envelope", '{"Result":{"ResultType":1,"ResultCode":1,'),
        ("flat", '{"OriginatorConversationID":"refund-1",'),
        ("echo", '{"Remarks":"Refund of a bill",'),
        ("object", "{}"),
        ("list", "[]"),
        ("text", "Request timed out in the queue"),
        ("empty", ""),
    ],
)
async def test_a_timeout_comes_in_every_shape(office: Office, shape: Any, text: str) -> None:
    step = CommandDelivery(say="timeout", timeout_shape=shape)
    await scripted(office, CommandScript(deliveries=(step,)), originator="refund-1")
    await office.till.daraja.idle()
    (body,) = office.timeouts()
    assert body.startswith(text)
    assert "SecurityCredential" not in body


# -- answers at once


@pytest.mark.parametrize(
    ("fault", "status", "text"),
    [("error", 500, "500.003.1001"), ("unavailable", 503, "<html>"), ("html", 200, "<html>"), ("empty", 200, "")],
)
@pytest.mark.parametrize("accepted", [True, False])
async def test_a_broken_answer_tells_nothing(
    office: Office, fault: Any, status: int, text: str, *, accepted: bool
) -> None:
    office.till.daraja.commands.script("b2c", CommandScript(submit=CommandSubmit(fault=fault, accepted=accepted)))
    answer = await office.send("b2c", originator="refund-1")
    assert answer.status_code == status
    assert text in answer.text
    await office.till.daraja.idle()
    assert payouts(office) == len(office.results()) == accepted


@pytest.mark.parametrize("fault", ["hang", "reset"])
@pytest.mark.parametrize("accepted", [True, False])
async def test_no_answer_at_all(office: Office, fault: Any, *, accepted: bool) -> None:
    office.till.daraja.commands.script("b2c", CommandScript(submit=CommandSubmit(fault=fault, accepted=accepted)))
    office.till.client.timeout = httpx.Timeout(0.3)
    with pytest.raises(httpx.TransportError):
        await office.till.client.post(
            "/mpesa/b2c/v3/paymentrequest", json=office.fields("b2c"), headers=office.till.bearer
        )
    office.till.client.timeout = httpx.Timeout(5)
    await office.till.daraja.idle()
    assert payouts(office) == accepted


@pytest.mark.parametrize(
    ("reject", "status", "code"),
    [
        ("spike", 429, None),
        ("spike_arrest", 500, "500.003.02"),
        ("busy", 500, "500.003.02"),
        ("quota", 500, "500.003.03"),
        ("maintenance", 500, "500.002.1001"),
        ("bad_request", 400, "400.003.02"),
        ("no_product", 401, None),
        ("token_401", 401, "401.002.01"),
    ],
)
async def test_refusals_of_the_table(office: Office, reject: str, status: int, code: str | None) -> None:
    office.till.daraja.commands.script("balance", CommandScript(submit=CommandSubmit(fault="reject", reject=reject)))
    answer = await office.send("balance")
    assert answer.status_code == status
    assert answer.json().get("errorCode") == code


# -- held


async def test_a_held_decision_waits_for_its_release(office: Office) -> None:
    conversation = await scripted(office, CommandScript(held=True))
    daraja = office.till.daraja
    await daraja.idle()
    assert (office.command(conversation).stage, payouts(office)) == ("waiting", 0)
    assert daraja.commands.release("AG_other") == 0
    assert daraja.commands.release(conversation) == 1
    await daraja.wait_for(lambda _: office.results())
    assert payouts(office) == 1


async def test_a_held_result_waits_for_its_release(office: Office) -> None:
    conversation = await scripted(office, CommandScript(deliveries=(CommandDelivery(held=True),)))
    daraja = office.till.daraja
    await daraja.idle()
    assert (office.command(conversation).stage, payouts(office), office.results()) == ("held", 1, [])
    assert daraja.commands.release() == 1
    await daraja.wait_for(lambda _: office.results())


async def test_a_reset_forgets_what_is_under_way(office: Office) -> None:
    await scripted(office, CommandScript(held=True), originator="refund-1")
    await office.till.daraja.reset()
    assert office.till.daraja.commands.all() == []
    assert office.till.daraja.quiet
    assert (await office.done("b2c", originator="refund-1"))["ResultCode"] == 0


# -- scripts


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"outcome": "pay"}, "cannot be 'pay'"),
        ({"outcome": "maybe"}, "unknown outcome 'maybe'"),
        ({"early": ("truth",)}, "nothing is decided yet"),
        ({"held": True, "result_before_answer": True}, "cannot wait for a release"),
    ],
)
def test_a_script_that_makes_no_sense(wrong: dict[str, Any], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        CommandScript(**wrong)


def test_a_delivery_cannot_claim_success() -> None:
    with pytest.raises(ValueError, match="use 'truth', or 'forged'"):
        CommandDelivery(say="pay")


def test_every_trouble_can_be_asked_for_in_the_settings() -> None:
    assert set(TROUBLES) == set(get_args(Trouble))


# -- by chance

ODDS = {
    "lost_result": 0.1,
    "duplicate_result": 0.1,
    "timeout_paid": 0.1,
    "timeout_unpaid": 0.1,
    "reset_accepted": 0.1,
    "error_id_taken": 0.1,
    "busy_later": 0.1,
    "odd_shape": 0.1,
}


async def month(open_office: Any, **settings: Any) -> tuple[Office, list[str]]:
    """Forty payouts by seeded chance; tells how each request was answered."""
    office: Office = await open_office(command_troubles=ODDS, **settings)
    answers = []
    for number in range(40):
        try:
            answer = await office.send("b2c", originator=f"refund-{number}", Amount=10 + number)
            answers.append(str(answer.status_code))
        except httpx.TransportError:
            answers.append("none")
    await office.till.daraja.idle()
    return office, answers


async def test_chance_repeats_with_the_seed_and_the_books_stay_right(open_office: Any) -> None:
    first, answers = await month(open_office, seed=11)
    second, again = await month(open_office, seed=11)
    _, other = await month(open_office, seed=12)
    assert answers == again != other
    assert {"200", "500", "none"} == set(answers)
    for office in (first, second):
        ledger = office.till.daraja.state.ledger
        paid = sum((m.amount for m in ledger.movements("b2c")), Decimal(0))
        assert ledger.balance(UTILITY) == 100000 - paid
        decided = [command.decision for command in office.till.daraja.commands.all("b2c")]
        assert sum(d is not None and d.movement is not None for d in decided) == payouts(office)
        told = {r["TransactionID"] for r in office.results() if str(r["ResultCode"]) == "0"}
        assert told < {m.receipt for m in ledger.movements("b2c")}, "every told receipt is true, some are not told"
    # Answers overtake one another, so that only the order of the rows may differ.
    one, two = (sorted(m.amount for m in o.till.daraja.state.ledger.movements("b2c")) for o in (first, second))
    assert one == two


async def test_a_script_goes_before_chance(open_office: Any) -> None:
    office: Office = await open_office(command_troubles={"lost_result": 1.0})
    office.till.daraja.commands.script("b2c", CommandScript(), PHONE)
    await office.done("b2c")
    await office.send("balance")
    await office.till.daraja.idle()
    assert len(office.results()) == 1


async def test_odds_can_change_while_it_runs(office: Office) -> None:
    config = office.till.daraja.state.config
    office.till.daraja.state.configure(msgspec.structs.replace(config, command_troubles={"busy_later": 1.0}))
    assert (await office.done("balance"))["ResultCode"] == 26
