"""A simulator on a port: it says where, ends in good order, and says in one line why it cannot."""

import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from hmis_pos.simulators.daraja import create_app, main
from hmis_pos.simulators.serve import CannotListen, serving


async def test_a_taken_port_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=rf"cannot listen on 127\.0\.0\.1:{port}: .*choose another --port"):
            async with serving(create_app(), port=port):
                pass


def test_the_command_says_it_and_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["--port", str(taken.getsockname()[1])]) == 1
    assert capsys.readouterr().err.startswith("hmis-pos simulate daraja: cannot listen")


@pytest.mark.parametrize("wrong", ["254712345678", "254712345678=chancel"])
def test_the_command_refuses_a_bad_script(capsys: pytest.CaptureFixture[str], wrong: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--behaviour", wrong])
    assert ended.value.code == 2
    assert wrong.rpartition("=")[2] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--typos", "3"], "not a share from 0 to 1"),
        (["--lost", "some"], "not a share from 0 to 1"),
        (["--traffic", "-1"], "not a whole number"),
    ],
)
def test_the_command_refuses_bad_traffic(capsys: pytest.CaptureFixture[str], words: list[str], told: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_a_certificate_that_cannot_be_written_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--port", "0", "--certificate", str(tmp_path / "nowhere" / "cert.pem")]) == 1
    assert "cannot write" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_the_command_makes_the_traffic_of_past_days(tmp_path: Path) -> None:
    code = "import sys; from hmis_pos.simulators.daraja import main; sys.exit(main(sys.argv[1:]))"
    cert = tmp_path / "cert.pem"
    words = [
        sys.executable,
        "-c",
        code,
        "--port",
        "0",
        "--certificate",
        str(cert),
        "--traffic",
        "2",
        "--stk-per-day",
        "0",
    ]
    words += ["--paybill-per-day", "3", "--typos", "1"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as simulator:  # noqa: S603
        assert simulator.stdout is not None
        url = simulator.stdout.readline().strip()
        with httpx.Client(base_url=url, trust_env=False, timeout=60) as client:
            client.get("/sim/events?kind=traffic_done&timeout=50")
            happened = client.get("/sim/traffic").json()["happened"]
            assert client.get("/sim/certificate").content == cert.read_bytes()
            now = datetime.fromisoformat(client.post("/sim/clock", json={"advance": 0}).json()["now"])
        simulator.send_signal(signal.SIGINT)
        simulator.communicate(timeout=20)
    assert len(happened) == 6
    assert all(h["typo"] and h["meant"] != h["typed"] for h in happened)
    first = datetime.fromisoformat(happened[0]["at"])
    assert timedelta(days=1) < now - first < timedelta(days=3)
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=5)


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_the_command_prints_its_url_and_stops_on_ctrl_c() -> None:
    code = "import sys; from hmis_pos.simulators.daraja import main; sys.exit(main(sys.argv[1:]))"
    words = [sys.executable, "-c", code, "--port", "0", "--behaviour", "254712345678=cancel,pay"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as simulator:  # noqa: S603
        assert simulator.stdout is not None
        url = simulator.stdout.readline().strip()
        told = httpx.get(f"{url}/sim/behaviours", trust_env=False).json()["behaviours"]
        assert told["default"][0]["outcome"] == "manual"
        assert [b["outcome"] for b in told["254712345678"]] == ["cancel", "pay"]
        simulator.send_signal(signal.SIGINT)
        _, errors = simulator.communicate(timeout=20)
    assert simulator.returncode == 0
    assert errors == ""
