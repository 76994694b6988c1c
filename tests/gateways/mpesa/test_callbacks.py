"""Every oddity of a callback that the reference lists, against the real parsers."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.gateways.mpesa import results
from hmis_pos.gateways.mpesa.gateway import MpesaGateway
from tests.support.daraja_bodies import c2b

HEARD = datetime(2026, 1, 31, 7, 15, 40, tzinfo=UTC)
PAID_AT = datetime(2026, 1, 31, 7, 15, 30, tzinfo=UTC)
REFERENCE = "ws_CO_1"

AMOUNT = {"Name": "Amount", "Value": 1500}
RECEIPT = {"Name": "MpesaReceiptNumber", "Value": "TAB1CD2EFG"}
BALANCE = {"Name": "Balance"}
DATE = {"Name": "TransactionDate", "Value": 20260131101530}
PHONE = {"Name": "PhoneNumber", "Value": 254712345678}
ITEMS = [AMOUNT, RECEIPT, BALANCE, DATE, PHONE]


def stk(items: Any = ITEMS, **changes: Any) -> bytes:
    callback: dict[str, Any] = {
        "MerchantRequestID": "a1b2-1",
        "CheckoutRequestID": REFERENCE,
        "ResultCode": 0,
        "ResultDesc": "The service request is processed successfully.",
    }
    if items is not None:
        callback["CallbackMetadata"] = {"Item": items}
    callback.update(changes)
    return json.dumps({"Body": {"stkCallback": {k: v for k, v in callback.items() if v is not ...}}}).encode()


def no(code: object, **changes: Any) -> bytes:
    return stk(None, **{"ResultCode": code, "ResultDesc": "Request cancelled by user", **changes})


class TestSuccess:
    def test_the_sample_of_the_reference(self, gateway: MpesaGateway) -> None:
        body = b"""{"Body":{"stkCallback":{"MerchantRequestID":"a1b2-1","CheckoutRequestID":"ws_CO_1","ResultCode":0,
         "ResultDesc":"The service request is processed successfully.",
         "CallbackMetadata":{"Item":[
          {"Name":"Amount","Value":1500.00},{"Name":"MpesaReceiptNumber","Value":"TAB1CD2EFG"},
          {"Name":"Balance"},{"Name":"TransactionDate","Value":20260131101530},
          {"Name":"PhoneNumber","Value":254712345678}]}}}}"""
        reading = gateway.read_callback("stk", body, HEARD)
        assert reading.evidence == Evidence(
            kind=EvidenceKind.PAID,
            source=Source.CALLBACK,
            observed_at=HEARD,
            receipt_no="TAB1CD2EFG",
            amount=Money.whole(1500),
            code="0",
            text="The service request is processed successfully.",
            reference="ws_CO_1",
        )
        assert (reading.paid_at, reading.payer) == (PAID_AT, "254712345678")

    @pytest.mark.parametrize("order", list(itertools.permutations(range(5)))[::7])
    def test_items_come_in_any_order(self, gateway: MpesaGateway, order: tuple[int, ...]) -> None:
        evidence = gateway.read_callback("stk", stk([ITEMS[i] for i in order]), HEARD).evidence
        assert (evidence.kind, evidence.receipt_no, evidence.amount) == (
            EvidenceKind.PAID,
            "TAB1CD2EFG",
            Money.whole(1500),
        )

    @pytest.mark.parametrize(
        "items",
        [
            [AMOUNT, RECEIPT, DATE, PHONE],
            [AMOUNT, RECEIPT, {"Name": "Balance", "Value": None}, DATE, PHONE],
            [AMOUNT, RECEIPT, {"Name": "Balance", "Value": ""}, DATE, PHONE],
            [AMOUNT, RECEIPT, BALANCE, {"Name": "Extras", "Value": {"tier": [1]}}, {"Name": "New", "Value": 1}],
            [AMOUNT, RECEIPT, {"Value": 4}, {"Name": None, "Value": 4}, "stray", None, 7],
            [AMOUNT, RECEIPT],
            [AMOUNT, AMOUNT, RECEIPT, RECEIPT],
            [{"Name": " amount ", "Value": 1500}, {"Name": "Mpesa Receipt Number", "Value": "TAB1CD2EFG"}],
        ],
        ids=["no balance", "null", "empty", "unknown", "stray", "bare", "doubled", "names in another dress"],
    )
    def test_missing_and_unknown_items_do_not_matter(self, gateway: MpesaGateway, items: Any) -> None:
        evidence = gateway.read_callback("stk", stk(items), HEARD).evidence
        assert (evidence.kind, evidence.amount) == (EvidenceKind.PAID, Money.whole(1500))

    @pytest.mark.parametrize("code", ["0", "0.0", '"0"', '" 0 "', "0.00"])
    @pytest.mark.parametrize("amount", ["1500", "1500.0", "1500.00", '"1500"', '"1500.00"', '" 1500 "'])
    def test_numbers_are_text_or_numbers(self, gateway: MpesaGateway, code: Any, amount: Any) -> None:
        body = (
            f'{{"Body":{{"stkCallback":{{"CheckoutRequestID":"ws_CO_1","ResultCode":{code},"ResultDesc":"ok",'
            f'"CallbackMetadata":{{"Item":[{{"Name":"Amount","Value":{amount}}},'
            '{"Name":"MpesaReceiptNumber","Value":"TAB1CD2EFG"}]}}}}'
        )
        evidence = gateway.read_callback("stk", body.encode(), HEARD).evidence
        assert (evidence.kind, evidence.amount, evidence.code) == (EvidenceKind.PAID, Money.whole(1500), "0")

    @pytest.mark.parametrize("receipt", ["TAB1CD2EFG", " TAB1CD2EFG ", "tab1cd2efg", "TAB1CD2EFG\n"])
    def test_a_receipt_is_trimmed_and_upper_case(self, gateway: MpesaGateway, receipt: Any) -> None:
        items = [AMOUNT, {"Name": "MpesaReceiptNumber", "Value": receipt}]
        assert gateway.read_callback("stk", stk(items), HEARD).evidence.receipt_no == "TAB1CD2EFG"

    @pytest.mark.parametrize(
        "date", [20260131101530, "20260131101530", "2026-01-31 10:15:30", "31.01.2026 10:15:30"], ids=repr
    )
    def test_every_date(self, gateway: MpesaGateway, date: Any) -> None:
        items = [AMOUNT, RECEIPT, {"Name": "TransactionDate", "Value": date}]
        assert gateway.read_callback("stk", stk(items), HEARD).paid_at == PAID_AT

    def test_a_strange_date_loses_no_money(self, gateway: MpesaGateway) -> None:
        items = [AMOUNT, RECEIPT, {"Name": "TransactionDate", "Value": "soon"}]
        reading = gateway.read_callback("stk", stk(items), HEARD)
        assert (reading.evidence.kind, reading.paid_at) == (EvidenceKind.PAID, None)

    @pytest.mark.parametrize(
        ("phone", "payer"),
        [
            (254712345678, "254712345678"),
            ("254712345678", "254712345678"),
            ("2547 ***** 678", "2547 ***** 678"),
            ("25471****678", "25471****678"),
            (None, ""),
            (..., ""),
        ],
        ids=repr,
    )
    def test_a_phone_is_opaque_and_may_be_masked_or_absent(self, gateway: MpesaGateway, phone: Any, payer: Any) -> None:
        items = [AMOUNT, RECEIPT] if phone is ... else [AMOUNT, RECEIPT, {"Name": "PhoneNumber", "Value": phone}]
        reading = gateway.read_callback("stk", stk(items), HEARD)
        assert (reading.evidence.kind, reading.payer) == (EvidenceKind.PAID, payer)

    def test_an_amount_that_differs_is_given_as_received(self, gateway: MpesaGateway) -> None:
        items = [{"Name": "Amount", "Value": 1499.5}, RECEIPT]
        assert gateway.read_callback("stk", stk(items), HEARD).evidence.amount == Money(149950)

    @pytest.mark.parametrize("items", [None, [], [AMOUNT], [AMOUNT, {"Name": "MpesaReceiptNumber"}], "none", {}])
    def test_a_success_without_receipt_proves_nothing_yet(self, gateway: MpesaGateway, items: Any) -> None:
        evidence = gateway.read_callback("stk", stk(items), HEARD).evidence
        assert (evidence.kind, evidence.code, evidence.receipt_no) == (EvidenceKind.UNCLEAR, "0", "")

    def test_a_success_without_amount_waits_for_a_query(self, gateway: MpesaGateway) -> None:
        evidence = gateway.read_callback("stk", stk([RECEIPT]), HEARD).evidence
        assert (evidence.kind, evidence.receipt_no, evidence.amount) == (EvidenceKind.CLAIMED, "TAB1CD2EFG", None)

    def test_without_a_request_id_the_url_still_knows(self, gateway: MpesaGateway) -> None:
        evidence = gateway.read_callback("stk", stk(CheckoutRequestID=...), HEARD).evidence
        assert (evidence.kind, evidence.reference) == (EvidenceKind.PAID, "")


class TestNo:
    @pytest.mark.parametrize("outcome", results.STK_RESULTS.values(), ids=lambda o: o.code)
    def test_every_code_of_the_reference_as_number_and_as_text(self, gateway: MpesaGateway, outcome: Any) -> None:
        forms = [outcome.code, f" {outcome.code} "]
        if outcome.code.isdecimal():
            forms.append(int(outcome.code))
        for form in forms:
            evidence = gateway.read_callback("stk", stk(ResultCode=form), HEARD).evidence
            assert evidence.code == outcome.code
            assert evidence.kind is results.of_callback(outcome.code)
            assert bool(evidence.receipt_no) == (outcome.code == "0")

    @pytest.mark.parametrize("metadata", [..., None, {}, {"Item": []}, {"Item": None}, "", []])
    def test_a_no_has_no_metadata_or_an_empty_one(self, gateway: MpesaGateway, metadata: Any) -> None:
        evidence = gateway.read_callback("stk", no(1032, CallbackMetadata=metadata), HEARD).evidence
        assert evidence.kind is EvidenceKind.DECLINED
        assert (evidence.code, evidence.text, evidence.reference) == ("1032", "Request cancelled by user", REFERENCE)
        assert (evidence.amount, evidence.receipt_no) == (None, "")

    @pytest.mark.parametrize("code", [5, "1036", "R000002", "C2B00012", 99999, -1])
    def test_an_undocumented_code_is_unclear(self, gateway: MpesaGateway, code: Any) -> None:
        evidence = gateway.read_callback("stk", no(code), HEARD).evidence
        assert (evidence.kind, evidence.code) == (EvidenceKind.UNCLEAR, str(code))

    def test_a_missing_description_is_no_obstacle(self, gateway: MpesaGateway) -> None:
        assert gateway.read_callback("stk", no(1032, ResultDesc=...), HEARD).evidence.text == ""

    def test_text_is_made_fit_for_the_database(self, gateway: MpesaGateway) -> None:
        body = no(1032, ResultDesc="bad\x00 \ud800 text\x1b")
        evidence = gateway.read_callback("stk", body, HEARD).evidence
        assert evidence.text.encode() == b"bad    text"
        assert evidence.digest


class TestJunk:
    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (b"", "empty"),
            (b"<html>", "not JSON"),
            (b'{"Body":{"stkCallback":{"MerchantRequestID":"', "not JSON"),
            (b"[]", "object was expected"),
            (b"{}", "Body is missing"),
            (b'{"Body":[]}', "Body is missing"),
            (b'{"Body":{}}', "stkCallback is missing"),
            (b'{"Body":{"stkCallback":{}}}', "ResultCode is missing"),
            (stk(ResultCode=None), "ResultCode is missing"),
            (stk(ResultCode=True), "neither text nor a whole number"),
            (stk(ResultCode={}), "neither text nor a whole number"),
            (stk(ResultCode=" "), "empty"),
            (stk([{"Name": "Amount", "Value": "lots"}, RECEIPT]), "not a number"),
            (stk([{"Name": "Amount", "Value": 0}, RECEIPT]), "not above zero"),
            (stk([{"Name": "Amount", "Value": -5}, RECEIPT]), "not above zero"),
            (stk([{"Name": "Amount", "Value": "1.005"}, RECEIPT]), "more than two decimals"),
            (stk([AMOUNT, {"Name": "Amount", "Value": 2}, RECEIPT]), "two different values for amount"),
            (stk([AMOUNT, {"Name": "MpesaReceiptNumber", "Value": "X" * 60}]), "longer than 40"),
            (stk(CheckoutRequestID="x" * 200), "longer than 100"),
            (c2b(), "Body is missing"),
        ],
    )
    def test_junk_is_refused_with_its_reason(self, gateway: MpesaGateway, body: Any, reason: Any) -> None:
        with pytest.raises(ValueError, match=reason):
            gateway.read_callback("stk", body, HEARD)

    def test_no_such_channel(self, gateway: MpesaGateway) -> None:
        with pytest.raises(ValueError, match="no channel 'b2c'"):
            gateway.read_callback("b2c", stk(), HEARD)

    @given(
        body=st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats(allow_nan=False)
            | st.text(st.characters(), max_size=8),
            lambda inner: (
                st.lists(inner, max_size=4)
                | st.dictionaries(
                    st.sampled_from(["Body", "stkCallback", "ResultCode", "Item", "Name", "Value"]), inner
                )
            ),
            max_leaves=20,
        ),
        channel=st.sampled_from(["stk", "c2b", "alias"]),
        wrapped=st.booleans(),
    )
    def test_anything_at_all_is_read_or_a_value_error(self, body: Any, channel: Any, wrapped: Any) -> None:
        from hmis_pos.gateways.mpesa.gateway import MpesaGateway  # noqa: PLC0415 - hypothesis runs without fixtures

        if wrapped:
            body = {"Body": {"stkCallback": {"ResultCode": 0, "CheckoutRequestID": body, "CallbackMetadata": body}}}
        gateway = MpesaGateway.__new__(MpesaGateway)
        try:
            reading = gateway.read_callback(channel, json.dumps(body).encode(), HEARD)
        except ValueError:
            return
        assert reading.evidence.digest


class TestAlias:
    """Nobody proves the sender."""

    def test_a_success_is_only_claimed(self, gateway: MpesaGateway) -> None:
        evidence = gateway.read_callback("alias", stk(), HEARD).evidence
        assert (evidence.kind, evidence.source) == (EvidenceKind.CLAIMED, Source.CALLBACK)
        assert (evidence.receipt_no, evidence.amount, evidence.reference) == (
            "TAB1CD2EFG",
            Money.whole(1500),
            REFERENCE,
        )

    @pytest.mark.parametrize("code", [c for c in results.STK_RESULTS if c != "0"] + ["77"])
    def test_a_no_is_a_hint_that_neither_closes_nor_allows_a_prompt(self, gateway: MpesaGateway, code: Any) -> None:
        evidence = gateway.read_callback("alias", no(code), HEARD).evidence
        assert (evidence.kind, evidence.code) == (EvidenceKind.UNCLEAR, "unproven")
        assert evidence.text == f"{code} Request cancelled by user"
        assert gateway.advise(evidence.code).advice == "no"

    def test_without_a_receipt_it_is_a_hint_too(self, gateway: MpesaGateway) -> None:
        evidence = gateway.read_callback("alias", stk(None), HEARD).evidence
        assert (evidence.kind, evidence.code) == (EvidenceKind.UNCLEAR, "unproven")

    def test_without_a_request_id_it_belongs_to_nobody(self, gateway: MpesaGateway) -> None:
        with pytest.raises(ValueError, match="belongs to no payment"):
            gateway.read_callback("alias", stk(CheckoutRequestID=...), HEARD)

    def test_money_paid_to_the_shortcode_is_not_believed_here(self, gateway: MpesaGateway) -> None:
        with pytest.raises(ValueError, match="no STK callback"):
            gateway.read_callback("alias", c2b(), HEARD)
