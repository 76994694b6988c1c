"""Pull Transactions: registration, the list inside a list, its pages, its window and its gaps."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.support.daraja_till import EAT, Open, Till

PHONE = "254712345678"


def window(till: Till, **changed: Any) -> dict[str, Any]:
    now = till.daraja.state.clock.now().astimezone(EAT)
    return {
        "ShortCode": "174379",
        "StartDate": f"{now - timedelta(days=3):%Y-%m-%d %H:%M:%S}",
        "EndDate": f"{now + timedelta(hours=1):%Y-%m-%d %H:%M:%S}",
        "OffSetValue": "0",
        **changed,
    }


async def enrol(till: Till, **changed: Any) -> httpx.Response:
    body = {
        "ShortCode": "174379",
        "RequestType": "Pull",
        "NominatedNumber": "254722000000",
        "CallBackURL": f"{till.merchant.url}/cb/pull",
    }
    return await till.call("/pulltransactions/v1/register", **(body | changed))


async def pulling(open_till: Open, payments: int = 1, **settings: Any) -> tuple[Till, list[str]]:
    """A registered merchant, and the receipts of so many payments."""
    till = await open_till(**settings)
    assert (await enrol(till)).status_code == 200
    return till, [
        (await till.daraja.pay(msisdn=PHONE, amount=n + 1, account=f"inv {n}")).receipt for n in range(payments)
    ]


async def pull(till: Till, **changed: Any) -> httpx.Response:
    return await till.call("/pulltransactions/v1/query", **window(till, **changed))


async def rows(till: Till, **changed: Any) -> list[dict[str, Any]]:
    (inner,) = (await pull(till, **changed)).json()["Response"]
    return list(inner)


@pytest.mark.parametrize(("style", "key"), [("plain", "ResponseStatus"), ("spaced", "Response Status")])
async def test_registered_once_is_1000_then_1001(open_till: Open, style: Any, key: str) -> None:
    till = await open_till(pull_status_key=style)
    assert [(await enrol(till)).json()[key] for _ in range(2)] == ["1000", "1001"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ShortCode": "600111"}, "400.001"),
        ({"RequestType": "Push"}, "400.002.02"),
        ({"NominatedNumber": "174379"}, "400.002.02"),
        ({"CallBackURL": ""}, "400.002.02"),
    ],
)
async def test_registration_refuses(open_till: Open, changed: Any, code: str) -> None:
    till = await open_till()
    answer = await enrol(till, **changed)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, code)


async def test_a_row_is_written_as_the_reference_says(open_till: Open) -> None:
    till, (receipt,) = await pulling(open_till)
    answer = (await pull(till)).json()
    assert (answer["ResponseCode"], answer["ResponseMessage"]) == ("1000", "Success")
    assert answer["ResponseRefID"]
    ((row,),) = answer["Response"]
    assert row.pop("sender")
    assert row.pop("trxDate").endswith("Z")
    assert row == {
        "transactionId": receipt,
        "msisdn": 712345678,
        "transactiontype": "c2b-pay-bill-debit",
        "billreference": "inv 0",
        "amount": "1.00",
        "organizationname": "Mwangaza County Hospital",
    }


async def test_stk_payments_are_in_it_and_payouts_are_not(open_till: Open) -> None:
    till, _ = await pulling(open_till, 0)
    await till.pushed()
    ledger = till.daraja.state.ledger
    paid = ledger.movements()[0]
    ledger.move(
        "AG_1",
        msisdn=PHONE,
        amount=paid.amount,
        account="",
        shortcode="174379",
        at=paid.at,
        kind="b2c",
        direction="out",
    )
    assert [row["transactionId"] for row in await rows(till)] == [paid.receipt]


@pytest.mark.parametrize(
    ("settings", "key", "told"),
    [
        ({"pull_msisdn": "masked"}, "msisdn", "2547 ***** 678"),
        ({"pull_sender": "MPESA"}, "sender", "MPESA"),
    ],
)
async def test_variants_of_a_row(open_till: Open, settings: Any, key: str, told: Any) -> None:
    till, _ = await pulling(open_till, **settings)
    assert (await rows(till))[0][key] == told


@pytest.mark.parametrize(
    ("style", "form", "zone_hours"),
    [
        ("eat", "%Y-%m-%dT%H:%M:%S", 3),
        ("eat_z", "%Y-%m-%dT%H:%M:%SZ", 3),
        ("utc_z", "%Y-%m-%dT%H:%M:%SZ", 0),
        ("spaced", "%Y-%m-%d %H:%M:%S", 3),
    ],
)
async def test_variants_of_the_date(open_till: Open, style: Any, form: str, zone_hours: int) -> None:
    till, _ = await pulling(open_till, pull_date=style)
    at = till.daraja.state.ledger.movements()[0].at
    assert (await rows(till))[0]["trxDate"] == f"{at + timedelta(hours=zone_hours):{form}}"


async def test_a_business_has_no_number(open_till: Open) -> None:
    till, _ = await pulling(open_till, 0)
    await till.daraja.pay(business="ACME LTD", amount=5, account="INV")
    assert (await rows(till))[0]["msisdn"] == ""


async def test_pages_by_row_offset(open_till: Open) -> None:
    till, receipts = await pulling(open_till, 7, pull_page=3)
    seen: list[str] = []
    for offset in (0, 3, 6):
        seen += [row["transactionId"] for row in await rows(till, OffSetValue=offset)]
    assert seen == receipts
    assert await rows(till, OffSetValue=7) == []


@pytest.mark.parametrize("name", ["ResponseRefID", "RequestID"])
async def test_nothing_is_1001_with_an_empty_list_in_a_list(open_till: Open, name: Any) -> None:
    till, _ = await pulling(open_till, 0, pull_reference=name)
    answer = (await pull(till)).json()
    assert (answer["ResponseCode"], answer["Response"]) == ("1001", [[]])
    assert answer[name]


async def test_nothing_can_be_an_error(open_till: Open) -> None:
    till, _ = await pulling(open_till, 0, pull_nothing="500")
    answer = await pull(till)
    assert (answer.status_code, answer.json()["errorMessage"]) == (500, "no available transactions")


async def test_48_hours_and_no_more(open_till: Open) -> None:
    till, receipts = await pulling(open_till, 1)
    till.daraja.advance(47 * 3600)
    await till.sign_in()
    assert [row["transactionId"] for row in await rows(till)] == receipts
    till.daraja.advance(3600)
    await till.sign_in()
    assert await rows(till) == []


async def test_only_what_was_asked_for(open_till: Open) -> None:
    till, _ = await pulling(open_till, 1)
    at = till.daraja.state.ledger.movements()[0].at.astimezone(EAT)
    second = f"{at:%Y-%m-%d %H:%M:%S}"
    assert len(await rows(till, StartDate=second, EndDate=second)) == 1
    after = f"{at + timedelta(seconds=1):%Y-%m-%d %H:%M:%S}"
    assert await rows(till, StartDate=after) == []


async def test_get_is_answered_too(open_till: Open) -> None:
    till, receipts = await pulling(open_till, 1)
    path = "/pulltransactions/v1/query"
    ways: list[dict[str, Any]] = [{"params": window(till)}, {"json": window(till)}]
    for how in ways:
        answer = await till.client.request("GET", path, headers=till.bearer, **how)
        assert answer.json()["Response"][0][0]["transactionId"] == receipts[0]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ShortCode": "600111"}, "400.001"),
        ({"ShortCode": ""}, "400.001"),
        ({"StartDate": "20260131101530"}, "400.002.02"),
        ({"EndDate": "2020-01-01 00:00:00"}, "400.002.02"),
        ({"OffSetValue": "-1"}, "400.002.02"),
        ({"OffSetValue": None}, "400.002.02"),
    ],
)
async def test_a_query_is_refused(open_till: Open, changed: Any, code: str) -> None:
    till, _ = await pulling(open_till)
    answer = await pull(till, **changed)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, code)


async def test_not_registered_and_bad_token(open_till: Open) -> None:
    till = await open_till()
    assert (await pull(till)).json()["errorCode"] == "400.001"
    till.token = "stale"
    answer = await pull(till)
    assert (answer.status_code, answer.json()["errorCode"]) == (401, "401.001")


# -- faults


async def test_throttled(open_till: Open) -> None:
    till, _ = await pulling(open_till)
    till.daraja.fail("pull_query", "spike")
    assert (await pull(till)).status_code == 429
    assert (await pull(till)).status_code == 200


async def test_pages_with_faults(open_till: Open) -> None:
    till, receipts = await pulling(open_till, 3)
    answer = await till.client.post("/sim/pull/pages", json={"faults": ["broken", "repeat", "reverse", "flat"]})
    assert answer.status_code == 200
    broken = await pull(till)
    with pytest.raises(ValueError, match=r".+"):
        broken.json()
    assert [row["transactionId"] for row in await rows(till)] == [r for r in receipts for _ in range(2)]
    assert [row["transactionId"] for row in await rows(till)] == receipts[::-1]
    assert [row["transactionId"] for row in (await pull(till)).json()["Response"]] == receipts
    assert [row["transactionId"] for row in await rows(till)] == receipts


async def test_a_row_that_comes_only_in_a_later_pull(open_till: Open) -> None:
    till, (first, second) = await pulling(open_till, 2)
    answer = await till.client.post("/sim/pull/hidden", json={"receipt": first, "seconds": 1800})
    assert answer.status_code == 200
    assert [row["transactionId"] for row in await rows(till)] == [second]
    till.daraja.advance(1801)
    assert [row["transactionId"] for row in await rows(till)] == [first, second]


async def test_a_feed_that_lags(open_till: Open) -> None:
    till, receipts = await pulling(open_till, 20, pull_delay_seconds=60, pull_late=0.5, pull_late_seconds=3600)
    assert await rows(till) == []
    till.daraja.advance(61)
    soon = len(await rows(till))
    assert 0 < soon < 20
    assert len(await rows(till)) == soon
    till.daraja.advance(3600)
    await till.sign_in()
    assert [row["transactionId"] for row in await rows(till)] == receipts


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("pages", {"faults": ["torn"]}),
        ("pages", {"faults": "broken"}),
        ("hidden", {"receipt": "X", "seconds": 1}),
    ],
)
async def test_bad_admin_requests(open_till: Open, path: str, body: Any) -> None:
    till, _ = await pulling(open_till)
    assert (await till.client.post(f"/sim/pull/{path}", json=body)).status_code in {400, 404}
