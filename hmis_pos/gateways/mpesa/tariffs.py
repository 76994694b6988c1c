"""M-Pesa's fees from ``resources/tariffs/mpesa.toml``, or from a file of the hospital; that file explains its own form.

Errors name the table and the row, because a person typed it from a poster.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from hmis_pos import resources
from hmis_pos.domain.errors import Misconfigured
from hmis_pos.domain.fees import Band, Tariff
from hmis_pos.domain.money import Money

_MAX_SHILLINGS = 99_999_999
_KEYS = frozenset({"service", "payer", "valid_from", "source", "agreed", "bands"})
_BAND_KEYS = frozenset({"from", "up_to", "customer", "business", "business_percent", "cap"})
_ONE_FEE = 3
_TWO_FEES = 4


class Service(StrEnum):
    """What money moves by."""

    PAYBILL = "paybill"
    B2C = "b2c"
    BUY_GOODS = "buy-goods"


class Payer(StrEnum):
    """Who pays the fee."""

    CUSTOMER = "customer"
    BUSINESS = "business"
    SHARED = "shared"


E = TypeVar("E", bound=StrEnum)
Key = tuple[Service, Payer]


@dataclass(frozen=True, slots=True)
class Tariffs:
    """All tables, by service and payer, oldest first."""

    tables: Mapping[Key, tuple[Tariff, ...]]

    def of(self, service: Service, payer: Payer) -> tuple[Tariff, ...]:
        """The tables of one service, for :func:`hmis_pos.domain.fees.fee`; empty where there is none."""
        return self.tables.get((service, payer), ())


class _Wrong(ValueError):
    """Something in a table, said in words that a place is put before."""


def load_tariffs(path: Path | None = None) -> Tariffs:
    """Our tables; a service that the hospital's file at ``path`` names is taken from that file alone.

    Raises:
        Misconfigured: the file is not there, or not of this form; names file, table and row.
    """
    ours = _load(resources.path("tariffs", "mpesa.toml"))
    if path is None:
        return Tariffs(MappingProxyType(ours))
    theirs = _load(path)
    replaced = {service for service, _ in theirs}
    kept = {key: tables for key, tables in ours.items() if key[0] not in replaced}
    return Tariffs(MappingProxyType(kept | theirs))


def _load(path: Path) -> dict[Key, tuple[Tariff, ...]]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _misconfigured(path, f"it cannot be read ({error.strerror})") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _misconfigured(path, f"it is no TOML file: {error}") from error
    written = document.pop("tariff", None)
    if document or not isinstance(written, list) or not written:
        raise _misconfigured(path, "it must consist of tables [[tariff]], and has " + (", ".join(document) or "none"))
    found: dict[Key, list[Tariff]] = {}
    for number, table in enumerate(written, 1):
        try:
            for key, tariff in _tariffs(table):
                before = found.setdefault(key, [])
                if any(other.valid_from == tariff.valid_from for other in before):
                    raise _Wrong(f"{tariff.name} has a second table that begins on {tariff.valid_from}")
                before.append(tariff)
        except ValueError as error:
            raise _misconfigured(path, f"table {number}{_called(table)}, {error}") from error
    return {key: tuple(sorted(tariffs, key=lambda t: t.valid_from)) for key, tariffs in found.items()}


def _misconfigured(path: Path, problem: str) -> Misconfigured:
    return Misconfigured(
        f"the tariff file {path}: {problem}", cure="Mend it; resources/tariffs/mpesa.toml shows the form."
    )


def _called(table: Any) -> str:
    """``(paybill from 2024-01-01)``, as far as it says."""
    if not isinstance(table, dict):
        return ""
    return f" ({table.get('service', 'no service')} from {table.get('valid_from', 'no day')})"


# ---------------------------------------------------------------- one table


def _tariffs(table: Any) -> list[tuple[Key, Tariff]]:
    """The tables that this one stands for: one for each payer."""
    if not isinstance(table, dict):
        raise _Wrong("it is no table")
    if unknown := table.keys() - _KEYS:
        raise _Wrong(f"unknown key {min(unknown)}")
    service = _choice(Service, table.get("service"), "service")
    payers = table.get("payer", "business")
    begins = table.get("valid_from")
    if not isinstance(begins, date) or isinstance(begins, datetime):
        raise _Wrong("valid_from must be a day such as 2024-01-01")
    source, agreed = table.get("source"), table.get("agreed", True)
    if not isinstance(source, str) or not source.strip():
        raise _Wrong("source must say where the table is from")
    if not isinstance(agreed, bool):
        raise _Wrong("agreed must be true or false")
    made = []
    for named in payers if isinstance(payers, list) else [payers]:
        payer = _choice(Payer, named, "payer")
        bands = tuple(_bands(table.get("bands"), payer))
        name = f"{service.value} {payer.value}"
        made.append(((service, payer), Tariff(name=name, valid_from=begins, bands=bands, source=source, agreed=agreed)))
    if not made:
        raise _Wrong("payer names nobody")
    return made


def _choice(choices: type[E], value: Any, name: str) -> E:
    try:
        return choices(value)
    except ValueError:
        raise _Wrong(f"{name} must be one of {', '.join(choices)}, not {value!r}") from None


def _bands(rows: Any, payer: Payer) -> list[Band]:
    if not isinstance(rows, list) or not rows:
        raise _Wrong("bands must be a list of rows")
    bands: list[Band] = []
    expected = 1
    for number, row in enumerate(rows, 1):
        try:
            begins, band = _band(row, payer)
            if begins > expected:
                raise _Wrong(f"leaves a gap: it begins at {begins}, {expected} was expected")
            if begins < expected:
                raise _Wrong(f"overlaps: it begins at {begins}, {expected} was expected")
            if band.up_to < begins:
                raise _Wrong(f"ends at {band.up_to}, before it begins at {begins}")
        except ValueError as error:
            raise _Wrong(f"row {number} {row!r}: {error}") from error
        bands.append(band)
        expected = band.up_to + 1
    return bands


def _band(row: Any, payer: Payer) -> tuple[int, Band]:
    if isinstance(row, dict):
        return _band_of_names(row, payer)
    if not isinstance(row, list) or len(row) not in (_ONE_FEE, _TWO_FEES):
        raise _Wrong("it must be [from, up to, fee] or [from, up to, customer, business]")
    if (len(row) == _TWO_FEES) != (payer is Payer.SHARED):
        raise _Wrong("two fees belong to the payer shared, and one fee to all others")
    numbers = _shillings_of(row)
    none = Money.zero()
    if payer is Payer.SHARED:
        customer, business = (Money.whole(number) for number in numbers[2:])
    else:
        fee = Money.whole(numbers[2])
        customer, business = (fee, none) if payer is Payer.CUSTOMER else (none, fee)
    return numbers[0], Band(up_to=numbers[1], customer=customer, business=business)


def _band_of_names(row: Mapping[str, Any], payer: Payer) -> tuple[int, Band]:
    if unknown := row.keys() - _BAND_KEYS:
        raise _Wrong(f"unknown key {min(unknown)}")
    begins, ends, customer, business = _shillings_of(
        [row.get("from"), row.get("up_to"), row.get("customer", 0), row.get("business", 0)]
    )
    percent, cap = _percent(row.get("business_percent", "0")), row.get("cap")
    if (payer is Payer.BUSINESS and customer) or (payer is Payer.CUSTOMER and (business or percent)):
        raise _Wrong(f"somebody else than the {payer.value} pays in it")
    return begins, Band(
        up_to=ends,
        customer=Money.whole(customer),
        business=Money.whole(business),
        business_percent=percent,
        percent_cap=None if cap is None else Money.whole(_shillings_of([cap])[0]),
    )


def _shillings_of(row: Sequence[Any]) -> list[int]:
    for value in row:
        if type(value) is not int or not 0 <= value <= _MAX_SHILLINGS:
            raise _Wrong(f"{value!r} is no number of whole shillings")
    return list(row)


def _percent(value: Any) -> Decimal:
    """As text, since a TOML number with a point is a float."""
    try:
        percent = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        percent = None
    if percent is None or not percent.is_finite():
        raise _Wrong(f'business_percent must be text such as "0.55", not {value!r}')
    return percent
