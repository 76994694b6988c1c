"""M-Pesa as the use cases see it: every answer of Daraja becomes evidence, or an error that says what is known."""

from __future__ import annotations

from datetime import datetime

import structlog

from hmis_pos.cashier.ports import CallbackReading, Clock, Order, RetryAdvice
from hmis_pos.cashier.ports_mobile_money import (
    Accepted,
    Feature,
    FeedPage,
    RefundOrder,
    ResultReading,
    StatusQuestion,
)
from hmis_pos.cashier.records_back_office import ProviderMoney, RequestKind
from hmis_pos.domain import phone as phones
from hmis_pos.domain.errors import CashierMistake, Misconfigured, OutcomeUnknown, Unavailable
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.domain.refund import RefundRules
from hmis_pos.gateways.http import ProviderHttp
from hmis_pos.gateways.mpesa import (
    answers,
    c2b,
    callbacks,
    command_codes,
    command_results,
    pull,
    qr,
    results,
    urls,
    wire,
)
from hmis_pos.gateways.mpesa.callbacks import StkResult
from hmis_pos.gateways.mpesa.client import MpesaClient, Reply
from hmis_pos.gateways.mpesa.command_desk import CommandDesk, need
from hmis_pos.gateways.mpesa.config import MpesaConfig, TransactionType
from hmis_pos.gateways.mpesa.pull import Window
from hmis_pos.gateways.mpesa.results import Standing
from hmis_pos.gateways.mpesa.urls import Registered, ResponseType

STK = "stk"
C2B = "c2b"
C2B_CLAIM = "c2b-claim"  #: a confirmation from an address we do not know: a reason to ask, never proof
ALIAS = "alias"

_log = structlog.get_logger("hmis_pos.gateways")


