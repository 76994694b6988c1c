"""A simulator on a port: it says where, ends in good order, and says in one line why it cannot."""

import os
import signal
import socket
import subprocess
import sys

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
