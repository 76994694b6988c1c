from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hmis_pos.domain.errors import Misconfigured
from hmis_pos.domain.fees import fee
from hmis_pos.domain.money import Money
from hmis_pos.gateways.mpesa.tariffs import Payer, Service, Tariffs, load_tariffs

IN_2023 = datetime(2023, 6, 1, tzinfo=UTC)
IN_2025 = datetime(2025, 6, 1, tzinfo=UTC)
ENDS = (100, 500, 1000, 1500, 2500, 3500, 5000, 7500, 10000, 15000, 20000, 25000, 30000, 35000, 40000, 45000, 250000)
FEES_2023 = (0, 4, 9, 14, 19, 24, 33, 40, 46, 55, 60, 65, 70, 80, 96, 100, 105)
FEES_2024 = (0, 5, 10, 15, 20, 25, 34, 42, 48, 57, 62, 67, 72, 83, 99, 103, 108)
SHARED_2024 = (0, 5, 10, 10, 13, 16, 16, 17, 18, 18, 19, 20, 20, 21, 23, 23, 24)


@pytest.fixture(scope="module")
def ours() -> Tariffs:
    return load_tariffs()


def asked(tariffs: Tariffs, shillings: int, payer: Payer, at: datetime, service: Service = Service.PAYBILL) -> Any:
    taken = fee(Money.whole(shillings), at, tariffs.of(service, payer))
    return None if taken is None else (taken.customer.whole_units, taken.business.whole_units)


@pytest.mark.parametrize("at_end", [True, False], ids=["last", "first"])
@pytest.mark.parametrize("row", range(len(ENDS)))
def test_both_edges_of_every_paybill_band(ours: Tariffs, row: int, at_end: bool) -> None:  # noqa: FBT001
    shillings = ENDS[row] if at_end else ([0, *ENDS][row] + 1)
    assert asked(ours, shillings, Payer.CUSTOMER, IN_2023) == (FEES_2023[row], 0)
    assert asked(ours, shillings, Payer.BUSINESS, IN_2023) == (0, FEES_2023[row])
    assert asked(ours, shillings, Payer.SHARED, IN_2023) is None
    assert asked(ours, shillings, Payer.CUSTOMER, IN_2025) == (FEES_2024[row], 0)
    assert asked(ours, shillings, Payer.BUSINESS, IN_2025) == (0, FEES_2024[row])
    assert asked(ours, shillings, Payer.SHARED, IN_2025) == (SHARED_2024[row], FEES_2024[row] - SHARED_2024[row])


def test_what_nobody_told_us_has_no_fee(ours: Tariffs) -> None:
    assert asked(ours, 250_001, Payer.CUSTOMER, IN_2025) is None
    assert asked(ours, 500, Payer.CUSTOMER, datetime(2022, 12, 31, 20, 59, tzinfo=UTC)) is None
    assert asked(ours, 500, Payer.CUSTOMER, datetime(2022, 12, 31, 21, 0, tzinfo=UTC)) == (4, 0)
    assert asked(ours, 500, Payer.CUSTOMER, IN_2025, Service.B2C) is None
    # its sources disagree
    assert ours.of(Service.BUY_GOODS, Payer.BUSINESS)
    assert asked(ours, 500, Payer.BUSINESS, IN_2025, Service.BUY_GOODS) is None


@pytest.mark.parametrize(
    ("shillings", "business"),
    [
        (1, 0),
        (100, 0),
        (101, 5),
        (1500, 5),
        (1501, 9),
        (5000, 9),
        (5001, 11),
        (15000, 11),
        (15001, None),
        (20000, None),
    ],
)
def test_a_payout_as_far_as_its_table_is_known(ours: Tariffs, shillings: int, business: int | None) -> None:
    taken = asked(ours, shillings, Payer.BUSINESS, IN_2025, Service.B2C)
    assert taken == (None if business is None else (0, business))


def test_every_table_says_where_it_is_from(ours: Tariffs) -> None:
    assert all(tariff.source for tables in ours.tables.values() for tariff in tables)


