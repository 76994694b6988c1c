"""The desk that takes initiator commands and follows each accepted one to its last result."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hmis_pos.simulators.asgi import Answer, Handler, Request, json_response
from hmis_pos.simulators.daraja.behaviour import TRUTH
from hmis_pos.simulators.daraja.commands import envelope
from hmis_pos.simulators.daraja.commands.balance import Balance
from hmis_pos.simulators.daraja.commands.codes import code_of, result
from hmis_pos.simulators.daraja.commands.command import Command, CommandRequest, Decision, Processor, dummy_id, failed
from hmis_pos.simulators.daraja.commands.operator import Operator
from hmis_pos.simulators.daraja.commands.orders import (
    B2cOrder,
    Order,
    read_b2c,
    read_balance,
    read_reversal,
    read_status,
)
from hmis_pos.simulators.daraja.commands.payout import Payout
from hmis_pos.simulators.daraja.commands.reversal import Reversal
from hmis_pos.simulators.daraja.commands.script import (
    TIMEOUT,
    CommandDelivery,
    CommandScript,
    Kind,
    Script,
    ScriptBook,
)
from hmis_pos.simulators.daraja.commands.status import Status
from hmis_pos.simulators.daraja.commands.steering import Steering
from hmis_pos.simulators.daraja.config import DarajaConfig
from hmis_pos.simulators.daraja.courier import Courier
from hmis_pos.simulators.daraja.desk import Desk, Endpoint
from hmis_pos.simulators.daraja.errors import Refused, broken, rejection
from hmis_pos.simulators.daraja.initiator import Initiator
from hmis_pos.simulators.daraja.ledger import EAT
from hmis_pos.simulators.daraja.oauth import TokenDesk
from hmis_pos.simulators.daraja.state import State
from hmis_pos.simulators.daraja.validation import read_body

B2C_PATH = "/mpesa/b2c/v3/paymentrequest"
B2C_V1_PATH = "/mpesa/b2c/v1/paymentrequest"
REVERSAL_PATH = "/mpesa/reversal/v1/request"
STATUS_PATH = "/mpesa/transactionstatus/v1/query"
BALANCE_PATH = "/mpesa/accountbalance/v1/query"

# Each path has an invalid-token error of its own.
BAD_TOKEN: Mapping[Kind, str] = {
    "b2c": "401.002.01",
    "reversal": "404.001.03",
    "status": "400.003.01",
    "balance": "401.002.01",
}
_HEX = "0123456789abcdef"

Reader = Callable[[Mapping[str, Any], DarajaConfig], Order]


class CommandDesk(Desk):
    """Takes payouts, reversals, status and balance queries.

    Args:
        state: of the simulator.
        tokens: check the bearer token.
        courier: carries results.
        initiator: opens the SecurityCredential.
    """

    def __init__(self, state: State, tokens: TokenDesk, courier: Courier, initiator: Initiator) -> None:
        self._state = state
        self._tokens = tokens
        self._courier = courier
        self.operator = Operator(state, initiator)
        self._processors: Mapping[Kind, Processor[Any]] = {
            "b2c": Payout(state),
            "reversal": Reversal(state),
            "status": Status(state, self.find),
            "balance": Balance(state),
        }
        self.reset()

    def reset(self) -> None:
        """Forget commands, scripts and ids; the operator is let in again."""
        self.requests: list[CommandRequest] = []
        self._commands: dict[str, Command[Any]] = {}
        self._by_originator: dict[str, Command[Any]] = {}
        self._taken: set[str] = set()
        self.operator.wrong = 0
        # Chance of its own, so that receipts and ids do not depend on how many commands were sent.
        seed = self._state.config.seed
        self.scripts = ScriptBook(lambda: self._state.config.command_troubles, seed)

    def endpoints(self) -> Sequence[Endpoint]:
        return (
            Endpoint("b2c", "POST", B2C_PATH, self._taking("b2c", lambda b, c: read_b2c(b, c, version=3))),
            Endpoint("b2c", "POST", B2C_V1_PATH, self._taking("b2c", lambda b, c: read_b2c(b, c, version=1))),
            Endpoint("reversal", "POST", REVERSAL_PATH, self._taking("reversal", read_reversal)),
            Endpoint("status", "POST", STATUS_PATH, self._taking("status", read_status)),
            Endpoint("balance", "POST", BALANCE_PATH, self._taking("balance", read_balance)),
        )

    def steering(self) -> Mapping[str, Handler]:
        return Steering(self, self._state).calls()

    @property
    def quiet(self) -> bool:
        """Whether every command has been reported, is held, or waits for a release."""
        return all(command.quiet for command in self._commands.values())

    # -- what tests hold in their hand

    def script(self, kind: Kind, script: Script, subject: str = "") -> None:
        """Set how commands of a kind go, or those about one phone, receipt or shortcode.

        Args:
            kind: `b2c`, `reversal`, `status`, `balance`.
            script: the name of a trouble or an outcome, a `CommandScript`, or several, one after the other.
            subject: the phone paid, the receipt reversed, the receipt or OriginatorConversationID asked about, the
                shortcode whose balance is asked; empty is all of the kind.

        Raises:
            ValueError: a name is unknown.
        """
        self.scripts.put(kind, script, subject)

    def all(self, kind: Kind | None = None) -> list[Command[Any]]:
        """Return the accepted commands in order, of one kind or all."""
        return [command for command in self._commands.values() if kind in {None, command.kind}]

    def find(self, conversation: str) -> Command[Any] | None:
        """Return the command with this ConversationID or OriginatorConversationID, or None."""
        return self._commands.get(conversation) or self._by_originator.get(conversation)

    def release(self, conversation: str | None = None) -> int:
        """Let go what is held, of one command or of all; returns how many were waiting."""
        if conversation is not None:
            command = self.find(conversation)
            return 0 if command is None else self._courier.release(command.conversation_id)
        return sum(self._courier.release(command.conversation_id) for command in self.all())

    def send(self, command: Command[Any], delivery: CommandDelivery) -> None:
        """Send something about a command outside its script, as a late repeat does."""
        self._state.background.spawn(self._deliver(command, delivery))

    # -- taking a command

    def _taking(self, kind: Kind, read: Reader) -> Handler:
        first_field = "InitiatorName" if kind == "b2c" else "Initiator"

        async def take(request: Request) -> Answer:
            record = CommandRequest(len(self.requests) + 1, self._state.clock.now(), kind, {})
            self.requests.append(record)
            try:
                self._tokens.check(request, BAD_TOKEN[kind])
                body = read_body(request, first_field)
                record.body = {key: value for key, value in body.items() if key != "SecurityCredential"}
                order = read(body, self._state.config)
                self._check_id(order)
                return await self._scripted(order, self.scripts.next(kind, order.subject), record)
            except Refused as refusal:
                record.error = refusal.code
                raise
            finally:
                self._state.journal.record(
                    "command_received",
                    no=record.no,
                    command=kind,
                    conversation=record.conversation_id,
                    error=record.error,
                )

        return take

    def _check_id(self, order: Order) -> None:
        """Refuse an OriginatorConversationID that was used before, whether or not its command ever ran.

        Raises:
            Refused: 500.002.1001.
        """
        if isinstance(order, B2cOrder) and order.originator_id in self._taken:
            raise rejection("duplicate_id", retry_after=False)

    async def _scripted(self, order: Order, script: CommandScript, record: CommandRequest) -> Answer:
        submit = script.submit
        record.fault = None if submit.fault == "none" else submit.fault
        if submit.fault == "reject" or (submit.fault != "none" and not submit.accepted):
            if submit.takes_id and isinstance(order, B2cOrder) and order.originator_id is not None:
                self._taken.add(order.originator_id)
            await self._delay(submit.delay)
            if submit.fault == "reject":
                raise rejection(submit.reject, retry_after=self._state.config.retry_after)
            return broken(submit.fault)
        command = self._accept(order, script, record)
        if script.result_before_answer:
            command.started = True
            await self._live(command)
        await self._delay(submit.delay)
        if submit.fault != "none":
            self._start(command)
            return broken(submit.fault)
        return json_response(
            {
                "ConversationID": command.conversation_id,
                "OriginatorConversationID": command.originator_id,
                "ResponseCode": "0",
                "ResponseDescription": "Accept the service request successfully.",
            },
            after=lambda: self._start(command),
        )

    async def _delay(self, seconds: float) -> None:
        if seconds:
            await self._state.clock.sleep(seconds)

    def _accept(self, order: Order, script: CommandScript, record: CommandRequest) -> Command[Any]:
        state = self._state
        now = state.clock.now()
        given = order.originator_id if isinstance(order, B2cOrder) else None
        digits = "".join(state.rng.choices("0123456789", k=13))
        command = Command(
            order=order,
            conversation_id=f"AG_{now.astimezone(EAT):%Y%m%d}_{''.join(state.rng.choices(_HEX, k=20))}",
            originator_id=given or f"{digits[:5]}-{digits[5:]}-1",
            accepted_at=now,
            script=script,
            body=record.body,
        )
        self._commands[command.conversation_id] = command
        self._by_originator[command.originator_id] = command
        self._taken.add(command.originator_id)
        record.conversation_id = command.conversation_id
        return command

    # -- what becomes of it

    def _start(self, command: Command[Any]) -> None:
        if not command.started:
            command.started = True
            self._state.background.spawn(self._live(command))

    async def _live(self, command: Command[Any]) -> None:
        """Stay undecided for as long as the script says, decide, and tell."""
        script = command.script
        command.stage = "undecided"
        for step in script.opening:
            await self._deliver(command, step)
        if script.held:
            command.stage = "waiting"
            await self._courier.hold(command.conversation_id)
            command.stage = "undecided"
        await self._delay(script.seconds)
        command.decision = self._decide(command)
        command.closed_at = self._state.clock.now()
        command.stage = "delivering"
        self._state.journal.record(
            "command_decided",
            command=command.kind,
            conversation=command.conversation_id,
            result=command.decision.result.code,
        )
        for step in script.story:
            await self._deliver(command, step)
        command.stage = "done"
        self._state.journal.record("command_done", command=command.kind, conversation=command.conversation_id)

    def _decide(self, command: Command[Any]) -> Decision:
        rng, script = self._state.rng, command.script
        forced = None if script.outcome == TRUTH else failed(script.outcome, rng, script.description)
        # A scripted wrong password burns an attempt as any other does.
        doubted = forced is not None and forced.result.code == code_of("bad_credential")
        obstacle = self.operator.obstacle(command.order, doubted=doubted)
        if obstacle is not None:
            return failed(obstacle, rng, script.description if doubted else None)
        return forced or self._processors[command.kind].decide(command)

    async def _deliver(self, command: Command[Any], step: CommandDelivery) -> None:
        """Send one step; what cannot be said (a result before there is one) is passed over."""
        await self._delay(step.after)
        if step.held:
            before, command.stage = command.stage, "held"
            await self._courier.hold(command.conversation_id)
            command.stage = before
        body, url = self._body(command, step), command.order.caller.result_url
        if step.say == TIMEOUT:
            url = command.order.caller.timeout_url
        if body is None:
            return
        async with asyncio.TaskGroup() as group:
            for _ in range(step.times):
                group.create_task(self._courier.send(command.conversation_id, step.say, url, body))

    def _body(self, command: Command[Any], step: CommandDelivery) -> str | None:
        if step.say == TIMEOUT:
            return envelope.timeout_body(command, step.timeout_shape)
        if step.say == "garbage":
            return envelope.GARBAGE
        if step.say == "raw":
            return step.body
        said = command.decision
        if step.say == "forged":
            said = self._processors[command.kind].forge(command)
        elif step.say != TRUTH:
            said = Decision(result(step.say), dummy_id(self._state.rng))
        if said is None:
            return None
        return envelope.result_body(command, said, step, self._state.rng)
