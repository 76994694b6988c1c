"""A till for tests: a real encrypted store in a folder, invoices, sales. Also run as a program by the kill tests."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import argon2

from hmis_pos.cashier.take_cash import CashSale, take_cash
from hmis_pos.contract.mapping import invoice_message
from hmis_pos.db.local.records import CachedInvoice, Install
from hmis_pos.db.local.store import LocalStore
from hmis_pos.domain.invoice import Invoice, InvoiceLine, InvoiceStatus
from hmis_pos.domain.money import Money
from hmis_pos.domain.receipt import Receipt, Tender
from hmis_pos.terminal.clock import SystemClock, SystemIds
from hmis_pos.terminal.documents import RECEIPTS
from hmis_pos.terminal.queue_document import cached

KEY = "5a" * 32
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
IDS = SystemIds()


class FixedClock:
    """A clock a test sets."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def invoice(which: int = 1, /, **changes: object) -> Invoice:
    """``INV-20001`` … of KES 5,000.00, queued a minute apart."""
    base = Invoice(
        id=which,
        number=f"INV-{20000 + which}",
        facility_id=1,
        patient_id=100 + which,
        patient_no=f"MKP-{4000 + which:06d}",
        patient_name="Amina Wanjiru Otieno",
        patient_phone="0712 345 418",
        patient_sex="F",
        patient_birth_year=1988,
        status=InvoiceStatus.OPEN,
        total=Money.whole(5000),
        insurance=Money.zero(),
        insurer="",
        waiver=Money.zero(),
        waiver_note="",
        paid=Money.zero(),
        queued_at=NOW - timedelta(hours=2) + timedelta(minutes=which),
        lines=(InvoiceLine("Consultation", 1, Money.whole(5000), Money.whole(5000)),),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def for_queue(found: Invoice) -> CachedInvoice:
    return cached(invoice_message(found))


async def open_store(folder: Path, key: str = KEY) -> LocalStore:
    quick = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    return await LocalStore.open(folder, key, RECEIPTS, IDS.uuid(), hasher=quick)


async def enrol(store: LocalStore, series: str = "T03A", last_number: int = 0) -> Install:
    mine = await store.install.get()
    relay_says = Install(
        install_uid=mine.install_uid,
        series=series,
        counter="Counter 3",
        facility_id=1,
        facility_name="Makadara Hospital",
        last_number=last_number,
    )
    return await store.install.bind(relay_says)


async def sell(
    store: LocalStore,
    of: Invoice,
    shillings: int | None = None,
    *,
    payment_uid: UUID | None = None,
    at: datetime | None = None,
) -> Receipt:
    """Exact cash; ``shillings`` for a part of it."""
    amount = of.owed if shillings is None else Money.whole(shillings)
    sale = CashSale(
        payment_uid=payment_uid or IDS.uuid(),
        invoice=of,
        tender=Tender(tendered=amount, applied=amount),
        cashier="cashier",
        counter="Counter 3",
    )
    return await take_cash(store, FixedClock(at) if at else SystemClock(), IDS, sale)


async def _sell_until_killed(folder: Path) -> None:
    """Sell and say each number once it is committed, until somebody ends us."""
    store = await open_store(folder)
    number = 0
    while True:
        number += 1
        receipt = await sell(store, invoice(number))
        os.write(1, f"{receipt.no} {receipt.payment_uid}\n".encode())


if __name__ == "__main__":
    asyncio.run(_sell_until_killed(Path(sys.argv[1])))
