"""A relay as supervisors and finance see it, in memory, behind the till's own HTTP client: it keeps the contract's messages and sums."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import httpx
import msgspec
from msgspec import structs

from hmis_pos.contract import auth
from hmis_pos.contract.invoices import Invoice, InvoicePage, ServedBy
from hmis_pos.contract.mapping import iso, money
from hmis_pos.contract.mpesa import MpesaStatus
from hmis_pos.contract.payments import Transaction, TransactionPage
from hmis_pos.contract.refunds import AskRefund, Decide, NotDone, Refund, RefundPage
from hmis_pos.contract.statements import BadRow, BadRows, Item, ItemPage, Statement, StatementPage
from hmis_pos.contract.unmatched import (
    Assign,
    MoveBack,
    Part,
    RefundUnmatched,
    Suggestion,
    Unmatched,
    UnmatchedDetail,
    UnmatchedPage,
)
from hmis_pos.domain.money import Money
from tests.support.office_messages import HandClock, evidence, refund, statement

Query = dict[str, list[str]]


class Refused(Exception):
    """The relay's no."""

    def __init__(self, status: int, code: str, detail: str = "", *, field: str = "", cure: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.detail, self.field, self.cure = status, code, detail, field, cure


@dataclass
class Office(httpx.AsyncBaseTransport):
    """What the relay holds. ``refusals`` are the noes to come, by a part of the path; ``down`` cuts the line."""

    clock: HandClock = field(default_factory=HandClock)
    invoices: dict[int, Invoice] = field(default_factory=dict)
    money: dict[int, Unmatched] = field(default_factory=dict)
    parts: dict[int, list[Part]] = field(default_factory=dict)
    suggestions: dict[int, list[Suggestion]] = field(default_factory=dict)
    payments: dict[str, Transaction] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)
    statements: dict[int, Statement] = field(default_factory=dict)
    items: dict[int, list[Item]] = field(default_factory=dict)
    bad: dict[int, list[BadRow]] = field(default_factory=dict)
    mpesa: MpesaStatus | None = None
    user: tuple[str, str, str] = ("supervisor", "M. Were", "supervisor")
    refusals: list[tuple[str, Refused]] = field(default_factory=list)
    payer_known: bool = False
    down: bool = False
    lose_answers: bool = False
    page: int = 100
    uploaded: bytes = b""
    requests: list[tuple[str, str, Query, str]] = field(default_factory=list)
    _keys: dict[str, bytes] = field(default_factory=dict)
    _number: int = 0

    # ------------------------------------------------------------ HTTP

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/api/events":
            await asyncio.Event().wait()
        if self.down:
            raise httpx.ConnectError("no route", request=request)
        body = await request.aread()
        query = parse_qs(request.url.query.decode())
        key = request.headers.get("Idempotency-Key", "")
        self.requests.append((request.method, path, query, key))
        try:
            self._refuse(path)
            if key and key in self._keys:
                answer = self._keys[key]
            else:
                answer = msgspec.json.encode(self._answer(request.method, path.removeprefix("/api/"), query, body))
                if key:
                    self._keys[key] = answer
        except Refused as e:
            return _problem(request, e)
        if self.lose_answers and request.method != "GET":
            raise httpx.ReadTimeout("nothing came back", request=request)
        return httpx.Response(200, content=answer, request=request)

    def _refuse(self, path: str) -> None:
        for at, (part, refusal) in enumerate(self.refusals):
            if part in path:
                del self.refusals[at]
                raise refusal

    def asked(self, part: str, method: str = "POST") -> list[tuple[str, str, Query, str]]:
        """Requests whose path holds ``part``: method, path, query, key."""
        return [one for one in self.requests if one[0] == method and part in one[1]]

    def _answer(self, method: str, path: str, query: Query, body: bytes) -> Any:
        head, _, rest = path.partition("/")
        desks: dict[str, Callable[..., Any]] = {
            "auth": self._sign_in,
            "terminals": self._enrol,
            "invoices": self._invoices,
            "unmatched": self._unmatched,
            "payments": self._payments,
            "refunds": self._refunds,
            "statements": self._statements,
            "mpesa": self._mpesa,
            "feeds": self._mpesa,
        }
        if head not in desks:
            raise Refused(404, "not-found")
        return desks[head](method, rest, query, body)

    # ------------------------------------------------------------ the till

    def _sign_in(self, *_: Any) -> auth.Session:
        name, display, role = self.user
        return auth.Session(
            access_token="access",
            refresh_token="refresh",
            expires_in=3600,
            username=name,
            display_name=display,
            role=role,
            facility_id=1,
            facility_name="Mwangaza County Hospital",
            server_time=iso(self.clock.now()),
        )

    def _enrol(self, _method: str, _rest: str, _query: Query, body: bytes) -> auth.Enrolled:
        wanted = json.loads(body)
        return auth.Enrolled(
            install_uid=wanted["install_uid"],
            series="T03A",
            counter=wanted["counter"],
            facility_id=1,
            facility_name="Mwangaza County Hospital",
            last_number=0,
        )

    def _invoices(self, _method: str, rest: str, query: Query, _body: bytes) -> Any:
        which, _, verb = rest.partition("/")
        if verb == "serve":
            until = iso(self.clock.now() + timedelta(minutes=5))
            return ServedBy(terminal="T03A", counter="Counter 3", cashier=self.user[0], until=until)
        if which:
            return None if verb else self.invoices[int(which)]
        words = query.get("search", [""])[0].casefold()
        found = [one for one in self.invoices.values() if words in f"{one.number} {one.patient_name}".casefold()]
        if query.get("open_only", ["true"])[0] == "true":
            found = [one for one in found if one.status == "open"]
        return InvoicePage(invoices=found, next="", open_count=len(found), last_event=0)

    # ------------------------------------------------------------ unmatched money

    def _unmatched(self, method: str, rest: str, query: Query, body: bytes) -> Any:
        if not rest:
            return self._unmatched_page(query)
        if rest == "move-back":
            return self._move_back(msgspec.json.decode(body, type=MoveBack))
        which, _, verb = rest.partition("/")
        cash = self.money.get(int(which))
        if cash is None:
            raise Refused(404, "not-found")
        match verb:
            case "assign":
                self._assign(cash, msgspec.json.decode(body, type=Assign))
            case "take":
                self.money[cash.unmatched_id] = structs.replace(cash, owner=self.user[0])
            case "refund":
                wanted = msgspec.json.decode(body, type=RefundUnmatched)
                return self._ask(wanted.amount, wanted.reason, wanted.phone_number, cash=cash)
        assert method == ("POST" if verb else "GET")
        return self.detail(cash.unmatched_id)

    def _unmatched_page(self, query: Query) -> UnmatchedPage:
        waiting = [one for one in self.money.values() if one.remaining != "0.00"]
        rows = waiting if query["open_only"] == ["true"] else list(self.money.values())
        words = query.get("search", [""])[0].casefold()
        owner = query.get("owner", [""])[0]
        rows = [one for one in rows if words in f"{one.account} {one.payer_name} {one.receipt_no}".casefold()]
        rows = sorted((one for one in rows if not owner or one.owner == owner), key=lambda one: one.since)
        first, last = self._span(query)
        return UnmatchedPage(
            unmatched=rows[first:last],
            next=str(last) if last < len(rows) else "",
            open_count=len(waiting),
            open_total=sum((money(one.remaining, "KES") for one in waiting), Money.zero()).text,
            oldest_since=min((one.since for one in waiting), default=""),
        )

    def _span(self, query: Query) -> tuple[int, int]:
        first = int(query.get("cursor", ["0"])[0])
        return first, first + min(int(query["limit"][0]), self.page)

    def detail(self, which: int) -> UnmatchedDetail:
        """The money as it stands."""
        cash = self.money[which]
        fresh = [structs.replace(s, invoice=self.invoices[s.invoice.id]) for s in self.suggestions.get(which, [])]
        return UnmatchedDetail(
            money=cash, parts=list(self.parts.get(which, [])), suggestions=fresh if cash.remaining != "0.00" else []
        )

    def _assign(self, cash: Unmatched, wanted: Assign) -> None:
        total = sum((money(share.amount, "KES") for share in wanted.shares), Money.zero())
        if total > money(cash.remaining, "KES"):
            raise Refused(409, "above-remaining")
        for share in wanted.shares:
            one = self.invoices[share.invoice_id]
            owed, amount = money(one.payable, "KES"), money(share.amount, "KES")
            left = Money(max(0, owed.minor - amount.minor))
            self.invoices[one.id] = structs.replace(one, payable=left.text, status="open" if left else "paid")
            self._place(cash, amount, one, str(UUID(int=len(self._keys) * 100 + share.invoice_id)))

    def _place(self, cash: Unmatched, amount: Money, one: Invoice | None, uid: str, **more: Any) -> None:
        values: dict[str, Any] = {
            "amount": amount.text,
            "at": iso(self.clock.now()),
            "by": self.user[0],
            "note": "",
            "payment_uid": uid,
            "invoice_id": one.id if one else None,
            "invoice_number": one.number if one else "",
            "patient_name": one.patient_name if one else "",
            "refund_uid": "",
            "refund_state": "",
        }
        self.parts.setdefault(cash.unmatched_id, []).append(Part(**values | more))
        now = self.money[cash.unmatched_id]
        left = money(now.remaining, "KES") - amount
        self.money[cash.unmatched_id] = structs.replace(now, remaining=left.text)

    def _move_back(self, wanted: MoveBack) -> UnmatchedDetail:
        for which, parts in self.parts.items():
            for part in parts:
                if part.payment_uid == wanted.payment_uid and part.invoice_id is not None:
                    amount = money(part.amount, "KES")
                    one = self.invoices[part.invoice_id]
                    again = money(one.payable, "KES") + amount
                    self.invoices[one.id] = structs.replace(one, payable=again.text, status="open")
                    self._place(self.money[which], -amount, one, part.payment_uid, note=wanted.reason)
                    return self.detail(which)
        raise Refused(404, "not-found")

    # ------------------------------------------------------------ payments and refunds

    def _payments(self, _method: str, rest: str, _query: Query, body: bytes) -> Any:
        if rest == "refund":
            wanted = msgspec.json.decode(body, type=AskRefund)
            paid = self.payments[wanted.transaction_id]
            return self._ask(wanted.amount, wanted.reason, wanted.phone_number, paid=paid)
        if rest == "transactions":
            return TransactionPage(transactions=list(self.payments.values()), next="")
        return self.payments[rest.removeprefix("transactions/")]

    def _ask(
        self, amount: str, reason: str, phone: str, *, cash: Unmatched | None = None, paid: Transaction | None = None
    ) -> Refund:
        whole = amount == (cash.amount if cash else paid.received if paid else "")
        if not phone and not whole and not self.payer_known:
            raise Refused(422, "phone-needed", field="phone_number")
        self._number += 1
        uid = str(UUID(int=self._number))
        self.refunds[uid] = refund(
            uid,
            Money.parse(amount).text,
            transaction_id=paid.transaction_id if paid else "",
            unmatched_id=cash.unmatched_id if cash else None,
            invoice_number=paid.invoice_number if paid else "",
            patient_name=paid.patient_name if paid else "",
            route="payout" if phone or not whole else "reversal",
            phone=phone,
            reason=reason,
            receipt_no=paid.provider_receipt if paid else cash.receipt_no if cash else "",
            requested_by=self.user[0],
            requested_at=iso(self.clock.now()),
        )
        if cash:
            self._place(cash, Money.parse(amount), None, "", refund_uid=uid, refund_state="requested")
        if paid:
            left = money(paid.refundable, "KES") - Money.parse(amount)
            self.payments[paid.transaction_id] = structs.replace(paid, refundable=left.text)
        return self.refunds[uid]

    def _refunds(self, _method: str, rest: str, query: Query, body: bytes) -> Any:
        if not rest:
            states = query.get("state", [])
            found = [one for one in self.refunds.values() if not states or one.state in states]
            found.sort(key=lambda one: one.requested_at, reverse=True)
            first, last = self._span(query)
            return RefundPage(refunds=found[first:last], next=str(last) if last < len(found) else "")
        uid, _, verb = rest.partition("/")
        if verb == "not-done":
            self._end(uid, msgspec.json.decode(body, type=NotDone))
        elif verb:
            self._decide(uid, verb, msgspec.json.decode(body, type=Decide))
        return self.refunds[uid]

    def _end(self, uid: str, said: NotDone) -> None:
        one = self.refunds[uid]
        if one.state != "unknown":
            raise Refused(409, "refund-not-unknown")
        self.refunds[uid] = structs.replace(
            one, state="failed", failure_code="looked-up", failure_text=said.note, next_check_at=""
        )

    def _decide(self, uid: str, verb: str, wanted: Decide) -> None:
        one = self.refunds[uid]
        if one.requested_by == self.user[0]:
            raise Refused(403, "own-refund")
        if one.state != "requested":
            raise Refused(409, "refund-decided")
        self.refunds[uid] = structs.replace(
            one,
            state="pending" if verb == "approve" else "rejected",
            decided_by=self.user[0],
            decided_at=iso(self.clock.now()),
            decision_note=wanted.note,
            evidence=[evidence("accepted", "submit", self.clock.now())] if verb == "approve" else [],
        )

    # ------------------------------------------------------------ statements and M-Pesa

    def _statements(self, method: str, rest: str, query: Query, body: bytes) -> Any:
        if method == "POST":
            return self._import(query["name"][0], body)
        if not rest:
            found = sorted(self.statements.values(), key=lambda one: one.imported_at, reverse=True)
            return StatementPage(statements=found, next="")
        which, _, what = rest.partition("/")
        if what == "items":
            wanted = query.get("line_class", [""])[0]
            rows = [one for one in self.items.get(int(which), []) if wanted in ("", one.line_class)]
            first, last = self._span(query)
            return ItemPage(items=rows[first:last], next=str(last) if last < len(rows) else "")
        if what == "bad-rows":
            return BadRows(rows=self.bad.get(int(which), []))
        return self.statements[int(which)]

    def _import(self, name: str, body: bytes) -> Statement:
        self.uploaded = body
        known = next((one for one in self.statements.values() if one.name == name), None)
        if known is not None:
            return known
        which = max(self.statements, default=0) + 1
        blank = dict.fromkeys(("opening", "closing", "paid_in", "withdrawn", "balance_gap", "finished_at"), "")
        at = iso(self.clock.now())
        who = self.user[0]
        self.statements[which] = statement(
            which, name=name, state="reading", percent=0, lines=0, imported_at=at, imported_by=who, **blank
        )
        return self.statements[which]

    def _mpesa(self, _method: str, rest: str, _query: Query, _body: bytes) -> MpesaStatus:
        if self.mpesa is None:
            raise Refused(404, "not-found")
        if rest == "resume-payouts":
            self.mpesa = structs.replace(self.mpesa, payouts_halted="")
        if rest == "pull":
            good = iso(self.clock.now())
            self.mpesa = structs.replace(self.mpesa, pull_good_at=good, pull_is_late=False, pull_trouble="")
        return self.mpesa


def _problem(request: httpx.Request, e: Refused) -> httpx.Response:
    problem: dict[str, Any] = {"title": e.code, "status": e.status, "code": e.code, "detail": e.detail, "cure": e.cure}
    if e.field:
        problem["errors"] = [{"field": e.field, "message": e.code}]
    return httpx.Response(e.status, json=problem, request=request)
