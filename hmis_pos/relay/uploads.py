"""A request's body into a file, piece by piece, so that memory stays flat whatever is sent."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from hmis_pos.domain.errors import Unavailable

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A temporary file that only this user of the machine can read, and the SHA-256 of its bytes. The receiver deletes it."""

    path: Path
    sha256: str


async def received(pieces: AsyncIterator[bytes]) -> Upload:
    """Write what comes to a temporary file.

    Raises:
        Unavailable: this machine cannot keep it.
    """
    with ExitStack() as undo:
        try:
            handle, name = await asyncio.to_thread(tempfile.mkstemp, prefix="hmis-pos-upload-")
            path = Path(name)
            undo.callback(path.unlink, missing_ok=True)
            digest = await _written(handle, pieces)
        except OSError as e:
            raise Unavailable(
                f"the relay cannot keep the file: {e.strerror or e}",
                code="no-room",
                cure="Ask IT to look at the free space of the relay's machine.",
            ) from e
        undo.pop_all()
    return Upload(path, digest)


async def _written(handle: int, pieces: AsyncIterator[bytes]) -> str:
    digest, waiting = hashlib.sha256(), bytearray()
    with os.fdopen(handle, "wb") as file:
        async for piece in pieces:
            digest.update(piece)
            waiting += piece
            if len(waiting) >= _PIECE:
                await asyncio.to_thread(file.write, bytes(waiting))
                waiting.clear()
        await asyncio.to_thread(file.write, bytes(waiting))
    return digest.hexdigest()
