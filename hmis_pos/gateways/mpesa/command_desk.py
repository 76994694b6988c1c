"""Commands of our operator to M-Pesa: money back, and questions that are answered by callback.

The rule of what an answer proves is that of a push (``docs/decisions/0005-mpesa-outcomes.md``): a refusal only where the
reference documents it and it can only come from before M-Pesa took the request; everything else is unknown. A duplicate of
our own OriginatorConversationID is evidence that is UNCLEAR: the first one may have run, so it is looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog

from hmis_pos.cashier.ports import Clock
from hmis_pos.cashier.ports_mobile_money import Accepted, Feature, RefundOrder, StatusQuestion
from hmis_pos.domain.errors import CashierMistake, OutcomeUnknown, Unavailable
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.refund import Route
from hmis_pos.gateways.http import Effect
from hmis_pos.gateways.mpesa import answers, command_codes, commands, wire
from hmis_pos.gateways.mpesa.client import MpesaClient, Post, Reply
from hmis_pos.gateways.mpesa.commands import Operator
from hmis_pos.gateways.mpesa.config import MpesaConfig
from hmis_pos.gateways.mpesa.results import SUCCESS, Standing

_log = structlog.get_logger("hmis_pos.gateways")


def need(config: MpesaConfig, feature: Feature, cure: str) -> None:
    """Refuse what the settings do not make possible.

    Raises:
        Unavailable: code ``feature-missing``.
    """
    if feature not in config.features:
        raise Unavailable(
            f"M-Pesa is not set up for {feature.value}; nothing was asked", code="feature-missing", cure=cure
        )


class CommandDesk:
    """Sends commands. The SecurityCredential is computed when this is made, and used from then on."""

    def __init__(self, config: MpesaConfig, clock: Clock, client: MpesaClient) -> None:
        self._config = config
        self._clock = clock
        self._client = client
        self._operator = Operator(config=config, credential=config.make_credential())

    async def give_back(self, order: RefundOrder) -> Evidence:
        """See :meth:`hmis_pos.cashier.ports_mobile_money.MobileMoney.give_back`."""
        name, path, write = self._way_back(order.route)
        try:
            reply = await self._client.post(
                Post(
                    name=name,
                    path=path,
                    body=lambda: write(order),
                    effect=Effect.MOVES_MONEY,
                    about={"refund_uid": str(order.uid)},
                )
            )
        except CashierMistake as mistake:  # it can be said no better tomorrow: a no, and not a wait
            return self._evidence(EvidenceKind.REFUSED, "mpesa-order", mistake.message)
        evidence = self._read_give_back(reply)
        _log.info(name, refund_uid=str(order.uid), evidence=evidence.kind.value, code=evidence.code)
        return evidence

    def _way_back(self, route: Route) -> tuple[str, str, Callable[[RefundOrder], Mapping[str, object]]]:
        cure = "Set MPESA_INITIATOR with its password and certificate, or give it back in cash."
        if route is Route.REVERSAL:
            need(self._config, Feature.REVERSAL, cure)
            return "mpesa.reversal", commands.REVERSAL_PATH, self._operator.reversal
        if route is Route.PAYOUT:
            need(self._config, Feature.PAYOUT, cure)
            return "mpesa.payout", commands.PAYOUT_PATH, self._operator.payout
        raise Unavailable(
            f"a refund by route {route.value} asks nobody at M-Pesa", code="feature-missing", cure="Nothing was asked."
        )

    def _read_give_back(self, reply: Reply) -> Evidence:
        if reply.ok and reply.fields is not None:
            return self._read_accepted(reply)
        row = command_codes.of_error(reply.status, *reply.error)
        if row is not None and row.key == command_codes.DUPLICATE:
            return self._evidence(EvidenceKind.UNCLEAR, row.key, reply.words)
        if row is None or row.standing is Standing.UNKNOWN:
            raise OutcomeUnknown(
                f"M-Pesa may have taken the refund: {reply.words}",
                code=row.key if row else "mpesa-unreadable",
                cure="Do not send it again; look up what became of it.",
            )
        # TOKEN included: refused at the door with a new token too.
        return self._evidence(EvidenceKind.REFUSED, row.key, reply.words)

    def _read_accepted(self, reply: Reply) -> Evidence:
        """HTTP 200. Only ResponseCode 0 with an id to ask by is an acceptance; anything else is undocumented."""
        code, text, accepted = _read_ids(reply)
        reference = accepted.originator or accepted.conversation
        if code != SUCCESS or not reference:
            raise OutcomeUnknown(
                f"M-Pesa gave an answer nobody has documented: ResponseCode {code or 'missing'!r}, "
                f"ids {'given' if reference else 'missing'}, {text or reply.words}",
                code="mpesa-unreadable",
                cure="Do not send it again; look up what became of it.",
            )
        return self._evidence(EvidenceKind.ACCEPTED, code, text, reference)

    def _evidence(self, kind: EvidenceKind, code: str, text: str, reference: str = "") -> Evidence:
        return Evidence(
            kind=kind,
            source=Source.SUBMIT,
            observed_at=self._clock.now(),
            code=code,
            text=text,
            reference=reference,
        )

    async def ask_status(self, question: StatusQuestion) -> Accepted:
        """See :meth:`hmis_pos.cashier.ports_mobile_money.MobileMoney.ask_status`."""
        need(self._config, Feature.STATUS, "Set MPESA_INITIATOR with its password and certificate.")
        about = question.receipt_no or question.originator
        return await self._question(
            "mpesa.status", commands.STATUS_PATH, lambda: self._operator.status(question), {"reference": about}
        )

    async def ask_balance(self, result_url: str, timeout_url: str) -> Accepted:
        """See :meth:`hmis_pos.cashier.ports_mobile_money.MobileMoney.ask_balance`."""
        need(self._config, Feature.BALANCE, "Set MPESA_INITIATOR with its password and certificate.")
        return await self._question(
            "mpesa.balance", commands.BALANCE_PATH, lambda: self._operator.balance(result_url, timeout_url), {}
        )

    async def _question(
        self, name: str, path: str, body: Callable[[], Mapping[str, object]], about: Mapping[str, str]
    ) -> Accepted:
        told = f"a question ({name.partition('.')[2]})"
        try:
            reply = await self._client.post(Post(name=name, path=path, body=body, effect=Effect.READS, about=about))
        except CashierMistake as mistake:
            raise Unavailable(mistake.message, code="mpesa-order", cure=mistake.cure) from mistake
        if not reply.ok or reply.fields is None:
            raise answers.refused(reply, command_codes.of_error(reply.status, *reply.error), about=told)
        code, text, accepted = _read_ids(reply)
        if code != SUCCESS:
            raise answers.no_use(reply, "mpesa-unreadable", text or f"ResponseCode {code or 'missing'}", about=told)
        return accepted


def _read_ids(reply: Reply) -> tuple[str, str, Accepted]:
    """(ResponseCode, its text, ids) of a synchronous answer; an id that is none of Safaricom's counts as missing."""
    fields = reply.fields or {}

    def named(name: str) -> str:
        try:
            return wire.identifier(fields.get(name), name)
        except ValueError:
            return ""

    return (
        wire.text_of(fields.get("ResponseCode"), wire.MAX_CODE),
        wire.text_of(fields.get("ResponseDescription")),
        Accepted(originator=named("OriginatorConversationID"), conversation=named("ConversationID")),
    )
