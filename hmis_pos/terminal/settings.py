"""What the terminal is told by its environment; all that is wrong is listed at once, before anything starts."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from hmis_pos.domain.errors import Misconfigured

E = TypeVar("E", bound=StrEnum)
DEFAULT_RELAY = "http://127.0.0.1:8000"


class Paper(StrEnum):
    """What receipts are printed on."""

    A5 = "a5"
    ROLL_80MM = "80mm"


class Language(StrEnum):
    """Of the screen; a receipt's footer has both."""

    ENGLISH = "en"
    SWAHILI = "sw"


class PatientLanguage(StrEnum):
    """Of the screen that faces the patient."""

    BOTH = "both"
    ENGLISH = "en"
    SWAHILI = "sw"


class Fraction(StrEnum):
    """What becomes of cents that M-Pesa cannot move."""

    STAYS_DUE = "due"
    ROUND_UP = "up"  #: the patient pays the next whole shilling; the cents over become a deposit


class BadSettings(Misconfigured):
    """``problems``: a line each, naming the variable and why."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems), code="settings", cure="Correct the environment and start again.")
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalSettings:
    """Read once at start.

    ``patient_screen``: whether the screen that faces the patient opens at start; None: as it was last. ``printer`` is the system's name of it; empty prints on the default one. ``keyring`` is empty for the computer's own.
    """

    relay_url: str
    counter: str
    folder: Path
    paper: Paper
    printer: str
    print_each: bool
    fraction: Fraction
    keyring: str
    language: Language | None
    patient_screen: bool | None
    patient_language: PatientLanguage
    log_level: str

    @property
    def receipts_folder(self) -> Path:
        """Where receipts asked for as PDF are written."""
        return self.folder / "receipts"


def load(environ: Mapping[str, str] = os.environ) -> TerminalSettings:
    """Read the environment.

    Raises:
        BadSettings: with every problem found.
    """
    problems: list[str] = []

    def value(name: str, default: str = "") -> str:
        return environ.get(name, "").strip() or default

    relay_url = value("HMIS_RELAY_URL", DEFAULT_RELAY)
    _check_url(relay_url, problems)
    paper = _choice(value("HMIS_PAPER", Paper.A5).lower(), Paper, "HMIS_PAPER", problems)
    language = value("HMIS_LANGUAGE").lower()
    keyring = value("HMIS_KEYRING")
    if keyring and not keyring.removeprefix("file:"):
        problems.append("HMIS_KEYRING: file: needs a path behind it")
    elif keyring and not keyring.startswith("file:"):
        problems.append(f"HMIS_KEYRING: {keyring!r} is not known; leave it out, or file:/path for demo and training")
    patient_screen = value("HMIS_PATIENT_SCREEN")
    log_level = value("HMIS_LOG_LEVEL", "info").lower()
    if log_level not in {"debug", "info", "warning", "error"}:
        problems.append(f"HMIS_LOG_LEVEL: {log_level!r} is none of debug, info, warning, error")
    counter = value("HMIS_COUNTER", "Counter 1")
    if len(counter) > _LONGEST_COUNTER:
        problems.append(f"HMIS_COUNTER: longer than {_LONGEST_COUNTER} characters does not fit a receipt")
    settings = TerminalSettings(
        relay_url=relay_url,
        counter=counter,
        folder=Path(value("HMIS_TERMINAL_DIR", str(default_folder(environ)))).expanduser(),
        paper=paper or Paper.A5,
        printer=value("HMIS_PRINTER"),
        print_each=_yes(value("HMIS_PRINT_EACH", "no"), "HMIS_PRINT_EACH", problems),
        fraction=_choice(
            value("HMIS_MPESA_FRACTION", Fraction.STAYS_DUE).lower(), Fraction, "HMIS_MPESA_FRACTION", problems
        )
        or Fraction.STAYS_DUE,
        keyring=keyring,
        language=_choice(language, Language, "HMIS_LANGUAGE", problems) if language else None,
        patient_screen=_yes(patient_screen, "HMIS_PATIENT_SCREEN", problems) if patient_screen else None,
        patient_language=_choice(
            value("HMIS_PATIENT_LANGUAGE", PatientLanguage.BOTH).lower(),
            PatientLanguage,
            "HMIS_PATIENT_LANGUAGE",
            problems,
        )
        or PatientLanguage.BOTH,
        log_level=log_level,
    )
    if problems:
        raise BadSettings(problems)
    return settings


def default_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Where this user's programs keep their data."""
    home = Path.home()
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "HMIS POS"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "HMIS POS"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "hmis-pos"


_LONGEST_COUNTER = 40
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


def _check_url(url: str, problems: list[str]) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if host is None or parts.scheme not in {"http", "https"}:
        problems.append(f"HMIS_RELAY_URL: {url!r} is no URL such as https://relay.hospital.example")
    elif parts.username or parts.password:
        problems.append("HMIS_RELAY_URL: holds a user or password; people sign in on the screen")
    elif parts.scheme == "http" and host not in _LOCAL and not host.endswith(".local") and not _private(host):
        problems.append(f"HMIS_RELAY_URL: {url} sends passwords in clear; use https outside the hospital's own network")


def _private(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host  # a name of the local network


def _choice(text: str, kind: type[E], name: str, problems: list[str]) -> E | None:
    try:
        return kind(text)
    except ValueError:
        problems.append(f"{name}: {text!r} is none of {', '.join(kind)}")
        return None


def _yes(text: str, name: str, problems: list[str]) -> bool:
    if text.lower() in {"yes", "true", "1", "on"}:
        return True
    if text.lower() not in {"no", "false", "0", "off"}:
        problems.append(f"{name}: {text!r} is neither yes nor no")
    return False
