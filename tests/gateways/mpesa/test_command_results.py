"""Every form of a Result callback and of a queue's time-out that the reference names."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmis_pos.cashier.ports_mobile_money import StatusOutcome
from hmis_pos.cashier.records import Advice
from hmis_pos.cashier.records_back_office import ProviderMoney, RequestKind
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.domain.refund import RefundState, judge_refund
from hmis_pos.gateways.mpesa import command_codes, command_results
from hmis_pos.gateways.mpesa.gateway import MpesaGateway
from tests.support.daraja_bodies import BALANCE, listed, paid_out, result, told

HEARD = datetime(2026, 1, 31, 7, 15, 40, tzinfo=UTC)
OURS = frozenset({"174379"})
PAYOUT, REVERSAL, STATUS, BALANCES = RequestKind.PAYOUT, RequestKind.REVERSAL, RequestKind.STATUS, RequestKind.BALANCE
K = EvidenceKind

REVERSED = {
    "DebitAccountBalance": "Utility Account|KES|51661.00|51661.00|0.00|0.00",
    "Amount": 100,
    "TransCompletedTime": 20260131101530,
    "OriginalTransactionID": "TAB1CD2EFG",
    "Charge": 0,
    "CreditPartyPublicName": "254712345678 - JANE",
    "DebitPartyPublicName": "174379 - Mwangaza",
}


def evidence(kind: RequestKind, body: bytes) -> Evidence:
    found = command_results.read(kind, body, HEARD, OURS).evidence
    assert found is not None
    return found


class TestPayout:
    def test_the_sample_of_the_reference(self, gateway: MpesaGateway) -> None:
        body = b"""{"Result":{"ResultType":0,"ResultCode":0,"ResultDesc":"The service request is processed successfully.",
         "OriginatorConversationID":"o-1","ConversationID":"AG_1","TransactionID":"SG632NMUAB",
         "ResultParameters":{"ResultParameter":[{"Key":"TransactionAmount","Value":10},
          {"Key":"TransactionReceipt","Value":"SG632NMUAB"},
          {"Key":"ReceiverPartyPublicName","Value":"2547XXXXXXXX - NAME"},
          {"Key":"TransactionCompletedDateTime","Value":"06.07.2024 22:48:52"},
          {"Key":"B2CUtilityAccountAvailableFunds","Value":8959269.60},
          {"Key":"B2CWorkingAccountAvailableFunds","Value":1199371.00},
          {"Key":"B2CRecipientIsRegisteredCustomer","Value":"Y"},
          {"Key":"B2CChargesPaidAccountAvailableFunds","Value":-1980.00}]},
         "ReferenceData":{"ReferenceItem":{"Key":"QueueTimeoutURL","Value":"https://internal"}}}}"""
        reading = gateway.read_result(PAYOUT, body, HEARD)
        assert reading.evidence == Evidence(
            kind=K.PAID,
            source=Source.CALLBACK,
            observed_at=HEARD,
            receipt_no="SG632NMUAB",
            amount=Money.whole(10),
            code="0",
            text="The service request is processed successfully.",
            reference="o-1",
        )
        assert (reading.originator, reading.conversation) == ("o-1", "AG_1")
        assert reading.as_of == datetime(2024, 7, 6, 19, 48, 52, tzinfo=UTC)
        assert (reading.status, reading.balances) == (None, ())

    @pytest.mark.parametrize("code", [0, "0", 0.0, " 0 "], ids=repr)
    @pytest.mark.parametrize("amount", [10, 10.0, "10", "10.00"], ids=repr)
    def test_numbers_and_text(self, code: Any, amount: Any) -> None:
        found = evidence(PAYOUT, result(paid_out(TransactionAmount=amount), ResultCode=code))
        assert (found.kind, found.amount) == (K.PAID, Money.whole(10))

    @pytest.mark.parametrize(
        "parameters", [..., None, "", {}, [], {"ResultParameter": None}, {"ResultParameter": []}], ids=repr
    )
    def test_a_success_without_parameters_is_assured_with_its_receipt(self, parameters: Any) -> None:
        found = evidence(PAYOUT, result(parameters))
        assert (found.kind, found.receipt_no, found.amount) == (K.ASSURED, "SG632NMUAB", None)
        assert judge_refund([found]).state is RefundState.COMPLETED

    def test_a_dummy_transaction_is_no_receipt(self) -> None:
        assert evidence(PAYOUT, result(TransactionID="MAS0000000")).receipt_no == ""

    def test_a_single_object_spaces_in_keys_and_an_entry_without_value(self) -> None:
        single = {"ResultParameter": {"Key": "Transaction Amount", "Value": "10"}}
        assert evidence(PAYOUT, result(single)).amount == Money.whole(10)
        spaced = listed(**{"transaction amount": 10, "Transaction Receipt": " sg632nmuab ", "Balance": ..., "X": None})
        found = evidence(PAYOUT, result(spaced))
        assert (found.kind, found.receipt_no) == (K.PAID, "SG632NMUAB")

    @pytest.mark.parametrize("row", command_codes.PAYOUT_RESULTS.values(), ids=lambda row: row.code)
    def test_every_code_as_text_and_as_number(self, gateway: MpesaGateway, row: Any) -> None:
        for form in (row.code, int(row.code)) if row.code.isdecimal() else (row.code, row.code.lower()):
            found = evidence(PAYOUT, result(ResultCode=form, TransactionID="MAS0000000", ResultDesc="as said"))
            assert found.code == row.code
            if row.code == "0":
                continue
            assert (found.kind, found.text, found.receipt_no, found.amount) == (row.kind, "as said", "", None)
            wanted = RefundState.FAILED if row.kind is K.DECLINED else RefundState.UNKNOWN
            assert judge_refund([found]).state is wanted
            assert (gateway.advise_refund(PAYOUT, row.code).advice is Advice.NO) == (wanted is RefundState.UNKNOWN)

    @pytest.mark.parametrize("code", ["32", "5", "XYZ", "4999"])
    def test_an_undocumented_code_is_unclear(self, gateway: MpesaGateway, code: Any) -> None:
        assert evidence(PAYOUT, result(ResultCode=code)).kind is K.UNCLEAR
        assert gateway.advise_refund(PAYOUT, code).advice is Advice.NO

    def test_a_failure_with_one_parameter_object(self) -> None:
        single = {"ResultParameter": {"Key": "BOCompletedTime", "Value": 20260131101530}}
        reading = command_results.read(PAYOUT, result(single, ResultCode=2001), HEARD, OURS)
        assert reading.evidence is not None
        assert reading.evidence.kind is K.DECLINED
        assert reading.as_of == datetime(2026, 1, 31, 7, 15, 30, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (b"{}", "Result is missing"),
            (b'{"Result":[]}', "Result is missing"),
            (b'{"Result":{}}', "ResultCode is missing"),
            (result(ResultCode=None), "ResultCode is missing"),
            (result(paid_out(TransactionAmount="free")), "not a number"),
            (result(paid_out(TransactionAmount=-5)), "not above zero"),
            (result({"ResultParameter": [{"Key": "TransactionAmount", "Value": v} for v in (5, 6)]}), "two different"),
            (result(ConversationID="x" * 101), "longer than"),
            (b"<html>", "not JSON"),
        ],
    )
    def test_junk_is_refused_with_its_reason(self, body: Any, reason: Any) -> None:
        with pytest.raises(ValueError, match=reason):
            command_results.read(PAYOUT, body, HEARD, OURS)


class TestReversal:
    def test_success_brings_the_receipt_of_the_reversal(self) -> None:
        reading = command_results.read(REVERSAL, result(listed(**REVERSED), TransactionID="TAC9XY8ZWV"), HEARD, OURS)
        assert reading.evidence is not None
        assert (reading.evidence.kind, reading.evidence.receipt_no) == (K.PAID, "TAC9XY8ZWV")
        assert reading.evidence.amount == Money.whole(100)
        assert reading.as_of == datetime(2026, 1, 31, 7, 15, 30, tzinfo=UTC)

    @pytest.mark.parametrize("row", command_codes.REVERSAL_RESULTS.values(), ids=lambda row: row.code)
    def test_every_code(self, gateway: MpesaGateway, row: Any) -> None:
        found = evidence(REVERSAL, result(ResultCode=row.code, TransactionID="MAS0000000"))
        assert (found.kind, found.code) == (row.kind if row.code != "0" else K.ASSURED, row.code)
        assert (gateway.advise_refund(REVERSAL, row.code).advice is Advice.FIX) == (row.kind is K.DECLINED)

    def test_reversed_before_means_done(self) -> None:
        found = evidence(REVERSAL, result(ResultCode="r000001", ResultDesc="already reversed"))
        assert (found.kind, found.code, found.receipt_no) == (K.ASSURED, "R000001", "")
        assert judge_refund([found]).state is RefundState.COMPLETED

    def test_what_is_documented_for_payouts_only_is_unclear(self) -> None:
        assert evidence(REVERSAL, result(ResultCode=25)).kind is K.UNCLEAR


def test_only_the_operators_own_trouble_halts(gateway: MpesaGateway) -> None:
    codes = {*command_codes.PAYOUT_RESULTS, *command_codes.REVERSAL_RESULTS, "", "77", "400.002.02"}
    assert {code for code in codes if gateway.halts_payouts(code)} == {"18", "20", "2001", "8006"}


class TestStatus:
    def read(self, parameters: Any = ..., **changes: Any) -> Any:
        return command_results.read(STATUS, result(parameters, **changes), HEARD, OURS).status

    def test_money_that_came_to_us(self) -> None:
        status = self.read(told())
        assert (status.outcome, status.to_us, status.is_reversed) == (StatusOutcome.COMPLETED, True, False)
        assert (status.receipt_no, status.code, status.text) == ("TAB1CD2EFG", "0", "Completed")
        assert status.money == ProviderMoney(
            provider="mpesa",
            source=Source.STATUS,
            receipt_no="TAB1CD2EFG",
            amount=Money.whole(1500),
            observed_at=HEARD,
            payer_name="JANE WANJIKU",
            payer_phone="254712345678",
            shortcode="174379",
            kind="Pay Utility",
            paid_at=datetime(2026, 1, 31, 7, 15, 30, tzinfo=UTC),
        )

    @pytest.mark.parametrize(
        ("word", "outcome"),
        [
            ("Completed", StatusOutcome.COMPLETED),
            ("COMPLETED ", StatusOutcome.COMPLETED),
            ("Cancelled", StatusOutcome.NOT_COMPLETED),
            ("Declined", StatusOutcome.NOT_COMPLETED),
            ("Expired", StatusOutcome.NOT_COMPLETED),
            ("Reversed", StatusOutcome.NOT_COMPLETED),
            ("Initiated", StatusOutcome.UNDECIDED),
            ("Authorized", StatusOutcome.UNDECIDED),
            ("Half done", StatusOutcome.UNDECIDED),
            ("", StatusOutcome.NO_ANSWER),
            (..., StatusOutcome.NO_ANSWER),
        ],
        ids=repr,
    )
    def test_every_word(self, word: Any, outcome: Any) -> None:
        status = self.read(told(TransactionStatus=word))
        assert status.outcome is outcome
        assert (status.money is not None) == (outcome is StatusOutcome.COMPLETED)
        assert status.is_reversed == (word == "Reversed")

    @pytest.mark.parametrize(
        ("code", "outcome"),
        [
            ("25", StatusOutcome.NOT_FOUND),
            (25, StatusOutcome.NOT_FOUND),
            ("R000002", StatusOutcome.NOT_FOUND),
            (2001, StatusOutcome.NO_ANSWER),
            (21, StatusOutcome.NO_ANSWER),
            (8006, StatusOutcome.NO_ANSWER),
            (77, StatusOutcome.NO_ANSWER),
        ],
        ids=repr,
    )
    def test_a_question_that_failed_says_nothing_of_the_money(self, code: Any, outcome: Any) -> None:
        status = self.read(told(), ResultCode=code, ResultDesc="as said")
        assert (status.outcome, status.code, status.text) == (outcome, str(code), "as said")
        assert (status.money, status.to_us, status.receipt_no) == (None, False, "")

    def test_money_that_went_elsewhere(self) -> None:
        status = self.read(told(CreditPartyName="600999 - Another Hospital"))
        assert (status.outcome, status.to_us, status.money) == (StatusOutcome.COMPLETED, False, None)

    def test_a_payout_of_ours_with_spaces_inside_its_ids(self) -> None:
        status = self.read(
            told(
                DebitPartyName="174379 - Mwangaza County Hospital",
                CreditPartyName="254712345678 - JANE",
                DebitPartyCharges="Fee For B2C Payment|KES|22.40",
                ReasonType="Business Payment to Customer via API",
                **{"Originator ConversationID": "refund-9", "Conversation ID": "AG_9"},
            )
        )
        assert (status.outcome, status.to_us, status.money) == (StatusOutcome.COMPLETED, False, None)
        assert status.originator == "refund-9"

    def twice(self, first: str, second: str, **changes: Any) -> Any:
        parameters = told(DebitPartyName=first, CreditPartyName=..., **changes)
        parameters["ResultParameter"].append({"Key": "DebitPartyName", "Value": second})
        return self.read(parameters)

    def test_the_official_sample_prints_the_debit_party_twice(self) -> None:
        status = self.twice("254712345678 - JANE", "174379 - Mwangaza")
        assert status.to_us
        assert status.money.payer_name == "JANE"

    def test_then_a_customers_payment_is_ours_in_either_order(self) -> None:
        status = self.twice("174379 - Mwangaza", "254712345678 - JANE", ReasonType="Pay Bill Online")
        assert status.to_us
        assert (status.money.payer_name, status.money.shortcode) == ("JANE", "174379")
        assert not self.twice("600999 - Other", "254712345678 - JANE").to_us

    def test_then_a_payout_never_counts_as_a_payment_whatever_the_order(self) -> None:
        ours, theirs = "174379 - Mwangaza", "254712345678 - JANE"
        assert not self.twice(ours, theirs, ReasonType="").to_us
        shuffled = {"DebitPartyCharges": "Fee For B2C Payment|KES|22.40"}
        assert not self.twice(theirs, ours, **shuffled).to_us
        assert not self.twice(theirs, ours, ReasonType="Business Payment to Customer via API").to_us
        assert not self.twice(theirs, ours, ReasonType="Transaction Reversal").to_us

    @pytest.mark.parametrize(
        ("party", "phone", "name"),
        [
            ("254712345678 - JANE", "254712345678", "JANE"),
            ("2547****678 - JANE", "2547****678", "JANE"),
            ("254712345678", "254712345678", ""),
            ("JUBILEE INSURANCE - KENYA", "", "JUBILEE INSURANCE - KENYA"),
            (..., "", ""),
        ],
        ids=repr,
    )
    def test_the_payer(self, party: Any, phone: Any, name: Any) -> None:
        money = self.read(told(DebitPartyName=party)).money
        assert (money.payer_phone, money.payer_name) == (phone, name)

    def test_without_amount_or_receipt_there_is_no_money(self) -> None:
        assert self.read(told(Amount=...)).money is None
        assert self.read(told(ReceiptNo=...)).money is None

    def test_an_amount_that_cannot_be_read_is_refused_whole(self) -> None:
        with pytest.raises(ValueError, match="not a number"):
            self.read(told(Amount="much"))


class TestBalance:
    def read(self, text: Any, **changes: Any) -> Any:
        parameters = listed(AccountBalance=text, BOCompletedTime=20260131101530)
        return command_results.read(BALANCES, result(parameters, **changes), HEARD, OURS)

    def test_the_second_figure_of_every_account(self) -> None:
        reading = self.read(BALANCE)
        assert reading.balances == (
            ("Working Account", Money.whole(46713)),
            ("Utility Account", Money(110050)),
            ("Charges Paid Account", Money.whole(-1980)),
        )
        assert reading.as_of == datetime(2026, 1, 31, 7, 15, 30, tzinfo=UTC)
        assert reading.evidence is None

    def test_other_tails_and_a_trailing_separator(self) -> None:
        assert self.read("Utility Account|KES|5|4&").balances == (("Utility Account", Money.whole(4)),)
        assert self.read(" A | KES | 5.00 | 0.00 | 1 | 2 | 3 ").balances == (("A", Money.zero()),)

    def test_a_refused_question_tells_its_code(self) -> None:
        reading = self.read(..., ResultCode=2001)
        assert reading.balances == ()
        assert (reading.evidence.kind, reading.evidence.code) == (K.DECLINED, "2001")

    @pytest.mark.parametrize("text", [..., "", "Utility", "A|KES|1", "|KES|1|1", "A|kes|1|1", "A|KES|1|x"], ids=repr)
    def test_what_is_no_balance(self, text: Any) -> None:
        with pytest.raises(ValueError, match=r"."):
            self.read(text)


ANY_BODY = [b"", b"Request timed out in the queue", b"<html>", b"[]", b"null", b"{}", b"\xff\xfe", result(ResultCode=1)]


class TestTimeout:
    @pytest.mark.parametrize("kind", [PAYOUT, REVERSAL])
    @pytest.mark.parametrize("body", ANY_BODY, ids=range(len(ANY_BODY)))
    def test_any_body_is_never_a_no(self, gateway: MpesaGateway, kind: Any, body: Any) -> None:
        found = gateway.read_timeout(kind, body, HEARD).evidence
        assert found is not None
        assert (found.kind, found.code, found.receipt_no) == (K.NO_ANSWER, "queue-timeout", "")
        assert judge_refund([found]).state is RefundState.UNKNOWN

    @pytest.mark.parametrize("body", ANY_BODY, ids=range(len(ANY_BODY)))
    def test_of_a_question(self, gateway: MpesaGateway, body: Any) -> None:
        status = gateway.read_timeout(STATUS, body, HEARD).status
        assert status is not None
        assert status.outcome is StatusOutcome.NO_ANSWER
        assert gateway.read_timeout(BALANCES, body, HEARD).balances == ()

    def test_its_ids_in_an_envelope_or_flat(self, gateway: MpesaGateway) -> None:
        flat = json.dumps({"OriginatorConversationID": "refund-1", "ConversationID": "AG_20260131_1"}).encode()
        for body in (result(), flat):
            reading = gateway.read_timeout(PAYOUT, body, HEARD)
            assert (reading.originator, reading.conversation) == ("refund-1", "AG_20260131_1")
            assert reading.evidence is not None
            assert reading.evidence.reference == "refund-1"


KEYS = ["Result", "ResultCode", "ResultParameters", "ResultParameter", "Key", "Value", "AccountBalance", "Amount"]
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(KEYS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=20,
)


class TestAnything:
    @given(st.sampled_from(RequestKind), st.binary(max_size=200))
    def test_any_bytes(self, kind: RequestKind, body: bytes) -> None:
        with contextlib.suppress(ValueError):
            command_results.read(kind, body, HEARD, OURS)
        command_results.read_timeout(kind, body, HEARD)

    @given(st.sampled_from(RequestKind), JUNK, st.booleans())
    def test_any_json(self, kind: RequestKind, junk: Any, wrapped: Any) -> None:
        body = {"Result": {"ResultCode": 0, "ResultParameters": junk, "TransactionID": junk}} if wrapped else junk
        with contextlib.suppress(ValueError):
            command_results.read(kind, json.dumps(body).encode(), HEARD, OURS)
        command_results.read_timeout(kind, json.dumps(body).encode(), HEARD)


def test_what_it_has_to_mend_is_told_from_what_is_this_refunds_own(gateway: MpesaGateway) -> None:
    own = ("1", "2", "3", "4", "8", "2040", "SFC_IC0003", "400.002.02:PartyB", "400.002.02:Amount", "nobody knows")
    halting = ("18", "20", "2001", "8006")  # these stop all commands, and that has a task of its own
    its = (
        "21",
        "24",
        "25",
        "2028",
        "TP40153",
        "400.002.02:Initiator",
        "400.002.02:Credential",
        "404.001.03",
    )
    assert [code for code in (*own, *halting, *its) if gateway.advise_refund(PAYOUT, code).about_settings] == list(its)
