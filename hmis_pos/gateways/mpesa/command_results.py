"""What Safaricom posts about a command of ours, as the use cases read it.

Strict about money, as :mod:`callbacks`: an amount that cannot be read refuses the whole message, so that a person looks at
it, while the status question finds out about the refund.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from hmis_pos.cashier.ports_mobile_money import ResultReading, StatusOutcome, StatusReading
from hmis_pos.cashier.records_back_office import RequestKind
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import normal_receipt
from hmis_pos.gateways.mpesa import command_codes, envelope, status_answer, wire
from hmis_pos.gateways.mpesa.envelope import Envelope, Parameters
from hmis_pos.gateways.mpesa.results import SUCCESS

#: The form of a payout's time is day first, all others are 14 digits.
_TIMES = ("TransactionCompletedDateTime", "TransCompletedTime", "FinalisedTime", "BOCompletedTime")
_AMOUNTS = {RequestKind.PAYOUT: "TransactionAmount", RequestKind.REVERSAL: "Amount"}
#: Accounts of a balance are joined by &, the parts of one by |: name, currency, current, available, and two more in an
#: order on which sources differ.
_AVAILABLE = 3
_CURRENCY = re.compile(r"[A-Z]{3}")


def read(kind: RequestKind, body: bytes, heard_at: datetime, shortcodes: frozenset[str]) -> ResultReading:
    """Interpret a Result callback.

    ``R000001`` of a reversal ("already reversed") is ASSURED: the money is back with the payer. The code does not say whose
    reversal that was; the caller has asked for the status before it counts as this refund's.

    A balance that was refused has no balances, but DECLINED evidence with the code.

    Args:
        kind: of the command it answers.
        body: raw.
        heard_at: when it came.
        shortcodes: under which money is ours.

    Raises:
        ValueError: it is none; the message says why.
    """
    told = envelope.read(body)
    reading = ResultReading(
        originator=told.originator, conversation=told.conversation, as_of=told.parameters.time(*_TIMES)
    )
    if kind is RequestKind.STATUS:
        return replace(reading, status=status_answer.read(told, heard_at, shortcodes))
    if kind is not RequestKind.BALANCE:
        return replace(reading, evidence=_money_back(kind, told, heard_at))
    if told.code == SUCCESS:
        return replace(reading, balances=_balances(told.parameters))
    return replace(reading, evidence=_evidence(EvidenceKind.DECLINED, told, heard_at))


def read_timeout(kind: RequestKind, body: bytes, heard_at: datetime) -> ResultReading:
    """Interpret a call of QueueTimeOutURL. Its body is not documented, so any will do, and it is never a no."""
    originator, conversation = envelope.find_ids(body)
    text = "M-Pesa did not process it in time; a result may still come"
    reading = ResultReading(originator=originator, conversation=conversation)
    if kind is RequestKind.STATUS:
        return replace(
            reading,
            status=StatusReading(
                outcome=StatusOutcome.NO_ANSWER, receipt_no="", code=command_codes.QUEUE_TIMEOUT, text=text
            ),
        )
    return replace(
        reading,
        evidence=Evidence(
            kind=EvidenceKind.NO_ANSWER,
            source=Source.CALLBACK,
            observed_at=heard_at,
            code=command_codes.QUEUE_TIMEOUT,
            text=text,
            reference=originator or conversation,
        ),
    )


def _money_back(kind: RequestKind, told: Envelope, heard_at: datetime) -> Evidence:
    """PAID with a receipt and an amount; a success that lacks one of them is ASSURED: the money did go."""
    row = command_codes.of_result(kind, told.code)
    if row.kind is not EvidenceKind.PAID:
        return _evidence(row.kind, told, heard_at)
    named = told.parameters.text("TransactionReceipt") if kind is RequestKind.PAYOUT else ""
    receipt = normal_receipt(wire.identifier(named or told.transaction, "receipt", wire.MAX_RECEIPT))
    value = told.parameters.one(_AMOUNTS[kind])
    amount = None if value is None else wire.from_wire(value)
    proven = bool(receipt) and amount is not None
    return replace(
        _evidence(EvidenceKind.PAID if proven else EvidenceKind.ASSURED, told, heard_at),
        receipt_no=receipt,
        amount=amount,
    )


def _evidence(kind: EvidenceKind, told: Envelope, heard_at: datetime) -> Evidence:
    """Without a receipt: the TransactionID of a failure is a dummy, if it is there at all.

    The reference is the id that Transaction Status asks by, as in the answer at the door.
    """
    return Evidence(
        kind=kind,
        source=Source.CALLBACK,
        observed_at=heard_at,
        code=told.code,
        text=told.text,
        reference=told.originator or told.conversation,
    )


def _balances(told: Parameters) -> tuple[tuple[str, Money], ...]:
    text = wire.text_of(told.one("AccountBalance"), wire.MAX_LIST)
    accounts = tuple(_balance(part) for part in text.split("&") if part.strip())
    if not accounts:
        raise ValueError("the balance names no account")
    return accounts


def _balance(text: str) -> tuple[str, Money]:
    parts = [part.strip() for part in text.split("|")]
    if len(parts) <= _AVAILABLE or not parts[0] or not _CURRENCY.fullmatch(parts[1]):
        raise ValueError(f"{wire.clean(text, 60)!r} is no account with its balance")
    return parts[0], wire.signed_from_wire(parts[_AVAILABLE], parts[1])
