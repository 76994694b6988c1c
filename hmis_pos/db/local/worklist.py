"""The queue as this till knows it: order, search, and what was taken here and is not acknowledged yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, or_, select, text, update
from sqlalchemy.dialects.sqlite import insert

from hmis_pos.db.local.notes import get_note, set_note
from hmis_pos.db.local.records import CachedInvoice, QueuedInvoice, RingingMark, ServingMark
from hmis_pos.db.local.stamps import from_stamp
from hmis_pos.db.local.tables import in_queue, outbox, worklist
from hmis_pos.db.local.worker import Worker
from hmis_pos.domain.errors import CashierMistake
from hmis_pos.domain.phone import normalise

_CURSOR = "worklist.event"
_READING = "worklist.reading"
_TRIGRAM = 3
#: Of the place in the queue; ids beyond 2**30 would only share a place if queued in one second.
_ID_BITS = 30
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SEPARATORS = re.compile(r"[^\w]", re.UNICODE)
_APOSTROPHE = re.compile(r"['\u2019\u02bc]")  # Ng'ang'a, typed and written in several ways
_PHONE_LIKE = re.compile(r"[+\d][\d\s().\-]*")

_SEARCH = (
    "SELECT w.id FROM {index} AS f CROSS JOIN worklist AS w ON w.place = f.rowid "
    "WHERE f.{index} MATCH ? AND w.is_open = 1 AND w.owed_minor > w.local_minor{others} ORDER BY f.rowid LIMIT ?"
)
_AND_IN = " AND f.rowid IN (SELECT rowid FROM {index} WHERE {index} MATCH ?)"
_ADD_TEXT = text("INSERT INTO worklist_text(rowid, text) VALUES (:id, :text)")
_ADD_WORD = text("INSERT INTO worklist_word(rowid, text) VALUES (:id, :text)")
_DROP_TEXT = text("DELETE FROM worklist_text WHERE rowid = :id")
_DROP_WORD = text("DELETE FROM worklist_word WHERE rowid = :id")


class Worklist:
    """Invoices cached from the relay. Ids in queue order are cheap; documents are read for the rows on screen."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def ids(self) -> list[int]:
        """All invoices in the queue, who waited longest first."""
        return await self._worker.run(_ids)

    async def rows(self, ids: Sequence[int]) -> list[QueuedInvoice]:
        """The named invoices in the order asked; what is not cached is left out. At most some hundred at a time."""
        wanted = list(ids)
        return await self._worker.run(lambda c: _rows(c, wanted))

    async def get(self, invoice_id: int) -> QueuedInvoice | None:
        found = await self.rows([invoice_id])
        return found[0] if found else None

    async def search(self, words: str, limit: int = 200) -> list[int]:
        """Ids in queue order that hold every word in name, patient no, invoice no or phone.

        Words of three characters and more match anywhere; shorter ones match the beginning of a word. Empty: the queue's head.
        """
        return await self._worker.run(lambda c: _search(c, words, limit))

    async def exact(self, code: str, limit: int = 20) -> list[int]:
        """Queue ids whose invoice or patient number is ``code``, case and punctuation aside: a scanner's burst."""
        return await self._worker.run(lambda c: _exact(c, code, limit))

    async def count(self) -> int:
        return await self._worker.run(
            lambda c: int(c.execute(select(func.count()).select_from(worklist).where(in_queue)).scalar_one())
        )

    async def waiting_since(self) -> datetime | None:
        """When the first in the queue was queued; None for an empty queue."""
        return await self._worker.run(_waiting_since)

    async def upsert(self, invoices: Sequence[CachedInvoice], *, event: int | None = None) -> None:
        """Put invoices in as the relay described them; ``event`` moves the feed position in the same commit."""
        rows = list(invoices)

        def work(c: Connection) -> None:
            _upsert(c, rows)
            _move(c, event)

        await self._worker.run(work)

    async def remove(self, ids: Iterable[int]) -> None:
        gone = list(ids)
        await self._worker.run(lambda c: _remove(c, gone))

    async def apply(
        self, changes: Sequence[CachedInvoice | ServingMark | RingingMark], *, event: int | None = None
    ) -> None:
        """What the feed told, in its order, and the feed position behind it, in one commit."""
        told = list(changes)

        def work(c: Connection) -> None:
            for change in told:
                _apply(c, change)
            _move(c, event)

        await self._worker.run(work)

    async def position(self) -> int | None:
        """The last event applied; None until the queue was read once from end to end."""
        value = await self._worker.run(lambda c: get_note(c, _CURSOR))
        return int(value) if value else None

    async def moved_to(self, event: int) -> None:
        """An event was read that concerns no cached invoice."""
        await self._worker.run(lambda c: _move(c, event))

    async def begin_reading(self) -> None:
        """The queue is about to be read anew: what the coming pages do not name will go with :meth:`end_reading`."""

        def work(c: Connection) -> None:
            set_note(c, _READING, str(_reading(c) + 1))
            set_note(c, _CURSOR, "")

        await self._worker.run(work)

    async def end_reading(self, event: int) -> int:
        """The last page was read: drop what no page named and follow the feed from ``event``.

        Returns:
            How many stale invoices went.
        """

        def work(c: Connection) -> int:
            stale = [row[0] for row in c.execute(select(worklist.c.id).where(worklist.c.reading < _reading(c)))]
            _remove(c, stale)
            _move(c, event)
            return len(stale)

        return await self._worker.run(work)


