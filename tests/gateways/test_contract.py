"""What every gateway owes the use cases, run against its provider's simulator over real HTTP.

A new gateway adds a ``House`` (how to make its simulator do a thing) and passes the same tests. Simulator and gateway are two
readings of one reference and share no code; where they disagree, one of them is wrong.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

import httpx
import msgspec
import pytest

from hmis_pos.cashier.ports import CallbackReading, Gateway, Order
from hmis_pos.cashier.records import Advice
from hmis_pos.domain.errors import CashierMistake, OutcomeUnknown, Unavailable
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import PaymentState, judge
from hmis_pos.gateways.http import Effect, ProviderHttp
from hmis_pos.gateways.mpesa.config import MpesaConfig
from hmis_pos.gateways.mpesa.gateway import MpesaGateway
from hmis_pos.simulators.daraja import Behaviour, CallbackShape, Daraja, DarajaConfig, Delivery, Submit, create_app
from hmis_pos.simulators.serve import serving

K = EvidenceKind
NO = {K.DECLINED, K.UNREACHED}
YES = {K.ASSURED, K.PAID}


class House(Protocol):
    """A provider's simulator with our gateway in front of it."""

    gateway: Gateway
    order: Order
    too_much: Money

    def payer(self, does: str, *, asked_early: bool = False) -> None:
        """``pays``, ``refuses``, ``ignores`` or ``thinks`` (nothing happens until told otherwise)."""

    def lose_answer(self, how: str, *, accepted: bool) -> None:
        """``how``: hang, reset, error, unavailable, html, empty."""

    def refuse(self) -> None: ...

    def spoil_token(self) -> None: ...

    def break_query(self, how: str) -> None: ...

    def move_ahead(self, seconds: float) -> None: ...

    async def settled(self) -> list[tuple[str, bytes]]:
        """Once nothing more happens: every callback so far as (channel, body)."""

    def readings(self) -> list[CallbackReading]:
        """Every callback so far, read by the gateway."""

    def asked(self) -> int:
        """How many requests that may move money reached the provider."""

    def moved(self) -> list[tuple[str, Money]]:
        """(receipt number, amount) in the provider's own ledger."""


class SimTime:
    """The simulator's clock as ours."""

    def __init__(self, daraja: Daraja) -> None:
        self._daraja = daraja

    def now(self) -> datetime:
        return self._daraja.state.clock.now()


