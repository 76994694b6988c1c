"""Money from a customer's own phone: every form of the two bodies, and our answer to the first."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmis_pos.cashier.records_back_office import ProviderMoney
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.gateways.mpesa import c2b as c2b_module
from hmis_pos.gateways.mpesa.c2b import Reject, validation_answer
from hmis_pos.gateways.mpesa.gateway import MpesaGateway
from tests.support.daraja_bodies import c2b

HEARD = datetime(2026, 1, 31, 7, 15, 40, tzinfo=UTC)
PAID_AT = datetime(2026, 1, 31, 7, 15, 30, tzinfo=UTC)


class TestConfirmation:
    def test_the_sample_of_the_reference(self, gateway: MpesaGateway) -> None:
        reading = gateway.read_callback("c2b", c2b(), HEARD)
        assert reading.evidence == Evidence(
            kind=EvidenceKind.PAID,
            source=Source.C2B,
            observed_at=HEARD,
            receipt_no="TAB1CD2EFG",
            amount=Money.whole(5),
            text="Pay Bill",
        )
        assert reading.money == ProviderMoney(
            provider="mpesa",
            source=Source.C2B,
            receipt_no="TAB1CD2EFG",
            amount=Money.whole(5),
            observed_at=HEARD,
            account="INV-001",
            payer_name="JANE",
            payer_phone="2547 ***** 126",
            shortcode="600966",
            kind="Pay Bill",
            paid_at=PAID_AT,
        )
        assert (reading.payer, reading.paid_at) == ("JANE 2547 ***** 126", PAID_AT)

    @pytest.mark.parametrize("kind", ["Pay Bill", "Buy Goods", "Customer Merchant Payment", "", ..., None])
    def test_every_transaction_type(self, gateway: MpesaGateway, kind: Any) -> None:
        assert gateway.read_callback("c2b", c2b(TransactionType=kind), HEARD).evidence.kind is EvidenceKind.PAID

    def test_another_business_pays(self, gateway: MpesaGateway) -> None:
        body = c2b(
            TransactionType="Organization To Organization Transfer",
            MSISDN="",
            FirstName="JUBILEE INSURANCE",
            MiddleName=...,
            LastName=...,
            InvoiceNumber="77",
        )
        money = c2b_module.read_money(body, HEARD)
        assert (money.payer_name, money.payer_phone) == ("JUBILEE INSURANCE", "")
        assert gateway.read_callback("c2b", body, HEARD).evidence.kind is EvidenceKind.PAID

    @pytest.mark.parametrize(
        ("msisdn", "payer"),
        [
            ("2547 ***** 126", "JANE 2547 ***** 126"),
            ("254712345678", "JANE 254712345678"),
            (254712345678, "JANE 254712345678"),
            ("ab" * 32, "JANE " + "ab" * 32),
            ("", "JANE"),
            (None, "JANE"),
            (..., "JANE"),
        ],
        ids=repr,
    )
    def test_a_phone_is_masked_hashed_full_or_empty(self, gateway: MpesaGateway, msisdn: Any, payer: Any) -> None:
        assert gateway.read_callback("c2b", c2b(MSISDN=msisdn), HEARD).payer == payer

    @pytest.mark.parametrize(
        ("typed", "account"),
        [(" inv 001 ", "inv 001"), ("", ""), (..., ""), (None, ""), (12345, "12345"), ("x" * 20, "x" * 20)],
        ids=repr,
    )
    def test_the_account_stays_as_typed(self, typed: Any, account: Any) -> None:
        assert c2b_module.read_money(c2b(BillRefNumber=typed), HEARD).account == account

    @pytest.mark.parametrize("amount", ["5.00", "5", 5, "5.0"], ids=repr)
    def test_every_amount(self, gateway: MpesaGateway, amount: Any) -> None:
        assert gateway.read_callback("c2b", c2b(TransAmount=amount), HEARD).evidence.amount == Money.whole(5)

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (b"{}", "TransID is missing"),
            (c2b(TransID=""), "TransID is missing"),
            (c2b(TransID="  "), "TransID is missing"),
            (c2b(TransAmount=...), "TAB1CD2EFG names no TransAmount"),
            (c2b(TransAmount=None), "names no TransAmount"),
            (c2b(TransAmount="free"), "not a number"),
            (c2b(TransAmount="0.00"), "not above zero"),
            (b'{"Body":{"stkCallback":{}}}', "TransID is missing"),
            (c2b(TransID="T" * 41), "longer than"),
            (b"null", "object was expected"),
        ],
    )
    def test_junk_is_refused_with_its_reason(self, gateway: MpesaGateway, body: Any, reason: Any) -> None:
        with pytest.raises(ValueError, match=reason):
            gateway.read_callback("c2b", body, HEARD)

    def test_a_confirmation_from_an_unknown_address_is_a_claim(self, gateway: MpesaGateway) -> None:
        claim = gateway.read_callback("c2b-claim", c2b(), HEARD)
        assert claim.evidence.kind is EvidenceKind.CLAIMED
        assert claim.money == gateway.read_callback("c2b", c2b(), HEARD).money

    def test_a_time_that_cannot_be_read_loses_no_money(self) -> None:
        money = c2b_module.read_money(c2b(TransTime="soon"), HEARD)
        assert (money.paid_at, money.amount) == (None, Money.whole(5))

    @given(
        st.binary()
        | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(lambda x: json.dumps(x).encode())
    )
    def test_any_bytes_raise_only_value_errors(self, body: bytes) -> None:
        with contextlib.suppress(ValueError):
            c2b_module.read_money(body, HEARD)


class TestValidation:
    def test_the_body_before_the_money_moves(self, gateway: MpesaGateway) -> None:
        money = gateway.read_validation(c2b(OrgAccountBalance=""), HEARD)
        assert (money.account, money.amount, money.shortcode) == ("INV-001", Money.whole(5), "600966")

    def test_accepted(self) -> None:
        assert json.loads(validation_answer()) == {"ResultCode": "0", "ResultDesc": "Accepted"}

    def test_accepted_with_a_name_that_the_confirmation_repeats(self) -> None:
        assert json.loads(validation_answer(None, "abc1"))["ThirdPartyTransID"] == "abc1"

    @pytest.mark.parametrize(
        ("reject", "code"),
        [
            (Reject.PHONE, "C2B00011"),
            (Reject.ACCOUNT, "C2B00012"),
            (Reject.AMOUNT, "C2B00013"),
            (Reject.KYC, "C2B00014"),
            (Reject.SHORTCODE, "C2B00015"),
            (Reject.OTHER, "C2B00016"),
        ],
    )
    def test_rejected(self, reject: Any, code: Any) -> None:
        assert json.loads(validation_answer(reject, "abc1")) == {"ResultCode": code, "ResultDesc": "Rejected"}