class MpesaGateway:
    """Implements :class:`hmis_pos.cashier.ports_mobile_money.MobileMoney` for M-Pesa.

    Raises:
        Misconfigured: the configuration has problems, all named in one message.
    """

    provider = "mpesa"

    def __init__(self, config: MpesaConfig, clock: Clock, http: ProviderHttp) -> None:
        if problems := config.problems():
            raise Misconfigured("; ".join(problems), cure="Correct the settings and start again.")
        self._config = config
        self._clock = clock
        self._client = MpesaClient(config, clock, http)
        self._desk = CommandDesk(config, clock, self._client)

    @property
    def shortcodes(self) -> frozenset[str]:
        """The numbers under which a C2B confirmation is ours."""
        return self._config.shortcodes

    def check(self, amount: Money, phone: str) -> None:
        phones.normalise(phone)
        shillings = wire.to_wire(amount)
        low, high = self._config.minimum, self._config.maximum
        if shillings < low:
            raise CashierMistake(
                f"M-Pesa takes {low:,} shillings or more at once",
                code="amount-low",
                field="amount",
                cure="Take it in cash.",
            )
        if shillings > high:
            raise CashierMistake(
                f"M-Pesa takes at most {high:,} shillings at once",
                code="amount-high",
                field="amount",
                cure=f"Ask for {high:,} or less, and take the rest another way.",
            )

    async def start(self, order: Order) -> Evidence:
        try:
            self.check(order.amount, order.phone)
            reply = await self._client.push(order)
        except CashierMistake as mistake:
            # The use case checked before it wrote the intent; here only "nothing was asked" is of use to it.
            raise Unavailable(mistake.message, code="mpesa-order", cure=mistake.cure) from mistake
        evidence = self._read_push(reply)
        _log.info("mpesa.push", payment_uid=str(order.uid), evidence=evidence.kind.value, code=evidence.code)
        return evidence

    def _read_push(self, reply: Reply) -> Evidence:
        if reply.ok and reply.fields is not None:
            return self._read_accepted(reply)
        row = reply.door_error
        if row is None or row.standing is Standing.UNKNOWN:
            raise OutcomeUnknown(
                f"M-Pesa may have asked the payer: {reply.words}",
                code=row.key if row else "mpesa-unreadable",
                cure="Do not ask again; look up what became of it.",
            )
        # TOKEN included: refused at the door with a new token too.
        return Evidence(
            kind=EvidenceKind.REFUSED,
            source=Source.SUBMIT,
            observed_at=self._clock.now(),
            code=row.key,
            text=reply.words,
        )

    def _read_accepted(self, reply: Reply) -> Evidence:
        """HTTP 200. Only ResponseCode 0 with an id to ask by is an acceptance; anything else is undocumented."""
        fields = reply.fields or {}
        answer = wire.text_of(fields.get("ResponseCode"), wire.MAX_CODE)
        text = wire.text_of(fields.get("ResponseDescription"))
        try:
            reference = wire.identifier(fields.get("CheckoutRequestID"), "CheckoutRequestID")
        except ValueError:
            reference = ""
        if answer != results.SUCCESS or not reference:
            raise OutcomeUnknown(
                f"M-Pesa gave an answer nobody has documented: ResponseCode {answer or 'missing'!r}, "
                f"CheckoutRequestID {'given' if reference else 'missing'}, {text or reply.words}",
                code="mpesa-unreadable",
                cure="Do not ask again; look up what became of it.",
            )
        return Evidence(
            kind=EvidenceKind.ACCEPTED,
            source=Source.SUBMIT,
            observed_at=self._clock.now(),
            code=answer,
            text=text,
            reference=reference,
        )

    async def ask(self, reference: str) -> Evidence:
        if not reference:
            raise Unavailable("there is no CheckoutRequestID to ask M-Pesa by", code="mpesa-no-reference")
        evidence = self._read_query(await self._client.query(reference), reference)
        _log.info("mpesa.query", reference=reference, evidence=evidence.kind.value, code=evidence.code)
        return evidence

    def _read_query(self, reply: Reply, reference: str) -> Evidence:
        if not reply.ok or reply.fields is None:
            return self._read_query_error(reply, reference)
        fields = reply.fields
        about = wire.text_of(fields.get("CheckoutRequestID")) or reference
        accepted = wire.text_of(fields.get("ResponseCode")) or results.SUCCESS
        if about != reference or accepted != results.SUCCESS:
            raise answers.no_use(reply, "mpesa-unreadable", "it is not the answer to this query")
        try:
            code = wire.code(fields.get("ResultCode"))
        except ValueError as error:
            raise answers.no_use(reply, "mpesa-unreadable", str(error)) from error
        return self._by_query(results.of_query(code), code, wire.text_of(fields.get("ResultDesc")), reference)

    def _read_query_error(self, reply: Reply, reference: str) -> Evidence:
        row = reply.door_error
        if row is not None and row.key in results.STILL_PROCESSING:
            return self._by_query(EvidenceKind.PROCESSING, row.key, reply.words, reference)
        raise answers.refused(reply, row)

    def _by_query(self, kind: EvidenceKind, code: str, text: str, reference: str) -> Evidence:
        return Evidence(
            kind=kind,
            source=Source.QUERY,
            observed_at=self._clock.now(),
            code=code,
            text=text,
            reference=reference,
        )

    def read_callback(self, channel: str, body: bytes, heard_at: datetime) -> CallbackReading:
        if channel == C2B:
            return _c2b_reading(body, EvidenceKind.PAID, heard_at)
        if channel == C2B_CLAIM:
            return _c2b_reading(body, EvidenceKind.CLAIMED, heard_at)
        if channel not in {STK, ALIAS}:
            raise ValueError(f"M-Pesa has no channel {channel!r}")
        result = callbacks.read_stk(body)
        if channel == ALIAS:
            return _alias_reading(result, heard_at)
        return _reading(result, _kind(result), heard_at)

    def read_validation(self, body: bytes, heard_at: datetime) -> ProviderMoney:
        """What a customer is about to pay; :func:`c2b.validation_answer` makes our answer.

        Raises:
            ValueError: it is no validation.
        """
        return c2b.read_money(body, heard_at)

    def advise(self, code: str) -> RetryAdvice:
        return results.advise(code)

    # ------------------------------------------------------------ MobileMoney: beyond collecting

    @property
    def features(self) -> frozenset[Feature]:
        return self._config.features

    @property
    def pay_to(self) -> str:
        return self._config.receiver

    @property
    def is_till(self) -> bool:
        return self._config.transaction_type is TransactionType.TILL

    @property
    def refund_rules(self) -> RefundRules:
        return self._config.refund_rules

    async def give_back(self, order: RefundOrder) -> Evidence:
        return await self._desk.give_back(order)

    async def ask_status(self, question: StatusQuestion) -> Accepted:
        return await self._desk.ask_status(question)

    async def ask_balance(self, result_url: str, timeout_url: str) -> Accepted:
        return await self._desk.ask_balance(result_url, timeout_url)

    def read_result(self, kind: RequestKind, body: bytes, heard_at: datetime) -> ResultReading:
        return command_results.read(kind, body, heard_at, self._config.shortcodes)

    def read_timeout(self, kind: RequestKind, body: bytes, heard_at: datetime) -> ResultReading:
        return command_results.read_timeout(kind, body, heard_at)

    def halts_payouts(self, code: str) -> bool:
        return code.strip() in command_codes.HALTING

    def advise_refund(self, kind: RequestKind, code: str) -> RetryAdvice:
        return command_codes.advise(kind, code.strip())

    async def pull(self, since: datetime, until: datetime, offset: int) -> FeedPage:
        need(self._config, Feature.PULL, "Set MPESA_PULL to on, once the shortcode is registered for pulls.")
        window = Window(
            since=since, until=until, offset=offset, heard_at=self._clock.now(), shortcode=self._config.shortcode
        )
        return await pull.query(self._config, self._client, window)

    async def qr(self, account: str, amount: Money, pixels: int) -> bytes:
        need(self._config, Feature.QR, "Show Paybill and account as text.")
        return await qr.generate(self._config, self._client, account, amount, pixels)

    # ------------------------------------------------------------ once in the life of a shortcode

    async def register_urls(self, confirmation: str, validation: str, response_type: ResponseType) -> Registered:
        """Tell Safaricom where to confirm what customers pay. Raises as :func:`urls.register`."""
        return await urls.register(self._config, self._client, confirmation, validation, response_type)

    async def register_pull(self, callback_url: str) -> str:
        """Register the shortcode for pulls; returns Safaricom's words. Raises as :func:`pull.register`."""
        return await pull.register(self._config, self._client, callback_url)


