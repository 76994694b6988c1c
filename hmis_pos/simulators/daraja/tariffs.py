"""Fees by the press's tables of 2024-2025; no official source, so good for a simulation only. KES."""

from bisect import bisect_left
from decimal import Decimal

# The upper end of each band, and its fee.
_PAYBILL = (
    (100, 0),
    (500, 5),
    (1000, 10),
    (1500, 15),
    (2500, 20),
    (3500, 25),
    (5000, 34),
    (7500, 42),
    (10000, 48),
    (15000, 57),
    (20000, 62),
    (25000, 67),
    (30000, 72),
    (35000, 83),
    (40000, 99),
    (45000, 103),
    (250000, 108),
)
_B2C = ((100, 0), (1500, 5), (5000, 9), (15000, 11), (250000, 12))


def paybill_fee(amount: Decimal) -> Decimal:
    """The whole fee of a payment to a paybill, whoever bears it."""
    return _fee(_PAYBILL, amount)


def b2c_fee(amount: Decimal) -> Decimal:
    """What a payout to a registered customer costs the business."""
    return _fee(_B2C, amount)


def _fee(bands: tuple[tuple[int, int], ...], amount: Decimal) -> Decimal:
    at = bisect_left([end for end, _ in bands], amount)
    return Decimal(bands[min(at, len(bands) - 1)][1])
