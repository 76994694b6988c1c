"""Print the path of a good `uv`, fetching one if the machine has none.

Runs under whatever `python3` a fresh machine has (3.8 or newer), with the standard library only. In this order:
a `uv` on the PATH that is new enough; one that an earlier run left in `.tools`; one that pip installs there; the
same from a throw-away virtual environment where pip itself is missing; the same once more after the distribution's
own package brought the missing parts. Only the path goes to standard output; what is being done goes to standard
error. Packages come from whatever index the machine's pip is set up for.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import List, Optional, Tuple

import system_packages

FLOOR = (0, 13, 0)
"""The oldest uv that reads our lock file's revision and carries the build backend we name."""

PIN = "0.13.9"
"""The uv we fetch: everybody who needs one gets the same."""

TOOLS = Path(__file__).resolve().parent.parent / ".tools"
TIMEOUT_SECONDS = 600
BINARY = "uv.exe" if os.name == "nt" else "uv"
SCRIPTS = "Scripts" if os.name == "nt" else "bin"


def say(line: str) -> None:
    """Tell the person at the shell what is going on."""
    print(line, file=sys.stderr, flush=True)


COMPLAINTS: List[str] = []
"""The last words of what failed, told only if nothing else worked either."""


def run(command: List[str]) -> bool:
    """Run a command whose output is of interest only if it fails; True when it succeeded."""
    environment = dict(os.environ, PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        COMPLAINTS.append(str(error))
        return False
    if done.returncode != 0:
        lines = done.stdout.decode(errors="replace").strip().splitlines()
        COMPLAINTS.extend(lines[-6:])
    return done.returncode == 0


def version_of(uv: str) -> Optional[Tuple[int, ...]]:
    """Return the version of an executable, or None if it is no working uv (a shim without a target, say)."""
    try:
        done = subprocess.run(
            [uv, "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.match(r"uv (\d+)\.(\d+)\.(\d+)", done.stdout.decode(errors="replace"))
    if done.returncode != 0 or not found:
        return None
    return tuple(int(part) for part in found.groups())


def good(uv: Optional[str]) -> bool:
    """Tell whether this executable is a uv at or above the floor."""
    version = version_of(uv) if uv else None
    return version is not None and version >= FLOOR


def has_pip() -> bool:
    """Tell whether this python3 has a pip that starts."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--version"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode == 0


def by_pip() -> Optional[str]:
    """Install uv into `.tools/uv` with this python3's pip."""
    target = TOOLS / "uv"
    if not has_pip():
        return None
    shutil.rmtree(str(target), ignore_errors=True)
    run([sys.executable, "-m", "pip", "install", "--quiet", "--target", str(target), "uv==" + PIN])
    found = str(target / SCRIPTS / BINARY)
    return found if good(found) else None


def by_venv() -> Optional[str]:
    """Install uv into a virtual environment of its own, whose pip comes with Python."""
    home = TOOLS / "venv"
    shutil.rmtree(str(home), ignore_errors=True)
    if not run([sys.executable, "-m", "venv", str(home)]):
        shutil.rmtree(str(home), ignore_errors=True)
        return None
    python = str(home / SCRIPTS / ("python.exe" if os.name == "nt" else "python"))
    run([python, "-m", "pip", "install", "--quiet", "uv==" + PIN])
    found = str(home / SCRIPTS / BINARY)
    return found if good(found) else None


def install_venv() -> bool:
    """Bring Debian's and Ubuntu's separate package for `python3 -m venv`; True when it is there."""
    if not system_packages.has_apt() or system_packages.become_root() is None:
        return False
    say("python3 has neither pip nor venv: installing python3-venv")
    return system_packages.install(["python3-venv"], COMPLAINTS)


def find() -> Optional[str]:
    """Return the path of a good uv, or None after every way has failed."""
    for known in (shutil.which("uv"), str(TOOLS / "uv" / SCRIPTS / BINARY), str(TOOLS / "venv" / SCRIPTS / BINARY)):
        if good(known):
            return known
    say("Fetching uv {} into .tools (once)".format(PIN))
    if has_pip():
        return by_pip() or by_venv()
    return by_venv() or (by_venv() if install_venv() else None)


def main() -> int:
    """Print the path, or say what failed and what a person has to do."""
    uv = find()
    if uv is not None:
        print(uv)
        return 0
    for line in COMPLAINTS[-8:]:
        say("  " + line)
    if has_pip():
        say("pip could not fetch uv, for the reason above. Mend that, or install uv {}.{} or newer.".format(*FLOOR))
    elif system_packages.has_apt():
        cure = system_packages.command(["python3-venv"])
        say("python3 has neither pip nor venv. Run this, then try again:\n  " + cure)
    else:
        say("python3 has neither pip nor venv. Run this, then try again:\n  python3 -m ensurepip --user")
    return 1


if __name__ == "__main__":
    sys.exit(main())
