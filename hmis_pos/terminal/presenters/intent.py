"""Idempotency keys: one for each thing a person wants, the same one for as long as they want just that."""

from __future__ import annotations

from collections.abc import Hashable

from hmis_pos.cashier.ports import Ids


class Intent:
    """Pressing a button again with the same content repeats the same request; other content is another one."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._content: Hashable = None
        self._key = ""

    def key(self, content: Hashable) -> str:
        """The key of this content."""
        if not self._key or content != self._content:
            self._content, self._key = content, self._ids.token()
        return self._key

    def done(self) -> None:
        """It was answered: wanting the same once more is another intent."""
        self._content, self._key = None, ""
