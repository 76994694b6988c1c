"""How the relay is put together: the one function that knows all parts. Tests call the same one with a context of their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from litestar import Litestar, Router, asgi
from litestar.config.cors import CORSConfig
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme, Tag

from hmis_pos import __version__, logs
from hmis_pos.cashier.context import Context, Policy
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.gateways.http import ProviderHttp
from hmis_pos.gateways.mpesa.gateway import MpesaGateway
from hmis_pos.relay import callbacks
from hmis_pos.relay.auth import Tokens
from hmis_pos.relay.bodies import Receive
from hmis_pos.relay.clock import SystemClock, SystemIds
from hmis_pos.relay.feed import Feed
from hmis_pos.relay.idempotency import REPLAYED
from hmis_pos.relay.limits import Limits
from hmis_pos.relay.metrics import Metrics
from hmis_pos.relay.parts import TERMINAL_HEADER, Authentication, Relay, RelayRequest
from hmis_pos.relay.problems import HANDLERS
from hmis_pos.relay.request_log import HEADER as REQUEST_ID
from hmis_pos.relay.request_log import QueryGuard, RequestLog
from hmis_pos.relay.routes import (
    callback_alias,
    codes,
    events,
    invoices,
    mpesa,
    operations,
    payments,
    receipts,
    refunds,
    sessions,
    statements,
    tasks,
    terminals,
    unmatched,
)
from hmis_pos.relay.settings import Settings
from hmis_pos.relay.settings.addresses import PREFIX
from hmis_pos.relay.settings.fees import FeeOf
from hmis_pos.relay.statement_jobs import StatementJobs
from hmis_pos.relay.timed_gateway import TimedGateway
from hmis_pos.relay.validation import Validation
from hmis_pos.relay.wakeup import Bell, RingingDatabase
from hmis_pos.relay.worker import Worker

#: Longest body of a request that says nothing else.
LONGEST_BODY = 64 * 1024

_log = logs.logger("relay")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A context, how to check its database, and how to close what it opened."""

    ctx: Context
    check: Callable[[], Awaitable[None]]
    close: Callable[[], Awaitable[None]]


def open_world(settings: Settings) -> World:
    """The real world of the settings: database, gateways, clock. Connects to nothing yet.

    Raises:
        Misconfigured: the settings cannot be met.
    """
    clock = SystemClock()
    database = CentralDatabase(settings.database_url, clock, names=settings.table_map)
    http = ProviderHttp()
    gateways = {}
    if settings.mpesa is not None:
        gateways["mpesa"] = MpesaGateway(settings.mpesa, clock, http)

    async def close() -> None:
        await http.aclose()
        await database.dispose()

    ctx = Context(database=database, clock=clock, ids=SystemIds(), gateways=gateways, policy=policy_of(settings))
    return World(ctx=ctx, check=database.check, close=close)


def policy_of(settings: Settings) -> Policy:
    """The house rules that the settings say."""
    policy = Policy(
        callback_base=settings.public_base_url,
        shortcodes=settings.mpesa.shortcodes if settings.mpesa is not None else frozenset(),
        refuse_paybill=settings.refuse_paybill,
        confirm_above=settings.confirm_above,
        pull_every=settings.pull_every,
        fee_of=FeeOf(settings.tariffs),
    )
    return replace(policy, chase_plan=settings.chase_plan) if settings.chase_plan else policy


