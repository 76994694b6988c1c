"""Reads variables and collects what is wrong with them, so that every problem is told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from hmis_pos.domain.errors import Misconfigured

T = TypeVar("T")


class BadSettings(Misconfigured):
    """Settings that do not hold together; ``problems`` has one line each, holding no secret."""

    code = "bad-settings"

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class Reader:
    """The environment, and what was wrong with what was read of it. An empty variable counts as missing."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def text(self, name: str) -> str:
        return self._environ.get(name, "").strip()

    def wrong(self, name: str, why: str) -> None:
        self.problems.append(f"{name}: {why}")

    def refuse(self) -> None:
        """End here if anything was wrong.

        Raises:
            BadSettings: with every problem.
        """
        if self.problems:
            raise BadSettings(self.problems)

    def listed(self, name: str, parse: Callable[[str], T], default: str = "") -> tuple[T, ...]:
        """Comma-separated values, each read by ``parse``, whose ValueError becomes a problem."""
        found: list[T] = []
        for part in (piece.strip() for piece in (self.text(name) or default).split(",")):
            if not part:
                continue
            try:
                found.append(parse(part))
            except ValueError as e:
                self.wrong(name, str(e))
        return tuple(found)

    def number(self, name: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
        """A whole number within bounds."""
        text = self.text(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit()):
            self.wrong(name, f"{text!r} is not a whole number")
            return default
        if not least <= int(text) <= most:
            self.wrong(name, f"{text} is not from {least:,} to {most:,}")
            return default
        return int(text)

    def one_of(self, name: str, *choices: str) -> str:
        """One of some words; the first where nothing is said."""
        said = self.text(name).lower() or choices[0]
        if said not in choices:
            self.wrong(name, f"{said!r} is not one of {', '.join(choices)}")
            return choices[0]
        return said
