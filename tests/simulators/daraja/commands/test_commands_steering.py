"""The admin calls about commands: what tests in another process see and steer."""

import asyncio
from typing import Any

import pytest

from tests.support.daraja_commands import Office
from tests.support.daraja_till import PHONE


@pytest.fixture
async def office(open_office: Any) -> Office:
    opened: Office = await open_office(initiator_attempts=1)
    return opened


async def test_commands_are_listed_and_found(office: Office) -> None:
    paid = await office.done("b2c", originator="refund-1")
    await office.done("balance")
    client = office.till.client
    (listed,) = (await client.get("/sim/commands?kind=b2c")).json()["commands"]
    assert listed == (await client.get("/sim/commands/refund-1")).json()
    assert listed == (await client.get(f"/sim/commands/{paid['ConversationID']}")).json()
    assert (listed["kind"], listed["subject"], listed["stage"]) == ("b2c", PHONE, "done")
    assert (listed["result_code"], listed["receipt"], listed["amount"]) == ("0", paid["TransactionID"], "1500.00")
    assert len((await client.get("/sim/commands")).json()["commands"]) == 2
    assert (await client.get("/sim/commands/refund-2")).status_code == 404


async def test_waiting_for_commands(office: Office) -> None:
    waiting = asyncio.get_running_loop().create_task(
        office.till.client.get("/sim/commands?kind=b2c&stage=done&count=2&timeout=5")
    )
    await office.done("b2c")
    await office.done("b2c")
    assert len((await waiting).json()["commands"]) == 2


async def test_requests_are_kept_without_the_credential(office: Office) -> None:
    await office.done("b2c", originator="refund-1")
    await office.send("b2c", originator="refund-1")
    answer = await office.till.client.get("/sim/command-requests")
    assert "SecurityCredential" not in answer.text
    first, second = answer.json()["requests"]
    assert (first["accepted"], first["kind"], first["body"]["Amount"]) == (True, "b2c", "1500")
    assert (second["accepted"], second["error"]) == (False, "500.002.1001")


async def test_scripts_are_set_and_removed(office: Office) -> None:
    client = office.till.client
    await client.put("/sim/command-scripts/b2c", json="busy")
    answer = await client.put(
        f"/sim/command-scripts/b2c/{PHONE}", json=["lost_result", {"outcome": "2040", "seconds": 0}]
    )
    scripts = answer.json()["scripts"]
    assert [step["outcome"] for step in scripts[f"b2c:{PHONE}"]] == ["truth", "2040"]
    assert "timeout_unpaid" in answer.json()["troubles"]
    await office.send("b2c")
    assert (await office.done("b2c"))["ResultCode"] == 2040
    await client.delete(f"/sim/command-scripts/b2c/{PHONE}")
    assert (await office.done("b2c"))["ResultCode"] == 26
    await client.delete("/sim/command-scripts/b2c")
    assert (await office.done("b2c"))["ResultCode"] == 0


@pytest.mark.parametrize(
    ("kind", "script", "error"),
    [
        ("payout", "busy", "unknown kind 'payout'"),
        ("b2c", "bussy", "unknown outcome 'bussy'"),
        ("b2c", [], "at least one step"),
        ("b2c", {"second": 1}, "second"),
        ("b2c", {"deliveries": ["pay"]}, "cannot say 'pay'"),
    ],
)
async def test_a_bad_script_is_one_clear_line(office: Office, kind: str, script: Any, error: str) -> None:
    answer = await office.till.client.put(f"/sim/command-scripts/{kind}", json=script)
    assert answer.status_code == 400
    assert error in answer.json()["error"]


async def test_held_results_are_released(office: Office) -> None:
    client = office.till.client
    await client.put("/sim/command-scripts/b2c", json={"deliveries": [{"held": True}]})
    await office.send("b2c", originator="refund-1")
    assert (await client.get("/sim/idle?timeout=5")).json() == {"idle": True}
    assert (await client.get("/sim/commands/refund-1")).json()["stage"] == "held"
    assert (await client.post("/sim/commands/refund-1/release")).json() == {"released": 1}
    assert (await client.get("/sim/commands?stage=done&count=1&timeout=5")).json()["commands"]
    assert len(office.results()) == 1


async def test_more_can_be_sent(office: Office) -> None:
    await office.done("b2c", originator="refund-1")
    answer = await office.till.client.post("/sim/commands/refund-1/deliveries", json={"say": "timeout"})
    assert answer.status_code == 202
    await office.till.daraja.wait_for(lambda _: office.timeouts())


async def test_the_operator_is_shown_and_unlocked(office: Office) -> None:
    await office.done("b2c", SecurityCredential="wrong")
    client = office.till.client
    assert (await client.get("/sim/operator")).json() == {"name": "testapi", "wrong": 1, "locked": True}
    assert (await client.post("/sim/operator/unlock")).json()["locked"] is False
    assert (await office.done("b2c"))["ResultCode"] == 0


async def test_an_unknown_trouble_is_refused_in_the_settings(office: Office) -> None:
    answer = await office.till.client.put("/sim/config", json={"command_troubles": {"rain": 0.5}})
    assert answer.status_code == 400
    assert (
        await office.till.client.put("/sim/config", json={"command_troubles": {"busy_later": 1}})
    ).status_code == 200
    assert (await office.done("balance"))["ResultCode"] == 26
