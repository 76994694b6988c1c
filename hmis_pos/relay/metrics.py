"""Numbers for Prometheus, one registry a relay. No label ever holds a name, a phone or an id."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping
from uuid import UUID

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from hmis_pos.cashier.records import PaymentRecord

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
#: Payments whose last state is remembered, so that a second piece of evidence for one state is not counted again.
_REMEMBERED = 10_000
#: What is read from the books when somebody asks, and what it means.
_FROM_THE_BOOKS = {
    "inbox_depth": "Callbacks stored but not interpreted yet",
    "unknown_payments": "Payments whose outcome nobody knows",
    "unmatched_open": "Pieces of unmatched money that wait for somebody",
    "unmatched_shillings": "Their sum",
    "unmatched_oldest_seconds": "How long the oldest of them waits",
    "unknown_refunds": "Refunds whose outcome nobody knows",
    "checks_waiting": "Receipt numbers that are to be proven",
    "feed_lag_seconds": "Age of the last whole read of the provider's list",
    "payouts_halted": "1 where the provider refuses our credential and refunds are stopped",
}


class Metrics:
    """What this process saw since it started."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.payments = Counter(
            "hmis_pos_payments",
            "Payments that reached a state, by method and state",
            ["method", "outcome"],
            registry=self.registry,
        )
        self.gateway_seconds = Histogram(
            "hmis_pos_gateway_seconds",
            "Time a gateway took to answer",
            ["provider", "call", "result"],
            buckets=(0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30),
            registry=self.registry,
        )
        self.callbacks = Counter(
            "hmis_pos_callbacks",
            "Callbacks by channel and what became of them at the door",
            ["channel", "result"],
            registry=self.registry,
        )
        self.validations = Counter(
            "hmis_pos_validations",
            "Payments to the Paybill that Safaricom asked about: accepted, refused (the reason), timed-out, trouble",
            ["result"],
            registry=self.registry,
        )
        self.requests = Counter(
            "hmis_pos_requests", "Requests by method and status class", ["method", "status"], registry=self.registry
        )
        self.loop_failures = Counter(
            "hmis_pos_worker_failures", "Runs of a worker loop that broke", ["loop"], registry=self.registry
        )
        self.followers = Gauge("hmis_pos_feed_followers", "Open event streams", registry=self.registry)
        self._now = {
            name: Gauge(f"hmis_pos_{name}", what, registry=self.registry) for name, what in _FROM_THE_BOOKS.items()
        }
        self._states: OrderedDict[UUID, str] = OrderedDict()

    def saw_payment(self, record: PaymentRecord) -> None:
        """Count a payment when it reaches a state; repeats of the same state count once."""
        if self._states.get(record.uid) != record.state.value:
            self.payments.labels(record.payment.method.value, record.state.value).inc()
        self._states[record.uid] = record.state.value
        self._states.move_to_end(record.uid)
        while len(self._states) > _REMEMBERED:
            self._states.popitem(last=False)

    def tell(self, numbers: Mapping[str, float]) -> None:
        """Set what the books say now; a number that is not given is not known."""
        for name, gauge in self._now.items():
            gauge.set(numbers.get(name, math.nan))

    def text(self) -> bytes:
        """All of it in Prometheus's text form."""
        return generate_latest(self.registry)
