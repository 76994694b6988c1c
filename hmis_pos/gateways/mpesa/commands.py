"""The bodies of commands that an operator of ours sends; Safaricom's spellings differ from one to the next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hmis_pos.cashier.ports_mobile_money import RefundOrder, StatusQuestion
from hmis_pos.domain import phone as phones
from hmis_pos.domain.errors import CashierMistake
from hmis_pos.domain.money import Money
from hmis_pos.domain.refund import Route
from hmis_pos.gateways.mpesa import wire
from hmis_pos.gateways.mpesa.config import MpesaConfig

PAYOUT_PATH = "/mpesa/b2c/v3/paymentrequest"
REVERSAL_PATH = "/mpesa/reversal/v1/request"
STATUS_PATH = "/mpesa/transactionstatus/v1/query"
BALANCE_PATH = "/mpesa/accountbalance/v1/query"

#: A shortcode, among the kinds of parties.
_SHORTCODE_KIND = "4"
#: Older samples say 4; 11 is the organisation's shortcode here.
_REVERSAL_KIND = "11"
_REMARKS = 100
_SHORTEST_REMARK = 2
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 .,:/-]")
_ORIGINATOR = re.compile(rf"[A-Za-z0-9_-]{{1,{wire.MAX_ID}}}")
_RECEIPT = re.compile(rf"[A-Za-z0-9]{{1,{wire.MAX_RECEIPT}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Who sends commands: ``credential`` is computed once when the relay starts."""

    config: MpesaConfig
    credential: str

    def payout(self, order: RefundOrder) -> Mapping[str, object]:
        """B2C v3: our OriginatorConversationID makes it safe against paying twice; ``InitiatorName``, double s.

        Raises:
            CashierMistake: Daraja would refuse it.
        """
        if not _ORIGINATOR.fullmatch(order.originator):
            raise _cannot(f"our name for it, {order.originator!r}, is not 1 to {wire.MAX_ID} letters, digits, - and _")
        shillings = wire.to_wire(order.amount)
        rules = self.config.refund_rules
        low, high = rules.payout_minimum, rules.payout_maximum
        if not low <= shillings <= high:
            raise _cannot(f"M-Pesa pays out {low:,} to {high:,} shillings, not {shillings:,}")
        return {
            "OriginatorConversationID": order.originator,
            "InitiatorName": self.config.initiator,
            "SecurityCredential": self.credential,
            "CommandID": "BusinessPayment",
            "Amount": shillings,
            "PartyA": self.config.payer_shortcode,
            "PartyB": phones.normalise(order.phone),
            "Remarks": _remarks(order.remarks),
            "QueueTimeOutURL": order.timeout_url,
            "ResultURL": order.result_url,
            "Occassion": wire.clean(order.receipt_no, _REMARKS),
        }

    def reversal(self, order: RefundOrder) -> Mapping[str, object]:
        """Undo a receipt; ``RecieverIdentifierType`` is the real key, misspelt.

        Raises:
            CashierMistake: Daraja would refuse it.
        """
        return {
            "Initiator": self.config.initiator,
            "SecurityCredential": self.credential,
            "CommandID": "TransactionReversal",
            "TransactionID": _receipt(order.receipt_no),
            "Amount": _positive(order.amount),
            "ReceiverParty": self.config.shortcode,
            "RecieverIdentifierType": _REVERSAL_KIND,
            "ResultURL": order.result_url,
            "QueueTimeOutURL": order.timeout_url,
            "Remarks": _remarks(order.remarks),
        }

    def status(self, question: StatusQuestion) -> Mapping[str, object]:
        """Ask about a receipt, or about a command of ours by its ``OriginalConversationID`` (note the name).

        Raises:
            CashierMistake: not exactly one of the two is given.
        """
        if bool(question.receipt_no) == bool(question.originator):
            raise _cannot("a status question names either a receipt or a command of ours")
        if question.receipt_no:
            about, party = {"TransactionID": _receipt(question.receipt_no)}, self.config.shortcode
        else:
            about, party = {"OriginalConversationID": question.originator}, self.config.shortcode
            if question.about is Route.PAYOUT:
                party = self.config.payer_shortcode
        return {
            "Initiator": self.config.initiator,
            "SecurityCredential": self.credential,
            "CommandID": "TransactionStatusQuery",
            **about,
            "PartyA": party,
            "IdentifierType": _SHORTCODE_KIND,
            "ResultURL": question.result_url,
            "QueueTimeOutURL": question.timeout_url,
            "Remarks": "Status",
        }

    def balance(self, result_url: str, timeout_url: str) -> Mapping[str, object]:
        """Ask what lies in the accounts of the shortcode."""
        return {
            "Initiator": self.config.initiator,
            "SecurityCredential": self.credential,
            "CommandID": "AccountBalance",
            "PartyA": self.config.shortcode,
            "IdentifierType": _SHORTCODE_KIND,
            "Remarks": "Balance",
            "QueueTimeOutURL": timeout_url,
            "ResultURL": result_url,
        }


def _remarks(text: str) -> str:
    """2 to 100 plain characters."""
    plain = " ".join(_NOT_PLAIN.sub(" ", text).split())[:_REMARKS].strip()
    return plain if len(plain) >= _SHORTEST_REMARK else "Refund"


def _receipt(text: str) -> str:
    receipt = text.strip().upper()
    if not _RECEIPT.fullmatch(receipt):
        raise _cannot(f"{wire.clean(text, wire.MAX_RECEIPT)!r} is no receipt number")
    return receipt


def _positive(amount: Money) -> int:
    shillings = wire.to_wire(amount)
    if shillings < 1:
        raise _cannot(f"{amount.grouped} is nothing to give back")
    return shillings


def _cannot(why: str) -> CashierMistake:
    return CashierMistake(why, code="mpesa-order", cure="Nothing was asked; correct the refund.")
