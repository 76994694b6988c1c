"""Customers pay the paybill or a till from their own phones: validation, money, confirmation."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

import msgspec

from hmis_pos.simulators.asgi import Answer, Handler, Request, json_response
from hmis_pos.simulators.daraja.behaviour import Delivery
from hmis_pos.simulators.daraja.c2b_merchant import MerchantLine
from hmis_pos.simulators.daraja.c2b_urls import C2B_TOKEN, C2BUrls, c2b_answer, own_shortcode
from hmis_pos.simulators.daraja.confirmations import (
    BUSINESS_TRANSFER,
    PaymentBehaviour,
    random_shape,
)
from hmis_pos.simulators.daraja.courier import Courier
from hmis_pos.simulators.daraja.desk import Desk, Endpoint
from hmis_pos.simulators.daraja.errors import invalid, rejection
from hmis_pos.simulators.daraja.fees import take_fee
from hmis_pos.simulators.daraja.oauth import TokenDesk
from hmis_pos.simulators.daraja.payments import Payment, payment_view
from hmis_pos.simulators.daraja.state import State
from hmis_pos.simulators.daraja.steering import Wrong, object_of
from hmis_pos.simulators.daraja.validation import MSISDN, TRANSACTION_TYPES, matching, read_body, text
from hmis_pos.simulators.handset import sms
from hmis_pos.simulators.handset.phone import Message

ACCOUNT_LENGTH = 20


class C2BDesk(Desk):
    """Takes payments from phones and tells the merchant."""

    def __init__(self, state: State, courier: Courier, tokens: TokenDesk, urls: C2BUrls) -> None:
        self._state = state
        self._tokens = tokens
        self._urls = urls
        self.line = MerchantLine(state, courier, urls)
        self.payments: list[Payment] = []
        self._live: list[Payment] = []

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint("c2b_simulate", "POST", "/mpesa/c2b/v2/simulate", self.simulate),
            Endpoint("c2b_simulate", "POST", "/mpesa/c2b/v1/simulate", self.simulate),
        )

    def steering(self) -> Mapping[str, Handler]:
        return {
            "GET /sim/registrations": self.registrations,
            "GET /sim/payments": self.list_payments,
            "POST /sim/payments": self.post_payment,
            "POST /sim/payments/{receipt}/deliveries": self.post_delivery,
        }

    @property
    def quiet(self) -> bool:
        return all(payment.quiet for payment in self.live())

    def live(self) -> list[Payment]:
        """Return the payments that are not confirmed to the end."""
        self._live = [payment for payment in self._live if not payment.done]
        return self._live

    def reset(self) -> None:
        self.payments.clear()
        self._live.clear()

    # -- paying

    async def pay(
        self,
        *,
        amount: Decimal | int | str,
        msisdn: str = "",
        account: str = "",
        till: str | None = None,
        pin: str | None = None,
        business: str = "",
        reason: str = "",
        behaviour: PaymentBehaviour | None = None,
    ) -> Payment:
        """Pay from a phone, or from a business's account; returns when the phone shows the answer.

        Confirmations follow in the background.

        Args:
            amount: KES, at most two decimals.
            msisdn: the payer's phone, 254…; empty for a business.
            account: what is typed as account number, at most 20 characters.
            till: pay this till (Buy Goods) instead of the paybill.
            pin: None is the right one.
            business: name of a paying organisation.
            reason: Reason Type of the statement, for example `Pay Bill Online`; empty is the usual.
            behaviour: how it is confirmed; None is as the settings say.

        Raises:
            ValueError: no phone could send this.
        """
        payment = self._typed(amount, msisdn, account, till, business, reason, behaviour)
        self.payments.append(payment)
        self._live.append(payment)
        payment.refused = self._obstacle(payment, pin)
        if payment.refused is None:
            await self.line.validate(payment)
        if payment.refused is None:
            self._move(payment)
            self._state.background.spawn(self.line.confirm(payment))
        else:
            payment.done = True
            self._refuse(payment)
        return payment

    def _typed(
        self,
        amount: Decimal | int | str,
        msisdn: str,
        account: str,
        till: str | None,
        business: str,
        reason: str,
        behaviour: PaymentBehaviour | None,
    ) -> Payment:
        config, state = self._state.config, self._state
        kes = _kes(amount)
        if bool(msisdn) == bool(business):
            raise ValueError("name either the payer's msisdn or a paying business")
        if msisdn and not MSISDN.fullmatch(msisdn):
            raise ValueError(f"{msisdn!r} is not a number like 254712345678")
        if len(account) > ACCOUNT_LENGTH:
            raise ValueError(f"an account number has at most {ACCOUNT_LENGTH} characters")
        if till is not None and till not in config.tills:
            raise ValueError(f"no till {till}; there is: {', '.join(config.tills) or 'none'}")
        return Payment(
            receipt=state.ledger.new_receipt(),
            msisdn=msisdn,
            payer=business or state.phones.get(msisdn).name,
            amount=kes,
            account="" if till else account,
            shortcode=till or config.shortcode,
            buy_goods=till is not None,
            reason=reason or (BUSINESS_TRANSFER if business else ""),
            at=state.clock.now(),
            behaviour=behaviour or self._usual(),
        )

    def _usual(self) -> PaymentBehaviour:
        config = self._state.config
        if config.c2b_oddities and self._state.rng.random() < config.c2b_oddities:
            return PaymentBehaviour(deliveries=config.c2b_behaviour.deliveries, shape=random_shape(self._state.rng))
        return config.c2b_behaviour

    def _obstacle(self, payment: Payment, pin: str | None) -> str | None:
        """What the phone itself says against it."""
        config = self._state.config
        if not payment.msisdn:
            return None
        phone = self._state.phones.get(payment.msisdn)
        if phone.wrong_pins >= config.pin_attempts:
            return "Your PIN is locked. Call customer care."
        if pin is not None and pin != phone.pin:
            phone.wrong_pins += 1
            return "You have entered the wrong PIN."
        phone.wrong_pins = 0
        if not config.min_amount <= payment.amount <= config.max_amount:
            return f"The amount must be between KES {config.min_amount:,} and KES {config.max_amount:,}."
        if phone.balance < payment.amount:
            return "You have insufficient funds in your M-PESA account."
        sent = self._state.ledger.sent_on_day(phone.msisdn, payment.at)
        if config.daily_limit is not None and sent + payment.amount > config.daily_limit:
            return "You have reached your daily transaction limit."
        return None

    def _move(self, payment: Payment) -> None:
        state, now = self._state, self._state.clock.now()
        payment.movement = state.ledger.move(
            payment.receipt,
            receipt=payment.receipt,
            msisdn=payment.msisdn,
            amount=payment.amount,
            account=payment.account,
            shortcode=payment.shortcode,
            at=now,
            kind="c2b",
            payer=payment.payer,
            reason=payment.reason,
            initiated_at=payment.at,
        )
        take_fee(state, payment.movement)
        if payment.msisdn:
            phone = state.phones.get(payment.msisdn)
            phone.balance -= payment.amount
            words = sms.paid(
                payment.receipt, payment.amount, state.config.shop_name, payment.account, now, phone.balance
            )
            phone.messages.append(Message(now, words))
        state.journal.record("money_moved", checkout=payment.receipt, receipt=payment.receipt, amount=payment.amount)

    def _refuse(self, payment: Payment) -> None:
        state = self._state
        if payment.reject_code is not None or payment.validation != "not asked":
            state.ledger.decline(replace(payment.as_movement(), org=state.config.shortcode))
        if payment.msisdn:
            words = sms.refused(payment.amount, state.config.shop_name, payment.refused or "")
            state.phones.get(payment.msisdn).messages.append(Message(state.clock.now(), words))
        state.journal.record("payment_refused", checkout=payment.receipt, code=payment.reject_code)

    # -- endpoints

    async def simulate(self, request: Request) -> Answer:
        """`POST /mpesa/c2b/v2/simulate`: a payment without a phone, in the sandbox only."""
        config = self._state.config
        self._tokens.check(request, C2B_TOKEN)
        if config.environment == "production":
            raise rejection("no_product", retry_after=False)
        body = read_body(request, "ShortCode")
        shortcode = own_shortcode(body, config)
        command = text(body, "CommandID")
        if command not in TRANSACTION_TYPES:
            raise invalid("CommandID")
        buy_goods = command == TRANSACTION_TYPES[1]
        if buy_goods != (shortcode in config.tills):
            raise invalid("CommandID")
        amount = matching(body, "Amount", re.compile(r"[1-9][0-9]{0,8}"))
        msisdn = matching(body, "Msisdn", MSISDN)
        account = "" if buy_goods else text(body, "BillRefNumber")
        if len(account) > ACCOUNT_LENGTH:
            raise invalid("BillRefNumber")
        answer = c2b_answer(self._state, "Accept the service request successfully.")
        work = self._paid_later(amount, msisdn, account, shortcode if buy_goods else None)
        return json_response(answer, after=lambda: self._state.background.spawn(work))

    async def _paid_later(self, amount: str, msisdn: str, account: str, till: str | None) -> None:
        await self.pay(amount=amount, msisdn=msisdn, account=account, till=till)

    # -- steering

    async def registrations(self, _: Request) -> Answer:
        """The C2B URLs that merchants have registered."""
        return json_response({"registrations": msgspec.to_builtins(self._urls.all())})

    async def list_payments(self, _: Request) -> Answer:
        """Every payment from a phone's menu, paid or refused."""
        return json_response({"payments": [payment_view(payment) for payment in self.payments]})

    async def post_payment(self, request: Request) -> Answer:
        """Pay: the arguments of `pay`, `behaviour` as JSON. Answers when the phone does."""
        wanted = object_of(request)
        unknown = set(wanted) - {"amount", "msisdn", "account", "till", "pin", "business", "reason", "behaviour"}
        if unknown:
            raise Wrong(400, f"unknown field {min(unknown)!r}")
        raw = wanted.pop("behaviour", None)
        behaviour = None if raw is None else msgspec.convert(raw, PaymentBehaviour)
        texts = {name: str(value) for name, value in wanted.items() if value is not None}
        if "amount" not in texts:
            raise Wrong(400, "amount is missing")
        payment = await self.pay(
            amount=texts["amount"],
            msisdn=texts.get("msisdn", ""),
            account=texts.get("account", ""),
            till=texts.get("till"),
            pin=texts.get("pin"),
            business=texts.get("business", ""),
            reason=texts.get("reason", ""),
            behaviour=behaviour,
        )
        return json_response(payment_view(payment))

    async def post_delivery(self, request: Request) -> Answer:
        """Send a `Delivery` about a payment once more, outside its script."""
        wanted = request.args["receipt"]
        payment = next((p for p in self.payments if p.receipt == wanted and p.paid), None)
        if payment is None:
            raise Wrong(404, f"no payment {wanted}")
        step = msgspec.convert(object_of(request), Delivery)
        self._state.background.spawn(self.line.deliver(payment, step))
        return json_response(payment_view(payment), 202)


def _kes(amount: Decimal | int | str) -> Decimal:
    try:
        kes = Decimal(amount)
    except InvalidOperation as error:
        raise ValueError(f"{amount!r} is not an amount of KES") from error
    if not kes.is_finite() or kes <= 0 or kes != kes.quantize(Decimal("0.01")):
        raise ValueError(f"{amount!r} is not an amount of KES above zero with at most two decimals")
    return kes
