from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmis_pos.cashier.ports import Order
from hmis_pos.domain.errors import CashierMistake
from hmis_pos.domain.money import MAX_MINOR, Money
from hmis_pos.gateways.mpesa import wire
from hmis_pos.gateways.mpesa.config import MpesaConfig, TransactionType

AT = datetime(2026, 1, 31, 7, 15, 30, tzinfo=UTC)


class TestAmounts:
    @given(st.integers(1, 250_000))
    def test_whole_shillings_go_and_come_back(self, shillings: Any) -> None:
        assert wire.to_wire(Money.whole(shillings)) == shillings
        assert wire.from_wire(wire.to_wire(Money.whole(shillings))) == Money.whole(shillings)

    @given(st.integers(1, MAX_MINOR))
    def test_nothing_is_ever_truncated(self, minor: Any) -> None:
        amount = Money(minor)
        if minor % 100:
            with pytest.raises(wire.NotRepresentable) as caught:
                wire.to_wire(amount)
            assert (caught.value.code, caught.value.field) == ("amount-fraction", "amount")
            assert caught.value.cure
        else:
            assert Money.whole(wire.to_wire(amount)) == amount

    def test_other_money_is_refused(self) -> None:
        with pytest.raises(CashierMistake, match="USD") as caught:
            wire.to_wire(Money.whole(5, "USD"))
        assert caught.value.code == "currency"

    @pytest.mark.parametrize(
        "value",
        [1500, Decimal(1500), Decimal("1500.0"), Decimal("1500.00"), "1500", "1500.00", " 1500.0 ", "1.5E3"],
        ids=repr,
    )
    def test_every_form_of_an_amount_is_read(self, value: Any) -> None:
        assert wire.from_wire(value) == Money.whole(1500)

    def test_cents_are_kept(self) -> None:
        assert wire.from_wire("0.05") == Money(5)

    @pytest.mark.parametrize(
        "value",
        [
            None, True, False, 1500.0, "", "abc", "1,500", "KES 5", [], {}, 0, -1, "0.00", "-5", "1.005",
            Decimal("1E+999999999"), "1E999999999", "9" * 400, 10**400, "NaN", "Infinity", Decimal("sNaN"),
            "1." + "0" * 40 + "1", 10**9,
        ], ids=repr)  # fmt: skip
    def test_junk_is_no_amount(self, value: Any) -> None:
        with pytest.raises(ValueError, match="amount"):
            wire.from_wire(value)


class TestCodes:
    @pytest.mark.parametrize(
        ("value", "code"),
        [
            (0, "0"),
            ("0", "0"),
            (" 0 ", "0"),
            (Decimal("0.0"), "0"),
            (1032, "1032"),
            ("1032", "1032"),
            (Decimal("1037.00"), "1037"),
            ("SFC_IC0003", "SFC_IC0003"),
            ("sfc_ic0003", "SFC_IC0003"),
            ("R000002", "R000002"),
        ],
        ids=repr,
    )
    def test_numbers_and_text_are_one_code(self, value: Any, code: Any) -> None:
        assert wire.code(value) == code

    @pytest.mark.parametrize("value", [None, "", "  ", True, False, Decimal("0.5"), [], {}, "\x00"], ids=repr)
    def test_junk_is_no_code(self, value: Any) -> None:
        with pytest.raises(ValueError, match="result code"):
            wire.code(value)


class TestText:
    @given(st.text(st.characters(), max_size=700))
    def test_clean_text_fits_a_database(self, text: Any) -> None:
        cleaned = wire.clean(text)
        cleaned.encode()
        assert "\x00" not in cleaned
        assert len(cleaned) <= wire.MAX_TEXT

    def test_half_surrogates_and_escapes_are_gone(self) -> None:
        assert wire.clean("a\ud800b\x1b[31mc\x00") == "a b [31mc"

    def test_too_long_an_id_is_no_id(self) -> None:
        with pytest.raises(ValueError, match="CheckoutRequestID is longer than 100"):
            wire.identifier("x" * 101, "CheckoutRequestID")
        assert wire.identifier("x" * 100, "CheckoutRequestID") == "x" * 100


