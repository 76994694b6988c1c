"""The demo's other programs, each a real process of its own: the relay, and the simulated Safaricom."""

from __future__ import annotations

import os
import re
import secrets
import shlex
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, Queue

from hmis_pos.domain.errors import Unavailable

#: Credentials of the simulated merchant and its API operator; the simulator's own defaults (public sandbox values).
MERCHANT = {
    "MPESA_CONSUMER_KEY": "demo-key",
    "MPESA_CONSUMER_SECRET": "demo-secret",
    "MPESA_BUSINESS_SHORTCODE": "174379",
    "MPESA_PASSKEY": "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
    "MPESA_INITIATOR": "testapi",
    "MPESA_INITIATOR_PASSWORD": "Demo#2026",
    "MPESA_PULL": "on",
    "MPESA_PULL_PHONE": "254722000001",
}
#: What a merchant tells Safaricom once, as a person does it: ``hmis-pos mpesa …``.
REGISTRATIONS = ("register-urls", "register-pull")
START_SECONDS = 60
_PORTS = range(20_000, 32_000)
_PORT_TRIES = 50
_URL = re.compile(r"http://\S+")


def program() -> list[str]:
    """How to call ourselves: the bundle's own file, or this Python with our package."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "hmis_pos"]


def free_port() -> int:
    """A port that was free a moment ago; needed where a URL must be known before its server runs.

    Below the ports that systems give to outgoing connections, one of which could take it meanwhile.
    """
    for _ in range(_PORT_TRIES):
        port = _PORTS.start + secrets.randbelow(len(_PORTS))
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
    raise Unavailable("no free port was found", cure="Close other programs that listen on this computer.")


class Program:
    """A child process of ours that prints the URL it listens on."""

    def __init__(self, name: str, arguments: list[str], environ: Mapping[str, str], log: Path) -> None:
        self.name = name
        self._arguments = arguments
        self._environ = dict(environ)
        self._log = log
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self.url = ""

    def start(self) -> str:
        """Start it and wait until it listens; returns its URL.

        Raises:
            Unavailable: it ended, or said nothing for a minute; the message holds its last words.
        """
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("a", encoding="utf-8") as errors:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [*program(), *self._arguments],
                env={**os.environ, **self._environ},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, args=(self._process, lines), daemon=True)
        self._reader.start()
        while True:
            try:
                line = lines.get(timeout=START_SECONDS)
            except Empty:
                line = ""
            found = _URL.search(line)
            if found is not None:
                self.url = found[0]
                return self.url
            if not line:
                self.stop()
                raise Unavailable(
                    f"the demo's {self.name} did not start: {self._last_words()}", cure=f"Its log: {self._log}"
                )

    @staticmethod
    def _read(process: subprocess.Popen[str], lines: Queue[str]) -> None:
        if process.stdout is not None:
            with process.stdout:
                for line in process.stdout:
                    lines.put(line)
        lines.put("")

    def _last_words(self) -> str:
        text = self._log.read_text(encoding="utf-8", errors="replace").strip() if self._log.exists() else ""
        return text.splitlines()[-1] if text else "it said nothing"

    @property
    def pid(self) -> int:
        return self._process.pid if self._process is not None else 0

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End it without a chance to tidy up, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._gone(None)

    def stop(self) -> None:
        """Ask it to end; insist after five seconds."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._gone(5)
        except subprocess.TimeoutExpired:
            self.kill()

    def _gone(self, seconds: float | None) -> None:
        """Wait until the process and the thread that reads its words have ended."""
        if self._process is not None:
            self._process.wait(timeout=seconds)
        if self._reader is not None:
            self._reader.join(timeout=seconds)


