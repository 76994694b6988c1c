"""Account Balance: every account in one text."""

from decimal import Decimal
from typing import Any

import pytest

from tests.support.daraja_commands import Office, parameters


async def test_the_accounts_are_joined(open_office: Any) -> None:
    office: Office = await open_office(opening_working=Decimal("700.5"), utility_reserved=Decimal(100))
    await office.done("b2c")
    told = parameters(await office.done("balance"))
    assert told.pop("AccountBalance") == (
        "Working Account|KES|700.50|700.50|0.00|0.00"
        "&Utility Account|KES|98500.00|98400.00|100.00|0.00"
        "&Charges Paid Account|KES|-5.00|-5.00|0.00|0.00"
    )
    assert len(str(told.pop("BOCompletedTime"))) == 14
    assert told == {}


async def test_the_last_two_figures_can_change_places(open_office: Any) -> None:
    office: Office = await open_office(utility_reserved=Decimal(100), balance_tail="uncleared_reserved")
    told = parameters(await office.done("balance"))
    assert "Utility Account|KES|100000.00|99900.00|0.00|100.00" in told["AccountBalance"]


@pytest.mark.parametrize(
    ("settings", "changed", "code"),
    [({"initiator_roles": ("status",)}, {}, 21), ({}, {"PartyA": "600000"}, 21)],
)
async def test_a_failure_has_one_object(
    open_office: Any, settings: dict[str, Any], changed: dict[str, Any], code: int
) -> None:
    office: Office = await open_office(**settings)
    result = await office.done("balance", **changed)
    assert result["ResultCode"] == code
    assert isinstance(result["ResultParameters"]["ResultParameter"], dict)
    assert isinstance(result["ReferenceData"]["ReferenceItem"], dict)


@pytest.mark.parametrize("field", ["Initiator", "SecurityCredential", "CommandID", "PartyA", "IdentifierType"])
async def test_a_missing_field_is_named(open_office: Any, field: str) -> None:
    office: Office = await open_office()
    answer = await office.send("balance", **{field: None})
    assert answer.json()["errorMessage"] == f"Bad Request - Invalid {field}"
