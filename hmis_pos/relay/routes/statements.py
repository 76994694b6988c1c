"""``/api/statements``: Safaricom's statements, and what they say of our books. For supervisors."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import PurePath
from typing import Annotated

from litestar import Response, Router, get, post
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.params import PathParameter, QueryParameter

from hmis_pos.cashier import import_statement
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records_back_office import BadLine, LineClass, ReconciliationItem
from hmis_pos.contract import mapping_back_office as messages
from hmis_pos.contract.statements import BadRows, ItemPage, Statement, StatementPage
from hmis_pos.domain.errors import NotFound
from hmis_pos.relay.idempotency import IdempotencyKey, answer_of
from hmis_pos.relay.parts import RelayRequest, TheRelay, refuse_nul
from hmis_pos.relay.problems import responses
from hmis_pos.relay.roles import only_supervisors
from hmis_pos.relay.routes import paging
from hmis_pos.relay.routes.answers import answers
from hmis_pos.relay.uploads import received

#: A year of the largest hospital as a spreadsheet is half of this.
LONGEST_FILE = 64 * 1024 * 1024
#: Bad rows told at once; a file with more is no statement worth reading on.
MOST_BAD_ROWS = 1000

StatementId = Annotated[int, PathParameter(ge=1, le=2**53 - 1)]
_WHAT = "works with statements"


class _Upload(Operation):
    """Tells the OpenAPI document that the body is a file, which no parameter of the route shows."""

    def __post_init__(self) -> None:
        file = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
        self.request_body = RequestBody(
            content={"application/octet-stream": file},
            description="The file as the portal exported it: CSV, XLS or XLSX.",
            required=True,
        )


@post(
    "/",
    summary="Import a statement",
    operation_id="importStatement",
    status_code=202,
    request_max_body_size=LONGEST_FILE,
    operation_class=_Upload,
    responses=answers(Statement, status=202) | responses(400, 401, 403, 409, 413, 422, 503),
)
async def import_file(
    request: RelayRequest,
    relay: TheRelay,
    name: Annotated[str, QueryParameter(min_length=1, max_length=200, description="The file's name.")],
    idempotency_key: IdempotencyKey,
) -> Response[bytes]:
    """The file is taken, and read behind the answer: ``state`` and ``percent`` tell how far, here and by the feed.

    A file that was imported before is not read again: the answer is that import.
    """
    only_supervisors(request.user, _WHAT)
    refuse_nul(name, "name")
    shown = PurePath(name.replace("\\", "/")).name or "statement"
    upload = await received(request.stream())

    with ExitStack() as files:
        files.callback(upload.path.unlink, missing_ok=True)

        async def work(_key: str) -> Statement:
            files.pop_all()
            return messages.statement_message(await relay.statements.take(upload.path, shown, request.user))

        return await answer_of(relay, request, idempotency_key, work, status=202, body_hash=upload.sha256)


@get("/", summary="Imported statements", operation_id="listStatements", responses=responses(400, 401, 403, 422, 503))
async def list_statements(
    request: RelayRequest,
    relay: TheRelay,
    *,
    cursor: Annotated[str, QueryParameter(max_length=200, description='"next" of the page before.')] = "",
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
) -> StatementPage:
    """Of the user's facility, newest first."""
    only_supervisors(request.user, _WHAT)
    after = paging.place_in_list(cursor)
    found = await import_statement.page(relay.ctx, request.user.facility_id, after, limit)
    return StatementPage(
        statements=[messages.statement_message(relay.statements.with_progress(one)) for one in found],
        next=paging.encode(found[-1].file.id) if len(found) == limit else "",
    )


@get(
    "/{statement_id:int}",
    summary="One statement",
    operation_id="getStatement",
    responses=responses(400, 401, 403, 404, 422, 503),
)
async def get_statement(request: RelayRequest, relay: TheRelay, statement_id: StatementId) -> Statement:
    """How far its import is, and how many lines of each class it has."""
    only_supervisors(request.user, _WHAT)
    view = await import_statement.view(relay.ctx, statement_id, request.user.facility_id)
    return messages.statement_message(relay.statements.with_progress(view))


@get(
    "/{statement_id:int}/items",
    summary="What was found",
    operation_id="listStatementItems",
    responses=responses(400, 401, 403, 404, 422, 503),
)
async def items(
    request: RelayRequest,
    relay: TheRelay,
    statement_id: StatementId,
    *,
    line_class: Annotated[list[LineClass] | None, QueryParameter(description="May be given several times.")] = None,
    cursor: Annotated[str, QueryParameter(max_length=200, description='"next" of the page before.')] = "",
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 200,
) -> ItemPage:
    """Of each receipt, in the order of the file; what stands only in our books comes last."""
    only_supervisors(request.user, _WHAT)
    after = paging.place_in_list(cursor) or 0

    def phase(books: Books) -> list[ReconciliationItem]:
        _refuse_foreign(books, statement_id, request.user.facility_id)
        return list(books.statements.items(statement_id, tuple(line_class or ()), after, limit))

    found = await relay.ctx.database.read(phase)
    return ItemPage(
        items=[messages.item_message(one) for one in found],
        next=paging.encode(found[-1].id) if len(found) == limit else "",
    )


@get(
    "/{statement_id:int}/bad-rows",
    summary="Rows that could not be read",
    operation_id="listBadRows",
    responses=responses(400, 401, 403, 404, 422, 503),
)
async def bad_rows(request: RelayRequest, relay: TheRelay, statement_id: StatementId) -> BadRows:
    """Each with its line in the file, and what is wrong with it. All other rows were read."""
    only_supervisors(request.user, _WHAT)

    def phase(books: Books) -> list[BadLine]:
        _refuse_foreign(books, statement_id, request.user.facility_id)
        return list(books.statements.bad_lines(statement_id, MOST_BAD_ROWS))

    found = await relay.ctx.database.read(phase)
    return BadRows(rows=[messages.bad_row_message(one) for one in found])


def _refuse_foreign(books: Books, statement_id: int, facility_id: int) -> None:
    file = books.statements.get(statement_id)
    if file is None or file.facility_id != facility_id:
        raise NotFound(f"there is no statement {statement_id}", field="statement_id", cure="Look it up in the list.")


router = Router(
    "/api/statements",
    route_handlers=[import_file, list_statements, get_statement, items, bad_rows],
    tags=["statements"],
)