def recount_local(c: Connection, invoice_ids: Iterable[int]) -> None:
    """Bring ``local_minor`` to the sum of what was taken here and is not acknowledged."""
    taken = (
        select(func.coalesce(func.sum(outbox.c.reduces_minor), 0))
        .where(outbox.c.invoice_id == worklist.c.id, outbox.c.acknowledged_at.is_(None))
        .scalar_subquery()
    )
    one = update(worklist).where(worklist.c.id == bindparam("which")).values(local_minor=taken)
    which = [{"which": invoice_id} for invoice_id in invoice_ids]
    if which:
        c.execute(one, which)


def purge_closed(c: Connection) -> None:
    """Forget invoices that are no longer open; run at start, so that a store holds no more patients than it needs."""
    _remove(c, [row[0] for row in c.execute(select(worklist.c.id).where(worklist.c.is_open == 0))])


def searchable(invoice: CachedInvoice) -> str:
    """Everything a cashier may type for it: as written, without punctuation, the phone in its usual forms."""
    name = _CONTROL.sub(" ", invoice.patient_name)
    forms = [name, _APOSTROPHE.sub("", name) if _APOSTROPHE.search(name) else "", invoice.patient_no, invoice.number]
    forms += [_squeezed(invoice.patient_no), _squeezed(invoice.number), *_phone_forms(invoice.phone)]
    return "\n".join(dict.fromkeys(form for form in forms if form))


def _phone_forms(phone: str) -> list[str]:
    if not phone:
        return []
    try:
        msisdn = normalise(phone)
    except CashierMistake:
        return [_SEPARATORS.sub("", phone)]
    return ["0" + msisdn.removeprefix("254"), msisdn]


def _place(invoice: CachedInvoice) -> int:
    return int(from_stamp(invoice.queued_at).timestamp()) << _ID_BITS | invoice.id & (1 << _ID_BITS) - 1


def _squeezed(code: str) -> str:
    return _SEPARATORS.sub("", code).upper()


def _ids(c: Connection) -> list[int]:
    query = select(worklist.c.id).where(in_queue).order_by(worklist.c.place)
    # Straight from the driver: a hundred thousand rows of SQLAlchemy's cost four times as much.
    return [row[0] for row in c.execute(query).cursor.fetchall()]


def _waiting_since(c: Connection) -> datetime | None:
    first = c.execute(select(func.min(worklist.c.queued_at)).where(in_queue)).scalar_one()
    return None if first is None else from_stamp(first)


def _rows(c: Connection, ids: Sequence[int]) -> list[QueuedInvoice]:
    found = {row.id: row for row in c.execute(select(worklist).where(worklist.c.id.in_(ids)))}
    return [
        QueuedInvoice(
            id=row.id,
            document=row.document,
            is_open=bool(row.is_open),
            owed_minor=row.owed_minor,
            paid_minor=row.paid_minor,
            served_by=row.served_by,
            ringing=row.ringing,
            local_minor=row.local_minor,
        )
        for row in (found[i] for i in ids if i in found)
    ]


