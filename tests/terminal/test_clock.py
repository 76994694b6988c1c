from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hmis_pos.domain.errors import Conflict
from hmis_pos.terminal.clock import ServerTime, Skew, SystemClock, SystemIds

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("off", "skew"),
    [(0, "fine"), (59, "fine"), (-59, "fine"), (75, "warn"), (-75, "warn"), (310, "refuse"), (-86400, "refuse")],
)
def test_the_distance_to_the_relay(off: int, skew: str) -> None:
    time = ServerTime()
    said: list[str] = []
    time.skewChanged.connect(said.append)
    assert time.skew is Skew.NOT_KNOWN
    time.check_cash()
    time.heard(NOW + timedelta(seconds=off), sent=NOW, received=NOW + SECOND, resolution=SECOND)
    assert said == [skew]
    if skew == "refuse":
        with pytest.raises(Conflict) as refused:
            time.check_cash()
        assert refused.value.code == "clock-skew"
        time.heard(NOW, sent=NOW, received=NOW + SECOND, resolution=SECOND)
    time.check_cash()


def test_an_answer_that_took_long_accuses_nobody() -> None:
    time = ServerTime()
    time.heard(NOW + timedelta(minutes=2), sent=NOW, received=NOW + timedelta(minutes=4), resolution=SECOND)
    assert time.offset == timedelta(0)
    time.heard(NOW, sent=NOW, received=NOW - timedelta(hours=1), resolution=SECOND)  # set back meanwhile
    assert time.skew is Skew.FINE


def test_ids_are_uuid7_and_differ() -> None:
    ids = SystemIds()
    made = {ids.uuid() for _ in range(1000)}
    assert len(made) == 1000
    assert {uid.version for uid in made} == {7}
    assert len(bytes.fromhex(ids.token())) == 32
    assert SystemClock().now().tzinfo is UTC
