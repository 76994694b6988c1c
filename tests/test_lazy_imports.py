"""The command line imports lazily: what is heavy is loaded by the command that needs it (design, "Stack")."""

import subprocess
import sys

HEAVY = ("PySide6", "sqlalchemy", "alembic", "httpx", "litestar", "uvicorn", "stripe", "cryptography", "keyring")


def test_the_command_line_itself_loads_nothing_heavy() -> None:
    program = f"import sys, hmis_pos.cli; print(*[name for name in {HEAVY} if name in sys.modules])"
    ended = subprocess.run(  # noqa: S603 - our own program text under our own Python
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )

    assert ended.returncode == 0, ended.stderr[-2000:]
    assert ended.stdout.split() == []
