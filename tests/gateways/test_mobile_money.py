"""What a mobile money gateway owes the use cases beyond collecting, run against the simulated Safaricom over real HTTP.

As in ``test_contract.py``: simulator and gateway are two readings of one reference and share no code.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hmis_pos.cashier.ports_mobile_money import (
    FeedPage,
    RefundOrder,
    ResultReading,
    StatusOutcome,
    StatusQuestion,
    StatusReading,
)
from hmis_pos.cashier.records import Advice
from hmis_pos.cashier.records_back_office import ProviderMoney, RequestKind
from hmis_pos.domain.errors import Misconfigured, OutcomeUnknown, Unavailable
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.domain.refund import RefundState, Route, judge_refund
from hmis_pos.gateways.http import Effect, ProviderHttp
from hmis_pos.gateways.mpesa.c2b import Reject, validation_answer
from hmis_pos.gateways.mpesa.config import MpesaConfig
from hmis_pos.gateways.mpesa.gateway import MpesaGateway
from hmis_pos.gateways.mpesa.urls import ResponseType
from hmis_pos.simulators.daraja import Daraja, DarajaConfig, create_app
from hmis_pos.simulators.daraja.commands.script import CommandScript, CommandSubmit, ResultShape
from hmis_pos.simulators.daraja.confirmations import ConfirmationShape, PaymentBehaviour
from hmis_pos.simulators.serve import serving

PAYOUT, REVERSAL, STATUS, BALANCE = RequestKind.PAYOUT, RequestKind.REVERSAL, RequestKind.STATUS, RequestKind.BALANCE
K = EvidenceKind
PHONE = "254712345678"
HERE = "http://127.0.0.1:1/cb/"
CONFIRM, CHECK = HERE + "c2b", HERE + "c2b/check"
SIM_KINDS = {PAYOUT: "b2c", REVERSAL: "reversal", STATUS: "status", BALANCE: "balance"}
BOTH_WAYS = pytest.mark.parametrize("kind", [PAYOUT, REVERSAL], ids=lambda kind: kind.value)


class SimTime:
    """The simulator's clock as ours."""

    def __init__(self, daraja: Daraja) -> None:
        self._daraja = daraja

    def now(self) -> datetime:
        return self._daraja.state.clock.now()


