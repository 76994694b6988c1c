"""Build the stand-alone program with PyInstaller and try it as a cashier's machine would find it.

Usage: `.venv/bin/python .ci/bundle.py [--keep DIRECTORY]`. Builds in a temporary folder (so that nothing of an
earlier build can help), then runs the result's `--version` and `self-test` in an environment without this checkout,
its virtual environment or a display. With `--keep` the program is left at `DIRECTORY/hmis-pos`.
"""

import argparse
import ctypes
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

import system_packages

ROOT = Path(__file__).resolve().parent.parent
TIMEOUT_SECONDS = 900
KEPT_VARIABLES = ("HOME", "LANG", "PATH", "SYSTEMROOT", "TEMP", "TMP", "USERPROFILE")
"""What a program needs from the shell; everything else of the developer's would hide a fault."""


def provide_tools() -> None:
    """Bring what PyInstaller needs from a Linux system; leaves with the command to run where that is not allowed."""
    if not sys.platform.startswith("linux"):
        return
    packages = [] if shutil.which("objdump") else ["binutils"]
    try:
        # Debian links its python3 statically; the library that goes into the bundle is a package beside it.
        ctypes.CDLL(sysconfig.get_config_var("INSTSONAME"))
    except OSError:
        packages.append(f"libpython3.{sys.version_info[1]}")
    if packages:
        print("Needed to build the bundle (once): " + " ".join(packages), flush=True)
    complaints: list[str] = []
    if packages and not system_packages.install(packages, complaints):
        for line in complaints:
            print("  " + line)
        sys.exit(
            f"PyInstaller needs {' and '.join(packages)}. Run this, then try again:\n  {system_packages.command(packages)}"
        )


def build(into: Path) -> Path:
    """Build into this folder and return the path of the program."""
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    places = ["--distpath", str(into / "dist"), "--workpath", str(into / "build")]
    subprocess.run(
        [*command, *places, str(ROOT / "hmis_pos.spec")],
        cwd=into,
        stdin=subprocess.DEVNULL,
        timeout=TIMEOUT_SECONDS,
        check=True,
    )
    return into / "dist" / "hmis-pos" / ("hmis-pos.exe" if os.name == "nt" else "hmis-pos")


def attempt(program: Path, argument: str, home: Path) -> None:
    """Run the built program with one argument; raises if it exits with an error."""
    environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    environment.update(QT_QPA_PLATFORM="offscreen")
    started = time.monotonic()
    done = subprocess.run(
        [str(program), argument],
        cwd=home,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    print(f"hmis-pos {argument}: exit {done.returncode} after {time.monotonic() - started:.1f} s")
    print("  " + done.stdout.strip().replace("\n", "\n  "))
    if done.returncode != 0 or not done.stdout.strip():
        sys.exit(f"The bundle is broken: hmis-pos {argument} did not end well")


def size_of(folder: Path) -> int:
    """Return the bytes of all files below a folder, each file once."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def main() -> None:
    """Build, try, and keep or drop."""
    parser = argparse.ArgumentParser(description="Build the stand-alone program and try it.")
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="leave the program at DIRECTORY/hmis-pos")
    keep: Path | None = parser.parse_args().keep
    provide_tools()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="hmis-pos-bundle-") as folder:
        program = build(Path(folder))
        print(f"Built in {time.monotonic() - started:.0f} s, {size_of(program.parent) / 1e6:.0f} MB")
        for argument in ("--version", "self-test"):
            attempt(program, argument, Path(folder))
        if keep is not None:
            target = keep / "hmis-pos"
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(program.parent, target, symlinks=True)
            print(f"The program: {target / program.name}")


if __name__ == "__main__":
    main()
