"""Admin calls about commands: list them, script them, wait for them, release what is held, look at the operator."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from hmis_pos.simulators.asgi import Answer, Handler, Request, json_response
from hmis_pos.simulators.daraja import views
from hmis_pos.simulators.daraja.commands.command import Command, CommandRequest
from hmis_pos.simulators.daraja.commands.script import KINDS, TROUBLES, CommandDelivery, Kind, read_script
from hmis_pos.simulators.daraja.state import State
from hmis_pos.simulators.daraja.steering import Wrong, json_of, number_of, object_of, timeout_of

if TYPE_CHECKING:
    from hmis_pos.simulators.daraja.commands.desk import CommandDesk


class Steering:
    """The admin API of the command desk."""

    def __init__(self, desk: "CommandDesk", state: State) -> None:
        self._desk = desk
        self._state = state

    def calls(self) -> Mapping[str, Handler]:
        return {
            "GET /sim/commands": self.commands,
            "GET /sim/commands/{id}": self.command,
            "POST /sim/commands/{id}/release": self.release,
            "POST /sim/commands/{id}/deliveries": self.deliver,
            "GET /sim/command-requests": self.requests,
            "GET /sim/command-scripts": self.scripts,
            "PUT /sim/command-scripts/{kind}": self.put_script,
            "PUT /sim/command-scripts/{kind}/{subject}": self.put_script,
            "DELETE /sim/command-scripts/{kind}": self.delete_script,
            "DELETE /sim/command-scripts/{kind}/{subject}": self.delete_script,
            "GET /sim/operator": self.operator,
            "POST /sim/operator/unlock": self.unlock,
        }

    async def commands(self, request: Request) -> Answer:
        """Accepted commands, of a `kind` and a `stage`; waits up to `timeout` for `count` of them."""
        kind = request.query.get("kind")
        wanted_kind = None if kind is None else _kind(kind)
        stage, count = request.query.get("stage"), number_of(request, "count", 0)

        def wanted() -> list[Command[Any]]:
            return [command for command in self._desk.all(wanted_kind) if stage in {None, command.stage}]

        await self._state.journal.wait_for(lambda: len(wanted()) >= count, timeout_of(request))
        return json_response({"commands": [command_view(command) for command in wanted()]})

    async def command(self, request: Request) -> Answer:
        """One command by its ConversationID or OriginatorConversationID."""
        return json_response(command_view(self._command(request)))

    async def release(self, request: Request) -> Answer:
        """Let go what is held of a command: its decision, or its next delivery."""
        return json_response({"released": self._desk.release(self._command(request).conversation_id)})

    async def deliver(self, request: Request) -> Answer:
        """Send a `CommandDelivery` about a command, outside its script."""
        command = self._command(request)
        self._desk.send(command, msgspec.convert(object_of(request), CommandDelivery))
        return json_response(command_view(command), 202)

    async def requests(self, _: Request) -> Answer:
        """Every request for a command, refused ones too, without its SecurityCredential."""
        return json_response({"requests": [request_view(record) for record in self._desk.requests]})

    async def scripts(self, _: Request) -> Answer:
        """The scripts by `kind` or `kind:subject`, and the names of troubles."""
        return json_response({"scripts": views.builtins(self._desk.scripts.all()), "troubles": list(TROUBLES)})

    async def put_script(self, request: Request) -> Answer:
        """Set the script of a kind or of one subject: a name, a `CommandScript`, or a list of these."""
        kind, subject = _kind(request.args["kind"]), request.args.get("subject", "")
        self._desk.script(kind, read_script(json_of(request)), subject)
        return await self.scripts(request)

    async def delete_script(self, request: Request) -> Answer:
        self._desk.scripts.remove(_kind(request.args["kind"]), request.args.get("subject", ""))
        return await self.scripts(request)

    async def operator(self, _: Request) -> Answer:
        """The API operator: its name, wrong passwords in a row, whether it is locked."""
        name, operator = self._state.config.initiator_name, self._desk.operator
        return json_response({"name": name, "wrong": operator.wrong, "locked": operator.locked})

    async def unlock(self, request: Request) -> Answer:
        self._desk.operator.unlock()
        return await self.operator(request)

    def _command(self, request: Request) -> Command[Any]:
        command = self._desk.find(request.args["id"])
        if command is None:
            raise Wrong(404, f"no command {request.args['id']}")
        return command


def _kind(text: str) -> Kind:
    if text not in KINDS:
        raise Wrong(400, f"unknown kind {text!r}: use one of {', '.join(KINDS)}")
    return text


def command_view(command: Command[Any]) -> dict[str, Any]:
    decision = command.decision
    movement = decision.movement if decision is not None else None
    return {
        "conversation_id": command.conversation_id,
        "originator_id": command.originator_id,
        "kind": command.kind,
        "subject": command.order.subject,
        "stage": command.stage,
        "accepted_at": command.accepted_at.isoformat(),
        "closed_at": None if command.closed_at is None else command.closed_at.isoformat(),
        "result_code": None if decision is None else decision.result.code,
        "result_desc": None if decision is None else decision.result.description,
        "transaction_id": None if decision is None else decision.transaction_id,
        "receipt": None if movement is None else movement.receipt,
        "amount": None if movement is None else f"{movement.amount:.2f}",
    }


def request_view(record: CommandRequest) -> dict[str, Any]:
    return {
        "no": record.no,
        "at": record.at.isoformat(),
        "kind": record.kind,
        "body": {key: str(value) for key, value in record.body.items()},
        "accepted": record.conversation_id is not None,
        "conversation_id": record.conversation_id,
        "error": record.error,
        "fault": record.fault,
    }
