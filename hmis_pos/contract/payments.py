"""Collecting money."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from hmis_pos.contract.fields import Amount, Phone, RowId, SignedAmount, Text


class InitiateMpesa(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/payments/mpesa/initiate``. ``amount`` in whole shillings ("4850" or "4850.00").

    ``uid`` is the payment's UUIDv7 where the terminal made one; the relay makes one otherwise.
    """

    invoice_id: RowId
    amount: Amount
    phone_number: Phone
    uid: str = ""


class Confirm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """``POST /api/payments/confirm``: money a person took by hand, as the HMIS web pages call it.

    M-Pesa is not confirmed by hand: its proof comes from Safaricom.
    """

    invoice_id: RowId
    amount: Amount
    payment_method: Literal["cash", "card_pdq", "bank_transfer", "cheque"]
    gateway_reference: Annotated[str, Meta(max_length=100)] = ""
    tendered: Amount = ""
    note: Text = ""


class StopWaiting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/payments/{uid}/stop``: the cashier stops waiting; the patient may still be charged."""

    reason: Text = ""


class EvidenceLine(Struct, frozen=True, kw_only=True):
    """One piece of evidence, as the detail view shows it."""

    kind: str
    source: str
    at: str
    code: str
    text: str
    receipt_no: str
    amount: str


class Transaction(Struct, frozen=True, kw_only=True):
    """A payment transaction as lists and screens show it.

    ``transaction_id`` is the uid (initiate's answer names it so). ``amount`` is what was asked, ``received`` what came,
    ``provider_receipt`` the provider's number, ``receipt_no`` our own. ``advice`` says whether the patient may be asked again
    (``now``, ``wait`` until ``retry_not_before``, ``fix`` something first, ``no``). ``next_check_at``: when the relay asks again.

    ``channel``: ``counter``, ``paybill`` (the payer's own doing; ``account_typed`` and ``payer`` as the provider gave them), ``code`` (a
    receipt number that was proven) or ``unmatched``. ``refundable`` may still go back; ``fee`` is what the provider charges the hospital.
    """

    transaction_id: str
    id: int
    invoice_id: int
    invoice_number: str
    patient_id: int
    patient_no: str
    patient_name: str
    payment_method: str
    status: str
    currency: str
    amount: SignedAmount
    received: SignedAmount
    allocated: SignedAmount
    deposited: SignedAmount
    tendered: str
    change: str
    phone: str
    gateway_reference: str
    provider_receipt: str
    receipt_no: str
    failure_code: str
    failure_text: str
    agreed: bool
    advice: str
    retry_not_before: str
    next_check_at: str
    checks_done: int
    terminal: str
    processed_by: str
    created_at: str
    completed_at: str
    account_reference: str
    channel: str = "counter"
    account_typed: str = ""
    payer: str = ""
    paid_at: str = ""
    refunded: SignedAmount = "0.00"
    refundable: SignedAmount = "0.00"
    fee: str = ""
    evidence: list[EvidenceLine] = []

    @property
    def uid(self) -> str:
        return self.transaction_id


class TransactionPage(Struct, frozen=True, kw_only=True):
    """``GET /api/payments/transactions``, newest first; ``next`` is the following page's cursor."""

    transactions: list[Transaction]
    next: str
