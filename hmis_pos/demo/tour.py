"""The scripted tour: a morning at a counter, by keyboard, with nobody there. Pictures, receipts and ``tour.json`` are what it leaves.

Everything in it is real (terminal, relay, databases, HTTP); Safaricom is simulated, and the patient answers through the handset's API. In the
middle the relay is killed without warning, two patients pay cash meanwhile, and it is started again.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from hmis_pos.demo.processes import Hospital
from hmis_pos.demo.promises import Movement, World, check_all, seeded_movements, verdict
from hmis_pos.domain.errors import PosError
from hmis_pos.domain.receipt import Receipt

#: A phone of nobody in the queue.
_ODD_PHONE = "0733000111"


@dataclass
class Report:
    """What the tour did."""

    payments: list[dict[str, str]] = field(default_factory=list)
    drawer: dict[tuple[str, int], int] = field(default_factory=dict)
    receipts: list[Receipt] = field(default_factory=list)

    def took(self, receipt: Receipt) -> None:
        """A receipt was issued; cash went into the drawer."""
        if receipt.method.value == "cash":
            self.drawer[(receipt.series, receipt.number)] = receipt.tender.applied.minor
        self.receipts.append(receipt)
        self.add(receipt.method.value, "completed", receipt.tender.applied.text, receipt.no)

    def add(self, method: str, status: str, amount: str, receipt_no: str) -> None:
        self.payments.append({"method": method, "status": status, "amount": amount, "receipt_no": receipt_no})


def run_tour(folder: Path) -> int:
    """Run the tour and write what it saw into ``folder``; 0 if every promise held."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder.mkdir(parents=True, exist_ok=True)
    hospital = Hospital(folder / "hospital", extra={"HMIS_CHASE_PLAN": "3,10,20,30,45,75"})
    try:
        _say("starting the simulated Safaricom, the central database and the relay …")
        hospital.start()
        report = _walk(hospital, folder)
        held = _check(hospital, report)
    except PosError as e:
        sys.stderr.write(f"hmis-pos demo: {e.message} {e.cure}\n")
        return 1
    finally:
        hospital.stop()
    (folder / "tour.json").write_text(
        json.dumps({"payments": report.payments, "invariants": held}, indent=2) + "\n", encoding="utf-8"
    )
    _say(f"pictures   {folder / 'pictures'}\nreceipts   {folder / 'receipts'}\nreport     {folder / 'tour.json'}")
    broken = [promise for promise, holds in held.items() if not holds]
    _say("promises   all six hold" if not broken else f"promises   BROKEN: {', '.join(broken)}")
    return 1 if broken else 0


def _walk(hospital: Hospital, folder: Path) -> Report:
    from hmis_pos.demo.clerk import on_qt_loop  # noqa: PLC0415 - Qt only once the platform is chosen

    return on_qt_loop(_morning(hospital, folder))


async def _morning(hospital: Hospital, folder: Path) -> Report:
    from hmis_pos.demo.clerk import Clerk  # noqa: PLC0415 - as above
    from hmis_pos.demo.hands import Hands  # noqa: PLC0415
    from hmis_pos.terminal.app import build  # noqa: PLC0415
    from hmis_pos.terminal.settings import load  # noqa: PLC0415

    terminal = build(load({**os.environ, **hospital.terminal_environ()}))
    clerk = Clerk(terminal, Hands(terminal.window, folder / "pictures"))
    report = Report()
    async with httpx.AsyncClient(base_url=hospital.daraja.url if hospital.daraja else "", timeout=30) as handset:
        try:
            await terminal.start()
            await _sign_in(clerk)
            await _cash(clerk, report)
            await _mpesa(clerk, report, handset)
            await _without_the_relay(clerk, report, hospital, handset)
            await _look_back(clerk, folder, report)
        finally:
            await terminal.close()
    return report


async def _sign_in(clerk: Any) -> None:
    _say("signing in")
    await clerk.sign_in()
    await clerk.see_queue(20)
    await clerk.hands.shoot("queue")


async def _cash(clerk: Any, report: Report) -> None:
    _say("cash: exact, and over with change")
    await clerk.choose("INV-20934")
    report.took(await clerk.take_cash())
    await clerk.choose("INV-20931")
    await clerk.hands.press("F2")
    await clerk.hands.write("5000")
    await clerk.hands.shoot("counter-cash")
    await clerk.hands.press("Return")
    report.took(await clerk.cash_receipt())
    await clerk.hands.shoot("receipt")
    await clerk.see_all_sent()


