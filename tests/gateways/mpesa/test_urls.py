"""Registering C2B addresses: what Safaricom would refuse is refused here, and its own refusals come with their cure."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from hmis_pos.domain.errors import Misconfigured, OutcomeUnknown, Unavailable
from hmis_pos.gateways.mpesa import urls
from hmis_pos.gateways.mpesa.config import PRODUCTION
from hmis_pos.gateways.mpesa.gateway import MpesaGateway
from hmis_pos.gateways.mpesa.urls import Registered, ResponseType
from tests.support.scripted_daraja import ScriptedDaraja, error

CONFIRM, CHECK = "https://pay.hospital.example/cb/ab12", "https://pay.hospital.example/cb/ab12/check"
DONE = {"ResponseCode": "0", "ResponseDescription": "Success"}


async def register(gateway: MpesaGateway, kind: ResponseType = ResponseType.COMPLETED) -> Registered:
    return await gateway.register_urls(CONFIRM, CHECK, kind)


@pytest.mark.parametrize("key", ["OriginatorCoversationID", "OriginatorConversationID"])
@pytest.mark.parametrize("kind", ResponseType)
async def test_both_spellings_of_the_answer(gateway: MpesaGateway, daraja: ScriptedDaraja, key: Any, kind: Any) -> None:
    daraja.script = [httpx.Response(200, json=DONE | {key: "1-2"})]
    assert await register(gateway, kind) == Registered(originator="1-2", text="Success")
    (request,) = daraja.requests
    assert request.url.path == "/mpesa/c2b/v2/registerurl"
    assert json.loads(request.content) == {
        "ShortCode": "174379",
        "ResponseType": kind.value,
        "ConfirmationURL": CONFIRM,
        "ValidationURL": CHECK,
    }


@pytest.mark.parametrize(
    ("answer", "code", "cure"),
    [
        (error(500, "500.003.1001", "URLs are already registered"), "urls-registered", "URL Management"),
        (error(500, "500.003.1001", "Duplicate notification info, SP ID"), "urls-held-elsewhere", "aggregator"),
        (error(400, "400.002.02", "Bad Request - Invalid ShortCode"), "mpesa-configuration", "Correct the setting"),
        (error(400, "400.003.01", "Invalid Access Token"), "mpesa-configuration", "Correct the setting"),
    ],
)
async def test_a_refusal_comes_with_its_cure(
    gateway: MpesaGateway, daraja: ScriptedDaraja, answer: Any, code: Any, cure: Any
) -> None:
    daraja.script = [answer]
    with pytest.raises(Misconfigured) as caught:
        await register(gateway)
    assert caught.value.code == code
    assert cure in caught.value.cure


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ReadTimeout,
        httpx.Response(200),
        httpx.Response(200, json=DONE | {"ResponseCode": "1"}),
        httpx.Response(503),
        error(500, "500.003.1001", "Internal Server Error"),
    ],
    ids=range(5),
)
async def test_what_nobody_knows_is_sent_once_and_told(
    gateway: MpesaGateway, daraja: ScriptedDaraja, answer: Any
) -> None:
    daraja.script = [answer]
    with pytest.raises(OutcomeUnknown):
        await register(gateway)
    assert len(daraja.requests) == 1


@pytest.mark.parametrize("answer", [httpx.ConnectError, error(500, "500.003.03", "Quota Violation")], ids=range(2))
async def test_what_was_not_registered_may_be_tried_again(
    gateway: MpesaGateway, daraja: ScriptedDaraja, answer: Any
) -> None:
    daraja.script = [answer]
    with pytest.raises(Unavailable):
        await register(gateway)


@pytest.mark.parametrize("word", ["mpesa", "M-Pesa", "SAFARICOM", "exe", "exec", "cmd", "SQL", "query"])
@pytest.mark.parametrize(
    "where", ["https://{}.example/cb/ab", "https://pay.example/{}/ab", "https://pay.example/?a={}"]
)
async def test_a_refused_word_asks_nobody(gateway: MpesaGateway, daraja: ScriptedDaraja, word: Any, where: Any) -> None:
    bad = where.format(word)
    for confirmation, validation in ((bad, CHECK), (CONFIRM, bad)):
        with pytest.raises(Misconfigured) as caught:
            await gateway.register_urls(confirmation, validation, ResponseType.COMPLETED)
        assert caught.value.code == "url-refused"
        assert "Safaricom refuses" in caught.value.message
    assert (daraja.requests, daraja.tokens) == ([], 0)


@pytest.mark.parametrize(
    ("url", "live", "why"),
    [
        (CONFIRM, True, ""),
        ("http://127.0.0.1:8000/cb/ab", False, ""),
        ("http://pay.example/cb/ab", True, "not https"),
        ("https://localhost/cb/ab", True, "refuses"),
        ("https://abc.ngrok.io/cb/ab", True, "refuses"),
        ("https://relay/cb/ab", True, "not public"),
        ("https://197.248.0.1/cb/ab", True, "bare IP"),
        ("https://[2001:db8::1]/cb/ab", True, "bare IP"),
        ("ftp://pay.example/cb", False, "no http"),
        ("pay.example/cb", False, "no http"),
        ("https://[broken", False, "no address"),
        ("", False, "no http"),
    ],
)
def test_addresses(url: Any, live: Any, why: Any) -> None:
    found = urls.problem(url, live=live)
    assert (why in found) if why else (found == "")


async def test_the_live_system_has_more_rules(build: Callable[..., MpesaGateway], daraja: ScriptedDaraja) -> None:
    live = build(api_url=PRODUCTION)
    with pytest.raises(Misconfigured, match="not https"):
        await live.register_urls("http://pay.example/cb/ab", CHECK, ResponseType.COMPLETED)
    assert daraja.requests == []
