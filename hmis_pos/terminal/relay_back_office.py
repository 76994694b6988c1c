"""The relay's API for supervisors and finance: unmatched money, refunds, statements, the merchant's M-Pesa.

One method a route, as in ``relay_client``; writes take an idempotency ``key`` that the caller makes once per intent.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hmis_pos.contract.mpesa import MpesaStatus
from hmis_pos.contract.refunds import AskRefund, Decide, NotDone, Refund, RefundPage
from hmis_pos.contract.statements import BadRows, ItemPage, Statement, StatementPage
from hmis_pos.contract.unmatched import Assign, MoveBack, RefundUnmatched, Share, UnmatchedDetail, UnmatchedPage
from hmis_pos.domain.money import Money
from hmis_pos.terminal.relay_http import PAYMENT_SECONDS, QueryValue, RelayHttp, Told


class BackOffice:
    """What needs a supervisor's eye, over the till's one session."""

    def __init__(self, http: RelayHttp) -> None:
        self._http = http

    # ------------------------------------------------------------ unmatched money

    async def unmatched(
        self, *, search: str = "", owner: str = "", open_only: bool = True, cursor: str = "", limit: int = 100
    ) -> UnmatchedPage:
        """Oldest first. ``owner``: a user name, only what that person looks after."""
        query: dict[str, QueryValue] = {"open_only": open_only, "limit": limit}
        return await self._http.read(
            "/api/unmatched", UnmatchedPage, query | _given(search=search, owner=owner, cursor=cursor)
        )

    async def unmatched_money(self, unmatched_id: int) -> UnmatchedDetail:
        return await self._http.read(f"/api/unmatched/{unmatched_id}", UnmatchedDetail)

    async def assign(
        self, unmatched_id: int, shares: Sequence[tuple[int, Money]], *, key: str, note: str = ""
    ) -> UnmatchedDetail:
        """Place it: shares of (invoice id, amount), together at most what remains.

        Raises:
            Conflict: somebody placed or gave back a part of it meanwhile.
        """
        message = Assign(shares=[Share(invoice_id=one, amount=amount.text) for one, amount in shares], note=note)
        return await self._http.write(f"/api/unmatched/{unmatched_id}/assign", message, UnmatchedDetail, key=key)

    async def take_on(self, unmatched_id: int, *, key: str) -> UnmatchedDetail:
        """I look after it."""
        return await self._http.write(f"/api/unmatched/{unmatched_id}/take", None, UnmatchedDetail, key=key)

    async def move_back(self, payment_uid: str, reason: str, *, key: str) -> UnmatchedDetail:
        """The payment was the wrong patient's: its money is unmatched again."""
        message = MoveBack(payment_uid=payment_uid, reason=reason)
        return await self._http.write("/api/unmatched/move-back", message, UnmatchedDetail, key=key)

    async def refund_unmatched(
        self, unmatched_id: int, amount: Money, reason: str, *, key: str, phone: str = ""
    ) -> Refund:
        """Ask for it to go back. ``phone`` empty: to whoever paid.

        Raises:
            CashierMistake: code ``phone-needed`` where the payer's number is not known in full.
        """
        message = RefundUnmatched(amount=amount.text, reason=reason, phone_number=phone)
        return await self._http.write(f"/api/unmatched/{unmatched_id}/refund", message, Refund, key=key)

    # ------------------------------------------------------------ refunds

    async def ask_refund(self, transaction_id: str, amount: Money, reason: str, *, key: str, phone: str = "") -> Refund:
        """Ask for a payment's money to go back; see :meth:`refund_unmatched`."""
        message = AskRefund(transaction_id=transaction_id, amount=amount.text, reason=reason, phone_number=phone)
        return await self._http.write("/api/payments/refund", message, Refund, key=key)

    async def refunds(
        self,
        *,
        states: Sequence[str] = (),
        transaction_id: str = "",
        unmatched_id: int = 0,
        cursor: str = "",
        limit: int = 50,
    ) -> RefundPage:
        """Newest first."""
        query: dict[str, QueryValue] = {"limit": limit}
        if states:
            query["state"] = list(states)
        if unmatched_id:
            query["unmatched_id"] = unmatched_id
        return await self._http.read(
            "/api/refunds", RefundPage, query | _given(transaction_id=transaction_id, cursor=cursor)
        )

    async def refund(self, refund_uid: str) -> Refund:
        """One refund with its evidence."""
        return await self._http.read(f"/api/refunds/{refund_uid}", Refund)

    async def approve_refund(self, refund_uid: str, note: str, *, key: str) -> Refund:
        """Agree; the provider is asked. Waits for it as a payment does.

        Raises:
            NotAllowed: no supervisor, or the one who asked.
        """
        return await self._http.write(
            f"/api/refunds/{refund_uid}/approve", Decide(note=note), Refund, key=key, seconds=PAYMENT_SECONDS
        )

    async def reject_refund(self, refund_uid: str, note: str, *, key: str) -> Refund:
        return await self._http.write(f"/api/refunds/{refund_uid}/reject", Decide(note=note), Refund, key=key)

    async def end_refund(self, refund_uid: str, note: str, *, key: str) -> Refund:
        """An unknown one, looked up in the provider's portal: it is not there.

        Raises:
            NotAllowed: no supervisor, or the one who asked.
            Conflict: ``refund-too-early``, ``refund-not-unknown``.
        """
        return await self._http.write(f"/api/refunds/{refund_uid}/not-done", NotDone(note=note), Refund, key=key)

    # ------------------------------------------------------------ statements

    async def import_statement(self, file: Path, *, key: str, told: Told) -> Statement:
        """Hand a statement in; it is read and compared afterwards, and ``statement.changed`` tells how far.

        A file that was imported before is not read again: the answer is that import.
        """
        return await self._http.upload("/api/statements", file, {"name": file.name}, Statement, key=key, told=told)

    async def statements(self, *, cursor: str = "", limit: int = 50) -> StatementPage:
        """Newest first."""
        return await self._http.read("/api/statements", StatementPage, {"limit": limit} | _given(cursor=cursor))

    async def statement(self, statement_id: int) -> Statement:
        """With its counts of each class."""
        return await self._http.read(f"/api/statements/{statement_id}", Statement)

    async def statement_items(
        self, statement_id: int, *, line_class: str = "", cursor: str = "", limit: int = 200
    ) -> ItemPage:
        query: dict[str, QueryValue] = {"limit": limit}
        return await self._http.read(
            f"/api/statements/{statement_id}/items", ItemPage, query | _given(line_class=line_class, cursor=cursor)
        )

    async def bad_rows(self, statement_id: int) -> BadRows:
        return await self._http.read(f"/api/statements/{statement_id}/bad-rows", BadRows)

    # ------------------------------------------------------------ the merchant's M-Pesa

    async def mpesa_status(self) -> MpesaStatus:
        return await self._http.read("/api/mpesa", MpesaStatus)

    async def ask_balance(self, *, key: str) -> MpesaStatus:
        """Ask Safaricom; its answer comes a little later and is then in :meth:`mpesa_status`."""
        return await self._http.write("/api/mpesa/balance", None, MpesaStatus, key=key, seconds=PAYMENT_SECONDS)

    async def resume_payouts(self, *, key: str) -> MpesaStatus:
        """The operator's credential was mended: refunds to phones are sent again."""
        return await self._http.write("/api/mpesa/resume-payouts", None, MpesaStatus, key=key)

    async def pull(self, *, key: str) -> MpesaStatus:
        """Read Safaricom's list of payments now."""
        return await self._http.write("/api/feeds/pull", None, MpesaStatus, key=key, seconds=PAYMENT_SECONDS)


def _given(**fields: str) -> dict[str, QueryValue]:
    """Only what was given."""
    return {name: value for name, value in fields.items() if value}