def create_app(settings: Settings, *, context: Context | None = None) -> Litestar:
    """The relay as an ASGI application; its lifespan runs the worker.

    Args:
        settings: of ``settings.load``.
        context: the world to work in; the settings' own where none is given. A given one is not closed.

    Raises:
        Misconfigured: the settings cannot be met.
    """
    world = open_world(settings) if context is None else World(ctx=context, check=_nothing, close=_nothing)
    relay = _assemble(settings, world)

    @asynccontextmanager
    async def living(_app: Litestar) -> AsyncIterator[None]:
        try:
            async with asyncio.TaskGroup() as group:
                relay.worker.start(group)
                try:
                    yield
                finally:
                    relay.feed.close()
                    relay.worker.stop()
                    relay.statements.close()
        finally:
            await world.close()

    secured = Router(
        "/",
        route_handlers=[
            invoices.router,
            payments.router,
            receipts.router,
            events.router,
            tasks.router,
            terminals.router,
            unmatched.router,
            refunds.router,
            refunds.asking,
            codes.router,
            statements.router,
            mpesa.router,
            mpesa.feeds,
        ],
        middleware=[DefineMiddleware(Authentication)],
        security=[{"bearer": []}],
    )
    route = callbacks.CallbackRoute(relay.intake, Validation(relay.ctx, relay.metrics))
    intake = asgi(PREFIX, is_mount=True, copy_scope=True)(_mounted(route))
    app = Litestar(
        route_handlers=[secured, sessions.router, callback_alias.router, operations.router, intake],
        dependencies={"relay": Provide(lambda: relay, sync_to_thread=False)},
        exception_handlers=HANDLERS,
        lifespan=[living],
        middleware=[DefineMiddleware(QueryGuard)],
        cors_config=_cors(settings),
        openapi_config=_openapi(settings),
        request_class=RelayRequest,
        request_max_body_size=LONGEST_BODY,
        logging_config=None,
    )
    app.state.relay = relay
    # Outside of routing, so that answers to addresses that are none are numbered and logged too.
    app.asgi_handler = RequestLog(app.asgi_handler, relay.metrics)
    return app


def _assemble(settings: Settings, world: World) -> Relay:
    bell, metrics, limits = Bell(), Metrics(), Limits()
    ctx = replace(
        world.ctx,
        database=RingingDatabase(world.ctx.database, bell),
        gateways={name: TimedGateway(world.ctx.mobile(name), metrics) for name in world.ctx.gateways},
    )
    statements = StatementJobs(ctx)
    feed = Feed(ctx, bell, metrics, statements)
    worker = Worker(ctx, feed, metrics, statements)
    return Relay(
        settings=settings,
        ctx=ctx,
        tokens=Tokens(settings),
        limits=limits,
        metrics=metrics,
        feed=feed,
        worker=worker,
        statements=statements,
        intake=callbacks.Intake(ctx, settings, limits, metrics, worker.inbox_bell),
        check_schema=world.check,
    )


async def _nothing() -> None:
    """A given world is its owner's to check and to close."""


def _mounted(route: callbacks.CallbackRoute) -> Callable[..., Awaitable[None]]:
    async def intake(scope: object, receive: Receive, send: callbacks.Send) -> None:
        await route(scope, receive, send)

    return intake


def _cors(settings: Settings) -> CORSConfig | None:
    if not settings.cors_origins:
        return None
    return CORSConfig(
        allow_origins=list(settings.cors_origins),
        allow_methods=["GET", "POST", "OPTIONS"],
        allow_headers=[
            "Authorization",
            "Content-Type",
            "Idempotency-Key",
            "Last-Event-ID",
            REQUEST_ID,
            TERMINAL_HEADER,
        ],
        expose_headers=[REQUEST_ID, "Retry-After", REPLAYED],
        allow_credentials=False,
        max_age=600,
    )


def _openapi(settings: Settings) -> OpenAPIConfig:
    return OpenAPIConfig(
        title="HMIS POS relay",
        version=__version__,
        description=(
            f"Payments of {settings.hospital}. Money is a decimal string, time ISO 8601 in UTC. Writes take an"
            " Idempotency-Key; errors are problem details (RFC 9457) that name the field and the cure."
        ),
        path="/schema",
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        components=Components(
            security_schemes={
                "bearer": SecurityScheme(
                    type="http",
                    scheme="bearer",
                    bearer_format="JWT",
                    description="Of POST /api/auth/login, or the HMIS's own.",
                )
            }
        ),
        tags=[
            Tag(name="sign-in", description="Users of the HMIS"),
            Tag(name="invoices", description="The queue"),
            Tag(name="payments", description="Collecting money"),
            Tag(name="receipts", description="What terminals committed"),
            Tag(name="events", description="What changes, as it changes"),
            Tag(name="tasks", description="What somebody has to look at"),
            Tag(name="terminals", description="Installs of the terminal"),
            Tag(name="unmatched", description="Money that belongs to nobody known yet"),
            Tag(name="refunds", description="Money that goes back"),
            Tag(name="statements", description="What Safaricom's statement says of our books"),
            Tag(name="mpesa", description="The merchant's M-Pesa"),
            Tag(name="callbacks", description="What gateways post"),
            Tag(name="operations", description="For whoever runs the relay"),
        ],
        create_examples=False,
    )
