"""Which invoices an account number can mean, and which are worth a look for money that came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, literal, literal_column, or_, select

from hmis_pos.cashier.records_back_office import KeyHolders, ProviderMoney
from hmis_pos.db.central.account_keys import INVOICE, PATIENT, TAIL
from hmis_pos.db.central.columns import Amount, Instant
from hmis_pos.db.central.search import INVOICES, among, containing, terms
from hmis_pos.db.central.stores.invoices import InvoiceStore
from hmis_pos.db.central.stores.many import is_among
from hmis_pos.db.central.tables import Schema, owed
from hmis_pos.domain.invoice import Invoice, InvoiceStatus
from hmis_pos.domain.matching import account_keys, neighbours
from hmis_pos.domain.payment import ELECTRONIC, OPEN_STATES, PaymentState

#: More invoices of one number are no answer.
_SAME = 20
#: How many each way of looking may bring.
_EACH = 60
#: Closed so short a time ago an invoice may still be meant: it was paid twice.
_LATELY = timedelta(days=3)
#: What was queued in these hours before the money came may be meant although little speaks for it.
_RECENT = timedelta(hours=12)
#: An electronic attempt is at the counter while it is open, at most so long, and this long after it was given up.
_RINGING = timedelta(hours=2)
_GIVEN_UP = timedelta(minutes=15)
_GIVEN_UP_STATES = (PaymentState.FAILED, PaymentState.CANCELLED, PaymentState.EXPIRED)
_SHORTEST_NAME = 3
_TELLING_DIGITS = 3
_LONGEST_NUMBER = 15  # digits of a phone number (ITU E.164); a hash is longer


class AccountStore:
    """``cashier.ports_back_office.Accounts``."""

    def __init__(self, connection: Connection, schema: Schema, invoices: InvoiceStore) -> None:
        self._db = connection
        self._schema = schema
        self._invoices = invoices
        self._dialect = connection.dialect.name
        self._key = schema.account_key
        self._invoice = schema.hmis.invoice
        self._patient = schema.hmis.patient

    def holders(self, keys: Sequence[str]) -> Mapping[str, KeyHolders]:
        if not keys:
            return {}
        t = self._key.c
        place = func.row_number().over(partition_by=(t.key, t.kind), order_by=t.target_id).label("place")
        found = select(t.key, t.kind, t.target_id, place).where(t.key.in_(keys)).subquery()
        wanted = select(found).where(found.c.place <= _SAME).order_by(found.c.target_id)
        ids: dict[tuple[str, str], list[int]] = {}
        for row in self._db.execute(wanted):
            ids.setdefault((row.key, row.kind), []).append(row.target_id)
        return {
            key: KeyHolders(invoices=tuple(ids.get((key, INVOICE), ())), patients=tuple(ids.get((key, PATIENT), ())))
            for key in keys
            if (key, INVOICE) in ids or (key, PATIENT) in ids
        }

    def open_of_patient(self, patient_id: int) -> Sequence[Invoice]:
        i = self._invoice.c
        return self._invoices.those(
            i.patient_id == patient_id, i.status == InvoiceStatus.OPEN.value, self._owed > literal(0, Amount(12))
        )

    def candidates(self, money: ProviderMoney, now: datetime, limit: int = 300) -> Sequence[Invoice]:
        """As the port says: what speaks for an invoice most is looked for first, until there are ``limit``."""
        found: dict[int, None] = {}
        for wanted in self._ways(money, now):
            found.update(dict.fromkeys(self._db.execute(wanted).scalars()))
            if len(found) >= limit:
                break
        ids = list(found)[:limit]
        return self._invoices.those(self._invoice.c.id.in_(ids)) if ids else []

    def at_counter(self, now: datetime) -> frozenset[int]:
        s, p = self._schema.serving.c, self._schema.payment.c
        # By the index of (facility, created at).
        facilities = select(self._schema.hmis.facility.c.id)
        ringing = select(p.invoice_id).where(
            p.facility_id.in_(facilities),
            p.created_at > now - _RINGING,
            p.payment_method.in_([method.value for method in ELECTRONIC]),
            or_(
                p.status.in_([state.value for state in OPEN_STATES]),
                p.status.in_([state.value for state in _GIVEN_UP_STATES]) & (p.created_at > now - _GIVEN_UP),
            ),
        )
        served = select(s.invoice_id).where(s.until > now)
        return frozenset(self._db.execute(served.union(ringing)).scalars())

    # ------------------------------------------------------------ candidates

    def _ways(self, money: ProviderMoney, now: datetime) -> Iterator[Select[Any]]:
        """SELECTs of invoice ids, each bounded, the strongest first."""
        keys = account_keys(money.account)
        near = {other for key in keys for other in neighbours(key)}
        for wanted in (keys, sorted(near)) if keys else ():
            is_one = is_among(self._db, self._key.c.key, wanted)
            yield self._of_invoice_keys(is_one, now)
            yield self._of_patient_keys(is_one, now)
        for key in keys:
            if len(key) >= TAIL:
                ends = (self._key.c.tail == key[-TAIL:]) & self._key.c.key.like("%" + key)
                yield self._of_invoice_keys(ends, now)
                yield self._of_patient_keys(ends, now)
        yield self._same_amount(money)
        yield from self._same_person(money, now)
        served = self.at_counter(now)
        if served:
            yield select(self._invoice.c.id).where(self._invoice.c.id.in_(sorted(served))).limit(_EACH)
        yield from self._recent(money, now)

    def _of_invoice_keys(self, condition: Any, now: datetime) -> Select[Any]:
        i, t = self._invoice.c, self._key.c
        return (
            select(i.id)
            .join_from(self._key, self._invoice, i.id == t.target_id)
            .where(t.kind == INVOICE, condition, self._may_be_meant(now))
            .distinct()
            .limit(_EACH)
        )

    def _of_patient_keys(self, condition: Any, now: datetime) -> Select[Any]:
        i, t = self._invoice.c, self._key.c
        patients = select(t.target_id).where(t.kind == PATIENT, condition).distinct().limit(_EACH)
        return select(i.id).where(i.patient_id.in_(patients), self._may_be_meant(now)).limit(_EACH)

    def _same_amount(self, money: ProviderMoney) -> Select[Any]:
        """Exactly owed, or with cents that M-Pesa cannot move; the newest first."""
        i, whole = self._invoice.c, money.amount.rounded_up.minor
        return (
            select(i.id)
            .where(i.status == InvoiceStatus.OPEN.value, self._owed.between(_amount(whole - 99), _amount(whole)))
            .order_by(i.queued_at.desc())
            .limit(_EACH)
        )

    def _same_person(self, money: ProviderMoney, now: datetime) -> Iterator[Select[Any]]:
        """By the index of names and phones: the whole number, or a name together with what is shown of a number."""
        head, tail = _shown(money.payer_phone)
        asked = [[tail]] if head == tail and tail else [[name, tail] for name in _names(money) if tail]
        for words in asked:
            i = self._invoice.c
            found = among(INVOICES, words, self._dialect, i.id)
            yield select(i.id).where(found, self._may_be_meant(now)).order_by(i.queued_at.desc()).limit(_EACH)

    def _recent(self, money: ProviderMoney, now: datetime) -> Iterator[Select[Any]]:
        """Queued in the hours before, and a name or the shown end of the phone fits."""
        i, p = self._invoice.c, self._patient.c
        _, tail = _shown(money.payer_phone)
        digits: Any = func.coalesce(p.phone, "")
        for mark in (" ", "-", "+"):
            digits = func.replace(digits, mark, "")
        fits = [func.lower(p.name).like(containing(name), escape="\\") for name in _names(money)]
        if tail:
            fits.append(digits.like("%" + tail))
        if not fits:
            return
        came = money.paid_at or money.observed_at
        yield (
            select(i.id)
            .join_from(self._invoice, self._patient, p.id == i.patient_id)
            .where(
                i.facility_id.in_(select(self._schema.hmis.facility.c.id)),
                i.queued_at.between(came - _RECENT, came),
                or_(*fits),
                self._may_be_meant(now),
            )
            .order_by(i.queued_at.desc())
            .limit(_EACH)
        )

    def _may_be_meant(self, now: datetime) -> Any:
        i = self._invoice.c
        return or_(i.status == InvoiceStatus.OPEN.value, i.updated_at > literal(now - _LATELY, Instant()))

    @property
    def _owed(self) -> Any:
        return literal_column(owed(self._schema.names), Amount(12))


def _amount(minor: int) -> Any:
    return literal(minor, Amount(12))


def _names(money: ProviderMoney) -> list[str]:
    return [word for word in terms(money.payer_name) if len(word) >= _SHORTEST_NAME]


def _shown(phone: str) -> tuple[str, str]:
    """(digits before, digits behind) the masked middle of a number; both the whole number where nothing is masked."""
    compact = "".join(phone.split()).lstrip("+")
    head, tail = compact.partition("*")[0], compact.rpartition("*")[2]
    if len(tail) < _TELLING_DIGITS or len(tail) > _LONGEST_NUMBER or not tail.isdecimal():
        return "", ""
    return head, tail
