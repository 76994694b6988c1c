"""The real relay as a process on its own SQLite file, and a proxy before it that cuts answers off on demand."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import create_engine, insert, select, update
from sqlalchemy.pool import NullPool

from hmis_pos.db.central import migrate
from hmis_pos.db.central.tables import build

ROOT = Path(__file__).parents[2]
PASSWORD = "demo-only"
SCHEMA = build(None)
_RUN = "import sys; from hmis_pos.relay.run import run; sys.exit(run('127.0.0.1', int(sys.argv[1])))"


def make_database(path: Path, invoices: int = 9) -> None:
    """One facility, a cashier, ``invoices`` invoices of KES 4,850 in the queue."""
    url = f"sqlite:///{path}"
    migrate.upgrade(url)
    hashed = PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)
    since = datetime.now(UTC) - timedelta(hours=3)
    h = SCHEMA.hmis
    numbers = range(1, invoices + 1)
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as db:
        db.execute(insert(h.facility), [{"id": 1, "code": "MKD", "name": "Makadara Hospital"}])
        person = {"facility_id": 1, "password_hash": hashed, "active": True}
        people = [("cashier", "billing"), ("nurse", "nurse")]
        db.execute(
            insert(h.user),
            [
                person | {"id": n, "username": name, "display_name": name.title(), "role": role}
                for n, (name, role) in enumerate(people, 1)
            ],
        )
        patient = {"facility_id": 1, "sex": "F", "birth_year": 1990}
        db.execute(
            insert(h.patient),
            [
                patient | {"id": n, "patient_no": f"P-{n:05d}", "name": f"Wanjiru {n}", "phone": f"0712{n:06d}"}
                for n in numbers
            ],
        )
        bill = {"facility_id": 1, "status": "open", "currency": "KES", "total": 485000}
        bill |= {"insurance": 0, "waiver": 0, "amount_paid": 0}
        db.execute(
            insert(h.invoice),
            [
                bill | {"id": n, "number": f"INV-{n:05d}", "patient_id": n, "queued_at": since + timedelta(seconds=n)}
                for n in numbers
            ],
        )
        line = {"position": 1, "description": "Consultation", "quantity": 1, "unit_price": 485000, "amount": 485000}
        db.execute(insert(h.invoice_line), [line | {"invoice_id": n} for n in numbers])
    engine.dispose()


class RelayProcess:
    """``start`` waits until it listens; ``kill`` is SIGKILL; it may be started again on the same port."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self.port = 0
        self._process: Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        settings = {
            "HMIS_DATABASE_URL": f"sqlite:///{self.database}",
            "HMIS_JWT_SECRET": "a secret of the tests, long enough for HS256",
            "MPESA_API_URL": "http://127.0.0.1:1",
            "MPESA_ACCESS_TOKEN": "not-a-real-token",
            "MPESA_BUSINESS_SHORTCODE": "174379",
            "MPESA_PASSKEY": "not a real passkey",
            "PUBLIC_BASE_URL": "https://pay.hospital.example",
        }
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
        with (self.database.parent / "relay.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", _RUN, str(self.port), stdout=PIPE, stderr=log, env=kept | settings, cwd=ROOT
            )
        assert self._process.stdout is not None
        line = (await self._process.stdout.readline()).decode()
        assert "listening on" in line, (self.database.parent / "relay.log").read_text()[-3000:]
        self.port = int(line.rsplit(":", 1)[1])

    async def kill(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.communicate()
            self._process = None

    def rows(self, table: str) -> list[Any]:
        engine = create_engine(f"sqlite:///{self.database}", poolclass=NullPool)
        with engine.connect() as db:
            return list(db.execute(select(getattr(SCHEMA, table))))

    def rename(self, invoice_id: int, name: str) -> None:
        """The HMIS corrects a name: it writes its own tables, behind the relay's back."""
        h = SCHEMA.hmis
        engine = create_engine(f"sqlite:///{self.database}", poolclass=NullPool)
        with engine.begin() as db:
            db.execute(update(h.patient).where(h.patient.c.id == invoice_id).values(name=name))
            db.execute(update(h.invoice).where(h.invoice.c.id == invoice_id).values(updated_at=datetime.now(UTC)))


class CuttingProxy:
    """Passes TCP through. While ``cut_answers`` is above zero, that many connections lose their answer after asking."""

    def __init__(self, target_port: int) -> None:
        self._target = target_port
        self._server: asyncio.Server | None = None
        self._live: set[asyncio.StreamWriter] = set()
        self.cut_answers = 0
        self.cuts = 0
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self.drop_all()
            await self._server.wait_closed()

    def drop_all(self) -> None:
        """Break every connection that stands."""
        for writer in list(self._live):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._live.add(writer)
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        self._live.add(back)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._asked(reader, back))
                group.create_task(self._answered(there, writer))
        finally:
            for one in (writer, back):
                self._live.discard(one)
                one.transport.abort()

    async def _asked(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
            writer.close()

    async def _answered(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if self.cut_answers > 0:
                    self.cut_answers -= 1
                    self.cuts += 1
                    writer.transport.abort()
                    return
                writer.write(data)
                await writer.drain()
            writer.close()
