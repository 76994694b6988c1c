"""Reading and grouping an amount that somebody types, without ever guessing.

A dot parts the cents; commas part thousands, and only where thousands are. `4,50` is therefore
refused and not read as 4.50 or as 450: the cashier says which.
"""

import re
from enum import Enum

from PySide6.QtCore import QCoreApplication

_PLAIN = re.compile(r"\d*(\.\d*)?")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")
_CENTS = 2
#: Numeric(10,2) in the central database ends below a hundred million shillings.
MAX_WHOLE_DIGITS = 8


class MoneyMistake(Enum):
    """What can be wrong with an amount as typed."""

    NOT_A_NUMBER = "not_a_number"
    COMMA = "comma"
    TWO_DOTS = "two_dots"
    THREE_DECIMALS = "three_decimals"
    TOO_LONG = "too_long"

    @property
    def words(self) -> str:
        """The sentence for it, translated."""
        words = {
            MoneyMistake.NOT_A_NUMBER: QCoreApplication.translate(
                "MoneyMistake", "Only digits and a dot for the cents."
            ),
            MoneyMistake.COMMA: QCoreApplication.translate(
                "MoneyMistake", "Use a dot for the cents, for example 4.50."
            ),
            MoneyMistake.TWO_DOTS: QCoreApplication.translate("MoneyMistake", "One dot only, before the cents."),
            MoneyMistake.THREE_DECIMALS: QCoreApplication.translate(
                "MoneyMistake", "At most two digits for the cents."
            ),
            MoneyMistake.TOO_LONG: QCoreApplication.translate("MoneyMistake", "That is more than 99,999,999.99."),
        }
        return words[self]


class MoneyTextError(ValueError):
    """The text is no amount; `mistake` says why."""

    def __init__(self, mistake: MoneyMistake) -> None:
        super().__init__(mistake.value)
        self.mistake = mistake


def read_minor(text: str) -> int | None:
    """Read typed text as minor units (cents).

    Args:
        text: for example `4,850.00`, `4850`, `.5`; blanks around it do not count.

    Returns:
        The cents, or `None` where nothing is typed yet.

    Raises:
        MoneyTextError: it is no amount.
    """
    text = text.strip()
    if text in {"", "."}:
        return None
    plain = _without_commas(text)
    whole, _, cents = plain.partition(".")
    if len(cents) > _CENTS:
        raise MoneyTextError(MoneyMistake.THREE_DECIMALS)
    if len(whole.lstrip("0")) > MAX_WHOLE_DIGITS:
        raise MoneyTextError(MoneyMistake.TOO_LONG)
    return int(whole or "0") * 100 + int(cents.ljust(_CENTS, "0"))


def _without_commas(text: str) -> str:
    if not text.isascii() or set(text) - set("0123456789.,"):
        raise MoneyTextError(MoneyMistake.NOT_A_NUMBER)
    if text.count(".") > 1:
        raise MoneyTextError(MoneyMistake.TWO_DOTS)
    if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text):
        return text.replace(",", "")
    raise MoneyTextError(MoneyMistake.COMMA)


def grouped(text: str) -> str:
    """The same amount with commas between thousands, as far as it is typed.

    Raises:
        MoneyTextError: it has commas where no thousands are, or other signs.
    """
    whole, dot, cents = _without_commas(text.strip()).partition(".")
    digits = whole.lstrip("0") or ("0" if whole else "")
    return (f"{int(digits):,}" if digits else "") + dot + cents


def shown(minor: int) -> str:
    """An amount as it stands in the field: always with cents."""
    return f"{minor // 100:,}.{minor % 100:02d}"
