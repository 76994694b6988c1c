"""The demo hospital: simulator, relay and central database as real processes, the real terminal on top.

``processes`` starts the programs, ``tour`` drives the terminal by keyboard without anybody and takes its pictures, ``promises`` checks the six
promises over what came of it, ``self_test`` says whether an installation can draw, print and store.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from hmis_pos.demo.processes import Hospital


def has_display() -> bool:
    """Is there a screen to open a window on?"""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run(*, tour: str | None = None, keep: str | None = None) -> int:
    """Open the terminal on the demo hospital; without a display, or when asked, run the scripted tour instead."""
    if tour is not None or not has_display():
        from hmis_pos.demo.tour import run_tour  # noqa: PLC0415 - a counter does not load the tour

        folder = Path(tour) if tour is not None else Path(tempfile.mkdtemp(prefix="hmis-pos-tour-"))
        return run_tour(folder)
    folder = Path(keep) if keep is not None else Path(tempfile.mkdtemp(prefix="hmis-pos-demo-"))
    return _open_counter(folder)


def _open_counter(folder: Path) -> int:
    hospital = Hospital(folder)
    try:
        hospital.start()
        _say(hospital)
        os.environ.update(hospital.terminal_environ())
        from hmis_pos.terminal.app import run as open_terminal  # noqa: PLC0415 - Qt only once all else runs

        return open_terminal()
    finally:
        hospital.stop()


def _say(hospital: Hospital) -> None:
    if hospital.relay is None or hospital.daraja is None:
        return
    told = "\n    ".join(hospital.told)
    print(  # noqa: T201 - the demo talks to the shell it was started from
        f"""
  Told the simulated Safaricom, as a hospital's IT does once:
    {told}

  The demo hospital is running, everything in it is invented.
    sign in      cashier, supervisor or admin; password demo-only
    handset      {hospital.daraja.url}/handset   be the patient: PIN, cancel, ignore, too little money; or pay the Paybill
                 by Lipa na M-Pesa, account an invoice's number (slips welcome), and read the code to the cashier
    statement    {hospital.daraja.url}   exports the portal's statement, for the supervisor's Statements room
    relay        {hospital.relay.url}   process {hospital.relay.pid}
                 kill it, sell for cash meanwhile, then start it again: sh {hospital.write_start_script()}
    data, logs   {hospital.folder}
""",
        flush=True,
    )
