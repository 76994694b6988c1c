"""``hmis-pos self-test``: can this installation draw, print, store and migrate? Says what it tried, one line each."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path


def run() -> int:
    """Try each part for real in a folder of its own; 0 when all worked."""
    failed = 0
    with tempfile.TemporaryDirectory(prefix="hmis-pos-self-test-") as folder:
        for name, check in CHECKS.items():
            try:
                said = check(Path(folder))
            except Exception as e:  # noqa: BLE001 - whatever is missing in this installation is what we came to say
                failed += 1
                said = f"FAILED: {type(e).__name__}: {e}"
            sys.stdout.write(f"{name:<10} {said}\n")
    return 1 if failed else 0


def _window(folder: Path) -> str:
    from PySide6.QtGui import QFontInfo  # noqa: PLC0415 - each check loads its own part
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from hmis_pos.terminal.ui.kit.appearance import Appearance  # noqa: PLC0415
    from hmis_pos.terminal.ui.kit.buttons import PrimaryButton  # noqa: PLC0415
    from hmis_pos.terminal.ui.kit.typeface import Text, Weight, font  # noqa: PLC0415

    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("another kind of Qt application runs already")
    appearance = Appearance(app)
    button = PrimaryButton("Take 5,000.00 and print", "Return")
    button.resize(button.sizeHint())
    family = QFontInfo(font(Text.BODY, Weight.BODY)).family()
    if family != "Inter":
        raise LookupError(f"the bundled font did not load, Qt took {family!r}")
    picture = button.grab()
    if picture.isNull() or not picture.save(str(folder / "button.png")):
        raise OSError("a widget could not be drawn")
    del appearance
    return f"drawn with {family}, {picture.width()} x {picture.height()} pixels"


def _store(folder: Path) -> str:
    import sqlcipher3  # noqa: PLC0415
    from sqlcipher3 import dbapi2  # noqa: PLC0415

    file = folder / "self-test.db"
    connection = dbapi2.connect(str(file))
    connection.execute("PRAGMA key = 'self-test'")
    connection.execute("CREATE TABLE canary (name TEXT)")
    connection.execute("INSERT INTO canary VALUES ('Wanjiku Canary')")
    connection.commit()
    connection.close()
    if b"Canary" in file.read_bytes():
        raise ValueError("the store is not encrypted")
    return f"encrypted, SQLite {sqlcipher3.sqlite_version}"


def _central(folder: Path) -> str:
    from hmis_pos.db.central import migrate  # noqa: PLC0415

    url = f"sqlite:///{(folder / 'central.db').as_posix()}"
    return f"migrated an empty database to version {migrate.upgrade(url)}"


def _postgresql(_folder: Path) -> str:
    import psycopg  # noqa: PLC0415

    return f"driver {psycopg.__version__}, libpq {psycopg.pq.version()}"


def _relay(_folder: Path) -> str:
    import argon2  # noqa: PLC0415
    import keyring  # noqa: PLC0415
    import litestar  # noqa: PLC0415
    import uvicorn  # noqa: PLC0415

    from hmis_pos.relay import app  # noqa: PLC0415

    parts = ", ".join(sorted(module.__name__ for module in (argon2, keyring, litestar, uvicorn)))
    return f"{app.create_app.__name__} importable with {parts}"


def _simulator(_folder: Path) -> str:
    from hmis_pos.simulators.daraja import create_app  # noqa: PLC0415
    from hmis_pos.simulators.handset import page  # noqa: PLC0415

    sizes = {name: len(page.read_page(name)) for name in ("front.html", "handset.html")}
    pages = ", ".join(f"{name} {size:,} bytes" for name, size in sizes.items())
    return f"{type(create_app()).__name__} made, {pages}"


def _mpesa(folder: Path) -> str:
    from hmis_pos.gateways.mpesa.credential import encrypt  # noqa: PLC0415
    from hmis_pos.gateways.mpesa.tariffs import load_tariffs  # noqa: PLC0415
    from hmis_pos.simulators.daraja import Daraja  # noqa: PLC0415

    certificate = folder / "certificate.pem"
    Daraja().initiator.write_certificate(certificate)
    encrypted = encrypt("demo-only", str(certificate))
    tables = sum(len(one) for one in load_tariffs().tables.values())
    return f"{tables} fee tables, a credential of {len(encrypted)} characters encrypted with a certificate"


#: Name -> check; the check returns what it found or raises.
CHECKS: dict[str, Callable[[Path], str]] = {
    "window": _window,
    "store": _store,
    "central": _central,
    "postgres": _postgresql,
    "relay": _relay,
    "simulator": _simulator,
    "mpesa": _mpesa,
}
