from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hmis_pos.db.local.store import LocalStore
from tests.support.till import enrol, open_store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[LocalStore]:
    opened = await open_store(tmp_path)
    await enrol(opened)
    yield opened
    await opened.close()
