"""The relay as a process: it starts whole or not at all, says where it is, and ends in order."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from hmis_pos.db.central import migrate
from hmis_pos.relay.run import warn_of_proxy
from hmis_pos.relay.settings import load
from tests.relay.conftest import fill
from tests.relay.test_settings import GOOD, LIVE

PROGRAM = "import sys; from hmis_pos.relay.run import run; sys.exit(run('127.0.0.1', int(sys.argv[1])))"


def environ(path: Path, **changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HMIS_", "MPESA_"))}
    return kept | GOOD | {"HMIS_DATABASE_URL": f"sqlite:///{path}"} | changes


def command(port: int = 0) -> list[str]:
    return [sys.executable, "-c", PROGRAM, str(port)]


def refused(path: Path, *, port: int = 0, **changes: str) -> list[str]:
    """The lines a start that is refused says."""
    ended = subprocess.run(  # noqa: S603 - ourselves
        command(port), env=environ(path, **changes), capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Traceback" not in ended.stderr
    return ended.stderr.splitlines()


@contextmanager
def started(path: Path, **changes: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running relay and its URL."""
    process = subprocess.Popen(  # noqa: S603 - ourselves
        command(), env=environ(path, **changes), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("relay: listening on http://127.0.0.1:")
            yield process, line.split()[-1]
        finally:
            if process.poll() is None:
                process.kill()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "central.sqlite3"
    migrate.upgrade(f"sqlite:///{found}")
    fill(f"sqlite:///{found}")
    return found


def test_wrong_settings_are_all_named_and_nothing_is_started(tmp_path: Path):
    path = tmp_path / "central.sqlite3"
    lines = refused(path, MPESA_PASSKEY="", HMIS_JWT_SECRET="short", HMIS_LOG="loud")
    assert [line.split(": ")[1] for line in sorted(lines)] == ["HMIS_JWT_SECRET", "HMIS_LOG", "MPESA_PASSKEY"]
    assert not path.exists()


def test_a_database_that_was_never_migrated_is_refused_with_the_cure(tmp_path: Path):
    (line,) = refused(tmp_path / "central.sqlite3")
    assert "hmis-pos migrate" in line


def test_a_port_that_is_taken_is_one_line(path: Path):
    with started(path) as (_, url):
        (line,) = refused(path, port=int(url.rpartition(":")[2]))
    assert "cannot listen" in line
    assert "--port" in line


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
def test_it_serves_and_ends_in_order_with_a_follower_on_the_line(path: Path):
    with started(path, HMIS_LOG="info") as (process, url), httpx.Client(base_url=url, timeout=10) as http:
        assert http.get("/health/ready").json()["status"] == "ok"
        session = http.post("/api/auth/login", json={"username": "cashier", "password": "demo-only"}).json()
        http.headers["Authorization"] = f"Bearer {session['access_token']}"
        with http.stream("GET", "/api/events") as stream:
            lines = stream.iter_lines()
            assert next(lines) == "retry: 1000"
            process.send_signal(signal.SIGTERM)
            assert "data" not in "".join(lines)  # the relay ends the stream, the stream does not hold up the relay
        _, log = process.communicate(timeout=30)
        assert process.returncode == 0
    assert "demo-only" not in log
    assert session["access_token"] not in log
    assert '"event": "request"' in log


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_relay_goes_on_where_the_books_stand(path: Path):
    with started(path) as (process, url):
        answer = httpx.post(f"{url}/api/payments/mpesa/callback", content=b"not a callback", timeout=10)
        assert answer.status_code == 200
        process.kill()
    with started(path) as (_, url):
        for _ in range(300):
            if "hmis_pos_inbox_depth 0.0" in httpx.get(f"{url}/metrics", timeout=10).text:
                break
        else:
            pytest.fail("the stored callback was never interpreted")


@pytest.mark.parametrize(
    ("settings", "proxies", "warns"), [(LIVE, "", True), (LIVE, "10.1.1.7", False), (GOOD, "", False)]
)
def test_the_live_system_without_a_named_proxy_is_warned_of(lines, settings, proxies, warns):
    warn_of_proxy(load(settings | {"HMIS_TRUSTED_PROXIES": proxies}))
    assert ("HMIS_TRUSTED_PROXIES" in lines.text) is warns
