"""Where the till's secrets lie: the operating system's keyring, which hands them to this user only.

Two entries: the key of the encrypted store, made once, and the refresh token of whoever is signed in. There is no silent
fallback to a readable file. Demo and training may name one with ``HMIS_KEYRING=file:<path>``; then the screen says so.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import secrets
import stat
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

from hmis_pos.domain.errors import Misconfigured

T = TypeVar("T")
_STORE_KEY = "store-key"
_REFRESH = "refresh-token"
_CURES = {
    "linux": (
        "Install and start one: gnome-keyring or KWallet, in a session with D-Bus "
        "(Debian, Ubuntu: apt install gnome-keyring dbus-user-session, then sign in anew)."
    ),
    "win32": "Windows keeps it itself: sign in with a user account that has a profile, and start HMIS POS again.",
    "darwin": "Unlock the login keychain (Keychain Access) and start HMIS POS again.",
}


class _Vault(Protocol):
    def get(self, name: str) -> str | None: ...
    def set(self, name: str, value: str) -> None: ...
    def delete(self, name: str) -> None: ...


class Secrets:
    """Secrets of one install. All methods run in one thread, since a keyring may ask its user and take long.

    ``profile`` tells installs of one user apart (a demo beside the real till).
    """

    def __init__(self, profile: str = "till", keyring_setting: str = "") -> None:
        self._vault: _Vault
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="keyring")
        self._readable_file = _file_of(keyring_setting)
        if self._readable_file is not None:
            self._vault = _FileVault(self._readable_file, profile)
        else:
            self._vault = _KeyringVault(f"HMIS POS {profile}")

    @property
    def readable_file(self) -> Path | None:
        """The file the keys lie in, readable without a password; None with a real keyring."""
        return self._readable_file

    @property
    def warning(self) -> str:
        """What the screen has to say, in English; empty with a real keyring."""
        if self._readable_file is None:
            return ""
        return (
            f"Keys are kept in the file {self._readable_file}, readable without a password. For demo and training only."
        )

    async def store_key(self, *, store_exists: bool) -> str:
        """The key of the local store, 64 hex digits; made on first use.

        Raises:
            Misconfigured: ``keyring-missing`` (no keyring service), ``keyring-locked``, or ``store-key-lost``: there is a store, but its
                key is gone; a new key could never open it.
        """
        return await self._run(lambda: self._store_key(store_exists=store_exists))

    async def refresh_token(self) -> str:
        """Of the last session; empty if there is none.

        Raises:
            Misconfigured: no keyring service, or it stays locked.
        """
        return await self._run(lambda: self._vault.get(_REFRESH) or "")

    async def keep_refresh_token(self, token: str) -> None:
        """Replace it; an empty one forgets it (signed out)."""
        await self._run(lambda: self._vault.set(_REFRESH, token) if token else self._vault.delete(_REFRESH))

    async def forget_everything(self) -> None:
        """For a till that is taken out of service: after this its store can never be opened again."""
        await self._run(lambda: self._vault.delete(_REFRESH))
        await self._run(lambda: self._vault.delete(_STORE_KEY))

    def close(self) -> None:
        self._threads.shutdown(wait=False)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _store_key(self, *, store_exists: bool) -> str:
        found = self._vault.get(_STORE_KEY)
        if found:
            return found
        if store_exists:
            raise Misconfigured(
                "this till has a store, but the keyring does not hold its key",
                code="store-key-lost",
                cure="Sign in to this computer as the user who set the till up, or restore that user's keyring. Keep the store.",
            )
        key = secrets.token_hex(32)
        self._vault.set(_STORE_KEY, key)
        if self._vault.get(_STORE_KEY) != key:
            raise _no_keyring("it did not keep what was written to it")
        return key


class _KeyringVault:
    """The operating system's keyring; the library is imported in the secrets' thread."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._backend: Any = None

    def get(self, name: str) -> str | None:
        found = self._call("get_password", name)
        return None if found is None else str(found)

    def set(self, name: str, value: str) -> None:
        self._call("set_password", name, value)

    def delete(self, name: str) -> None:
        if self.get(name) is not None:
            self._call("delete_password", name)

    def _call(self, what: str, *values: str) -> Any:
        errors = importlib.import_module("keyring.errors")
        backend = self._open()
        try:
            return getattr(backend, what)(self._service, *values)
        except (errors.KeyringLocked, errors.PasswordSetError, errors.PasswordDeleteError) as e:
            raise Misconfigured(
                "the keyring of this computer stays locked",
                code="keyring-locked",
                cure="Unlock it when it asks (usually the password of this computer's user), then start HMIS POS again.",
            ) from e
        except Exception as e:  # each backend raises errors of its own, D-Bus ones among them
            raise _no_keyring(type(e).__name__) from e

    def _open(self) -> Any:
        if self._backend is None:
            backend = importlib.import_module("keyring").get_keyring()
            # "fail" and "null" keep nothing; whatever else rates below 1 keeps it in the clear.
            if backend.priority < 1 or "plaintext" in type(backend).__name__.lower():
                raise _no_keyring(f"only {type(backend).__module__} was found")
            self._backend = backend
        return self._backend


class _FileVault:
    """A JSON file only its owner may read (0600)."""

    def __init__(self, path: Path, profile: str) -> None:
        self._path = path
        self._profile = profile

    def get(self, name: str) -> str | None:
        return self._read().get(self._named(name))

    def set(self, name: str, value: str) -> None:
        self._write(self._read() | {self._named(name): value})

    def delete(self, name: str) -> None:
        self._write({key: value for key, value in self._read().items() if key != self._named(name)})

    def _named(self, name: str) -> str:
        return f"{self._profile}/{name}"

    def _read(self) -> dict[str, str]:
        try:
            mode = self._path.stat().st_mode
            text = self._path.read_text(encoding="ascii")
        except FileNotFoundError:
            return {}
        if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
            raise Misconfigured(
                f"{self._path} can be read by other users of this computer",
                code="keyring-file",
                cure=f"Allow only its owner to read it: chmod 600 {self._path}",
            )
        try:
            found = json.loads(text)
        except ValueError as e:
            raise Misconfigured(
                f"{self._path} is not a key file of HMIS POS",
                code="keyring-file",
                cure="Name another file in HMIS_KEYRING.",
            ) from e
        return {str(key): str(value) for key, value in dict(found).items()}

    def _write(self, entries: dict[str, str]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            json.dump(entries, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)


def _file_of(setting: str) -> Path | None:
    if not setting:
        return None
    kind, _, path = setting.partition(":")
    if kind != "file" or not path:
        raise Misconfigured(
            f"HMIS_KEYRING is {setting!r}",
            code="keyring-setting",
            cure="Leave it out to use this computer's keyring; file:/path/to/keys is for demo and training only.",
        )
    return Path(path)


def _no_keyring(why: str) -> Misconfigured:
    platform = "linux" if sys.platform.startswith(("linux", "freebsd")) else sys.platform
    return Misconfigured(
        f"no keyring service runs on this computer ({why}), and the till keeps its keys nowhere else",
        code="keyring-missing",
        cure=_CURES.get(platform, _CURES["linux"]),
    )
