"""What an error says about its own cure is said in the language of the screen too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from hmis_pos.domain.errors import Misconfigured
from hmis_pos.terminal import secrets
from hmis_pos.terminal.presenters.cures import CURES, cure_words, said
from hmis_pos.terminal.presenters.unmatched_words import REASONS
from hmis_pos.terminal.presenters.words import problem_words
from hmis_pos.terminal.settings import BadSettings, Language
from hmis_pos.terminal.ui.language import Languages


@pytest.fixture
def swahili(qapp: QApplication) -> Iterator[Languages]:
    languages = Languages(qapp, Language.SWAHILI)
    yield languages
    languages.forget()


@pytest.mark.parametrize("cure", [*secrets._CURES.values(), BadSettings([]).cure])
def test_every_cure_of_this_computer_is_known(cure: str) -> None:
    assert cure in CURES


@pytest.mark.usefixtures("swahili")
@pytest.mark.parametrize("cure", CURES)
def test_it_is_said_in_kiswahili(cure: str) -> None:
    given = cure.replace("{path}", "/keys.json").replace("{names}", "a, b")
    assert cure_words(given) not in (given, "")


@pytest.mark.usefixtures("swahili")
def test_what_differs_stays() -> None:
    assert cure_words("Allow only its owner to read it: chmod 600 /home/a/keys.json").endswith(
        "chmod 600 /home/a/keys.json"
    )
    error = Misconfigured("-", code="keyring-file", cure="Name another file in HMIS_KEYRING.")
    assert problem_words(error).advice == "Taja faili nyingine kwenye HMIS_KEYRING."


def test_a_cure_nobody_translated_stays_as_it_is() -> None:
    assert cure_words("Turn it round.") == "Turn it round."


def test_every_reason_the_relay_gives_for_unmatched_money_has_words_here() -> None:
    source = (Path(__file__).parents[3] / "hmis_pos" / "cashier" / "receive_money.py").read_text(encoding="utf-8")
    given = source[source.index("def _why_not") :]
    told = set(re.findall(r'"((?:no|the|several) [^"]+)"', given))
    assert told
    assert {text.replace("{count}", "2") for text in told} == {
        text.replace("{count}", "2") for text in REASONS if not text.startswith("moved back")
    }
    assert said("unmatched", REASONS, "the account is a patient with 2 open invoices")