async def _mpesa(clerk: Any, report: Report, handset: httpx.AsyncClient) -> None:
    from hmis_pos.terminal.presenters.mpesa_view import MpesaStage  # noqa: PLC0415 - Qt

    _say("M-Pesa: the patient enters the PIN")
    await clerk.choose("INV-20946")
    await clerk.ask_phone()
    await clerk.see_mpesa(MpesaStage.WAITING)
    await clerk.hands.shoot("mpesa-waiting")
    await _answer(handset, "pin")
    await clerk.see_mpesa(MpesaStage.PAID)
    report.took(await clerk.mpesa_receipt())
    await clerk.hands.shoot("mpesa-paid")

    _say("M-Pesa: the patient cancels")
    await clerk.choose("INV-20943")
    await clerk.ask_phone()
    await clerk.see_mpesa(MpesaStage.WAITING)
    await _answer(handset, "cancel")
    await clerk.see_mpesa(MpesaStage.NOT_PAID)
    report.add("mpesa", "failed", clerk.board.mpesa.view.amount.replace(",", ""), "")
    await clerk.hands.shoot("mpesa-not-paid")

    _say("M-Pesa: Safaricom's answer cannot be read, and nobody pretends to know")
    unreadable = {"outcome": "ignore", "submit": {"fault": "html", "accepted": False}, "deliveries": []}
    (await handset.put(f"/sim/behaviours/254{_ODD_PHONE[1:]}", json=unreadable)).raise_for_status()
    await clerk.choose("INV-20947")
    await clerk.ask_phone(_ODD_PHONE)
    await clerk.see_mpesa(MpesaStage.UNKNOWN)
    report.add("mpesa", "unknown", clerk.board.mpesa.view.amount.replace(",", ""), "")
    await clerk.hands.shoot("mpesa-unknown")
    clerk.terminal.toggle_theme()
    await clerk.hands.shoot("mpesa-unknown-dark")
    clerk.terminal.toggle_theme()


async def _without_the_relay(clerk: Any, report: Report, hospital: Hospital, handset: httpx.AsyncClient) -> None:
    from hmis_pos.terminal.presenters.mpesa_view import MpesaStage  # noqa: PLC0415 - Qt

    _say("a phone rings, and the relay is killed")
    await clerk.choose("INV-20940")
    await clerk.ask_phone()
    await clerk.see_mpesa(MpesaStage.WAITING)
    ringing = clerk.board.counter.invoice_id
    if hospital.relay is not None:
        hospital.relay.kill()
    await clerk.see_line(online=False)
    await _answer(handset, "pin")
    _say("two patients pay cash meanwhile")
    for number in ("INV-20902", "INV-20929"):
        await clerk.choose(number)
        report.took(await clerk.take_cash())
    await clerk.hands.shoot("offline")
    _say("the relay is started again")
    hospital.start_relay()
    await clerk.see_line(online=True)
    await clerk.see_all_sent()
    report.took(await clerk.phone_receipt(ringing))
    await clerk.hands.shoot("back-online")


async def _look_back(clerk: Any, folder: Path, report: Report) -> None:
    from hmis_pos.terminal.printing.content import content_of  # noqa: PLC0415 - Qt
    from hmis_pos.terminal.printing.printer import write_pdf  # noqa: PLC0415
    from hmis_pos.terminal.printing.template import load_template  # noqa: PLC0415
    from hmis_pos.terminal.settings import Paper  # noqa: PLC0415

    await clerk.see_all_sent()
    await clerk.hands.press("Ctrl+2")
    await clerk.hands.until("the list of payments", lambda: clerk.board.payments.view.shown)
    await clerk.hands.shoot("payments")
    await clerk.hands.press("Ctrl+1", "F1")
    await clerk.hands.shoot("keys")
    await clerk.hands.press("Escape")
    template = load_template()
    facility = clerk.board.desk.view.facility_name
    for receipt in report.receipts:
        content = content_of(receipt, 1, template, facility=facility)
        for paper in Paper:
            write_pdf(content, paper, folder / "receipts" / f"{receipt.no}-{paper.value}.pdf")


async def _answer(handset: httpx.AsyncClient, action: str) -> None:
    """What the patient does with the one ringing phone."""
    found = (await handset.get("/sim/prompts", params={"wait": 1, "timeout": 20})).json()["prompts"]
    (await handset.post(f"/sim/prompts/{found[-1]['id']}/{action}")).raise_for_status()


def _check(hospital: Hospital, report: Report) -> Mapping[str, bool]:
    """The six promises, with Safaricom's own ledger and the drawer as witnesses."""
    from hmis_pos.db.central.database import CentralDatabase  # noqa: PLC0415 - SQLAlchemy after the tour
    from hmis_pos.relay.clock import SystemClock  # noqa: PLC0415

    ledger = httpx.get(f"{hospital.daraja.url}/sim/ledger").json()["movements"] if hospital.daraja else []
    moved = {m["receipt"]: Movement(_minor(m["amount"]), m["cause"]) for m in ledger}
    database = CentralDatabase(hospital.database_url, SystemClock())
    try:
        before = {r: m for r, m in database.read_now(seeded_movements).items() if r not in moved}
        world = World(mpesa=before | moved, drawer=report.drawer)
        breaches = database.snapshot_now(lambda books: check_all(books, world))
    finally:
        database.dispose_now()
    for breach in breaches:
        sys.stderr.write(f"{breach.promise}: {breach.text}\n")
    return verdict(breaches)


def _minor(amount: str) -> int:
    whole, _, cents = amount.partition(".")
    return int(whole) * 100 + int(cents.ljust(2, "0")[:2] or 0)


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
