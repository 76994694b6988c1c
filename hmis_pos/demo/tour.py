"""The scripted tour: a morning at a counter, by keyboard, with nobody there. Pictures, receipts and ``tour.json`` are what it leaves.

Everything in it is real (terminals, relay, databases, HTTP); Safaricom is simulated, and the patients act through the handset's API. In the
middle the relay is killed without warning, two patients pay cash meanwhile, and it is started again. ``morning`` and ``paybill_scenes``
hold the scenes.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from hmis_pos.demo.phones import Phones, moved
from hmis_pos.demo.processes import Hospital
from hmis_pos.demo.promises import Movement, World, check_all, seeded_movements, verdict
from hmis_pos.demo.report import Report, say
from hmis_pos.domain.errors import PosError

if TYPE_CHECKING:
    from hmis_pos.cashier.ports import Books

T = TypeVar("T")


def run_tour(folder: Path) -> int:
    """Run the tour and write what it saw into ``folder``; 0 if every promise held."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder.mkdir(parents=True, exist_ok=True)
    hospital = Hospital(folder / "hospital", extra={"HMIS_CHASE_PLAN": "3,10,20,30,45,75"})
    try:
        say("starting the simulated Safaricom, the central database and the relay …")
        hospital.start()
        for line in hospital.told:
            say(f"  {line}")
        before = _ask(hospital, seeded_movements)
        report = _walk(hospital, folder)
        held = _check(hospital, before, report)
    except PosError as e:
        sys.stderr.write(f"hmis-pos demo: {e.message} {e.cure}\n")
        return 1
    finally:
        hospital.stop()
    (folder / "tour.json").write_text(
        json.dumps({"payments": report.payments, "invariants": held}, indent=2) + "\n", encoding="utf-8"
    )
    say(f"pictures   {folder / 'pictures'}\nreceipts   {folder / 'receipts'}\nreport     {folder / 'tour.json'}")
    broken = [promise for promise, holds in held.items() if not holds]
    say("promises   all six hold" if not broken else f"promises   BROKEN: {', '.join(broken)}")
    return 1 if broken else 0


def _walk(hospital: Hospital, folder: Path) -> Report:
    from hmis_pos.demo.clerk import on_qt_loop  # noqa: PLC0415 - Qt only once the platform is chosen

    return on_qt_loop(_play(hospital, folder))


async def _play(hospital: Hospital, folder: Path) -> Report:
    from hmis_pos.demo.hands import Album  # noqa: PLC0415 - as above
    from hmis_pos.demo.morning import Morning  # noqa: PLC0415
    from hmis_pos.demo.paybill_scenes import PaybillScenes  # noqa: PLC0415

    album, report = Album(folder / "pictures"), Report()
    async with AsyncExitStack() as stack:
        phones = await stack.enter_async_context(Phones(hospital.daraja.url if hospital.daraja else ""))
        clerk = await _open_till(stack, hospital.terminal_environ(), album)
        morning = Morning(clerk, hospital, phones, report)
        await morning.sign_in()
        await morning.cash()
        await morning.prompts()
        await morning.without_the_relay()
        supervisor = await _open_till(stack, hospital.terminal_environ("Office", "office"), album)
        await supervisor.sign_in("supervisor")
        paybill = PaybillScenes(clerk, supervisor, phones, report, folder)
        await paybill.live()
        await paybill.unmatched()
        await paybill.code()
        await morning.what_was_ringing()
        await paybill.refund()
        await paybill.statement()
        await morning.look_back()
        morning.print_receipts(folder / "receipts")
    return report


async def _open_till(stack: AsyncExitStack, environ: Mapping[str, str], album: Any) -> Any:
    """Open a terminal, closed again with the stack."""
    from hmis_pos.demo.clerk import Clerk  # noqa: PLC0415 - Qt only once the platform is chosen
    from hmis_pos.demo.hands import Hands  # noqa: PLC0415
    from hmis_pos.terminal.app import build  # noqa: PLC0415
    from hmis_pos.terminal.settings import load  # noqa: PLC0415

    terminal = build(load({**os.environ, **environ}))
    stack.push_async_callback(terminal.close)
    await terminal.start()
    return Clerk(terminal, Hands(terminal.window, album))


def _ask(hospital: Hospital, question: Callable[[Books], T]) -> T:
    from hmis_pos.db.central.database import CentralDatabase  # noqa: PLC0415 - a counter does not load it
    from hmis_pos.relay.clock import SystemClock  # noqa: PLC0415

    database = CentralDatabase(hospital.database_url, SystemClock())
    try:
        return database.snapshot_now(question)
    finally:
        database.dispose_now()


def _check(hospital: Hospital, before: Mapping[str, Movement], report: Report) -> Mapping[str, bool]:
    """The six promises, with Safaricom's own ledger and the drawer as witnesses."""
    came, went = moved(hospital.daraja.url) if hospital.daraja else ({}, {})
    world = World(mpesa={**before, **came}, paid_back=went, drawer=report.drawer)
    breaches = _ask(hospital, lambda books: check_all(books, world))
    for breach in breaches:
        sys.stderr.write(f"{breach.promise}: {breach.text}\n")
    return verdict(breaches)
