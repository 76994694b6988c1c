"""Idempotency keys: one for each thing a person wants, the same one until that was answered."""

from __future__ import annotations

from collections.abc import Hashable

from hmis_pos.cashier.ports import Ids


class Intent:
    """Pressing a button again with the same content repeats the same request; other content is another one.

    What nobody answered keeps its key, whatever else is wanted meanwhile.
    """

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._keys: dict[Hashable, str] = {}

    def key(self, content: Hashable) -> str:
        """The key of this content."""
        return self._keys.get(content) or self._keys.setdefault(content, self._ids.token())

    def done(self, key: str) -> None:
        """It was answered: wanting the same once more is another intent."""
        self._keys = {content: one for content, one in self._keys.items() if one != key}
