"""``/api/tasks``: what somebody has to look at."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, get
from litestar.params import QueryParameter

from hmis_pos.contract.mapping import iso
from hmis_pos.contract.tasks import Task, TaskList
from hmis_pos.relay.parts import RelayRequest, TheRelay
from hmis_pos.relay.problems import responses


@get("/", summary="Open tasks", operation_id="listTasks", responses=responses(400, 401, 403, 422, 503))
async def list_tasks(
    request: RelayRequest, relay: TheRelay, limit: Annotated[int, QueryParameter(ge=1, le=500)] = 100
) -> TaskList:
    """Open tasks of the user's facility."""
    found = await relay.ctx.database.read(lambda books: books.trail.tasks(request.user.facility_id, limit))
    return TaskList(
        tasks=[
            Task(
                task_id=one.id,
                kind=one.kind.value,
                subject=one.subject,
                text=one.text,
                amount=one.amount.text if one.amount is not None else "",
                opened_at=iso(one.opened_at),
            )
            for one in found
        ]
    )


router = Router("/api/tasks", route_handlers=[list_tasks], tags=["tasks"])
