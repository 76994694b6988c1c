from __future__ import annotations

from pathlib import Path

import pytest

from hmis_pos.terminal.settings import BadSettings, Language, Paper, default_folder, load


def test_nothing_set_is_fine() -> None:
    found = load({})
    assert (found.relay_url, found.counter, found.paper, found.printer) == (
        "http://127.0.0.1:8000",
        "Counter 1",
        Paper.A5,
        "",
    )
    assert found.language is None
    assert not found.print_each


def test_everything_set() -> None:
    found = load(
        {
            "HMIS_RELAY_URL": "https://relay.hospital.example",
            "HMIS_COUNTER": " Counter 3 ",
            "HMIS_TERMINAL_DIR": "/srv/till 3",
            "HMIS_PAPER": "80MM",
            "HMIS_PRINTER": "Epson",
            "HMIS_PRINT_EACH": "yes",
            "HMIS_LANGUAGE": "sw",
            "HMIS_KEYRING": "file:/srv/keys",
        }
    )
    assert (found.counter, found.folder, found.paper, found.print_each) == (
        "Counter 3",
        Path("/srv/till 3"),
        Paper.ROLL_80MM,
        True,
    )
    assert found.language is Language.SWAHILI
    assert found.receipts_folder == Path("/srv/till 3/receipts")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HMIS_RELAY_URL", "relay.hospital"),
        ("HMIS_RELAY_URL", "ftp://relay"),
        ("HMIS_RELAY_URL", "http://"),
        ("HMIS_RELAY_URL", "http://[::1"),
        ("HMIS_RELAY_URL", "http://relay:99999"),
        ("HMIS_RELAY_URL", "https://user:secret@relay.example"),
        ("HMIS_RELAY_URL", "http://relay.hospital.example"),
        ("HMIS_PAPER", "a4"),
        ("HMIS_LANGUAGE", "fr"),
        ("HMIS_KEYRING", "plain"),
        ("HMIS_KEYRING", "file:"),
        ("HMIS_PRINT_EACH", "perhaps"),
        ("HMIS_LOG_LEVEL", "loud"),
        ("HMIS_COUNTER", "x" * 41),
    ],
)
def test_a_wrong_one_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSettings) as bad:
        load({name: value})
    [problem] = bad.value.problems
    assert problem.startswith((f"{name}:", f"{name} "))
    assert "secret" not in problem


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(BadSettings) as bad:
        load({"HMIS_PAPER": "x", "HMIS_LANGUAGE": "y", "HMIS_RELAY_URL": "z"})
    assert len(bad.value.problems) == 3


@pytest.mark.parametrize("url", ["http://10.1.2.3:8000", "http://relay:8000", "http://172.20.0.4", "http://pos.local"])
def test_http_inside_the_house_is_fine(url: str) -> None:
    assert load({"HMIS_RELAY_URL": url}).relay_url == url


def test_the_folder_is_the_systems_own() -> None:
    assert default_folder({"XDG_DATA_HOME": "/d"}, "linux") == Path("/d/hmis-pos")
    assert default_folder({"LOCALAPPDATA": "/l"}, "win32") == Path("/l/HMIS POS")
    assert default_folder({}, "darwin").parts[-2:] == ("Application Support", "HMIS POS")
