"""See to it that Linux has the system libraries which the Qt in our virtual environment was linked against.

The PySide6 wheels carry Qt itself, not what Qt takes from the system (libEGL, the xcb family, fontconfig ...). This
asks `ldd` what is missing, maps it to packages, and installs them where the user may do so without being asked for a
password; else it prints the one command to run. Nothing to do on macOS and Windows.

Usage: `.venv/bin/python .ci/qt_libraries.py [--window]`. With `--window` a screen that is there (DISPLAY or
WAYLAND_DISPLAY) must be usable too; without it only what the offscreen platform needs is a reason to fail.
Exit code 1: Qt cannot run, and the line above says what to do.
"""

import contextlib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import system_packages

OFFSCREEN = (
    "lib/libQt6Core.so.6",
    "lib/libQt6Gui.so.6",
    "lib/libQt6Widgets.so.6",
    "lib/libQt6PrintSupport.so.6",
    "lib/libQt6Svg.so.6",
    "lib/libQt6Network.so.6",
    "lib/libQt6DBus.so.6",
    "plugins/platforms/libqoffscreen.so",
    "plugins/imageformats/libqsvg.so",
    "plugins/iconengines/libqsvgicon.so",
)
"""Without these no window can even be drawn into memory."""

SCREEN = ("plugins/platforms/libqxcb.so", "plugins/printsupport/libcupsprintersupport.so")
"""A window on a screen, a page on a printer."""

WAYLAND = ("plugins/platforms/libqwayland.so",)
"""Looked at only in a Wayland session."""

DEBIAN = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libICE.so.6": "libice6",
    "libOpenGL.so.0": "libopengl0",
    "libSM.so.6": "libsm6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libXau.so.6": "libxau6",
    "libXdmcp.so.6": "libxdmcp6",
    "libXext.so.6": "libxext6",
    "libXrender.so.1": "libxrender1",
    "libatomic.so.1": "libatomic1",
    "libcups.so.2": "libcups2",
    "libdbus-1.so.3": "libdbus-1-3",
    "libdrm.so.2": "libdrm2",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgio-2.0.so.0": "libglib2.0-0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgobject-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libstdc++.so.6": "libstdc++6",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xinput.so.0": "libxcb-xinput0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
"""Which Debian or Ubuntu package brings a library. Newer releases' "t64" packages provide these names too."""

OTHERS = {
    "dnf": "sudo dnf install -y mesa-libEGL mesa-libGL libxkbcommon-x11 xcb-util-cursor xcb-util-wm "
    "xcb-util-keysyms xcb-util-image xcb-util-renderutil fontconfig dbus-libs cups-libs krb5-libs",
    "pacman": "sudo pacman -S --needed libglvnd mesa libxkbcommon-x11 xcb-util-cursor xcb-util-wm "
    "xcb-util-keysyms xcb-util-image xcb-util-renderutil fontconfig dbus libcups krb5",
    "zypper": "sudo zypper install -y Mesa-libEGL1 Mesa-libGL1 libxkbcommon-x11-0 libxcb-cursor0 "
    "libxcb-icccm4 libxcb-keysyms1 libxcb-image0 libxcb-render-util0 fontconfig libdbus-1-3 libcups2",
}


def say(line: str) -> None:
    """Tell the person at the shell what is going on."""
    print(line, file=sys.stderr, flush=True)


def missing(qt: Path, parts: tuple[str, ...]) -> set[str]:
    """Name the system libraries that these parts of Qt ask for and the loader does not find."""
    files = [str(qt / part) for part in parts if (qt / part).exists()]
    if not files:
        return set()
    listed = subprocess.run(
        ["ldd", *files],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        timeout=60,
        check=False,
    )
    return set(re.findall(r"^\s*(\S+) => not found", listed.stdout, re.MULTILINE))


def packages_of(libraries: set[str]) -> set[str]:
    """Return the Debian or Ubuntu packages that bring these libraries."""
    return {DEBIAN[library] for library in libraries if library in DEBIAN}


def cure(libraries: set[str]) -> str:
    """Return the one command that brings these libraries on this distribution."""
    if system_packages.has_apt() and packages_of(libraries):
        return system_packages.command(packages_of(libraries))
    for manager, command in OTHERS.items():
        if shutil.which(manager):
            return command
    return "install the packages of your distribution that bring: " + " ".join(sorted(libraries))


def install(libraries: set[str]) -> bool:
    """Install what is missing where that needs no password; True when apt-get succeeded."""
    packages = packages_of(libraries)
    if not packages or not system_packages.has_apt() or system_packages.become_root() is None:
        return False
    say("Installing the system libraries of Qt (once): " + " ".join(sorted(packages)))
    complaints: list[str] = []
    done = system_packages.install(packages, complaints)
    for line in complaints:
        say("  " + line)
    return done


def fingerprint() -> str:
    """Name the Qt and the system the answer holds for; a stamp of another one is worth nothing."""
    try:
        system = platform.freedesktop_os_release()
    except OSError:
        system = {}
    session = "wayland" if os.environ.get("WAYLAND_DISPLAY") else "x11"
    return " ".join([version("PySide6-Essentials"), system.get("ID", ""), system.get("VERSION_ID", ""), session])


def main(arguments: list[str]) -> int:
    """Check, install if need be, and say what is left to do."""
    if not sys.platform.startswith("linux") or not shutil.which("ldd"):
        return 0
    stamp = Path(sys.prefix) / ".qt-libraries"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == fingerprint():
        return 0
    spec = importlib.util.find_spec("PySide6")
    if spec is None or not spec.submodule_search_locations:
        say("PySide6 is not in this environment: run `make sync` first")
        return 1
    qt = Path(spec.submodule_search_locations[0]) / "Qt"
    has_screen = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    screen = SCREEN + (WAYLAND if os.environ.get("WAYLAND_DISPLAY") else ())
    needed, wanted = missing(qt, OFFSCREEN), missing(qt, screen)
    if (needed | wanted) and install(needed | wanted):
        needed, wanted = missing(qt, OFFSCREEN), missing(qt, screen)
    if not needed and not wanted:
        with contextlib.suppress(OSError):  # an environment of somebody else's is looked at each time
            stamp.write_text(fingerprint(), encoding="utf-8")
        return 0
    lacking = sorted(needed | wanted)
    names = " ".join(lacking[:4]) + (f" and {len(lacking) - 4} more" if lacking[4:] else "")
    if needed or (has_screen and "--window" in arguments):
        say(f"Qt cannot start, the system lacks {names}. Run this, then try again:\n  {cure(needed | wanted)}")
        return 1
    say(f"No window or printer until the system has {names} (offscreen works). To mend it:\n  {cure(wanted)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
