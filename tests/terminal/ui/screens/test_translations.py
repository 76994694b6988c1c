"""Every word of the terminal is translated, with all its placeholders."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from hmis_pos import resources

ROOT = Path(__file__).parents[4]
FIELDS = re.compile(r"\{\w*\}|%n")


def messages(file: Path) -> dict[tuple[str, str], ET.Element]:
    root = ET.parse(file).getroot()  # noqa: S314 - our own file
    return {
        (context.findtext("name") or "", message.findtext("source") or ""): message
        for context in root.findall("context")
        for message in context.findall("message")
    }


@pytest.fixture(scope="module")
def in_the_source(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], ET.Element]:
    made = tmp_path_factory.mktemp("words") / "now.ts"
    sources = [str(file) for file in (ROOT / "hmis_pos/terminal").rglob("*.py") if "gallery" not in file.name]
    tool = Path(sys.executable).with_name("pyside6-lupdate")
    subprocess.run([tool, *sources, "-ts", made], check=True, capture_output=True)  # noqa: S603 - Qt's own tool
    return messages(made)


def translated(message: ET.Element) -> list[str]:
    translation = message.find("translation")
    assert translation is not None
    if translation.get("type") == "unfinished":
        return []
    forms = translation.findall("numerusform")
    return [form.text or "" for form in forms] if forms else [translation.text or ""]


def test_nothing_is_left_in_english(in_the_source: dict[tuple[str, str], ET.Element]) -> None:
    known = messages(resources.path("translations", "hmis_pos_sw.ts"))
    assert len(in_the_source) > 600
    missing = [key for key in in_the_source if key not in known or not all(translated(known[key]) or [""])]
    assert missing == []


def test_words_belong_to_a_class_or_a_context(in_the_source: dict[tuple[str, str], ET.Element]) -> None:
    assert [key for key in in_the_source if not key[0]] == []


def test_placeholders_are_kept() -> None:
    wrong = [
        (source, form)
        for (_, source), message in messages(resources.path("translations", "hmis_pos_sw.ts")).items()
        for form in translated(message)
        if sorted(FIELDS.findall(source)) != sorted(FIELDS.findall(form))
    ]
    assert wrong == []


def test_plurals_have_english_too(in_the_source: dict[tuple[str, str], ET.Element]) -> None:
    plural = {key for key, message in in_the_source.items() if message.get("numerus")}
    assert plural
    assert plural <= set(messages(resources.path("translations", "hmis_pos_en.ts")))


@pytest.mark.parametrize("code", ["sw", "en"])
def test_what_is_read_is_what_was_translated(code: str, tmp_path: Path) -> None:
    source = resources.path("translations", f"hmis_pos_{code}.ts")
    tool = Path(sys.executable).with_name("pyside6-lrelease")
    made = tmp_path / "made.qm"
    subprocess.run([tool, source, "-qm", made], check=True, capture_output=True)  # noqa: S603 - Qt's own tool
    assert made.read_bytes() == resources.path("translations", f"hmis_pos_{code}.qm").read_bytes()
