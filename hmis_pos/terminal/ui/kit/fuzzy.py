"""Finding an action by a few of its letters."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import TypeVar

_Item = TypeVar("_Item")
_WORD = re.compile(r"\w+")


def plain(text: str) -> str:
    """Lower case, without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def score(query: str, text: str) -> int | None:
    """How well a text answers a query.

    Every word of the query must be found: best at the start of a word, then inside one, then as
    letters in order (`prr` finds "print receipt").

    Returns:
        Points, more is better; `None` if the text does not answer.
    """
    text = plain(text)
    total = 0
    for part in plain(query).split():
        points = _part(part, text)
        if points is None:
            return None
        total += points
    return total


def _part(part: str, text: str) -> int | None:
    if text.startswith(part):
        return 100
    if any(word.group().startswith(part) for word in _WORD.finditer(text)):
        return 80
    if part in text:
        return 50
    at = -1
    for sign in part:
        at = text.find(sign, at + 1)
        if at < 0:
            return None
    return 10


def ranked(query: str, items: Iterable[_Item], words: Callable[[_Item], str]) -> list[_Item]:
    """The items that answer a query, best first, else in their order."""
    found = [(score(query, words(item)), item) for item in items]
    return [
        item
        for points, item in sorted(
            ((points, item) for points, item in found if points is not None),
            key=lambda pair: -pair[0],
        )
    ]
