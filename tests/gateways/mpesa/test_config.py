from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import httpx
import pytest

from hmis_pos.domain.errors import Misconfigured
from hmis_pos.gateways.mpesa.config import MpesaConfig, TransactionType
from hmis_pos.gateways.mpesa.gateway import MpesaGateway
from tests.support.gateway_world import MakeProvider, StillClock


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("https://api.safaricom.co.ke", "https://api.safaricom.co.ke"),
        ("https://api.safaricom.co.ke/", "https://api.safaricom.co.ke"),
        ("https://sandbox.safaricom.co.ke/mpesa/stkpush/v1/processrequest", "https://sandbox.safaricom.co.ke"),
        ("http://127.0.0.1:9700/mpesa/stkpush/v1/processrequest?x=1", "http://127.0.0.1:9700"),
        (" http://localhost:9700 \n", "http://localhost:9700"),
    ],
)
def test_the_host_of_a_base_or_stk_url_is_taken(config: MpesaConfig, given: Any, base: Any) -> None:
    changed = replace(config, api_url=given)
    assert changed.problems() == []
    assert changed.base_url == base


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"api_url": ""}, "MPESA_API_URL"),
        ({"api_url": "api.safaricom.co.ke"}, "MPESA_API_URL"),
        ({"api_url": "ftp://api.safaricom.co.ke"}, "MPESA_API_URL"),
        ({"api_url": "https://[broken"}, "MPESA_API_URL"),
        ({"api_url": "https://host:port"}, "MPESA_API_URL"),
        ({"api_url": "https://user:word@api.safaricom.co.ke"}, "MPESA_API_URL"),
        ({"api_url": "http://api.safaricom.co.ke"}, "clear text"),
        ({"shortcode": ""}, "MPESA_BUSINESS_SHORTCODE"),
        ({"shortcode": "12345678"}, "MPESA_BUSINESS_SHORTCODE"),
        ({"shortcode": "1743x9"}, "MPESA_BUSINESS_SHORTCODE"),
        ({"passkey": " "}, "MPESA_PASSKEY"),
        ({"passkey": base64.b64encode(b"174379pass20260131101530").decode()}, "encoded password"),
        ({"consumer_key": ""}, "MPESA_CONSUMER_KEY"),
        ({"consumer_secret": ""}, "MPESA_CONSUMER_SECRET"),
        ({"access_token": "two words"}, "MPESA_ACCESS_TOKEN"),
        ({"transaction_type": TransactionType.TILL}, "MPESA_PARTY_B"),
        ({"party_b": "till"}, "MPESA_PARTY_B"),
        ({"minimum": 0}, "MPESA_MINIMUM"),
        ({"minimum": 500, "maximum": 100}, "MPESA_MAXIMUM"),
    ],
)
def test_each_wrong_setting_is_one_line_that_names_it(config: MpesaConfig, change: Any, names: Any) -> None:
    (problem,) = replace(config, **change).problems()
    assert names in problem
    assert "\n" not in problem


def test_all_problems_come_at_once_and_stop_the_gateway(clock: StillClock, provider: MakeProvider) -> None:
    config = MpesaConfig(api_url="", shortcode="", passkey="")
    assert len(config.problems()) == 5
    with pytest.raises(Misconfigured) as caught:
        MpesaGateway(config, clock, provider(lambda _: httpx.Response(404)))
    assert all(problem in caught.value.message for problem in config.problems())


def test_a_fixed_token_needs_no_keys(config: MpesaConfig) -> None:
    assert replace(config, access_token="abc", consumer_key="", consumer_secret="").problems() == []


def test_pasted_spaces_are_taken_off(config: MpesaConfig) -> None:
    assert replace(config, passkey=" pass-key\n").passkey == "pass-key"


def test_a_till_pays_to_its_own_number(config: MpesaConfig) -> None:
    till = replace(config, transaction_type=TransactionType.TILL, party_b="600100")
    assert till.problems() == []
    assert till.receiver == "600100"
    assert till.shortcodes == {"174379", "600100"}
    assert config.receiver == "174379"


def test_no_secret_is_in_its_repr_or_its_problems(config: MpesaConfig) -> None:
    secret = replace(config, access_token="hush hush", shortcode="x")
    shown = repr(secret) + "".join(secret.problems())
    for word in ("pass-key", "consumer", "sesame", "hush"):
        assert f"'{word}" not in shown
        assert "hush" not in shown
