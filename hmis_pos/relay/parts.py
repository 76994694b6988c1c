"""What the routes share, put together once by ``app.create_app``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.middleware.authentication import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.params import SkipValidation

from hmis_pos.cashier.context import Context
from hmis_pos.cashier.records import Actor
from hmis_pos.contract.problem import FieldError
from hmis_pos.relay.auth import Access, Tokens, actor_of, bearer
from hmis_pos.relay.callbacks import Intake
from hmis_pos.relay.feed import Feed
from hmis_pos.relay.limits import Limits
from hmis_pos.relay.metrics import Metrics
from hmis_pos.relay.origin import client_address
from hmis_pos.relay.problems import BadInput, bad_body
from hmis_pos.relay.settings import Settings
from hmis_pos.relay.statement_jobs import StatementJobs
from hmis_pos.relay.worker import Worker

#: The series of the terminal that asks; the web pages send none.
TERMINAL_HEADER = "X-Terminal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """One relay process."""

    settings: Settings
    ctx: Context
    tokens: Tokens
    limits: Limits
    metrics: Metrics
    feed: Feed
    worker: Worker
    statements: StatementJobs
    intake: Intake
    #: Raises where the database is away, older or newer than this program.
    check_schema: Callable[[], Awaitable[None]]

    async def check_database(self) -> None:
        """Is the database there, with the tables of this program?

        Raises:
            Unavailable, Misconfigured: it is not, with the cure.
        """
        await self.ctx.database.read(lambda books: books.trail.last_event())
        await self.check_schema()

    def origin(self, scope: Any) -> str:
        """The address of whoever asks, for limits and the audit trail."""
        return client_address(scope, self.settings.trusted_proxies)


#: How routes name the relay among their parameters.
TheRelay = NamedDependency[SkipValidation[Relay]]


class RelayRequest(Request[Actor, Access, State]):
    """A request whose JSON body is read strictly into the route's own message type."""

    async def json(self) -> Any:
        """The body as the type of the route's ``data`` parameter.

        Raises:
            BadInput: naming the field at fault.
        """
        data_field = self.route_handler.parsed_data_field
        wanted = data_field.annotation if data_field is not None else Any
        body = await self.body()
        try:
            message = msgspec.json.decode(body, type=wanted)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as e:
            raise bad_body(e) from e
        if b"\\u0000" in body:
            refuse_nul(msgspec.to_builtins(message))
        return message


def refuse_nul(value: Any, path: str = "") -> None:
    """No text holds U+0000, which databases and printers cannot carry.

    Raises:
        BadInput: one does, naming it.
    """
    if isinstance(value, str) and "\x00" in value:
        name = path or "body"
        found = FieldError(field=name, message=f"{name} holds a NUL character", cure="Send printable text.")
        raise BadInput(found.message, [found])
    if isinstance(value, dict):
        for key, inner in value.items():
            refuse_nul(inner, f"{path}.{key}" if path else str(key))
    if isinstance(value, list):
        for place, inner in enumerate(value):
            refuse_nul(inner, f"{path}[{place}]")


class Authentication(AbstractAuthenticationMiddleware):
    """Every route behind it knows who asks (``request.user``)."""

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        relay: Relay = connection.app.state.relay
        access = await relay.tokens.believe(bearer(connection.headers.get("Authorization")), relay.ctx.clock.now())
        actor = await actor_of(
            relay.ctx,
            access,
            origin=relay.origin(connection.scope),
            terminal=connection.headers.get(TERMINAL_HEADER, "").strip(),
        )
        return AuthenticationResult(user=actor, auth=access)
