"""How badly a command goes: a script per kind of command, or per phone, receipt or shortcode it is about.

A script belongs to one command. A subject may have several: the first command gets the first, and so on; the last one
stays. The same structs are read from the admin API as JSON.
"""

import random
from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from hmis_pos.simulators.daraja.behaviour import TRUTH, Submit
from hmis_pos.simulators.daraja.commands.codes import code_of
from hmis_pos.simulators.daraja.config import Trouble
from hmis_pos.simulators.daraja.results import SUCCESS

Kind = Literal["b2c", "reversal", "status", "balance"]
KINDS: tuple[Kind, ...] = ("b2c", "reversal", "status", "balance")

TIMEOUT = "timeout"
SAYINGS = (TRUTH, TIMEOUT, "forged", "garbage", "raw")
TimeoutShape = Literal["envelope", "flat", "echo", "object", "list", "text", "empty"]
TransactionStatus = Literal["Completed", "Cancelled", "Declined", "Expired", "Initiated", "Authorized"]


class CommandSubmit(Submit, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the request itself is answered; as for a push, and one thing more.

    Attributes:
        takes_id: a request that was not accepted has used its OriginatorConversationID up all the same.
    """

    takes_id: bool = False


class CommandDelivery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of what is sent to the merchant, in order.

    Attributes:
        say: `truth` the real result; `timeout` a call of QueueTimeOutURL; `forged` a success with a receipt that the
            ledger does not know (payout and reversal only); `garbage` a body that is not JSON; `raw` the text in
            `body`; or another outcome, which contradicts. All but `timeout` go to ResultURL.
        after: seconds to wait before it.
        held: wait until the admin API releases it.
        times: how often it is sent, at once.
        amount: reported instead of the amount that moved.
        body: the text of `raw`.
        timeout_shape: what a timeout's body looks like; the reference says only that it is undocumented.
    """

    say: str = TRUTH
    after: float = 0
    held: bool = False
    times: int = 1
    amount: str | None = None
    body: str = ""
    timeout_shape: TimeoutShape = "envelope"

    def __post_init__(self) -> None:
        if self.say not in SAYINGS and code_of(self.say) == SUCCESS:
            raise ValueError("a delivery cannot say 'pay': use 'truth', or 'forged' for a false one")


class ResultShape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a result is written; the reference's oddities, one switch each.

    Attributes:
        codes: the result code as a number where it is one, or as text.
        numbers: amounts whole and funds with two decimals, all with two decimals, or all as text.
        older_keys: spaces inside ConversationID and OriginatorConversationID among the parameters.
        parties: DebitPartyName and CreditPartyName, or DebitPartyName twice as the official sample prints them.
        shuffle: parameters in another order.
        unknown_parameters: parameters nobody has described.
        reference: ReferenceItem as one object, as a list, or no ReferenceData.
        failure_parameters: what a failure has for ResultParameters; `usual` is nothing for payouts and reversals, and
            one object instead of a list for status and balance.
        failure_transaction: the TransactionID of a failure: a dummy, empty text, or none.
    """

    codes: Literal["int", "string"] = "int"
    numbers: Literal["usual", "decimal", "string"] = "usual"
    older_keys: bool = False
    parties: Literal["named", "debit_twice"] = "named"
    shuffle: bool = False
    unknown_parameters: bool = False
    reference: Literal["single", "list", "absent"] = "single"
    failure_parameters: Literal["usual", "absent", "single", "empty", "null"] = "usual"
    failure_transaction: Literal["dummy", "empty", "absent"] = "dummy"


class CommandScript(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The script of one command.

    Attributes:
        outcome: `truth` is what the rules say; else an outcome's name or a result code, and no money moves.
        description: replaces the usual ResultDesc.
        submit: how the request is answered.
        early: what is sent before anything is decided; only `timeout`, `garbage`, `raw` and contradicting outcomes.
        seconds: how long it stays undecided.
        held: it stays undecided until the admin API releases it.
        deliveries: what is sent once it is decided; None is the result, an empty list is nothing at all.
        result_before_answer: the deliveries are done before the request is answered.
        shape: how the result is written.
        pending_status: what Transaction Status calls it while it is undecided.
        status: what Transaction Status calls it afterwards instead of the truth; in the script of a status query,
            what this query tells.
    """

    outcome: str = TRUTH
    description: str | None = None
    submit: CommandSubmit = CommandSubmit()
    early: tuple[str | CommandDelivery, ...] = ()
    seconds: float = 0
    held: bool = False
    deliveries: tuple[str | CommandDelivery, ...] | None = None
    result_before_answer: bool = False
    shape: ResultShape = ResultShape()
    pending_status: TransactionStatus = "Initiated"
    status: TransactionStatus | None = None

    def __post_init__(self) -> None:
        if self.outcome != TRUTH and code_of(self.outcome) == SUCCESS:
            raise ValueError("an outcome cannot be 'pay': 'truth' pays whatever the rules allow")
        steps = (*self.opening, *self.story)
        if any(step.say in {TRUTH, "forged"} for step in self.opening):
            raise ValueError("early cannot tell a result: nothing is decided yet")
        if self.result_before_answer and (self.held or any(step.held for step in steps)):
            raise ValueError("result_before_answer cannot wait for a release")

    @property
    def opening(self) -> tuple[CommandDelivery, ...]:
        """What is sent before the command is decided."""
        return tuple(as_delivery(step) for step in self.early)

    @property
    def story(self) -> tuple[CommandDelivery, ...]:
        """What is sent once the command is decided."""
        if self.deliveries is None:
            return (CommandDelivery(),)
        return tuple(as_delivery(step) for step in self.deliveries)


def as_delivery(step: str | CommandDelivery) -> CommandDelivery:
    return CommandDelivery(say=step) if isinstance(step, str) else step


def _broken(fault: str, *, accepted: bool, takes_id: bool = False) -> CommandScript:
    return CommandScript(
        submit=msgspec.convert({"fault": fault, "accepted": accepted, "takes_id": takes_id}, CommandSubmit)
    )


# Whole scripts by name: what goes wrong with commands, for seeded random and for short scripts.
TROUBLES: Mapping[Trouble, CommandScript] = {
    "lost_result": CommandScript(deliveries=()),
    "late_result": CommandScript(deliveries=(CommandDelivery(after=120),)),
    "duplicate_result": CommandScript(deliveries=(TRUTH, CommandDelivery(times=2))),
    "result_first": CommandScript(result_before_answer=True),
    "timeout_then_result": CommandScript(early=(TIMEOUT,), deliveries=(CommandDelivery(after=60),)),
    "timeout_paid": CommandScript(early=(TIMEOUT,), deliveries=()),
    "timeout_unpaid": CommandScript(early=(TIMEOUT,), outcome="expire", deliveries=()),
    "hang_accepted": _broken("hang", accepted=True),
    "hang_refused": _broken("hang", accepted=False),
    "reset_accepted": _broken("reset", accepted=True),
    "reset_refused": _broken("reset", accepted=False),
    "error_accepted": _broken("error", accepted=True),
    "error_refused": _broken("error", accepted=False),
    "error_id_taken": _broken("error", accepted=False, takes_id=True),
    "html_accepted": _broken("html", accepted=True),
    "empty_accepted": _broken("empty", accepted=True),
    "unavailable": _broken("unavailable", accepted=False),
    "throttled": CommandScript(submit=CommandSubmit(fault="reject", reject="spike")),
    "system_busy": CommandScript(submit=CommandSubmit(fault="reject", reject="busy")),
    "busy_later": CommandScript(outcome="busy"),
    "internal_later": CommandScript(outcome="internal"),
    "odd_shape": CommandScript(
        shape=ResultShape(
            codes="string",
            numbers="string",
            older_keys=True,
            parties="debit_twice",
            shuffle=True,
            unknown_parameters=True,
            reference="list",
        )
    ),
}

Script = str | CommandScript | tuple[str | CommandScript, ...]


def read_script(raw: Any) -> tuple[CommandScript, ...]:
    """Read a script from JSON: a trouble's or an outcome's name, one script, or a list of these.

    Raises:
        ValueError: with the path of the field that is wrong.
    """
    steps = raw if isinstance(raw, list) else [raw]
    try:
        return script_steps(
            tuple(step if isinstance(step, str) else msgspec.convert(step, CommandScript) for step in steps)
        )
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error


def script_steps(script: Script) -> tuple[CommandScript, ...]:
    """Return the scripts, one after the other.

    Raises:
        ValueError: there is none, or a name is unknown.
    """
    steps = script if isinstance(script, tuple) else (script,)
    if not steps:
        raise ValueError("a script needs at least one step")
    return tuple(_named(step) if isinstance(step, str) else step for step in steps)


def _named(name: str) -> CommandScript:
    for trouble, script in TROUBLES.items():
        if trouble == name:
            return script
    return CommandScript(outcome=name)


class ScriptBook:
    """Which script the next command gets: of its subject, else of its kind, else by chance, else a good one.

    Args:
        troubles: gives how likely each of `TROUBLES` is, out of 1, for commands nobody has scripted.
        seed: the same troubles every time; None differs.
    """

    def __init__(self, troubles: Callable[[], Mapping[Trouble, float]], seed: int | None) -> None:
        self._troubles = troubles
        self._rng = random.Random(seed)  # noqa: S311  a replayable test, not a secret
        self._scripts: dict[tuple[Kind, str], tuple[CommandScript, ...]] = {}
        self._used: dict[tuple[Kind, str], int] = {}

    def put(self, kind: Kind, script: Script, subject: str = "") -> None:
        """Set the script of a kind, or of one phone, receipt or shortcode of it, from its beginning."""
        self._scripts[kind, subject] = script_steps(script)
        self._used.pop((kind, subject), None)

    def remove(self, kind: Kind, subject: str = "") -> None:
        """Let it go by the rules again; nothing happens when it already does."""
        self._scripts.pop((kind, subject), None)

    def next(self, kind: Kind, subject: str) -> CommandScript:
        """Return the script of the next command and count it."""
        for key in ((kind, subject), (kind, "")):
            if steps := self._scripts.get(key):
                used = self._used.get(key, 0)
                self._used[key] = used + 1
                return steps[min(used, len(steps) - 1)]
        return self._by_chance()

    def _by_chance(self) -> CommandScript:
        drawn = self._rng.random()
        for name, odds in self._troubles().items():
            drawn -= odds
            if drawn < 0:
                return TROUBLES[name]
        return CommandScript()

    def all(self) -> dict[str, tuple[CommandScript, ...]]:
        """Return the scripts by `kind` or `kind:subject`."""
        return {f"{kind}:{subject}" if subject else kind: steps for (kind, subject), steps in self._scripts.items()}
