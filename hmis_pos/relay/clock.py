"""The real clock and real chance, behind the ports of the use cases."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from uuid import UUID

from hmis_pos.domain.ids import uuid7

_TOKEN_BYTES = 32


class SystemClock:
    """The machine's time, aware and in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SystemIds:
    """UUIDv7 by the machine's time, secrets from the operating system."""

    def uuid(self) -> UUID:
        now = datetime.now(UTC)
        return uuid7(int(now.timestamp() * 1000), secrets.token_bytes(10))

    def token(self) -> str:
        return secrets.token_hex(_TOKEN_BYTES)

    def random(self, count: int) -> bytes:
        return secrets.token_bytes(count)
