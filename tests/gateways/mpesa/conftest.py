"""An M-Pesa gateway before a hand-written Daraja: what it answers is set a test at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from hmis_pos.cashier.ports import Order
from hmis_pos.domain.money import Money
from hmis_pos.gateways.mpesa.config import MpesaConfig
from hmis_pos.gateways.mpesa.gateway import MpesaGateway
from tests.support.gateway_world import MakeProvider, StillClock
from tests.support.scripted_daraja import ScriptedDaraja

UID = UUID("0192f3a0-0000-7000-8000-000000000001")


@pytest.fixture
def config() -> MpesaConfig:
    return MpesaConfig(
        api_url="https://daraja.example",
        shortcode="174379",
        passkey="pass-key",
        consumer_key="consumer",
        consumer_secret="sesame",
    )


@pytest.fixture
def daraja() -> ScriptedDaraja:
    return ScriptedDaraja()


@pytest.fixture
def build(
    config: MpesaConfig, clock: StillClock, provider: MakeProvider, daraja: ScriptedDaraja
) -> Callable[..., MpesaGateway]:
    """``build(minimum=10)``: a gateway with changed settings."""

    def make(**changes: Any) -> MpesaGateway:
        return MpesaGateway(replace(config, **changes), clock, provider(daraja))

    return make


@pytest.fixture
def gateway(build: Callable[..., MpesaGateway]) -> MpesaGateway:
    return build()


@pytest.fixture
def order() -> Order:
    return Order(
        uid=UID,
        amount=Money.whole(1500),
        phone="254712345678",
        account_reference="INV20931B",
        description="Hospital bill",
        callback_url="https://pay.example/cb/ab12",
    )
