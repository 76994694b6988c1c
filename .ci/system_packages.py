"""Install packages of Debian or Ubuntu where the user may do so without being asked for a password.

Standard library only, and readable for Python 3.8: the scripts beside it use it before anything else is there.
"""

import os
import shutil
import subprocess
from typing import Iterable, List, Optional

TIMEOUT_SECONDS = 600


def become_root() -> Optional[List[str]]:
    """Return the prefix that makes a command run as root without asking anybody, or None."""
    if os.name != "posix":
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        asked = subprocess.run(["sudo", "-n", "true"], stderr=subprocess.DEVNULL, check=False)
        return ["sudo", "-n"] if asked.returncode == 0 else None
    return None


def has_apt() -> bool:
    """Tell whether this is a distribution whose packages we can name."""
    return shutil.which("apt-get") is not None


def command(packages: Iterable[str]) -> str:
    """Return the line a person can run instead."""
    return "sudo apt-get install -y --no-install-recommends " + " ".join(sorted(packages))


def install(packages: Iterable[str], complaints: List[str]) -> bool:
    """Install packages, quietly and without questions; True when apt-get succeeded.

    Args:
        packages: their names.
        complaints: gets the last words of apt-get when it fails.
    """
    prefix = become_root()
    if not has_apt() or prefix is None:
        return False
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    for step in (["update"], ["install", "-y", "--no-install-recommends", *sorted(packages)]):
        done = subprocess.run(
            [*apt, *step],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            complaints.extend(done.stdout.decode(errors="replace").strip().splitlines()[-6:])
            return False
    return True
