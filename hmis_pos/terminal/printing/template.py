"""What a hospital puts on its receipts itself: name, address, footer."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path

from hmis_pos import resources
from hmis_pos.domain.errors import Misconfigured

_DEFAULT = ("receipts", "template.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptTemplate:
    """Words of the house. ``hospital`` empty: the facility's name as the relay gives it."""

    hospital: str = ""
    address: str = ""
    contact: str = ""
    tax_pin: str = ""
    footer_en: str = "Thank you. Keep this receipt as proof of payment."
    footer_sw: str = "Asante. Tunza risiti hii kama uthibitisho wa malipo."


def load_template(path: Path | None = None) -> ReceiptTemplate:
    """Read a template; without a path the one in resources.

    Raises:
        Misconfigured: it is no JSON object of the known texts.
    """
    file = path or resources.path(*_DEFAULT)
    known = {field.name for field in fields(ReceiptTemplate)}
    try:
        return ReceiptTemplate(**_texts(file, known))
    except (OSError, ValueError) as e:
        raise Misconfigured(
            f"the receipt template {file} cannot be used: {e}",
            code="receipt-template",
            cure=f"It may hold: {', '.join(sorted(known))}; each a text.",
        ) from e


def _texts(file: Path, known: set[str]) -> dict[str, str]:
    found = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise ValueError("it is not an object of texts")
    if strange := sorted(set(found) - known):
        raise ValueError(f"{', '.join(strange)} is not known")
    return found