OWN = """
[[tariff]]
service = "buy-goods"
valid_from = 2025-01-01
source = "our contract"
bands = [[1, 200, 0], {from = 201, up_to = 250000, business_percent = "0.55", cap = 200}]
"""


def test_a_hospitals_own_file_replaces_the_services_it_names(tmp_path: Path, ours: Tariffs) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    own = load_tariffs(path)
    taken = fee(Money.whole(100_000), IN_2025, own.of(Service.BUY_GOODS, Payer.BUSINESS))
    assert taken is not None
    assert taken.business == Money.whole(200)
    assert taken.tariff.source == "our contract"
    assert fee(Money.whole(100), IN_2023, own.of(Service.BUY_GOODS, Payer.BUSINESS)) is None
    assert own.of(Service.PAYBILL, Payer.SHARED) == ours.of(Service.PAYBILL, Payer.SHARED)


def table(bands: str, more: str = "") -> str:
    head = f'[[tariff]]\nservice = "paybill"\npayer = "customer"\nvalid_from = 2025-01-01\nsource = "x"\n{more}\n'
    return f"{head}bands = {bands}\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "and has none"),
        ("x = 1\n" + OWN, "and has x"),
        ("tariff = 5", "and has none"),
        ("[[tariff]", "it is no TOML file"),
        (table("[[1, 100, 0]]", "colour = 1"), "table 1 (paybill from 2025-01-01), unknown key colour"),
        (OWN.replace("buy-goods", "paybil"), "service must be one of paybill, b2c, buy-goods, not 'paybil'"),
        (OWN.replace("2025-01-01", '"2025"'), "valid_from must be a day"),
        (OWN.replace("our contract", " "), "source must say"),
        (OWN + 'agreed = "no"', "agreed must be true or false"),
        (OWN + 'payer = "patient"', "payer must be one of customer, business, shared, not 'patient'"),
        (OWN + "payer = []", "payer names nobody"),
        (OWN + OWN, "table 2 (buy-goods from 2025-01-01), buy-goods business has a second table"),
        (table("[]"), "bands must be a list of rows"),
        (table("[[1, 100]]"), "row 1 [1, 100]: it must be"),
        (table("[[2, 100, 0]]"), "row 1 [2, 100, 0]: leaves a gap"),
        (
            table("[[1, 100, 0], [102, 500, 5]]"),
            "row 2 [102, 500, 5]: leaves a gap: it begins at 102, 101 was expected",
        ),
        (table("[[1, 100, 0], [100, 500, 5]]"), "row 2 [100, 500, 5]: overlaps: it begins at 100, 101 was expected"),
        (table("[[1, 100, 0], [101, 50, 5]]"), "row 2 [101, 50, 5]: ends at 50"),
        (table("[[1, 100, 0.5]]"), "0.5 is no number of whole shillings"),
        (table("[[1, 100, -5]]"), "-5 is no number of whole shillings"),
        (table("[[1, 100, true]]"), "True is no number of whole shillings"),
        (table("[[1, 100, 1, 2]]"), "two fees belong to the payer shared"),
        (table("[{from = 1, up_to = 9, tax = 3}]"), "unknown key tax"),
        (table("[{from = 1}]"), "None is no number of whole shillings"),
        (table('[{from = 1, up_to = 9, business_percent = "1"}]'), "somebody else than the customer pays"),
        (OWN.replace('"0.55"', "0.55"), "business_percent must be text"),
        (OWN.replace('"0.55"', '"lots"'), "business_percent must be text"),
        (OWN.replace('"0.55"', '"NaN"'), "business_percent must be text"),
        (OWN.replace('"0.55"', '"555"'), "not from 0 to 100"),
    ],
)
def test_a_mistyped_file_is_one_line_that_names_table_and_row(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Misconfigured) as caught:
        load_tariffs(path)
    assert problem in caught.value.message
    assert str(path) in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.cure


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be read"):
        load_tariffs(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"# \xe9")
    with pytest.raises(Misconfigured, match="no TOML"):
        load_tariffs(tmp_path / "latin.toml")