class MpesaHouse:
    """Daraja."""

    too_much = Money.whole(250_001)
    order = Order(
        uid=UUID("0192f3a0-0000-7000-8000-000000000001"),
        amount=Money.whole(1500),
        phone="254712345678",
        account_reference="INV20931B",
        description="Hospital bill",
        callback_url="http://127.0.0.1:1/cb/ab12",
    )
    _PAYER = {"pays": "pay", "refuses": "cancel", "ignores": "ignore", "thinks": "manual"}

    def __init__(self) -> None:
        self.bodies: list[tuple[str, bytes]] = []
        self.courier = httpx.AsyncClient(transport=httpx.MockTransport(self._receive))
        settings = DarajaConfig(seed=7, query_per_minute=None, c2b_confirmation_url="http://127.0.0.1:1/cb/c2b")
        self.daraja = Daraja(settings, client=self.courier)
        self.behaviour = Behaviour()

    def open(self, url: str, http: ProviderHttp) -> None:
        sim = self.daraja.state.config
        config = MpesaConfig(
            api_url=url + "/mpesa/stkpush/v1/processrequest",
            shortcode=sim.shortcode,
            passkey=sim.passkey,
            consumer_key=sim.consumer_key,
            consumer_secret=sim.consumer_secret,
        )
        self.gateway: Gateway = MpesaGateway(config, SimTime(self.daraja), http)

    def _receive(self, request: httpx.Request) -> httpx.Response:
        channel = "c2b" if request.url.path.endswith("c2b") else "stk"
        self.bodies.append((channel, request.content))
        return httpx.Response(200, json={"ResultCode": 0, "ResultDesc": "Accepted"})

    def do(self, **script: Any) -> None:
        fields = {name: getattr(self.behaviour, name) for name in Behaviour.__struct_fields__}
        self.behaviour = Behaviour(**(fields | script))
        self.daraja.state.behaviours.put(self.order.phone, self.behaviour)

    def payer(self, does: str, *, asked_early: bool = False) -> None:
        self.do(outcome=self._PAYER[does])
        if asked_early:
            self.configure(query_too_early_seconds=20)

    def configure(self, **changes: Any) -> None:
        config = self.daraja.state.config
        fields = {name: getattr(config, name) for name in DarajaConfig.__struct_fields__}
        self.daraja.state.configure(DarajaConfig(**(fields | changes)))

    def lose_answer(self, how: str, *, accepted: bool) -> None:
        self.do(submit=msgspec.convert({"fault": how, "accepted": accepted}, Submit))

    def refuse(self) -> None:
        self.do(submit=Submit(fault="reject", reject="credentials"))

    def spoil_token(self) -> None:
        self.daraja.tokens.revoke_all()

    def break_query(self, how: str) -> None:
        self.do(query=(how,))

    def move_ahead(self, seconds: float) -> None:
        self.daraja.advance(seconds)

    async def settled(self) -> list[tuple[str, bytes]]:
        await self.daraja.idle()
        return list(self.bodies)

    def asked(self) -> int:
        return len(self.daraja.state.requests)

    def moved(self) -> list[tuple[str, Money]]:
        return [(m.receipt, Money.whole(int(m.amount))) for m in self.daraja.state.ledger.movements()]

    def readings(self, *channels: str) -> list[CallbackReading]:
        now = self.daraja.state.clock.now()
        wanted = channels or ("stk", "c2b")
        return [self.gateway.read_callback(ch, body, now) for ch, body in self.bodies if ch in wanted]


@contextlib.asynccontextmanager
async def mpesa() -> AsyncIterator[MpesaHouse]:
    house = MpesaHouse()
    deadlines = {Effect.READS: 1.0, Effect.MOVES_MONEY: 1.0}

    async def no_pause(_: float) -> None:
        return None

    async with (
        serving(create_app(daraja=house.daraja)) as url,
        ProviderHttp(deadlines=deadlines, pause=no_pause) as http,
    ):
        house.open(url, http)
        yield house


HOUSES = {"mpesa": mpesa}


@pytest.fixture(params=HOUSES)
async def house(request: Any) -> AsyncIterator[House]:
    async with HOUSES[request.param]() as opened:
        yield opened


def settle(house: House, evidence: list[Evidence], asked_at: datetime) -> PaymentState:
    return judge(evidence, asked=house.order.amount, asked_at=asked_at).state


# ---------------------------------------------------------------- start


async def test_start_asks_once_and_gives_a_reference(house: House) -> None:
    house.payer("thinks")
    evidence = await house.gateway.start(house.order)
    assert (evidence.kind, evidence.source) == (K.ACCEPTED, Source.SUBMIT)
    assert evidence.reference
    assert house.asked() == 1
    assert house.moved() == []


async def test_a_refusal_says_why_and_asked_nobody(house: House) -> None:
    house.refuse()
    evidence = await house.gateway.start(house.order)
    assert (evidence.kind, evidence.source) == (K.REFUSED, Source.SUBMIT)
    assert evidence.code
    assert evidence.text
    assert house.gateway.advise(evidence.code).advice is not Advice.NO
    assert (house.asked(), house.moved()) == (1, [])