class TestTimes:
    @pytest.mark.parametrize(
        "value",
        [
            20260131101530,
            "20260131101530",
            " 20260131101530 ",
            Decimal("20260131101530.0"),
            "2026-01-31 10:15:30",
            "2026-01-31T10:15:30",
            "2026-01-31T10:15:30+03:00",
            "2026-01-31T07:15:30Z",
            "31.01.2026 10:15:30",
            "31/1/2026 10:15:30",
        ],
        ids=repr,
    )
    def test_every_form_of_a_time_is_read_as_eat(self, value: Any) -> None:
        assert wire.read_time(value) == AT

    @pytest.mark.parametrize(
        "value", [None, "", 0, "yesterday", 20261331101530, "2026-02-30 10:00:00", [], True], ids=repr
    )
    def test_a_strange_time_is_none(self, value: Any) -> None:
        assert wire.read_time(value) is None

    def test_a_time_goes_out_in_east_africa_time(self) -> None:
        assert wire.timestamp(AT) == "20260131101530"
        assert wire.timestamp(datetime(2026, 12, 31, 22, 0, tzinfo=UTC)) == "20270101010000"

    def test_a_time_without_zone_is_a_bug(self) -> None:
        with pytest.raises(ValueError, match="zone"):
            wire.timestamp(datetime(2026, 1, 31))  # noqa: DTZ001 - the point


class TestBodies:
    def test_the_push_says_what_the_reference_asks_for(self, config: MpesaConfig, order: Order) -> None:
        body = wire.push_body(config, order, AT)
        assert body == {
            "BusinessShortCode": "174379",
            "Password": base64.b64encode(b"174379pass-key20260131101530").decode(),
            "Timestamp": "20260131101530",
            "TransactionType": "CustomerPayBillOnline",
            "Amount": 1500,
            "PartyA": "254712345678",
            "PartyB": "174379",
            "PhoneNumber": "254712345678",
            "CallBackURL": "https://pay.example/cb/ab12",
            "AccountReference": "INV20931B",
            "TransactionDesc": "Hospital bill",
        }
        assert type(body["Amount"]) is int

    def test_a_till_is_paid_under_its_store_number(self, config: MpesaConfig, order: Order) -> None:
        till = replace(config, transaction_type=TransactionType.TILL, party_b="600100")
        body = wire.push_body(till, order, AT)
        assert (body["BusinessShortCode"], body["PartyB"]) == ("174379", "600100")
        assert body["TransactionType"] == "CustomerBuyGoodsOnline"

    @pytest.mark.parametrize("reference", ["", "INV-20931", "INV 1", "ABCDEFGHIJKLM", "Ñ1"])
    def test_an_account_reference_that_daraja_refuses_is_not_sent(
        self, config: MpesaConfig, order: Order, reference: Any
    ) -> None:
        with pytest.raises(CashierMistake, match="account reference"):
            wire.push_body(config, replace(order, account_reference=reference), AT)

    @pytest.mark.parametrize(
        ("given", "sent"),
        [("", "Payment"), ("Ward 7/Bed 3, Mwangi", "Ward 7 Bed 3"), ("x" * 40, "x" * 13), ("\ud800", "Payment")],
    )
    def test_the_description_is_always_sent_and_plain(
        self, config: MpesaConfig, order: Order, given: Any, sent: Any
    ) -> None:
        assert wire.push_body(config, replace(order, description=given), AT)["TransactionDesc"] == sent

    def test_the_query_has_a_password_of_its_own_time(self, config: MpesaConfig) -> None:
        assert wire.query_body(config, "ws_CO_1", AT) == {
            "BusinessShortCode": "174379",
            "Password": base64.b64encode(b"174379pass-key20260131101530").decode(),
            "Timestamp": "20260131101530",
            "CheckoutRequestID": "ws_CO_1",
        }
