"""What a phone does, and how Safaricom reports it: a script per phone number.

A behaviour belongs to one push. A phone may have several: the first push gets the first, and so on; the last one
stays. The same structs are read from the admin API as JSON.
"""

from typing import Any, Literal

import msgspec

from hmis_pos.simulators.daraja.errors import REJECTIONS, known_rejection
from hmis_pos.simulators.daraja.results import SUCCESS, code_of

MANUAL = "manual"
TRUTH = "truth"

Fault = Literal["none", "hang", "reset", "error", "unavailable", "html", "empty", "reject"]
QUERY_FAULTS = (
    "processing",
    "4999",
    "unknown_id",
    "spike",
    "error",
    "unavailable",
    "html",
    "empty",
    "hang",
    "reset",
)
SAYINGS = ("truth", "twin", "forged", "garbage", "raw")


class Submit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the push request itself is answered.

    Attributes:
        fault: `none` answers in order; `hang`, `reset`, `error` (500), `unavailable` (503), `html` (200) and `empty`
            (200) break the answer; `reject` gives the error named by `reject`.
        accepted: with a broken answer: whether the push was accepted all the same, so that money may move.
        delay: seconds before the answer.
        reject: which error, see `errors.REJECTIONS`; `invalid:Amount` blames that field.
    """

    fault: Fault = "none"
    accepted: bool = True
    delay: float = 0
    reject: str = "busy"

    def __post_init__(self) -> None:
        if not known_rejection(self.reject):
            raise ValueError(f"unknown rejection {self.reject!r}: use invalid:Field or one of {', '.join(REJECTIONS)}")


class Delivery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of what is sent to the callback URL, in order.

    Attributes:
        say: `truth` the real result; `twin` the C2B confirmation of a paid push, to its own URL; `forged` a success
            with a receipt that the ledger does not know; `garbage` a body that is not JSON; `raw` the text in
            `body`; or another outcome, which contradicts.
        after: seconds to wait before it.
        held: wait until the admin API releases it.
        times: how often it is sent, at once.
        amount: reported instead of the amount that moved.
        account: reported instead of the account that was typed; C2B confirmations only.
        body: the text of `raw`.
    """

    say: str = TRUTH
    after: float = 0
    held: bool = False
    times: int = 1
    amount: str | None = None
    account: str | None = None
    body: str = ""

    def __post_init__(self) -> None:
        if self.say in SAYINGS:
            return
        if code_of(self.say) == SUCCESS:
            raise ValueError("a delivery cannot say 'pay': use 'truth', or 'forged' for a false one")


class CallbackShape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the STK callback is written; the reference's oddities, one switch each.

    Attributes:
        codes: the result code as a number where it is one, or as text.
        amount: 1500.00, 1500.0, 1500, "1500" or "1500.00".
        report_amount: an amount reported instead of the one that moved.
        receipt: as in the ledger, in lower case, or with spaces around it.
        balance: the Balance item without a Value, left out, null, or with one.
        date: 14 digits as a number or as text, or formatted text.
        phone: as a number, as text, masked, or left out.
        shuffle: items in another order.
        unknown_items: items nobody has described.
        failure_metadata: what stands in for CallbackMetadata when nothing was paid.
    """

    codes: Literal["int", "string"] = "int"
    amount: Literal["decimal", "one_decimal", "integer", "string", "string_decimal"] = "decimal"
    report_amount: str | None = None
    receipt: Literal["plain", "lower", "padded"] = "plain"
    balance: Literal["no_value", "absent", "null", "value"] = "no_value"
    date: Literal["int", "string", "formatted"] = "int"
    phone: Literal["int", "string", "masked", "absent"] = "int"
    shuffle: bool = False
    unknown_items: bool = False
    failure_metadata: Literal["absent", "null", "empty"] = "absent"


class Behaviour(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The script of one push.

    Attributes:
        outcome: `manual` waits for the handset; else an outcome's name or a result code.
        description: replaces the usual ResultDesc.
        ring_seconds: how long the phone rings before the outcome.
        submit: how the push request is answered.
        deliveries: what is sent to the callback URL; None is the result (and the twin where configured), an empty
            list is nothing at all.
        callback_before_answer: the deliveries are done before the push request is answered.
        shape: how the callback is written.
        query: what the status query answers, one after the other, the last one for ever: `truth`, a fault of
            `QUERY_FAULTS`, or an outcome, which may contradict.
    """

    outcome: str = "pay"
    description: str | None = None
    ring_seconds: float = 0
    submit: Submit = Submit()
    deliveries: tuple[str | Delivery, ...] | None = None
    callback_before_answer: bool = False
    shape: CallbackShape = CallbackShape()
    query: tuple[str, ...] = (TRUTH,)

    def __post_init__(self) -> None:
        if self.outcome != MANUAL:
            code_of(self.outcome)
        if not self.query:
            raise ValueError("query must name at least one answer")
        for answer in self.query:
            if answer != TRUTH and answer not in QUERY_FAULTS:
                code_of(answer)
        for delivery in self.deliveries or ():
            as_delivery(delivery)
        if self.callback_before_answer and (
            self.outcome == MANUAL or any(as_delivery(d).held for d in self.deliveries or ())
        ):
            raise ValueError("callback_before_answer cannot wait for a person or for a release")


def as_delivery(step: str | Delivery) -> Delivery:
    return Delivery(say=step) if isinstance(step, str) else step


Script = Behaviour | tuple[Behaviour, ...]


def read_script(raw: Any) -> tuple[Behaviour, ...]:
    """Read a script from JSON: an outcome's name, one behaviour, or a list of either.

    Raises:
        ValueError: with the path of the field that is wrong.
    """
    steps = raw if isinstance(raw, list) else [raw]
    if not steps:
        raise ValueError("a script needs at least one behaviour")
    try:
        return tuple(
            Behaviour(outcome=step) if isinstance(step, str) else msgspec.convert(step, Behaviour) for step in steps
        )
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error


class BehaviourBook:
    """Which behaviour the next push to a number gets."""

    def __init__(self, default: Script, scripts: dict[str, Script]) -> None:
        self.default = _steps(default)
        self._scripts = {msisdn: _steps(script) for msisdn, script in scripts.items()}
        self._used: dict[str, int] = {}

    def put(self, msisdn: str, script: Script) -> None:
        """Set a number's script from its beginning; the number `default` is everybody else."""
        if msisdn == "default":
            self.default = _steps(script)
            self._used.clear()
        else:
            self._scripts[msisdn] = _steps(script)
            self._used.pop(msisdn, None)

    def remove(self, msisdn: str) -> None:
        """Let the number do as everybody else; nothing happens when it already does."""
        self._scripts.pop(msisdn, None)
        self._used.pop(msisdn, None)

    def next(self, msisdn: str) -> Behaviour:
        """Return the behaviour of the next push to this number and count it."""
        steps = self._scripts.get(msisdn, self.default)
        used = self._used.get(msisdn, 0)
        self._used[msisdn] = used + 1
        return steps[min(used, len(steps) - 1)]

    def all(self) -> dict[str, tuple[Behaviour, ...]]:
        return {"default": self.default, **self._scripts}


def _steps(script: Script) -> tuple[Behaviour, ...]:
    return (script,) if isinstance(script, Behaviour) else script
