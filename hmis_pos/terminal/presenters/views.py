"""Small pieces that the view states of several presenters share. Texts come ready to show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a colour means; the kit's tones have the same names. Never shown without its words."""

    NEUTRAL = "neutral"
    ACCENT = "accent"
    OK = "ok"
    WAIT = "wait"
    UNKNOWN = "unk"
    NO = "no"


class StepState(StrEnum):
    """How far a step of a story is; the kit's steps have the same names."""

    DONE = "done"
    CURRENT = "current"
    UNKNOWN = "unknown"
    FAILED = "failed"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class Words:
    """What is the matter, and what to do about it."""

    title: str
    advice: str = ""

    @property
    def line(self) -> str:
        """Both in one line, for places that have only one."""
        if not self.advice:
            return self.title
        return (
            f"{self.title} {self.advice}"
            if self.title.endswith((".", "!", "?", ":"))
            else f"{self.title}. {self.advice}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A banner: tone, title, sentence, running time (``0:41``), share of the wait that is over (0 to 1, None: no bar)."""

    tone: Tone
    title: str
    text: str = ""
    time: str = ""
    progress: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step of a story: what, when or what next, and how far it is."""

    title: str
    note: str = ""
    state: StepState = StepState.FUTURE


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionView:
    """A button: what it says, whether it may be used, and why not."""

    label: str
    enabled: bool = True
    why_not: str = ""


#: A button that is not there.
NO_ACTION = ActionView(label="", enabled=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """Something that happened elsewhere than where the cashier looks. ``invoice_id`` 0: about no invoice."""

    tone: Tone
    title: str
    text: str = ""
    invoice_id: int = 0
