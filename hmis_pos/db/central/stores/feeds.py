"""How far providers' lists were read, what lies in their accounts, and whether payouts are stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from hmis_pos.cashier.records_back_office import AccountBalance, FeedState
from hmis_pos.db.central.stores.statements import upsert
from hmis_pos.db.central.tables import Schema
from hmis_pos.domain.money import Money


class FeedStore:
    """``cashier.ports_back_office.Feeds``."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self._db = connection
        self._feed = schema.feed
        self._balance = schema.balance
        self._halt = schema.halt

    def state(self, provider: str, feed: str) -> FeedState | None:
        t = self._feed.c
        row = self._db.execute(select(self._feed).where(t.provider == provider, t.feed == feed)).one_or_none()
        return None if row is None else FeedState(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it

    def save(self, state: FeedState) -> None:
        self._put(
            self._feed,
            {"provider": state.provider, "feed": state.feed},
            {
                "covered_until": state.covered_until,
                "good_at": state.good_at,
                "tried_at": state.tried_at,
                "trouble": state.trouble,
            },
        )

    def balances(self, provider: str) -> Sequence[AccountBalance]:
        t = self._balance.c
        rows = self._db.execute(select(self._balance).where(t.provider == provider).order_by(t.account))
        return [
            AccountBalance(
                provider=row.provider, account=row.account, available=Money(row.available, row.currency), at=row.at
            )
            for row in rows
        ]

    def save_balances(self, balances: Sequence[AccountBalance]) -> None:
        for balance in balances:
            self._put(
                self._balance,
                {"provider": balance.provider, "account": balance.account},
                {"available": balance.available.minor, "currency": balance.available.currency, "at": balance.at},
            )

    def halted(self, provider: str) -> str:
        t = self._halt.c
        return self._db.execute(select(t.why).where(t.provider == provider)).scalar_one_or_none() or ""

    def halt(self, provider: str, why: str, at: datetime) -> None:
        self._put(self._halt, {"provider": provider}, {"why": why, "at": at})

    def _put(self, table: Table, key: dict[str, Any], values: dict[str, Any]) -> None:
        self._db.execute(
            upsert(self._db, table).values(**key, **values).on_conflict_do_update(index_elements=list(key), set_=values)
        )