@pytest.mark.parametrize("accepted", [True, False], ids=["accepted", "not accepted"])
@pytest.mark.parametrize("how", ["hang", "reset", "error", "unavailable", "html", "empty"])
async def test_a_lost_answer_is_unknown_and_never_asked_again(house: House, how: Any, accepted: Any) -> None:
    house.payer("pays")
    house.lose_answer(how, accepted=accepted)
    with pytest.raises(OutcomeUnknown) as caught:
        await house.gateway.start(house.order)
    assert house.asked() == 1
    assert house.gateway.advise(caught.value.code).advice is Advice.NO
    await house.settled()
    assert len(house.moved()) == int(accepted), "money may or may not have moved: only looking it up tells"


async def test_a_spoilt_token_is_replaced_and_the_payer_asked_once(house: House) -> None:
    house.payer("thinks")
    await house.gateway.start(house.order)
    house.move_ahead(300)
    await house.settled()
    house.spoil_token()
    other = replace(house.order, phone="254722000111", account_reference="INV20932A")
    assert (await house.gateway.start(other)).kind is K.ACCEPTED


async def test_a_provider_that_is_away_was_not_asked() -> None:
    async with mpesa() as house:
        pass
    async with ProviderHttp() as http:
        house.open("http://127.0.0.1:1", http)
        with pytest.raises(Unavailable):
            await house.gateway.start(house.order)
        with pytest.raises(Unavailable):
            await house.gateway.ask("ws_CO_1")


async def test_check_refuses_what_the_provider_would(house: House) -> None:
    house.gateway.check(house.order.amount, house.order.phone)
    with pytest.raises(CashierMistake):
        house.gateway.check(house.too_much, house.order.phone)
    assert house.asked() == 0


# ---------------------------------------------------------------- ask


async def test_nothing_is_decided_while_the_payer_thinks(house: House) -> None:
    house.payer("thinks")
    begun = await house.gateway.start(house.order)
    evidence = await house.gateway.ask(begun.reference)
    assert (evidence.kind, evidence.source, evidence.reference) == (K.PROCESSING, Source.QUERY, begun.reference)


async def test_asked_too_early_is_not_a_no(house: House) -> None:
    house.payer("pays", asked_early=True)
    begun = await house.gateway.start(house.order)
    await house.settled()
    assert (await house.gateway.ask(begun.reference)).kind is K.PROCESSING
    house.move_ahead(30)
    assert (await house.gateway.ask(begun.reference)).kind in YES


@pytest.mark.parametrize(("does", "kinds"), [("pays", YES), ("refuses", NO), ("ignores", NO)])
async def test_afterwards_the_provider_tells_the_outcome(house: House, does: Any, kinds: Any) -> None:
    house.payer(does)
    begun = await house.gateway.start(house.order)
    await house.settled()
    assert (await house.gateway.ask(begun.reference)).kind in kinds
    assert bool(house.moved()) == (does == "pays")


@pytest.mark.parametrize("how", ["hang", "reset", "error", "unavailable", "html", "empty", "spike"])
async def test_a_broken_query_is_no_evidence(house: House, how: Any) -> None:
    house.payer("pays")
    house.break_query(how)
    begun = await house.gateway.start(house.order)
    await house.settled()
    with pytest.raises(Unavailable):
        await house.gateway.ask(begun.reference)


async def test_asking_never_moves_money(house: House) -> None:
    house.payer("thinks")
    begun = await house.gateway.start(house.order)
    await asyncio.gather(*(house.gateway.ask(begun.reference) for _ in range(5)))
    assert (house.asked(), house.moved()) == (1, [])


# ---------------------------------------------------------------- callbacks


async def test_a_payment_ends_completed_with_what_the_provider_moved(house: House) -> None:
    house.payer("pays")
    begun = await house.gateway.start(house.order)
    await house.settled()
    readings = house.readings()
    ((receipt, amount),) = house.moved()
    assert readings
    for reading in readings:
        assert reading.evidence.kind is K.PAID
        assert (reading.evidence.receipt_no, reading.evidence.amount) == (receipt, amount)
        assert reading.evidence.reference in {"", begun.reference}
        assert reading.paid_at is not None
    verdict = judge([begun, *(r.evidence for r in readings)], asked=house.order.amount, asked_at=begun.observed_at)
    assert (verdict.state, verdict.received, verdict.receipts) == (PaymentState.COMPLETED, amount, (receipt,))
    assert verdict.doubts == frozenset()


