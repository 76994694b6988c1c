from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import keyring.backends.fail
import pytest

from hmis_pos.domain.errors import Misconfigured
from hmis_pos.terminal.secrets import Secrets

ROOT = Path(__file__).parents[2]


async def test_without_a_keyring_service_nothing_is_kept_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "get_keyring", keyring.backends.fail.Keyring)
    monkeypatch.setenv("HOME", str(tmp_path))
    secrets = Secrets()
    with pytest.raises(Misconfigured, match="no keyring service runs") as missing:
        await secrets.store_key(store_exists=False)
    assert missing.value.code == "keyring-missing"
    if sys.platform.startswith("linux"):
        assert "apt install gnome-keyring" in missing.value.cure
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240 - a test may look
    secrets.close()


async def test_a_named_file_is_private_and_warned_of(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "keys"
    secrets = Secrets("demo", f"file:{file}")
    assert "demo and training only" in secrets.warning
    key = await secrets.store_key(store_exists=False)
    assert len(bytes.fromhex(key)) == 32
    assert await secrets.store_key(store_exists=True) == key
    await secrets.keep_refresh_token("r1")
    assert await secrets.refresh_token() == "r1"
    await secrets.keep_refresh_token("")
    assert await secrets.refresh_token() == ""
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600
        file.chmod(0o644)
        with pytest.raises(Misconfigured, match="other users"):
            await secrets.store_key(store_exists=True)
        file.chmod(0o600)
    other = Secrets("till", f"file:{file}")
    assert await other.store_key(store_exists=False) != key
    await secrets.forget_everything()
    with pytest.raises(Misconfigured) as lost:
        await secrets.store_key(store_exists=True)
    assert lost.value.code == "store-key-lost"


@pytest.mark.parametrize("setting", ["plaintext", "file:", "file"])
def test_another_setting_is_refused(setting: str) -> None:
    with pytest.raises(Misconfigured, match="HMIS_KEYRING"):
        Secrets("till", setting)


_IN_SESSION = """
import asyncio
from hmis_pos.terminal.secrets import Secrets
async def main():
    first = Secrets("test")
    key = await first.store_key(store_exists=False)
    await first.keep_refresh_token("kept")
    second = Secrets("test")
    assert await second.store_key(store_exists=True) == key
    assert await second.refresh_token() == "kept"
    assert first.warning == ""
    await second.forget_everything()
    assert await first.refresh_token() == ""
    first.close(); second.close()
    print("kept")
asyncio.run(main())
"""
_MISSING = [tool for tool in ("dbus-run-session", "gnome-keyring-daemon") if shutil.which(tool) is None]


@pytest.mark.skipif(bool(_MISSING), reason=f"not installed here: {', '.join(_MISSING)}")
async def test_a_real_gnome_keyring_keeps_the_key(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o700)
    inside = 'echo -n pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null && "$0" -c "$1"'
    command = ["dbus-run-session", "--", "sh", "-c", inside, sys.executable, _IN_SESSION]
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")}

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - the tools found above
            command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )

    done = await asyncio.to_thread(run)
    assert done.stdout.strip() == "kept", done.stderr