def _kind(result: StkResult) -> EvidenceKind:
    """A success is a proof only with receipt and amount.

    With the receipt alone it waits for a query to agree. Without a receipt it cannot be told from a second payment when the
    C2B twin brings one, so it proves nothing; the query that follows does.
    """
    kind = results.of_callback(result.code)
    if kind is not EvidenceKind.PAID:
        return kind
    if not result.receipt_no:
        return EvidenceKind.UNCLEAR
    return EvidenceKind.PAID if result.amount is not None else EvidenceKind.CLAIMED


def _alias_reading(result: StkResult, heard_at: datetime) -> CallbackReading:
    """A result whose sender nobody proved: it hints, it never decides.

    A success is CLAIMED: it counts once a query assures it. A no becomes UNCLEAR, not UNREACHED, and under a code of our own:
    what nobody proved is not the provider's no, and the provider's code would bring its advice to ask the patient again.
    """
    if not result.checkout_request:
        raise ValueError("a result on the alias names no CheckoutRequestID, so it belongs to no payment")
    if _kind(result) in {EvidenceKind.PAID, EvidenceKind.CLAIMED}:
        return _reading(result, EvidenceKind.CLAIMED, heard_at)
    reading = Evidence(
        kind=EvidenceKind.UNCLEAR,
        source=Source.CALLBACK,
        observed_at=heard_at,
        code=results.UNPROVEN,
        text=f"{result.code} {result.text}".strip(),
        reference=result.checkout_request,
    )
    return CallbackReading(evidence=reading)


def _reading(result: StkResult, kind: EvidenceKind, heard_at: datetime) -> CallbackReading:
    proves = kind in {EvidenceKind.PAID, EvidenceKind.CLAIMED}
    return CallbackReading(
        evidence=Evidence(
            kind=kind,
            source=Source.CALLBACK,
            observed_at=heard_at,
            receipt_no=result.receipt_no if proves else "",
            amount=result.amount if proves else None,
            code=result.code,
            text=result.text,
            reference=result.checkout_request,
        ),
        payer=result.payer,
        paid_at=result.paid_at,
    )


def _c2b_reading(body: bytes, kind: EvidenceKind, heard_at: datetime) -> CallbackReading:
    money = c2b.read_money(body, heard_at)
    return CallbackReading(
        evidence=Evidence(
            kind=kind,
            source=Source.C2B,
            observed_at=heard_at,
            receipt_no=money.receipt_no,
            amount=money.amount,
            text=money.kind,
        ),
        payer=" ".join(part for part in (money.payer_name, money.payer_phone) if part),
        paid_at=money.paid_at,
        money=money,
    )