def _upsert(c: Connection, invoices: Sequence[CachedInvoice]) -> None:
    latest = {invoice.id: invoice for invoice in invoices}
    if not latest:
        return
    reading = _reading(c)
    known = c.execute(select(worklist.c.place, worklist.c.searchable).where(worklist.c.id.in_(list(latest))))
    before = {row.place: row.searchable for row in known}
    values = [
        {
            "id": i.id,
            "place": _place(i),
            "queued_at": i.queued_at,
            "is_open": int(i.is_open),
            "owed_minor": i.owed_minor,
            "paid_minor": i.paid_minor,
            "reading": reading,
            "number_key": _squeezed(i.number),
            "patient_key": _squeezed(i.patient_no),
            "searchable": searchable(i) if i.is_open else "",
            "served_by": i.served_by,
            "ringing": i.ringing,
            "ringing_uid": i.ringing_uid,
            "document": i.document,
        }
        for i in latest.values()
    ]
    statement = insert(worklist)
    c.execute(
        statement.on_conflict_do_update(
            index_elements=[worklist.c.id],
            set_={name: statement.excluded[name] for name in values[0] if name != "id"},
        ),
        values,
    )
    _index(c, before, {_place(i): str(row["searchable"]) for i, row in zip(latest.values(), values, strict=True)})
    waiting = select(outbox.c.invoice_id).where(
        outbox.c.acknowledged_at.is_(None), outbox.c.invoice_id.in_(list(latest))
    )
    recount_local(c, set(c.execute(waiting).scalars()))


def _apply(c: Connection, change: CachedInvoice | ServingMark | RingingMark) -> None:
    if isinstance(change, CachedInvoice):
        _upsert(c, [change])
        return
    one = update(worklist).where(worklist.c.id == change.invoice_id)
    if isinstance(change, ServingMark):
        c.execute(one.values(served_by=change.document))
    elif change.document:
        c.execute(one.values(ringing=change.document, ringing_uid=change.payment_uid))
    else:
        c.execute(one.where(worklist.c.ringing_uid == change.payment_uid).values(ringing=b"", ringing_uid=""))


def _index(c: Connection, before: dict[int, str], after: dict[int, str]) -> None:
    """Bring the search indexes, keyed by place, from ``before`` to ``after``."""
    old = [{"id": place} for place, words in before.items() if words and after.get(place) != words]
    new = [{"id": place, "text": words} for place, words in after.items() if words and before.get(place) != words]
    if old:
        c.execute(_DROP_TEXT, old)
        c.execute(_DROP_WORD, old)
    if new:
        c.execute(_ADD_TEXT, new)
        c.execute(_ADD_WORD, new)


def _remove(c: Connection, ids: Sequence[int]) -> None:
    if not ids:
        return
    gone = [{"which": i} for i in ids]
    place = select(worklist.c.place).where(worklist.c.id.in_(ids), worklist.c.searchable != "")
    indexed = [{"id": row[0]} for row in c.execute(place)]
    if indexed:
        c.execute(_DROP_TEXT, indexed)
        c.execute(_DROP_WORD, indexed)
    c.execute(delete(worklist).where(worklist.c.id == bindparam("which")), gone)


def _search(c: Connection, words: str, limit: int) -> list[int]:
    matches = _matches(words)
    if not matches:
        return list(c.execute(select(worklist.c.id).where(in_queue).order_by(worklist.c.place).limit(limit)).scalars())
    first, *others = matches
    # The full-text index leads: it gives its hits in the order of the queue, and stops once there are enough.
    sql = _SEARCH.format(index=first[0], others="".join(_AND_IN.format(index=index) for index, _ in others))
    parameters = (*(expression for _, expression in matches), limit)
    return [row[0] for row in c.exec_driver_sql(sql, parameters)]


def _matches(words: str) -> list[tuple[str, str]]:
    """Which index has to hold what."""
    encodable = words.encode("utf-8", "ignore").decode("utf-8")  # half a surrogate pair from a paste is no text
    clean = _CONTROL.sub(" ", encodable).strip().casefold()
    terms = ["".join(ch for ch in clean if ch.isdigit())] if _PHONE_LIKE.fullmatch(clean) else clean.split()
    long = [t for t in terms if len(t) >= _TRIGRAM]
    short = [t for t in terms if len(t) < _TRIGRAM and any(ch.isalnum() for ch in t)]
    found = []
    if long:
        found.append(("worklist_text", " AND ".join(_quoted(t) for t in long)))
    if short:
        found.append(("worklist_word", " AND ".join(f"{_quoted(t)} *" for t in short)))
    return found


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _exact(c: Connection, code: str, limit: int) -> list[int]:
    wanted = _squeezed(code)
    if not wanted:
        return []
    query = (
        select(worklist.c.id)
        .where(in_queue, or_(worklist.c.number_key == wanted, worklist.c.patient_key == wanted))
        .order_by(worklist.c.place)
        .limit(limit)
    )
    return list(c.execute(query).scalars())


def _reading(c: Connection) -> int:
    return int(get_note(c, _READING) or "0")


def _move(c: Connection, event: int | None) -> None:
    if event is not None:
        set_note(c, _CURSOR, str(event))
