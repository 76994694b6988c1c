"""A provider whose calls are timed; itself asks nothing and repeats nothing."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from datetime import datetime
from typing import TypeVar

from hmis_pos.cashier.ports import CallbackReading, Order, RetryAdvice
from hmis_pos.cashier.ports_mobile_money import (
    Accepted,
    Feature,
    FeedPage,
    MobileMoney,
    RefundOrder,
    ResultReading,
    StatusQuestion,
)
from hmis_pos.cashier.records_back_office import RequestKind
from hmis_pos.domain.errors import PosError
from hmis_pos.domain.evidence import Evidence
from hmis_pos.domain.money import Money
from hmis_pos.domain.refund import RefundRules
from hmis_pos.relay.metrics import Metrics

T = TypeVar("T")


class TimedGateway:
    """Implements :class:`hmis_pos.cashier.ports_mobile_money.MobileMoney` over another one."""

    def __init__(self, inner: MobileMoney, metrics: Metrics) -> None:
        self._inner = inner
        self._metrics = metrics
        self.provider = inner.provider

    @property
    def features(self) -> frozenset[Feature]:
        return self._inner.features

    @property
    def shortcodes(self) -> frozenset[str]:
        return self._inner.shortcodes

    @property
    def pay_to(self) -> str:
        return self._inner.pay_to

    @property
    def is_till(self) -> bool:
        return self._inner.is_till

    @property
    def refund_rules(self) -> RefundRules:
        return self._inner.refund_rules

    def check(self, amount: Money, phone: str) -> None:
        self._inner.check(amount, phone)

    async def start(self, order: Order) -> Evidence:
        return await self._timed("start", self._inner.start(order))

    async def ask(self, reference: str) -> Evidence:
        return await self._timed("ask", self._inner.ask(reference))

    def read_callback(self, channel: str, body: bytes, heard_at: datetime) -> CallbackReading:
        return self._inner.read_callback(channel, body, heard_at)

    def advise(self, code: str) -> RetryAdvice:
        return self._inner.advise(code)

    async def give_back(self, order: RefundOrder) -> Evidence:
        return await self._timed(f"give-back-{order.route.value}", self._inner.give_back(order))

    async def ask_status(self, question: StatusQuestion) -> Accepted:
        return await self._timed("ask-status", self._inner.ask_status(question))

    async def ask_balance(self, result_url: str, timeout_url: str) -> Accepted:
        return await self._timed("ask-balance", self._inner.ask_balance(result_url, timeout_url))

    def read_result(self, kind: RequestKind, body: bytes, heard_at: datetime) -> ResultReading:
        return self._inner.read_result(kind, body, heard_at)

    def read_timeout(self, kind: RequestKind, body: bytes, heard_at: datetime) -> ResultReading:
        return self._inner.read_timeout(kind, body, heard_at)

    def halts_payouts(self, code: str) -> bool:
        return self._inner.halts_payouts(code)

    def advise_refund(self, kind: RequestKind, code: str) -> RetryAdvice:
        return self._inner.advise_refund(kind, code)

    async def pull(self, since: datetime, until: datetime, offset: int) -> FeedPage:
        return await self._timed("pull", self._inner.pull(since, until, offset))

    async def qr(self, account: str, amount: Money, pixels: int) -> bytes:
        return await self._timed("qr", self._inner.qr(account, amount, pixels))

    async def _timed(self, call: str, work: Awaitable[T]) -> T:
        began, result = time.perf_counter(), "broken"
        try:
            answer = await work
            result = answer.kind.value if isinstance(answer, Evidence) else "answered"
        except PosError as e:
            result = e.code
            raise
        finally:
            seconds = time.perf_counter() - began
            self._metrics.gateway_seconds.labels(self.provider, call, result).observe(seconds)
        return answer
