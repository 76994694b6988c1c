"""What the terminal asks supervisors' routes for is what the relay answers: the real relay app, its real contract."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hmis_pos.domain.errors import CashierMistake, NotAllowed, NotFound
from hmis_pos.domain.money import Money
from tests.relay.conftest import PASSWORD

_UID = "01900000-0000-7000-8000-000000000001"


async def test_lists_are_read_and_what_is_not_there_is_not_found(stand: Any) -> None:
    office = stand.services.relay.back_office
    await stand.services.relay.login("supervisor", PASSWORD)
    page = await office.unmatched(search="x", owner="supervisor", open_only=False, limit=10)
    assert (page.unmatched, page.open_count) == ([], 0)
    assert (await office.refunds(states=("requested", "unknown"), unmatched_id=3)).refunds == []
    assert (await office.statements()).statements == []
    assert (await office.mpesa_status()).balances == []
    for ask in (
        office.unmatched_money(7),
        office.assign(7, [(1, Money.whole(10))], key="k-000000000001"),
        office.take_on(7, key="k-000000000002"),
        office.refund_unmatched(7, Money.whole(10), "Paid twice", key="k-000000000003"),
        office.move_back(_UID, "Other patient", key="k-000000000004"),
        office.ask_refund(_UID, Money.whole(10), "Paid twice", key="k-000000000005"),
        office.refund(_UID),
        office.approve_refund(_UID, "", key="k-000000000006"),
        office.reject_refund(_UID, "No", key="k-000000000007"),
        office.statement(7),
        office.statement_items(7, line_class="MATCHED"),
        office.bad_rows(7),
    ):
        with pytest.raises(NotFound):
            await ask


async def test_a_file_that_is_no_statement_is_refused_with_a_word(stand: Any, tmp_path: Path) -> None:
    await stand.services.relay.login("supervisor", PASSWORD)
    file = tmp_path / "photo.csv"
    file.write_bytes(b"\x00\x01\x02" * 400)
    sent: list[int] = []
    with pytest.raises(CashierMistake) as refused:
        await stand.services.relay.back_office.import_statement(
            file, key="k-000000000008", told=lambda done, _whole: sent.append(done)
        )
    assert refused.value.code.startswith("statement-")
    assert sent == [1200]


async def test_a_cashier_sees_no_statements(stand: Any) -> None:
    with pytest.raises(NotAllowed):
        await stand.services.relay.back_office.statements()
