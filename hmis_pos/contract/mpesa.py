"""The merchant's M-Pesa: what lies in it, how the lists are read, and the QR a patient scans."""

from __future__ import annotations

from msgspec import Struct

from hmis_pos.contract.fields import SignedAmount


class Balance(Struct, frozen=True, kw_only=True):
    """One account of the shortcode (Utility, Working, Charges Paid), as Safaricom last told it."""

    account: str
    available: SignedAmount
    at: str


class MpesaStatus(Struct, frozen=True, kw_only=True):
    """``GET /api/mpesa``. ``features`` of this relay: reversal, payout, status, balance, pull, qr.

    ``pull_good_at`` is when the list of payments was last read whole, ``pull_trouble`` what is wrong with it;
    ``payouts_halted`` says why refunds to phones are stopped.
    """

    shortcode: str
    is_till: bool
    features: list[str]
    balances: list[Balance]
    pull_good_at: str
    pull_trouble: str
    pull_is_late: bool
    payouts_halted: str


class PayQr(Struct, frozen=True, kw_only=True):
    """``GET /api/mpesa/qr?invoice_id=…&amount=…``: what a patient needs to pay by themselves. ``png`` is base64, empty where none.

    ``why_not`` says in words why there is no picture; Paybill and account are right all the same.
    """

    shortcode: str
    is_till: bool
    account: str
    amount: SignedAmount
    png: str
    why_not: str