@pytest.mark.parametrize("does", ["refuses", "ignores"])
async def test_a_no_needs_no_proof_and_moves_nothing(house: House, does: Any) -> None:
    house.payer(does)
    begun = await house.gateway.start(house.order)
    await house.settled()
    (reading,) = house.readings()
    assert reading.evidence.kind in NO
    assert (reading.evidence.receipt_no, reading.evidence.amount) == ("", None)
    house.move_ahead(90)
    agreed = await house.gateway.ask(begun.reference)
    assert settle(house, [begun, reading.evidence, agreed], begun.observed_at) is PaymentState.FAILED
    assert house.gateway.advise(reading.evidence.code).advice is not Advice.NO


async def test_a_repeat_of_a_callback_is_the_same_evidence(house: House) -> None:
    house.payer("pays")
    await house.gateway.start(house.order)
    ((channel, body), *_) = await house.settled()
    first, later = (house.gateway.read_callback(channel, body, house.readings()[0].evidence.observed_at) for _ in "ab")
    assert first.evidence.digest == later.evidence.digest


async def test_junk_is_a_value_error(house: House) -> None:
    for channel in ("stk", "c2b"):
        for body in (b"", b"<html>", b"[]", b'{"Body":'):
            with pytest.raises(ValueError, match=r"."):
                house.gateway.read_callback(channel, body, datetime.now().astimezone())


# ---------------------------------------------------------------- what only Daraja does


@pytest.fixture
async def daraja() -> AsyncIterator[MpesaHouse]:
    async with mpesa() as house:
        yield house