class Hospital:
    """Simulator, relay and central database of a demo hospital in one folder."""

    def __init__(self, folder: Path, *, database_url: str = "", extra: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.database_url = database_url or f"sqlite:///{(folder / 'central.sqlite3').as_posix()}"
        self._extra = dict(extra or {})
        self.daraja: Program | None = None
        self.relay: Program | None = None
        self.told: list[str] = []  #: what was registered with Safaricom, command by command, with its answers
        self._relay_port = free_port()
        self._jwt_secret = self._kept("demo-jwt-secret")
        self._c2b_token = self._kept("demo-c2b-token")
        self._certificate = folder / "safaricom.pem"

    def _kept(self, name: str) -> str:
        """A secret beside the demo's database: a session, and the Paybill's address, survive a restart of the demo."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / name
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_hex(32), encoding="ascii")
        return file.read_text(encoding="ascii")

    @property
    def environ(self) -> dict[str, str]:
        """What the relay and its maintenance commands are told."""
        daraja = self.daraja.url if self.daraja is not None else ""
        return {
            "HMIS_DATABASE_URL": self.database_url,
            "HMIS_JWT_SECRET": self._jwt_secret,
            "HMIS_HOSPITAL": "Mwangaza County Hospital",
            "HMIS_C2B_TOKEN": self._c2b_token,
            "PUBLIC_BASE_URL": f"http://127.0.0.1:{self._relay_port}",
            "MPESA_API_URL": daraja,
            "MPESA_CERTIFICATE": str(self._certificate),
            **MERCHANT,
            **self._extra,
        }

    def start(self, *, behaviours: Mapping[str, str] | None = None) -> None:
        """Start the simulator, bring the database up with the demo hospital, register with Safaricom, start the relay.

        Raises:
            Unavailable: one of them did not work; the message says which and why.
        """
        arguments = ["simulate", "daraja", "--port", "0", "--certificate", str(self._certificate)]
        for phone, outcome in (behaviours or {}).items():
            arguments += ["--behaviour", f"{phone}={outcome}"]
        self.daraja = Program("M-Pesa simulator", arguments, {}, self.folder / "logs" / "daraja.log")
        self.daraja.start()
        # Before the relay, whose first look at the list of payments would find nothing registered and raise the alarm.
        with ThreadPoolExecutor(1) as beside:
            registering = beside.submit(self._register)
            self.migrate()
            self.told = registering.result()
        self.start_relay()

    def _register(self) -> list[str]:
        """One command after the other: a token of Safaricom's ends the one before it.

        Raises:
            Unavailable: it was refused; the message says why.
        """
        told = []
        for command in REGISTRATIONS:
            said = self._run(f"the demo's merchant could not {command}", "mpesa", command)
            told += [f"$ hmis-pos mpesa {command}", *said.splitlines()]
        return told

    def migrate(self) -> None:
        """Schema and demo hospital.

        Raises:
            Unavailable: it was refused; the message says why.
        """
        self._run("the demo's database could not be made", "migrate", "--demo")

    def _run(self, trouble: str, *arguments: str) -> str:
        """Run one of our own commands with the relay's settings; returns what it said."""
        done = subprocess.run(  # noqa: S603 - our own program
            [*program(), *arguments],
            env={**os.environ, **self.environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Unavailable(f"{trouble}: {done.stderr.strip()}")
        return done.stdout

    def start_relay(self) -> str:
        """Start, or start again after a kill, on the same port."""
        arguments = ["relay", "--port", str(self._relay_port)]
        self.relay = Program("relay", arguments, self.environ, self.folder / "logs" / "relay.log")
        return self.relay.start()

    def write_start_script(self) -> Path:
        """A script that starts the relay again by hand, as a person does who has killed it."""
        script = self.folder / "start-relay.sh"
        lines = [f"export {name}={shlex.quote(value)}" for name, value in self.environ.items()]
        call = shlex.join([*program(), "relay", "--port", str(self._relay_port)])
        script.write_text("\n".join(["#!/bin/sh", *lines, f"exec {call}", ""]), encoding="utf-8")
        script.chmod(0o700)
        return script

    def terminal_environ(self, counter: str = "Counter 1", folder: str = "terminal") -> dict[str, str]:
        """What a terminal of this hospital is told. ``folder``: of its own store; each till has another.

        Its key lies in a file beside the demo's data: a demo must not touch the
        keyring of whoever tries it.
        """
        return {
            "HMIS_RELAY_URL": f"http://127.0.0.1:{self._relay_port}",
            "HMIS_COUNTER": counter,
            "HMIS_TERMINAL_DIR": str(self.folder / folder),
            "HMIS_KEYRING": f"file:{self.folder / folder / 'demo-secrets.json'}",
        }

    def stop(self) -> None:
        for child in (self.relay, self.daraja):
            if child is not None:
                child.stop()
