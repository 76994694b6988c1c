"""Statements: handed in as files, read behind the answer, held against the books; and the same from the shell."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from hmis_pos import cli
from hmis_pos.cashier import import_statement
from hmis_pos.relay.routes import statements as routes
from tests.relay.conftest import Hospital
from tests.relay.test_paybill import paid
from tests.support.statement_export import Entry, Style, write


def entry(receipt: str, account: str, shillings: int = 4850, hour: int = 11) -> Entry:
    at = datetime(2026, 11, 22, hour, 31, 40)  # noqa: DTZ001 - the portal's own clock
    return Entry(receipt=receipt, completed=at, paid_in=shillings * 100, account=account)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """What came by callback, and one payment that no callback told of."""
    entries = [entry("TAB1CD2EFG", "INV-20001"), entry("TABLOST001", "INV-20002")]
    return write(tmp_path / "November.csv", entries, Style(shortcode="600999"))


@pytest.fixture
def content(file: Path) -> bytes:
    return file.read_bytes()


@pytest.fixture
async def office(hospital: Hospital) -> Hospital:
    """A supervisor, the day after a payment."""
    await hospital.confirm(paid())
    hospital.clock.forward(hours=30)
    await hospital.sign_in("supervisor")
    return hospital


async def handed_in(hospital: Hospital, content: bytes, name: str = "November.csv", key: str = "") -> httpx.Response:
    headers = {"Idempotency-Key": key or next(hospital.keys)}
    return await hospital.http.post("/api/statements", params={"name": name}, content=content, headers=headers)


async def test_a_statement_is_taken_at_once_and_read_behind_the_answer(office: Hospital, content: bytes):
    answer = await handed_in(office, content, "..\\Downloads\\November.csv")
    taken = answer.json()
    assert (answer.status_code, taken["state"], taken["percent"], taken["name"]) == (202, "reading", 0, "November.csv")
    assert await office.step("statements") == 1
    path = f"/api/statements/{taken['statement_id']}"
    done = (await office.http.get(path)).json()
    assert (done["state"], done["lines"], done["imported_by"], done["balance_gap"]) == ("done", 2, "supervisor", "0.00")
    assert {one["line_class"]: one["count"] for one in done["counts"]} == {"MATCHED": 1, "MISSING_HERE": 1}
    (item,) = (await office.http.get(f"{path}/items", params={"line_class": "MISSING_HERE"})).json()["items"]
    assert (item["receipt_no"], item["there"], item["owner"].partition(":")[0]) == ("TABLOST001", "4850.00", "payment")
    assert (await office.http.get("/api/invoices/2")).json()["status"] == "paid"
    first = (await office.http.get(f"{path}/items", params={"limit": 1})).json()
    rest = (await office.http.get(f"{path}/items", params={"limit": 1, "cursor": first["next"]})).json()
    assert {first["items"][0]["receipt_no"], rest["items"][0]["receipt_no"]} == {"TAB1CD2EFG", "TABLOST001"}
    again = (await handed_in(office, content, "again.csv")).json()
    assert (again["statement_id"], again["state"]) == (taken["statement_id"], "done")
    assert [one["statement_id"] for one in (await office.http.get("/api/statements")).json()["statements"]] == [
        taken["statement_id"]
    ]


async def test_the_same_upload_with_one_key_is_answered_once(office: Hospital, content: bytes):
    first = await handed_in(office, content, key="upload-once")
    again = await handed_in(office, content, key="upload-once")
    assert (again.status_code, again.content) == (202, first.content)
    other = await handed_in(office, content + b"\n", key="upload-once")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-mismatch")


async def test_bad_rows_are_told_and_lose_nothing_else(office: Hospital, content: bytes):
    mangled = content.replace(b"TABLOST001,22-11-2026 11:31:40", b"TABLOST001,yesterday")
    number = (await handed_in(office, mangled)).json()["statement_id"]
    await office.step("statements")
    done = (await office.http.get(f"/api/statements/{number}")).json()
    assert (done["state"], done["lines"], done["bad_lines"]) == ("done", 1, 1)
    (row,) = (await office.http.get(f"/api/statements/{number}/bad-rows")).json()["rows"]
    assert row["row"] == 9
    assert "yesterday" in row["text"] + row["cells"]


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7 nothing of ours", b"a,b\n1,2\n"], ids=["empty", "pdf", "table"])
async def test_what_is_no_statement_is_refused_with_its_cure(office: Hospital, junk: bytes):
    answer = await handed_in(office, junk)
    said = answer.json()
    assert (answer.status_code, said["errors"][0]["field"]) == (422, "file")
    assert said["code"].startswith("statement")
    assert said["cure"]
    assert (await office.http.get("/api/statements")).json()["statements"] == []


async def test_another_shortcodes_statement_is_refused(office: Hospital, tmp_path: Path):
    foreign = write(tmp_path / "f.csv", [entry("TABFOREIGN", "X")], Style(shortcode="174379"))
    answer = await handed_in(office, foreign.read_bytes())
    assert (answer.status_code, answer.json()["code"]) == (409, "other-shortcode")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where uploads lie while they are read."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


async def test_an_upload_has_a_limit_of_its_own_and_leaves_no_file(office: Hospital, temporary: Path):
    assert routes.LONGEST_FILE == 64 * 1024 * 1024
    big = b"Receipt No.,Completion Time,Paid In\n" * 100_000  # far over the other routes' 64 KiB
    assert (await handed_in(office, big)).status_code != 413

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(65):
            yield b"x" * (1024 * 1024)

    headers = {"Idempotency-Key": next(office.keys)}
    answer = await office.http.post("/api/statements", params={"name": "x"}, content=endless(), headers=headers)
    assert answer.status_code == 413
    await office.step("statements")
    assert os.listdir(temporary) == []  # noqa: PTH208 - a look, at the end of a test


async def test_statements_are_for_supervisors_of_the_facility(office: Hospital, content: bytes):
    number = (await handed_in(office, content)).json()["statement_id"]
    paths = ["", f"/{number}", f"/{number}/items", f"/{number}/bad-rows"]
    await office.sign_in("cashier")
    for path in paths:
        assert (await office.http.get(f"/api/statements{path}")).status_code == 403, path
    assert (await handed_in(office, content)).json()["code"] == "supervisor-needed"
    office.set_user("supervisor", facility_id=2)
    del office.http.headers["X-Terminal"]
    await office.sign_in("supervisor")
    for path in paths[1:]:
        assert (await office.http.get(f"/api/statements{path}")).status_code == 404, path
    assert (await office.http.get("/api/statements")).json()["statements"] == []


async def test_an_import_that_breaks_says_so_and_does_not_stop_the_next(
    office: Hospital, content: bytes, monkeypatch, lines
):
    lines.errors_expected = True
    real = import_statement.run

    async def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("the world is not as it should be")

    monkeypatch.setattr(import_statement, "run", broken)
    number = (await handed_in(office, content)).json()["statement_id"]
    assert await office.step("statements") == 1
    said = (await office.http.get(f"/api/statements/{number}")).json()
    assert (said["state"], said["percent"]) == ("broken", None)
    assert "IT" in said["trouble"]
    monkeypatch.setattr(import_statement, "run", real)
    again = (await handed_in(office, content)).json()
    assert (again["statement_id"], again["state"]) == (number, "reading")
    await office.step("statements")
    assert (await office.http.get(f"/api/statements/{number}")).json()["state"] == "done"


async def test_what_a_stopped_relay_left_is_told_at_the_next_start(office: Hospital, content: bytes):
    number = (await handed_in(office, content)).json()["statement_id"]
    office.relay.statements.close()  # as a stop does
    office.relay.statements._percent.clear()
    assert await office.step("statements") == 0
    said = (await office.http.get(f"/api/statements/{number}")).json()
    assert said["state"] == "broken"
    assert "again" in said["trouble"]


# ---------------------------------------------------------------- the shell


@pytest.fixture
def shell(office: Hospital, monkeypatch: pytest.MonkeyPatch) -> Hospital:
    for name, value in {
        "HMIS_DATABASE_URL": office.settings.database_url,
        "MPESA_BUSINESS_SHORTCODE": "600999",
    }.items():
        monkeypatch.setenv(name, value)
    return office


async def ran(*words: str) -> int:
    return await asyncio.to_thread(cli.main, list(words))


async def test_reconcile_says_what_differs_and_then_that_all_is_well(shell: Hospital, file: Path, tmp_path, capsys):
    assert await ran("reconcile", str(file)) == 1
    said = capsys.readouterr().out
    for words in ("November.csv: shortcode 600999", "2 lines", "MATCHED", "TABLOST001  MISSING_HERE", "row 9"):
        assert words in said
    assert (await shell.http.get("/api/invoices/2")).json()["status"] == "paid"
    full = [entry("TAB1CD2EFG", "INV-20001"), entry("TABLOST001", "INV-20002")]
    second = write(tmp_path / "second.csv", full, Style(shortcode="600999", quote_all=True))
    assert await ran("reconcile", str(second), "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["statement"]["state"], found["differences"], found["bad_rows"]) == ("done", [], [])


@pytest.fixture(params=[None, b"", b"%PDF-1.7"], ids=["missing", "empty", "pdf"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    found = tmp_path / "some.pdf"
    if request.param is not None:
        found.write_bytes(request.param)
    return found


async def test_reconcile_of_no_statement_is_one_line(shell: Hospital, path: Path, capsys):
    assert await ran("reconcile", str(path)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith(f"hmis-pos reconcile: {path}: ")
