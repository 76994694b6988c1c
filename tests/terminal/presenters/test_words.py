"""Every code has words of its own; none of them calls an open question a failure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from hmis_pos.domain.errors import (
    CashierMistake,
    Conflict,
    Misconfigured,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    PosError,
    Unavailable,
)
from hmis_pos.domain.evidence import EvidenceKind, Source
from hmis_pos.domain.payment import Method, PaymentState
from hmis_pos.gateways.mpesa.results import DOOR_ERRORS, OWN_CODES, STK_RESULTS, Standing
from hmis_pos.terminal.presenters import mpesa_words, words
from hmis_pos.terminal.presenters.payment_words import evidence_word, method_word, source_word, state_word
from hmis_pos.terminal.presenters.texts import running, short_reference, spoken_name, waited
from hmis_pos.terminal.presenters.views import StepState, Tone
from hmis_pos.terminal.ui.kit.steps import StepState as KitStepState
from hmis_pos.terminal.ui.kit.theme import Tone as KitTone

ROOT = Path(__file__).parents[3] / "hmis_pos"
#: Where codes are raised that a terminal may be told of.
PLACES = ("cashier", "domain", "relay", "db/local", "terminal")
#: Codes of programs' mistakes and of other front ends, which no cashier is told of by code.
NOT_FOR_SCREENS = {
    "error",
    "invalid",
    "invalid-input",
    "malformed",
    "conflict",
    "illegal-transition",
    "promise-broken",
    "cut-off",
    "account-reference",
    "gateway-unreachable",
    "rounding",
    "no-such-command",
    "no-answer-heard",  # the merchant's commands are for a shell
    "url-refused",
}

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize("code", [*STK_RESULTS, *(row.key for row in DOOR_ERRORS), *OWN_CODES])
def test_each_m_pesa_code_has_its_own_words(code: str) -> None:
    assert mpesa_words.known(code)
    said = mpesa_words.mpesa_words(code)
    assert said.title
    assert said.advice
    assert len(said.title) < 75


@pytest.mark.parametrize("row", [row for row in DOOR_ERRORS if row.standing is Standing.UNKNOWN], ids=lambda r: r.key)
def test_a_door_that_may_have_opened_is_never_said_to_be_shut(row: object) -> None:
    said = mpesa_words.mpesa_words(row.key)  # type: ignore[attr-defined]
    assert "Nothing was charged" not in said.advice
    assert "Do not ask again" in said.advice


def test_a_code_nobody_documented_is_shown_and_not_called_a_failure() -> None:
    said = mpesa_words.mpesa_words("987654")
    assert "987654" in said.title
    assert "Nobody can tell yet" in said.advice


def test_no_words_call_an_open_question_failed() -> None:
    for code in ("no-result", "4999", "mpesa-no-answer", "unproven", "outcome-unknown", "relay-silent"):
        table = (
            mpesa_words.mpesa_words(code)
            if mpesa_words.known(code)
            else words.problem_words(OutcomeUnknown("", code=code))
        )
        assert "fail" not in table.line.casefold()


def raised_codes() -> set[str]:
    found: set[str] = set()
    for place in PLACES:
        for path in (ROOT / place).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            found.update(re.findall(r"""\bcode=["']([a-z][a-z0-9]*(?:-[a-z0-9]+)*)["']""", text))
    return found


def test_every_code_that_is_raised_has_words() -> None:
    known = set(words.PROBLEMS) | NOT_FOR_SCREENS
    missing = {code for code in raised_codes() - known if not mpesa_words.known(code)}
    assert missing == set()


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (Unavailable("x", code="new-thing"), "A service is away just now"),
        (OutcomeUnknown("x", code="new-thing"), "Nobody can tell yet what became of it"),
        (Misconfigured("the key is missing", code="new-thing"), "the key is missing"),
        (NotAllowed("x", code="new-thing"), "You may not do this"),
        (NotFound("x", code="new-thing"), "It is not there any more"),
        (Conflict("x", code="new-thing"), "This is not possible any more"),
        (CashierMistake("x", code="new-thing"), "This cannot be done as it is"),
        (ValueError("x"), "The program made a mistake"),
    ],
)
def test_a_code_without_words_is_told_by_its_kind(error: Exception, title: str) -> None:
    said = words.problem_words(error)
    assert said.title == title
    assert said.advice


def test_the_cure_of_an_unknown_code_is_kept() -> None:
    assert words.problem_words(PosError("x", code="new-thing", cure="Do this.")).advice == "Do this."
    assert words.problem_words(Misconfigured("x", code="keyring-missing", cure="Install one.")).advice == "Install one."


def test_every_state_method_and_piece_of_evidence_has_a_word(qapp: QCoreApplication) -> None:
    assert all(state_word(state)[0] != state.value for state in PaymentState if state.value != "paid")
    assert {state_word(state)[1] for state in (PaymentState.UNKNOWN, PaymentState.CANCELLED)} == {Tone.UNKNOWN}
    assert all(method_word(method) for method in Method)
    assert all(evidence_word(kind)[0] != kind.value for kind in EvidenceKind)
    assert all(source_word(source) != source.value for source in Source)
    assert (state_word("of-tomorrow")[0], method_word("coins"), source_word("moon")) == ("of-tomorrow", "coins", "moon")


def test_tones_and_steps_are_those_of_the_kit() -> None:
    assert {tone.name: tone.value for tone in Tone} == {tone.name: tone.value for tone in KitTone}
    assert {step.name for step in StepState} == {step.name for step in KitStepState}


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (41, "0:41"), (130.9, "2:10"), (3700, "1:01:40"), (-5, "0:00")]
)
def test_running_times(seconds: float, text: str) -> None:
    assert running(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (59, "0 min"),
        (1080, "18 min"),
        (3600, "1 h 00 min"),
        (7500, "2 h 05 min"),
        (86_400, "1 day"),
        (300_000, "3 days"),
    ],
)
def test_waiting_times(seconds: float, text: str) -> None:
    assert waited(seconds) == text


def test_names_and_references() -> None:
    assert spoken_name("Wanjiku, Grace N.") == "Grace N. Wanjiku"
    assert spoken_name("Grace N. Wanjiku") == "Grace N. Wanjiku"
    assert short_reference("ws_CO_191220191020363925") == "ws_CO_\u20263925"
    assert short_reference("ws_CO_1") == "ws_CO_1"