class Safaricom:
    """The simulator, our gateway before it, and every body it posted, by the path it came to."""

    def __init__(self, initiator_key: str) -> None:
        self.posted: list[tuple[str, bytes]] = []
        self.validation = validation_answer()
        courier = httpx.AsyncClient(transport=httpx.MockTransport(self._receive))
        settings = DarajaConfig(
            seed=7,
            initiator_key=initiator_key,
            opening_utility=Decimal(10_000),
            opening_working=Decimal(70),
            opening_charges_paid=Decimal(-1980),
        )
        self.daraja = Daraja(settings, client=courier)
        self.courier = courier

    def _receive(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/cb/")
        self.posted.append((path, request.content))
        if path == "c2b/check":
            return httpx.Response(200, content=self.validation)
        return httpx.Response(200, json={"ResultCode": 0, "ResultDesc": "Accepted"})

    def open(self, url: str, http: ProviderHttp, certificate: Path, **changes: Any) -> None:
        sim = self.daraja.state.config
        self.daraja.initiator.write_certificate(certificate)
        config = MpesaConfig(
            api_url=url,
            shortcode=sim.shortcode,
            passkey=sim.passkey,
            consumer_key=sim.consumer_key,
            consumer_secret=sim.consumer_secret,
            initiator=sim.initiator_name,
            initiator_password=sim.initiator_password,
            certificate=str(certificate),
            pull=True,
            pull_phone="254722000000",
        )
        self.config = replace(config, **changes)
        self.http = http
        self.gateway = MpesaGateway(self.config, SimTime(self.daraja), http)

    def again(self, **changes: Any) -> MpesaGateway:
        """Another gateway with changed settings."""
        return MpesaGateway(replace(self.config, **changes), SimTime(self.daraja), self.http)

    def configure(self, **changes: Any) -> None:
        config = self.daraja.state.config
        fields = {name: getattr(config, name) for name in DarajaConfig.__struct_fields__}
        self.daraja.state.configure(DarajaConfig(**(fields | changes)))

    def script(self, kind: RequestKind, script: Any) -> None:
        self.daraja.commands.script(SIM_KINDS[kind], script)  # type: ignore[arg-type]

    async def bodies(self, path: str) -> list[bytes]:
        """Everything posted to a path, once nothing more happens."""
        await self.daraja.idle()
        return [body for to, body in self.posted if to == path]

    async def results(self, kind: RequestKind) -> list[ResultReading]:
        now = self.daraja.state.clock.now()
        return [self.gateway.read_result(kind, body, now) for body in await self.bodies(kind.value)]

    async def said(self, kind: RequestKind) -> Evidence:
        (reading,) = await self.results(kind)
        assert reading.evidence is not None
        return reading.evidence

    async def collected(self, amount: int = 1500, **how: Any) -> str:
        """A customer pays; the receipt."""
        usual: dict[str, Any] = {"amount": amount, "msisdn": PHONE, "account": "INV-001"}
        payment = await self.daraja.pay(**(usual | how))
        assert payment.paid
        await self.daraja.idle()
        return payment.receipt

    async def order(self, kind: RequestKind, amount: int = 500, **changes: Any) -> RefundOrder:
        """A refund of money that was collected a moment ago."""
        made = RefundOrder(
            uid=UUID("0192f3a0-0000-7000-8000-000000000002"),
            route=Route(kind.value),
            amount=Money.whole(amount),
            receipt_no=await self.collected(amount),
            phone=PHONE if kind is PAYOUT else "",
            originator="refund-1",
            remarks="Hospital refund",
            result_url=HERE + kind.value,
            timeout_url=f"{HERE}{kind.value}/late",
        )
        return replace(made, **changes)

    async def status(self, **about: Any) -> StatusReading:
        """Ask, and wait for the answer."""
        before = len(await self.bodies(STATUS.value))
        question = {"receipt_no": "", "originator": ""} | about
        await self.gateway.ask_status(
            StatusQuestion(**question, result_url=HERE + STATUS.value, timeout_url=f"{HERE}{STATUS.value}/late")
        )
        (reading,) = (await self.results(STATUS))[before:]
        assert reading.status is not None
        return reading.status

    def sent_out(self) -> list[tuple[str, Money]]:
        movements = self.daraja.state.ledger.movements("b2c", "reversal")
        return [(m.receipt, Money.whole(int(m.amount))) for m in movements]


@pytest.fixture(scope="module")
def initiator_key() -> str:
    """Made once: it takes longer than a test."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture
async def safaricom(tmp_path: Path, initiator_key: str) -> AsyncIterator[Safaricom]:
    house = Safaricom(initiator_key)
    deadlines = {Effect.READS: 1.0, Effect.MOVES_MONEY: 1.0}

    async def no_pause(_: float) -> None:
        return None

    async with (
        serving(create_app(daraja=house.daraja)) as url,
        ProviderHttp(deadlines=deadlines, pause=no_pause) as http,
    ):
        house.open(url, http, tmp_path / "cert.pem")
        yield house
    await house.courier.aclose()


# ---------------------------------------------------------------- money back


@BOTH_WAYS
async def test_money_goes_back_once_under_a_receipt_of_its_own(safaricom: Safaricom, kind: Any) -> None:
    order = await safaricom.order(kind)
    begun = await safaricom.gateway.give_back(order)
    assert (begun.kind, begun.source) == (K.ACCEPTED, Source.SUBMIT)
    assert judge_refund([begun]).state is RefundState.PENDING
    (reading,) = await safaricom.results(kind)
    assert reading.evidence is not None
    ((receipt, amount),) = safaricom.sent_out()
    assert (reading.evidence.kind, reading.evidence.receipt_no, reading.evidence.amount) == (K.PAID, receipt, amount)
    assert amount == order.amount
    assert begun.reference == reading.originator
    assert reading.as_of is not None
    verdict = judge_refund([reading.evidence, begun])
    assert (verdict.state, verdict.receipt_no) == (RefundState.COMPLETED, receipt)


async def test_the_same_payout_twice_pays_once(safaricom: Safaricom) -> None:
    order = await safaricom.order(PAYOUT)
    first = await safaricom.gateway.give_back(order)
    again = await safaricom.gateway.give_back(order)
    assert (again.kind, again.code) == (K.UNCLEAR, "500.002.1001:duplicate")
    assert judge_refund([again]).state is RefundState.UNKNOWN
    assert judge_refund([first, again, await safaricom.said(PAYOUT)]).state is RefundState.COMPLETED
    assert len(safaricom.sent_out()) == 1


async def test_a_second_reversal_says_done_before(safaricom: Safaricom) -> None:
    order = await safaricom.order(REVERSAL)
    await safaricom.gateway.give_back(order)
    await safaricom.gateway.give_back(order)
    first, second = await safaricom.results(REVERSAL)
    assert first.evidence is not None
    assert second.evidence is not None
    assert (second.evidence.kind, second.evidence.code) == (K.ASSURED, "R000001")
    assert judge_refund([second.evidence]).state is RefundState.COMPLETED
    assert len(safaricom.sent_out()) == 1


LOST = ["hang", "reset", "error", "unavailable", "html", "empty"]


@BOTH_WAYS
@pytest.mark.parametrize("accepted", [True, False], ids=["accepted", "not accepted"])
@pytest.mark.parametrize("how", LOST)
async def test_a_lost_answer_is_unknown_and_never_sent_again(
    safaricom: Safaricom, kind: Any, how: Any, accepted: Any
) -> None:
    order = await safaricom.order(kind)
    submit = msgspec.convert({"fault": how, "accepted": accepted}, CommandSubmit)
    safaricom.script(kind, CommandScript(submit=submit))
    with pytest.raises(OutcomeUnknown):
        await safaricom.gateway.give_back(order)
    assert len(safaricom.daraja.commands.requests) == 1
    assert len(await safaricom.results(kind)) == int(accepted)
    assert len(safaricom.sent_out()) == int(accepted), "money may or may not have moved: only looking it up tells"


async def test_a_lost_payout_is_found_by_our_own_name_for_it(safaricom: Safaricom) -> None:
    order = await safaricom.order(PAYOUT)
    safaricom.script(PAYOUT, CommandScript(submit=CommandSubmit(fault="reset", accepted=True), deliveries=()))
    with pytest.raises(OutcomeUnknown):
        await safaricom.gateway.give_back(order)
    found = await safaricom.status(originator=order.originator)
    ((receipt, _),) = safaricom.sent_out()
    assert (found.outcome, found.receipt_no) == (StatusOutcome.COMPLETED, receipt)
    assert (found.to_us, found.money, found.originator) == (False, None, order.originator)


async def test_a_reversal_is_found_by_the_id_it_was_taken_under(safaricom: Safaricom) -> None:
    order = await safaricom.order(REVERSAL)
    safaricom.script(REVERSAL, "lost_result")
    begun = await safaricom.gateway.give_back(order)
    found = await safaricom.status(originator=begun.reference, about=Route.REVERSAL)
    ((receipt, _),) = safaricom.sent_out()
    assert (found.outcome, found.receipt_no, found.money) == (StatusOutcome.COMPLETED, receipt, None)


async def test_a_payout_from_a_shortcode_of_its_own(safaricom: Safaricom) -> None:
    safaricom.configure(b2c_shortcode="600999")
    safaricom.gateway = safaricom.again(b2c_shortcode="600999")
    order = await safaricom.order(PAYOUT)
    await safaricom.gateway.give_back(order)
    assert (await safaricom.said(PAYOUT)).kind is K.PAID
    assert (await safaricom.status(originator=order.originator)).outcome is StatusOutcome.COMPLETED
    back = await safaricom.order(REVERSAL, receipt_no=order.receipt_no)
    begun = await safaricom.gateway.give_back(back)
    found = await safaricom.status(originator=begun.reference, about=Route.REVERSAL)
    assert found.outcome is StatusOutcome.COMPLETED


#: How Daraja refuses a command at the door, and what may be said of it: refused, or nobody knows.
REJECTED = {
    "spike_arrest": "500.003.02:spike",
    "quota": "500.003.03",
    "bad_request": "400.003.02",
    "malformed": "400.002.05",
    "token_404": "404.001.03",
    "token_401": "401.002.01",
    "token_400": "400.003.01",
    "auth_header": "404.001.04",
    "not_found": "404.001.01",
    "no_product": "no-apiproduct",
    "spike": "spike-arrest",
    "credentials": None,
    "locked": None,
    "generic": None,
    "busy": None,
    "maintenance": None,
    "internal": None,
}


@BOTH_WAYS
@pytest.mark.parametrize(("reject", "code"), REJECTED.items(), ids=REJECTED)
async def test_every_rejection(safaricom: Safaricom, kind: Any, reject: Any, code: Any) -> None:
    order = await safaricom.order(kind)
    safaricom.script(kind, CommandScript(submit=CommandSubmit(fault="reject", reject=reject)))
    if code is None:
        with pytest.raises(OutcomeUnknown):
            await safaricom.gateway.give_back(order)
    else:
        said = await safaricom.gateway.give_back(order)
        assert (said.kind, said.code) == (K.REFUSED, code)
    assert len(safaricom.daraja.commands.requests) == (2 if reject.startswith("token_") else 1)
    assert safaricom.sent_out() == []


OUTCOMES = {
    PAYOUT: {
        K.DECLINED: ["1", "2", "3", "4", "8", "11", "18", "20", "21", "24", "25", "2001", "2006", "2028", "2040",
                     "8006", "SFC_IC0003", "TP40153"],
        K.UNCLEAR: ["15", "17", "26", "99"],
    },
    REVERSAL: {
        K.DECLINED: ["1", "11", "21", "2001", "2006", "2028", "8006", "R000002"],
        K.ASSURED: ["R000001"],
        K.UNCLEAR: ["17", "26", "99"],
    },
}  # fmt: skip
CASES = [(kind, code, said) for kind, table in OUTCOMES.items() for said, codes in table.items() for code in codes]


@pytest.mark.parametrize("form", ["int", "string"])
@pytest.mark.parametrize(("kind", "code", "said"), CASES, ids=str)
async def test_every_result_code(safaricom: Safaricom, kind: Any, code: Any, said: Any, form: Any) -> None:
    order = await safaricom.order(kind)
    safaricom.script(kind, CommandScript(outcome=code, shape=ResultShape(codes=form)))
    await safaricom.gateway.give_back(order)
    heard = await safaricom.said(kind)
    assert (heard.kind, heard.code, heard.receipt_no, heard.amount) == (said, code, "", None)
    assert heard.text
    assert (safaricom.gateway.advise_refund(kind, code).advice is Advice.FIX) == (said is K.DECLINED)
    assert safaricom.gateway.halts_payouts(code) == (code in {"18", "20", "2001", "8006"})
    assert safaricom.sent_out() == []


SHAPES = {
    "codes as text": {"codes": "string"},
    "numbers as text": {"numbers": "string"},
    "spaces in keys": {"older_keys": True},
    "debit party twice": {"parties": "debit_twice"},
    "shuffled": {"shuffle": True},
    "unknown parameters": {"unknown_parameters": True},
    "reference as a list": {"reference": "list"},
    "no reference": {"reference": "absent"},
    "all at once": {
        "codes": "string",
        "numbers": "string",
        "older_keys": True,
        "parties": "debit_twice",
        "shuffle": True,
        "unknown_parameters": True,
        "reference": "list",
    },
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
async def test_every_shape_of_a_success(safaricom: Safaricom, shape: Any) -> None:
    for kind in (PAYOUT, REVERSAL, STATUS, BALANCE):
        safaricom.script(kind, CommandScript(shape=ResultShape(**shape)))
    payout, reversal = await safaricom.order(PAYOUT), await safaricom.order(REVERSAL, 700)
    await safaricom.gateway.give_back(payout)
    await safaricom.gateway.give_back(reversal)
    for kind, order in ((PAYOUT, payout), (REVERSAL, reversal)):
        heard = await safaricom.said(kind)
        assert (heard.kind, heard.receipt_no, heard.amount) in [(K.PAID, *moved) for moved in safaricom.sent_out()]
        assert heard.amount == order.amount
    paid = await safaricom.status(receipt_no=payout.receipt_no)
    assert (paid.outcome, paid.to_us) == (StatusOutcome.COMPLETED, True)
    assert paid.money is not None
    assert (paid.money.receipt_no, paid.money.amount) == (payout.receipt_no, payout.amount)
    sent = await safaricom.status(originator=payout.originator)
    assert (sent.outcome, sent.to_us, sent.money, sent.originator) == (
        StatusOutcome.COMPLETED, False, None, payout.originator,
    )  # fmt: skip
    await safaricom.gateway.ask_balance(HERE + BALANCE.value, f"{HERE}{BALANCE.value}/late")
    ((balances,),) = ([reading.balances for reading in await safaricom.results(BALANCE)],)
    assert len(balances) >= 2


@pytest.mark.parametrize("parameters", ["absent", "single", "empty", "null"])
@pytest.mark.parametrize("transaction", ["dummy", "empty", "absent"])
@BOTH_WAYS
async def test_every_shape_of_a_failure(safaricom: Safaricom, kind: Any, parameters: Any, transaction: Any) -> None:
    shape = ResultShape(failure_parameters=parameters, failure_transaction=transaction)
    safaricom.script(kind, CommandScript(outcome="1", shape=shape))
    await safaricom.gateway.give_back(await safaricom.order(kind))
    heard = await safaricom.said(kind)
    assert (heard.kind, heard.code, heard.receipt_no) == (K.DECLINED, "1", "")


@pytest.mark.parametrize("body", ["envelope", "flat", "echo", "object", "list", "text", "empty"])
@BOTH_WAYS
async def test_a_queue_time_out_is_never_a_no(safaricom: Safaricom, kind: Any, body: Any) -> None:
    early = msgspec.convert([{"say": "timeout", "timeout_shape": body}], tuple[dict[str, Any], ...])
    safaricom.script(kind, msgspec.convert({"early": early}, CommandScript))
    begun = await safaricom.gateway.give_back(await safaricom.order(kind))
    (late,) = await safaricom.bodies(f"{kind.value}/late")
    word = safaricom.gateway.read_timeout(kind, late, safaricom.daraja.state.clock.now()).evidence
    assert word is not None
    assert word.kind is K.NO_ANSWER
    assert judge_refund([begun, word]).state is RefundState.UNKNOWN
    assert judge_refund([begun, word, await safaricom.said(kind)]).state is RefundState.COMPLETED


@BOTH_WAYS
async def test_a_result_that_comes_twice_is_one_piece_of_evidence(safaricom: Safaricom, kind: Any) -> None:
    safaricom.script(kind, "duplicate_result")
    await safaricom.gateway.give_back(await safaricom.order(kind))
    readings = await safaricom.results(kind)
    assert len(readings) == 3
    assert len({r.evidence.digest for r in readings if r.evidence is not None}) == 1


async def test_a_wrong_password_halts_and_a_locked_operator_too(safaricom: Safaricom) -> None:
    safaricom.gateway = safaricom.again(initiator_password="Wrong#1")
    order = await safaricom.order(PAYOUT)
    codes = []
    for attempt in range(6):
        safaricom.posted.clear()
        await safaricom.gateway.give_back(replace(order, originator=f"refund-{attempt}"))
        codes.append((await safaricom.said(PAYOUT)).code)
    assert codes == ["2001"] * 5 + ["8006"]
    assert all(safaricom.gateway.halts_payouts(code) for code in codes)
    assert safaricom.sent_out() == []


@pytest.mark.parametrize("code", ["404.001.03", "401.002.01", "401.001", "400.003.01"])
async def test_every_invalid_token_is_replaced_for_every_command(safaricom: Safaricom, code: Any) -> None:
    if code != "401.001":
        safaricom.configure(bad_token=code)
    gateway = safaricom.gateway
    order = await safaricom.order(PAYOUT)
    now = safaricom.daraja.state.clock.now()
    await gateway.register_pull(HERE + "pull")
    for ask in (
        lambda: gateway.give_back(order),
        lambda: gateway.give_back(replace(order, route=Route.REVERSAL)),
        lambda: gateway.ask_balance(HERE + "balance", HERE + "late"),
        lambda: safaricom.status(receipt_no=order.receipt_no),
        lambda: gateway.pull(now - timedelta(hours=1), now, 0),
        lambda: gateway.qr("INV1", Money.whole(5), 300),
        lambda: gateway.register_urls(CONFIRM, CHECK, ResponseType.COMPLETED),
    ):
        safaricom.daraja.tokens.revoke_all()
        assert await ask() is not None
    await safaricom.daraja.idle()
    assert len(safaricom.sent_out()) == 2


# ---------------------------------------------------------------- questions


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("Completed", StatusOutcome.COMPLETED),
        ("Cancelled", StatusOutcome.NOT_COMPLETED),
        ("Declined", StatusOutcome.NOT_COMPLETED),
        ("Expired", StatusOutcome.NOT_COMPLETED),
        ("Initiated", StatusOutcome.UNDECIDED),
        ("Authorized", StatusOutcome.UNDECIDED),
    ],
)
async def test_every_word_of_a_status(safaricom: Safaricom, word: Any, outcome: Any) -> None:
    receipt = await safaricom.collected()
    safaricom.script(STATUS, CommandScript(status=word))
    found = await safaricom.status(receipt_no=receipt)
    assert (found.outcome, found.receipt_no) == (outcome, receipt)
    assert (found.money is not None) == (outcome is StatusOutcome.COMPLETED)


async def test_the_payment_of_a_customer_is_proven(safaricom: Safaricom) -> None:
    receipt = await safaricom.collected(1500)
    found = await safaricom.status(receipt_no=receipt)
    moved = safaricom.daraja.state.ledger.find(receipt)
    assert moved is not None
    assert found.money is not None
    assert found.money.source is Source.STATUS
    assert (found.money.amount, found.money.shortcode) == (Money.whole(1500), safaricom.config.shortcode)
    assert (found.money.payer_phone, found.money.payer_name) == (PHONE, moved.payer)
    assert found.money.paid_at == moved.at.replace(microsecond=0)


async def test_a_business_that_paid(safaricom: Safaricom) -> None:
    receipt = await safaricom.collected(9000, msisdn="", business="JUBILEE INSURANCE")
    money = (await safaricom.status(receipt_no=receipt)).money
    assert money is not None
    assert (money.payer_name, money.payer_phone) == ("JUBILEE INSURANCE", "")


@pytest.mark.parametrize("code", ["25", "R000002"])
async def test_what_safaricom_does_not_know(safaricom: Safaricom, code: Any) -> None:
    safaricom.configure(unknown_transaction=code)
    assert (await safaricom.status(receipt_no="TAB1CD2EFG")).outcome is StatusOutcome.NOT_FOUND
    assert (await safaricom.status(originator="refund-never")).outcome is StatusOutcome.NOT_FOUND


async def test_an_undecided_payout_is_undecided(safaricom: Safaricom) -> None:
    safaricom.script(PAYOUT, CommandScript(held=True))
    await safaricom.gateway.give_back(await safaricom.order(PAYOUT))
    assert (await safaricom.status(originator="refund-1")).outcome is StatusOutcome.UNDECIDED
    safaricom.daraja.commands.release()
    assert (await safaricom.status(originator="refund-1")).outcome is StatusOutcome.COMPLETED


async def test_the_operator_without_the_role_says_nothing_of_the_money(safaricom: Safaricom) -> None:
    safaricom.configure(initiator_roles=("b2c",))
    found = await safaricom.status(receipt_no=await safaricom.collected())
    assert (found.outcome, found.code) == (StatusOutcome.NO_ANSWER, "21")


@pytest.mark.parametrize("tail", ["reserved_uncleared", "uncleared_reserved"])
async def test_the_balance_is_the_available_one(safaricom: Safaricom, tail: Any) -> None:
    safaricom.configure(utility_reserved=Decimal(1000), balance_tail=tail)
    accepted = await safaricom.gateway.ask_balance(HERE + BALANCE.value, f"{HERE}{BALANCE.value}/late")
    (reading,) = await safaricom.results(BALANCE)
    assert reading.conversation == accepted.conversation
    assert reading.originator == accepted.originator
    balances = dict(reading.balances)
    assert balances["Utility Account"] == Money.whole(9000)
    assert balances["Working Account"] == Money.whole(70)
    assert Money.whole(-1980) in balances.values()
    assert reading.as_of == safaricom.daraja.state.clock.now().replace(microsecond=0)


@pytest.mark.parametrize("how", LOST)
async def test_a_broken_question_is_no_answer(safaricom: Safaricom, how: Any) -> None:
    receipt = await safaricom.collected()
    safaricom.script(STATUS, CommandScript(submit=msgspec.convert({"fault": how, "accepted": False}, CommandSubmit)))
    with pytest.raises(Unavailable):
        await safaricom.status(receipt_no=receipt)


# ---------------------------------------------------------------- what customers pay


def read_c2b(safaricom: Safaricom, body: bytes) -> ProviderMoney:
    money = safaricom.gateway.read_callback("c2b", body, safaricom.daraja.state.clock.now()).money
    assert money is not None
    return money


@pytest.mark.parametrize("kind", ResponseType)
@pytest.mark.parametrize("spelling", ["misspelt", "right"])
async def test_urls_are_registered_and_used(safaricom: Safaricom, spelling: Any, kind: Any) -> None:
    safaricom.configure(c2b_spelling=spelling, c2b_validation=True)
    done = await safaricom.gateway.register_urls(CONFIRM, CHECK, kind)
    assert done.originator
    receipt = await safaricom.collected(1500, account=" inv-001 ")
    (asked,), (told,) = await safaricom.bodies("c2b/check"), await safaricom.bodies("c2b")
    before = safaricom.gateway.read_validation(asked, safaricom.daraja.state.clock.now())
    money = read_c2b(safaricom, told)
    for heard in (before, money):
        assert (heard.receipt_no, heard.amount, heard.account) == (receipt, Money.whole(1500), "inv-001")
        assert heard.shortcode == safaricom.config.shortcode
    assert money.payer_phone == "2547 ***** 678"
    assert safaricom.daraja.c2b.payments[0].validation == "accepted"


@pytest.mark.parametrize("reject", Reject)
async def test_a_payment_is_refused_with_its_code(safaricom: Safaricom, reject: Any) -> None:
    safaricom.configure(c2b_validation=True)
    safaricom.validation = validation_answer(reject)
    await safaricom.gateway.register_urls(CONFIRM, CHECK, ResponseType.COMPLETED)
    payment = await safaricom.daraja.pay(amount=5, msisdn=PHONE, account="WRONG")
    assert (payment.paid, payment.reject_code) == (False, reject.value)


async def test_our_name_for_a_payment_comes_back_in_its_confirmation(safaricom: Safaricom) -> None:
    safaricom.configure(c2b_validation=True)
    safaricom.validation = validation_answer(None, "abc1")
    await safaricom.gateway.register_urls(CONFIRM, CHECK, ResponseType.COMPLETED)
    await safaricom.collected()
    assert b'"ThirdPartyTransID":"abc1"' in (await safaricom.bodies("c2b"))[0].replace(b" ", b"")


@pytest.mark.parametrize(
    ("rule", "code"), [("refuse", "urls-registered"), ("duplicate_notification", "urls-held-elsewhere")]
)
async def test_a_second_registration_is_told_with_its_cure(safaricom: Safaricom, rule: Any, code: Any) -> None:
    safaricom.configure(c2b_second_registration=rule)
    await safaricom.gateway.register_urls(CONFIRM, CHECK, ResponseType.COMPLETED)
    with pytest.raises(Misconfigured) as caught:
        await safaricom.gateway.register_urls(CONFIRM, CHECK, ResponseType.COMPLETED)
    assert caught.value.code == code
    assert caught.value.cure


C2B_SHAPES: dict[str, Any] = {
    "full number": {"msisdn": "full"},
    "hashed number": {"msisdn": "hashed"},
    "no number": {"msisdn": "empty"},
    "all names": {"names": "full"},
    "empty names": {"names": "empty"},
    "names null": {"names": "null"},
    "no names": {"names": "missing"},
    "no type": {"transaction_type": ""},
    "invoice number": {"invoice_number": "004711"},
    "no balance": {"org_balance": "empty"},
    "one decimal": {"amount": "one_decimal"},
    "whole amount": {"amount": "integer"},
    "receipt in lower case": {"receipt": "lower"},
    "receipt with spaces": {"receipt": "padded"},
}


@pytest.mark.parametrize("shape", C2B_SHAPES.values(), ids=C2B_SHAPES)
async def test_every_shape_of_a_confirmation(safaricom: Safaricom, shape: Any) -> None:
    await safaricom.gateway.register_urls(CONFIRM, CHECK, ResponseType.COMPLETED)
    receipt = await safaricom.collected(750, behaviour=PaymentBehaviour(shape=ConfirmationShape(**shape)))
    (body,) = await safaricom.bodies("c2b")
    money = read_c2b(safaricom, body)
    assert (money.receipt_no, money.amount, money.account) == (receipt, Money.whole(750), "INV-001")
    moved = safaricom.daraja.state.ledger.find(receipt)
    assert moved is not None
    assert money.paid_at == moved.at.replace(microsecond=0)


async def test_a_business_payer_has_no_number(safaricom: Safaricom) -> None:
    await safaricom.gateway.register_urls(CONFIRM, CHECK, ResponseType.COMPLETED)
    await safaricom.collected(9000, msisdn="", business="JUBILEE INSURANCE")
    (body,) = await safaricom.bodies("c2b")
    money = read_c2b(safaricom, body)
    assert (money.payer_phone, money.kind) == ("", "Organization To Organization Transfer")


# ---------------------------------------------------------------- the list


async def pull_all(safaricom: Safaricom, hours: float = 2) -> list[FeedPage]:
    now = safaricom.daraja.state.clock.now()
    pages: list[FeedPage] = []
    while not pages or pages[-1].rows:
        pages.append(await safaricom.gateway.pull(now - timedelta(hours=hours), now, sum(page.rows for page in pages)))
    return pages


def listed(pages: list[FeedPage]) -> list[tuple[str, Money]]:
    return [(money.receipt_no, money.amount) for page in pages for money in page.payments]


async def test_registering_for_pulls_twice_is_as_good(safaricom: Safaricom) -> None:
    for key in ("plain", "spaced"):
        safaricom.configure(pull_status_key=key)
        assert await safaricom.gateway.register_pull(HERE + "pull")
        assert await safaricom.gateway.register_pull(HERE + "pull")


async def test_the_list_unregistered_is_a_setting(safaricom: Safaricom) -> None:
    with pytest.raises(Unavailable) as caught:
        await pull_all(safaricom)
    assert caught.value.code == "mpesa-configuration"


@pytest.mark.parametrize("date", ["eat", "eat_z", "utc_z", "spaced"])
@pytest.mark.parametrize("reference", ["ResponseRefID", "RequestID"])
async def test_every_date_and_reference(safaricom: Safaricom, date: Any, reference: Any) -> None:
    safaricom.configure(pull_date=date, pull_reference=reference)
    await safaricom.gateway.register_pull(HERE + "pull")
    receipt = await safaricom.collected(168)
    ((money,), ()) = (page.payments for page in await pull_all(safaricom))
    moved = safaricom.daraja.state.ledger.find(receipt)
    assert moved is not None
    assert (money.receipt_no, money.amount, money.account) == (receipt, Money.whole(168), "INV-001")
    assert (money.source, money.shortcode) == (Source.PULL, safaricom.config.shortcode)
    assert money.paid_at == moved.at.replace(microsecond=0)


@pytest.mark.parametrize("sender", ["name", "MPESA"])
@pytest.mark.parametrize("msisdn", ["number", "masked"])
async def test_payers_of_the_list(safaricom: Safaricom, sender: Any, msisdn: Any) -> None:
    safaricom.configure(pull_sender=sender, pull_msisdn=msisdn)
    await safaricom.gateway.register_pull(HERE + "pull")
    await safaricom.collected()
    ((money,), ()) = (page.payments for page in await pull_all(safaricom))
    assert bool(money.payer_name) == (sender == "name")
    assert money.payer_phone == ("712345678" if msisdn == "number" else "2547 ***** 678")


@pytest.mark.parametrize("nothing", ["1001", "500"])
async def test_an_empty_list(safaricom: Safaricom, nothing: Any) -> None:
    safaricom.configure(pull_nothing=nothing)
    await safaricom.gateway.register_pull(HERE + "pull")
    assert [(page.rows, page.payments) for page in await pull_all(safaricom)] == [(0, ())]


@pytest.mark.parametrize("faults", [("ok",), ("flat", "ok"), ("reverse", "flat"), ("repeat", "ok", "repeat")], ids=str)
async def test_page_by_page_nothing_is_lost_or_counted_twice(safaricom: Safaricom, faults: Any) -> None:
    safaricom.configure(pull_page=3)
    await safaricom.gateway.register_pull(HERE + "pull")
    paid = [(await safaricom.collected(100 + number), Money.whole(100 + number)) for number in range(8)]
    safaricom.daraja.pull.next_pages(*faults)
    pages = await pull_all(safaricom)
    assert sorted(listed(pages)) == sorted(paid)
    assert not any(page.unreadable for page in pages)


async def test_a_broken_page_is_no_page(safaricom: Safaricom) -> None:
    await safaricom.gateway.register_pull(HERE + "pull")
    receipt = await safaricom.collected(5)
    safaricom.daraja.pull.next_pages("broken")
    with pytest.raises(Unavailable):
        await pull_all(safaricom)
    assert listed(await pull_all(safaricom)) == [(receipt, Money.whole(5))]


# ---------------------------------------------------------------- QR


@pytest.mark.parametrize("response", ["00", "id"])
async def test_a_picture_to_scan(safaricom: Safaricom, response: Any) -> None:
    safaricom.configure(qr_response=response)
    small, large = await asyncio.gather(
        *(safaricom.gateway.qr("INV20931B", Money.whole(1500), pixels) for pixels in (200, 900))
    )
    assert small.startswith(b"\x89PNG")
    width = [int.from_bytes(picture[16:20], "big") for picture in (small, large)]
    assert width[0] <= 200 < width[1] <= 900