SHAPES = {
    "codes as text": {"codes": "string"},
    "one decimal": {"amount": "one_decimal"},
    "integer": {"amount": "integer"},
    "amount as text": {"amount": "string"},
    "amount as decimal text": {"amount": "string_decimal"},
    "receipt in lower case": {"receipt": "lower"},
    "receipt with spaces": {"receipt": "padded"},
    "no balance": {"balance": "absent"},
    "balance null": {"balance": "null"},
    "balance told": {"balance": "value"},
    "date as text": {"date": "string"},
    "date formatted": {"date": "formatted"},
    "phone as text": {"phone": "string"},
    "phone masked": {"phone": "masked"},
    "phone absent": {"phone": "absent"},
    "shuffled": {"shuffle": True},
    "unknown items": {"unknown_items": True},
    "all at once": {
        "codes": "string",
        "amount": "string_decimal",
        "receipt": "padded",
        "balance": "null",
        "date": "formatted",
        "phone": "absent",
        "shuffle": True,
        "unknown_items": True,
    },
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
async def test_every_shape_of_a_success(daraja: MpesaHouse, shape: Any) -> None:
    daraja.do(outcome="pay", shape=CallbackShape(**shape))
    await daraja.gateway.start(daraja.order)
    await daraja.settled()
    (stk,) = daraja.readings("stk")
    ((receipt, amount),) = daraja.moved()
    assert (stk.evidence.kind, stk.evidence.receipt_no, stk.evidence.amount) == (K.PAID, receipt, amount)
    moved_at = daraja.daraja.state.ledger.movements()[0].at
    assert stk.paid_at == moved_at.replace(microsecond=0)


@pytest.mark.parametrize("msisdn", ["masked", "full", "hashed", "empty"])
async def test_the_twin_brings_the_account_and_the_same_receipt(daraja: MpesaHouse, msisdn: Any) -> None:
    daraja.configure(c2b_msisdn=msisdn)
    daraja.do(outcome="pay")
    await daraja.gateway.start(daraja.order)
    await daraja.settled()
    (twin,) = daraja.readings("c2b")
    assert twin.evidence.source is Source.C2B
    assert twin.money is not None
    assert twin.money.account == daraja.order.account_reference
    assert twin.money.shortcode == daraja.daraja.state.config.shortcode
    assert [(twin.evidence.receipt_no, twin.evidence.amount)] == daraja.moved()


CODES = ["1", "2", "3", "4", "8", "17", "26", "1001", "1019", "1025", "1031", "1032", "1037", "2001", "2028", "2029",
         "8006", "9999", "SFC_IC0003"]  # fmt: skip


@pytest.mark.parametrize("form", ["string", "int"])
async def test_every_no_by_callback_and_by_query(daraja: MpesaHouse, form: Any) -> None:
    daraja.configure(query_codes=form)
    for number, code in enumerate(CODES):
        daraja.bodies.clear()
        daraja.order = replace(daraja.order, phone=f"2547000000{number:02d}")
        daraja.do(outcome=code, shape=CallbackShape(codes=form))
        begun = await daraja.gateway.start(daraja.order)
        await daraja.settled()
        (heard,) = daraja.readings()
        asked = await daraja.gateway.ask(begun.reference)
        assert (heard.evidence.code, asked.code) == (code, code)
        assert heard.evidence.kind is asked.kind, code
        assert asked.kind in NO, code
    assert daraja.moved() == []


@pytest.mark.parametrize("metadata", ["absent", "null", "empty"])
async def test_a_no_with_any_metadata(daraja: MpesaHouse, metadata: Any) -> None:
    daraja.do(outcome="cancel", shape=CallbackShape(failure_metadata=metadata))
    await daraja.gateway.start(daraja.order)
    await daraja.settled()
    assert [r.evidence.kind for r in daraja.readings()] == [K.DECLINED]


@pytest.mark.parametrize("pending", ["500", "4999", "unknown_id"])
async def test_three_ways_to_say_not_yet(daraja: MpesaHouse, pending: Any) -> None:
    daraja.configure(query_pending=pending)
    daraja.do(outcome="manual")
    begun = await daraja.gateway.start(daraja.order)
    assert (await daraja.gateway.ask(begun.reference)).kind is K.PROCESSING


#: How Daraja refuses at the door, and what may be said of it: refused, or nobody knows.
REJECTED = {
    "locked": "500.001.1001:locked",
    "merchant": "500.001.1001:merchant",
    "credentials": "500.001.1001:credentials",
    "spike_arrest": "500.003.02:spike",
    "quota": "500.003.03",
    "bad_request": "400.003.02",
    "malformed": "400.002.05",
    "bad_phone": "400.002.02:PhoneNumber",
    "bad_timestamp": "400.002.02",
    "token_404": "404.001.03",
    "token_401": "401.002.01",
    "token_400": "400.003.01",
    "auth_header": "404.001.04",
    "not_found": "404.001.01",
    "no_product": "no-apiproduct",
    "spike": "spike-arrest",
    "generic": None,
    "busy": None,
    "maintenance": None,
    "internal": None,
}


@pytest.mark.parametrize(("reject", "code"), REJECTED.items(), ids=REJECTED)
async def test_every_rejection(daraja: MpesaHouse, reject: Any, code: Any) -> None:
    daraja.do(submit=Submit(fault="reject", reject=reject))
    if code is None:
        with pytest.raises(OutcomeUnknown):
            await daraja.gateway.start(daraja.order)
    else:
        evidence = await daraja.gateway.start(daraja.order)
        assert (evidence.kind, evidence.code) == (K.REFUSED, code)
    assert daraja.asked() == (2 if reject.startswith("token_") else 1)
    assert daraja.moved() == []


@pytest.mark.parametrize("code", ["404.001.03", "401.002.01", "401.001", "400.003.01"])
async def test_every_invalid_token_is_replaced_for_push_and_query(daraja: MpesaHouse, code: Any) -> None:
    daraja.configure(bad_token=code)
    daraja.do(outcome="pay")
    await daraja.gateway.ask("ws_CO_nobody")
    daraja.spoil_token()
    begun = await daraja.gateway.start(daraja.order)
    assert begun.kind is K.ACCEPTED
    await daraja.settled()
    daraja.spoil_token()
    assert (await daraja.gateway.ask(begun.reference)).kind is K.ASSURED
    assert len(daraja.moved()) == 1


async def test_fifty_pushes_share_one_token(daraja: MpesaHouse) -> None:
    daraja.configure(default_behaviour=Behaviour(outcome="pay"))
    orders = [
        replace(daraja.order, phone=f"2547000000{n:02d}", account_reference=f"INV{n}", amount=Money.whole(n + 1))
        for n in range(50)
    ]
    started = await asyncio.gather(*(daraja.gateway.start(order) for order in orders))
    assert {evidence.kind for evidence in started} == {K.ACCEPTED}
    assert len({evidence.reference for evidence in started}) == 50
    assert [e.kind for e in daraja.daraja.state.journal.events].count("token_issued") == 1
    await daraja.settled()
    assert daraja.daraja.state.ledger.total() == Decimal(sum(order.amount.whole_units for order in orders))


@pytest.mark.parametrize("answer", ["hang", "reset", "error", "unavailable", "html", "empty", "spike"])
async def test_without_a_token_the_payer_is_not_asked(daraja: MpesaHouse, answer: Any) -> None:
    daraja.configure(oauth_answers=(answer,))
    with pytest.raises(Unavailable):
        await daraja.gateway.start(daraja.order)
    assert daraja.asked() == 0


@pytest.mark.parametrize("carries", ["empty", "json"])
async def test_wrong_keys_are_named(daraja: MpesaHouse, carries: Any) -> None:
    daraja.configure(bad_credentials=carries, consumer_secret="another")
    with pytest.raises(Unavailable) as caught:
        await daraja.gateway.start(daraja.order)
    assert caught.value.code == "mpesa-credentials"


async def test_a_forged_and_a_contradicting_callback_read_as_what_they_say(daraja: MpesaHouse) -> None:
    daraja.do(outcome="pay", deliveries=("truth", "cancel", "garbage", Delivery(say="truth", amount="1")))
    begun = await daraja.gateway.start(daraja.order)
    await daraja.settled()
    bodies = [body for channel, body in daraja.bodies if channel == "stk"]
    now = daraja.daraja.state.clock.now()
    truth, contradiction, less = (daraja.gateway.read_callback("stk", bodies[i], now).evidence for i in (0, 1, 3))
    with pytest.raises(ValueError, match="not JSON"):
        daraja.gateway.read_callback("stk", bodies[2], now)
    assert contradiction.kind is K.DECLINED
    assert less.amount == Money.whole(1)
    verdict = judge([contradiction, truth], asked=daraja.order.amount, asked_at=begun.observed_at)
    assert (verdict.state, verdict.doubts) == (PaymentState.COMPLETED, frozenset({"no-after-yes"}))


async def test_the_alias_alone_decides_nothing_until_a_query_agrees(daraja: MpesaHouse) -> None:
    daraja.do(outcome="pay")
    begun = await daraja.gateway.start(daraja.order)
    await daraja.settled()
    body = next(body for channel, body in daraja.bodies if channel == "stk")
    claim = daraja.gateway.read_callback("alias", body, begun.observed_at).evidence
    assert settle(daraja, [begun, claim], begun.observed_at) is PaymentState.UNKNOWN
    assured = await daraja.gateway.ask(begun.reference)
    assert settle(daraja, [begun, claim, assured], begun.observed_at) is PaymentState.COMPLETED
