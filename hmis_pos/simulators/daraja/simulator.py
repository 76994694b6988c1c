"""The simulated Safaricom as one object: what the web app serves and what tests hold in their hand."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

import httpx

from hmis_pos.simulators.daraja.behaviour import Delivery, Submit
from hmis_pos.simulators.daraja.c2b import C2BDesk
from hmis_pos.simulators.daraja.c2b_urls import C2BUrls
from hmis_pos.simulators.daraja.commands.desk import CommandDesk
from hmis_pos.simulators.daraja.config import DarajaConfig
from hmis_pos.simulators.daraja.confirmations import PaymentBehaviour
from hmis_pos.simulators.daraja.courier import Courier
from hmis_pos.simulators.daraja.desk import Desk, Endpoint
from hmis_pos.simulators.daraja.initiator import Initiator
from hmis_pos.simulators.daraja.oauth import TokenDesk
from hmis_pos.simulators.daraja.payments import Payment
from hmis_pos.simulators.daraja.portal import PortalDesk
from hmis_pos.simulators.daraja.prompts import PromptDesk
from hmis_pos.simulators.daraja.pull import PullDesk
from hmis_pos.simulators.daraja.push import Push
from hmis_pos.simulators.daraja.qr import QrDesk
from hmis_pos.simulators.daraja.query import QueryDesk
from hmis_pos.simulators.daraja.reports import ReportDesk
from hmis_pos.simulators.daraja.state import State
from hmis_pos.simulators.daraja.statement import Statement, StatementStyle
from hmis_pos.simulators.daraja.stk import StkDesk
from hmis_pos.simulators.daraja.traffic import TrafficDesk
from hmis_pos.simulators.sim_time import utc_now

T = TypeVar("T")


class Daraja:
    """A small stateful Safaricom.

    Args:
        config: its settings.
        clock: where time comes from; aware, UTC.
        client: sends the callbacks; None makes one.
    """

    def __init__(
        self,
        config: DarajaConfig | None = None,
        *,
        clock: Callable[[], datetime] = utc_now,
        client: httpx.AsyncClient | None = None,
    ) -> None:
        self.state = State(config or DarajaConfig(), clock)
        self.courier = Courier(self.state, client)
        self.tokens = TokenDesk(self.state)
        self.c2b_urls = C2BUrls(self.state, self.tokens)
        self.c2b = C2BDesk(self.state, self.courier, self.tokens, self.c2b_urls)
        self.pull = PullDesk(self.state, self.tokens)
        self.portal = PortalDesk(self.state)
        self.traffic = TrafficDesk(self)
        self.prompts = PromptDesk(self.state)
        self.reports = ReportDesk(self.state, self.courier, self.c2b_urls)
        self.stk = StkDesk(self.state, self.tokens, self.prompts, self.reports)
        self.query = QueryDesk(self.state, self.tokens)
        self.initiator = Initiator(self.state)
        self.commands = CommandDesk(self.state, self.tokens, self.courier, self.initiator)
        # Every other desk: its endpoints, admin calls, rest and reset follow from being in this list.
        self.desks: list[Desk] = [
            self.c2b_urls,
            self.c2b,
            self.pull,
            QrDesk(self.state, self.tokens),
            self.portal,
            self.traffic,
            self.commands,
        ]

    def open_prompts(self) -> list[Push]:
        return [push for push in self.state.pushes.values() if push.open]

    def advance(self, seconds: float) -> None:
        """Move the clock ahead: prompts end, delays pass, tokens and locks run out.

        Raises:
            ValueError: `seconds` is negative.
        """
        self.state.clock.advance(seconds)
        self.state.journal.record("clock_advanced", seconds=seconds)

    async def pay(
        self,
        *,
        amount: Decimal | int | str,
        msisdn: str = "",
        account: str = "",
        till: str | None = None,
        pin: str | None = None,
        business: str = "",
        behaviour: PaymentBehaviour | None = None,
    ) -> Payment:
        """Pay the paybill or a till from a phone's menu, see `C2BDesk.pay`.

        Raises:
            ValueError: no phone could send this.
        """
        return await self.c2b.pay(
            amount=amount, msisdn=msisdn, account=account, till=till, pin=pin, business=business, behaviour=behaviour
        )

    def statement(self, since: datetime, until: datetime, *, style: StatementStyle | None = None) -> Statement:
        """Return the utility account's statement, see `PortalDesk.statement`; `as_csv` and `as_xlsx` make files of it.

        Raises:
            ValueError: it would end before it begins.
        """
        return self.portal.statement(since, until, style=style)

    def endpoints(self) -> list[Endpoint]:
        """Return every path Safaricom serves here."""
        return [
            Endpoint("oauth", "GET", "/oauth/v1/generate", self.tokens.generate),
            Endpoint("stk", "POST", "/mpesa/stkpush/v1/processrequest", self.stk.submit),
            Endpoint("stk_query", "POST", "/mpesa/stkpushquery/v1/query", self.query.query),
            *(endpoint for desk in self.desks for endpoint in desk.endpoints()),
        ]

    def endpoint_names(self) -> list[str]:
        """Return what faults can be asked for by."""
        return sorted({endpoint.name for endpoint in self.endpoints()})

    def fail(self, endpoint: str, *steps: str | Submit) -> None:
        """Let the next requests to an endpoint meet these faults, see `FaultBook.put`.

        Raises:
            ValueError: no such endpoint, or no such fault.
        """
        names = self.endpoint_names()
        if endpoint not in names:
            raise ValueError(f"no endpoint {endpoint!r}: use one of {', '.join(names)}")
        self.state.faults.put(endpoint, steps)

    def send(self, push: Push, delivery: Delivery) -> None:
        """Send something about a push outside its script, as a late repeat does."""
        self.state.background.spawn(self.reports.deliver(push, delivery))

    async def wait_for(self, predicate: Callable[["Daraja"], T], timeout: float = 10) -> T:  # noqa: ASYNC109  it does not raise
        """Return the first truthy value of `predicate`, asked now and after every event.

        Raises:
            TimeoutError: it did not come; the message tells the last events.
        """
        value = await self.state.journal.wait_for(lambda: predicate(self), timeout)
        if not value:
            last = ", ".join(event.kind for event in self.state.journal.events[-8:])
            raise TimeoutError(f"not within {timeout} s; last events: {last or 'none'}")
        return value

    async def idle(self, timeout: float = 10) -> None:  # noqa: ASYNC109  as above
        """Wait until nothing more happens unless somebody acts.

        Raises:
            TimeoutError: it goes on.
        """
        await self.wait_for(lambda me: me.quiet, timeout)

    @property
    def quiet(self) -> bool:
        """Whether every push has been reported, is held, or waits for a person, and every desk is at rest."""
        return all(push.quiet for push in self.state.live_pushes.values()) and all(desk.quiet for desk in self.desks)

    def next_due(self) -> datetime | None:
        """Return when the first delayed report goes out, None without one."""
        return min((one.due for one in self.unreported() if one.due is not None), default=None)

    async def sent_what_is_due(self, timeout: float = 30) -> None:  # noqa: ASYNC109  as above
        """Wait until every report but the delayed, the held and those that a person decides has been sent.

        Raises:
            TimeoutError: it goes on.
        """

        def sent(me: "Daraja") -> bool:
            now = me.state.clock.now()
            return all(one.quiet or (one.due is not None and one.due > now) for one in me.unreported())

        await self.wait_for(sent, timeout)

    def unreported(self) -> list[Push | Payment]:
        """Return the pushes and payments whose reports have not all been sent."""
        return [*self.state.live_pushes.values(), *self.c2b.live()]

    async def reset(self) -> None:
        """Go back to the first settings and forget pushes, money, phones, scripts and letters.

        Tokens stay good, receipts stay taken, the clock does not go back.
        """
        await self.state.background.cancel()
        self.state.reset()
        self.tokens.start_over()
        self.query.reset()
        for desk in self.desks:
            desk.reset()
        self.courier.sent.clear()
        self.state.journal.record("reset")

    async def close(self) -> None:
        """End everything that waits. Safe to repeat.

        Raises:
            ExceptionGroup: a task of the simulator had failed.
        """
        self.state.stopping.set()
        # Give whoever hangs on `stopping` a turn before the tasks they wait for go away.
        await asyncio.sleep(0)
        try:
            await self.state.background.close()
        finally:
            await self.courier.close()
