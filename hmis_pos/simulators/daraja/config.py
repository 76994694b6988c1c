"""The settings of a simulated Safaricom: who the merchant is, its limits, and what the reference leaves open.

Where sources conflict (marked [?] in the reference) there is a switch, so that both readings can be tested.
"""

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from hmis_pos.simulators.daraja.behaviour import Behaviour, Script
from hmis_pos.simulators.daraja.confirmations import MsisdnStyle, PaymentBehaviour

# Public sandbox data of the developer portal.
SANDBOX_SHORTCODE = "174379"
SANDBOX_PASSKEY = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"

Seconds = Annotated[float, msgspec.Meta(ge=0)]
# What may go wrong with an initiator command, see `commands.script.TROUBLES`.
Trouble = Literal[
    "lost_result",
    "late_result",
    "duplicate_result",
    "result_first",
    "timeout_then_result",
    "timeout_paid",
    "timeout_unpaid",
    "hang_accepted",
    "hang_refused",
    "reset_accepted",
    "reset_refused",
    "error_accepted",
    "error_refused",
    "error_id_taken",
    "html_accepted",
    "empty_accepted",
    "unavailable",
    "throttled",
    "system_busy",
    "busy_later",
    "internal_later",
    "odd_shape",
]


class DarajaConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings; every one of them can be changed while it runs, through `PUT /sim/config`.

    Attributes:
        consumer_key: of the app; with `consumer_secret` buys a token.
        shortcode: the merchant's paybill (or head office number of its tills).
        passkey: part of the password of a push.
        shop_name: what the prompt and the SMS call the merchant.
        tills: till numbers that `CustomerBuyGoodsOnline` may pay to.
        seed: receipts and ids repeat with it; None differs at every start, as a database that lives on needs.
        default_behaviour: of every number without a script.
        behaviours: scripts per number.
        phone_balance: KES on a new phone.
        phone_pin: its PIN.
        pin_attempts: wrong PINs in a row before the PIN is locked (8006).
        prompt_seconds: how long a prompt stays on the phone before 1037.
        token_seconds: life of a token.
        single_token: a new token ends the one before it (the portal says so, many SDKs seem not to notice).
        expires_in: text or a number.
        bad_token: which of the invalid-token errors is given; None is the endpoint's own by the reference.
        bad_credentials: what the 400 for a wrong key or secret carries.
        oauth_answers: what the token endpoint does, one after the other, the last for ever: `truth` or a fault.
        timestamp_max_age: how far from now, in EAT, a Timestamp may be; None does not care (an SDK sends UTC).
        min_amount: below it the push is refused.
        max_amount: above it the push is refused.
        daily_limit: KES a customer may send in one day (EAT) before result 4; None for no limit.
        long_reference: an AccountReference above 12 is refused, or surfaces as result 1025.
        callback_https: refuse http callback URLs, as production does.
        repeat_seconds: same amount to the same number inside it gives result 17; None never.
        repeat_counts: whether any earlier push counts for that, or only a paid one.
        second_push: what a push meets while the phone already rings.
        lock_seconds: how long the subscriber stays locked after a prompt has ended.
        query_per_minute: spike arrest of the status query, spaced evenly; None for no limit.
        retry_after: send Retry-After with a 429.
        query_pending: which of the three "not yet" answers a query gives.
        query_too_early_seconds: before it a query gets "Invalid CheckoutRequestID".
        query_codes: ResultCode of the query as text or as a number.
        callback_timeout: seconds we wait for the receiver.
        callback_attempts: how often a callback that was not answered with 2xx is tried (1 or "up to 3").
        callback_retry_seconds: between attempts.
        c2b_confirmation_url: where C2B confirmations go, of paid pushes (the twin) too, while no URL is registered.
        c2b_validation_url: where validations go while no URL is registered.
        c2b_validation: external validation is on (Safaricom does it by email; off by default).
        c2b_validation_seconds: how long the merchant has for its answer, in the simulator's time.
        c2b_behaviour: how C2B payments are confirmed, the shape of the twin too.
        c2b_oddities: share of payments from a phone's menu that get a random shape instead, 0 to 1.
        c2b_confirmation_attempts: how often a confirmation that was not answered with 2xx is tried.
        c2b_second_registration: what a second registration meets; None is as the environment does.
        c2b_spelling: the misspelt OriginatorCoversationID or the right spelling.
        c2b_fee: the house bears the paybill fee, as charge rows that share the receipt; or nobody is charged.
        charges_account: which account such fees are taken from.
        pull_page: rows on a page of Pull Transactions.
        pull_hours: how far back its list goes.
        pull_needs_registration: a query before the registration is refused.
        pull_delay_seconds: how long after the payment a row appears.
        pull_late: share of rows that appear later still, up to `pull_late_seconds` after the payment.
        pull_late_seconds: see `pull_late`.
        pull_status_key: ResponseStatus, or with a space in it.
        pull_reference: name of the reference in its answers.
        pull_nothing: an empty list is answered with 1001, or with an error.
        pull_msisdn: numbers without 254, or masked.
        pull_sender: the payer's name, or the word MPESA.
        pull_date: East Africa Time without zone, the same with a Z that is not true, UTC with Z, or with a space.
        qr_response: ResponseCode of Dynamic QR: 00, or an id.
        c2b_twin: before or after the STK callback.
        c2b_msisdn: masked, hashed, full (older) or empty; None is as registered: v2 masked, v1 hashed.
        environment: production refuses plain http and a second URL registration; the sandbox does neither.
        opening_utility: KES in the collecting organisation's utility account at the beginning.
        opening_working: in its working account.
        opening_charges_paid: in its charges paid account; may be negative.
        b2c_shortcode: pays out; None: the collecting shortcode does, as a one-account organisation's.
        b2c_opening_utility: KES in the utility account of a separate B2C shortcode.
        initiator_name: the API operator.
        initiator_password: its password, in clear; requests carry it encrypted with our certificate.
        initiator_key: RSA private key (PEM) that opens them; None makes a key pair for this run.
        initiator_attempts: wrong passwords in a row before the operator is locked (8006).
        initiator_roles: which commands the operator may send; others end in 21.
        products: what the shortcode is enabled for; a payout or reversal without ends in 2028.
        b2c_min_amount: below it a payout is refused; above `max_amount` too.
        b2c_limits: such a payout is refused at once, or accepted and ends in 2 or 3.
        customer_balance_limit: a payout that would lift a phone above it ends in 8; None never.
        partial_reversal: what a reversal of less than the whole does: it ends in 25, gives back that much, or gives
            back the whole all the same. The reference leaves it open.
        unknown_transaction: result code of a status query that finds nothing; the reference names none.
        utility_reserved: KES of the utility account that are there and cannot be spent.
        balance_tail: the order of the last two figures of an account; sources conflict.
        command_troubles: how likely each of `commands.script.TROUBLES` is, out of 1, for commands without a script.
    """

    consumer_key: str = "demo-key"
    consumer_secret: str = "demo-secret"  # noqa: S105  the simulator's own
    shortcode: str = SANDBOX_SHORTCODE
    passkey: str = SANDBOX_PASSKEY
    shop_name: str = "Mwangaza County Hospital"
    tills: tuple[str, ...] = ()
    seed: int | None = None

    default_behaviour: Script = Behaviour()
    behaviours: dict[str, Script] = {}
    phone_balance: Decimal = Decimal(100000)
    phone_pin: str = "1234"
    pin_attempts: int = 3
    prompt_seconds: Seconds = 60

    token_seconds: int = 3599
    single_token: bool = True
    expires_in: Literal["string", "number"] = "string"
    bad_token: Literal["404.001.03", "401.002.01", "401.001", "400.003.01"] | None = None
    bad_credentials: Literal["empty", "json"] = "empty"
    oauth_answers: tuple[Literal["truth", "hang", "reset", "error", "unavailable", "html", "empty", "spike"], ...] = (
        "truth",
    )

    timestamp_max_age: Seconds | None = 3600
    min_amount: int = 1
    max_amount: int = 250000
    daily_limit: int | None = 500000
    long_reference: Literal["refuse", "1025"] = "refuse"
    callback_https: bool = False
    repeat_seconds: Seconds | None = 120
    repeat_counts: Literal["any", "paid"] = "any"
    second_push: Literal["refuse", "result_1001", "kills_first"] = "refuse"
    lock_seconds: Seconds = 0

    query_per_minute: Annotated[float, msgspec.Meta(gt=0)] | None = 5
    retry_after: bool = True
    query_pending: Literal["500", "4999", "unknown_id"] = "500"
    query_too_early_seconds: Seconds = 0
    query_codes: Literal["string", "int"] = "string"

    callback_timeout: Seconds = 10
    callback_attempts: Annotated[int, msgspec.Meta(ge=1)] = 1
    callback_retry_seconds: Seconds = 1
    c2b_confirmation_url: str | None = None
    c2b_twin: Literal["after", "before"] = "after"
    c2b_msisdn: MsisdnStyle | None = None
    c2b_validation_url: str | None = None
    c2b_validation: bool = False
    c2b_validation_seconds: Seconds = 8
    c2b_behaviour: PaymentBehaviour = PaymentBehaviour()
    c2b_oddities: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0
    c2b_confirmation_attempts: Annotated[int, msgspec.Meta(ge=1)] = 1
    c2b_second_registration: Literal["overwrite", "refuse", "duplicate_notification"] | None = None
    c2b_spelling: Literal["misspelt", "right"] = "misspelt"
    c2b_fee: Literal["none", "business"] = "none"
    charges_account: Literal["Utility Account", "Charges Paid Account"] = "Utility Account"

    pull_page: Annotated[int, msgspec.Meta(ge=1)] = 100
    pull_hours: Annotated[float, msgspec.Meta(gt=0)] = 48
    pull_needs_registration: bool = True
    pull_delay_seconds: Seconds = 0
    pull_late: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0
    pull_late_seconds: Seconds = 3600
    pull_status_key: Literal["plain", "spaced"] = "plain"
    pull_reference: Literal["ResponseRefID", "RequestID"] = "ResponseRefID"
    pull_nothing: Literal["1001", "500"] = "1001"
    pull_msisdn: Literal["number", "masked"] = "number"
    pull_sender: Literal["name", "MPESA"] = "name"
    pull_date: Literal["eat", "eat_z", "utc_z", "spaced"] = "eat_z"
    qr_response: Literal["00", "id"] = "00"

    environment: Literal["sandbox", "production"] = "sandbox"

    opening_utility: Decimal = Decimal(0)
    opening_working: Decimal = Decimal(0)
    opening_charges_paid: Decimal = Decimal(0)
    b2c_shortcode: str | None = None
    b2c_opening_utility: Decimal = Decimal(1000000)
    initiator_name: str = "testapi"
    initiator_password: str = "Demo#2026"  # noqa: S105  the simulator's own
    initiator_key: str | None = None
    initiator_attempts: Annotated[int, msgspec.Meta(ge=1)] = 5
    initiator_roles: tuple[Literal["b2c", "reversal", "status", "balance"], ...] = (
        "b2c",
        "reversal",
        "status",
        "balance",
    )
    products: tuple[Literal["b2c", "reversal"], ...] = ("b2c", "reversal")
    b2c_min_amount: int = 10
    b2c_limits: Literal["refuse", "result"] = "refuse"
    customer_balance_limit: Decimal | None = Decimal(500000)
    partial_reversal: Literal["refuse", "honour", "whole"] = "refuse"
    unknown_transaction: str = "25"
    utility_reserved: Decimal = Decimal(0)
    balance_tail: Literal["reserved_uncleared", "uncleared_reserved"] = "reserved_uncleared"
    command_troubles: dict[Trouble, float] = {}

    @property
    def paying_shortcode(self) -> str:
        """The shortcode that B2C pays from."""
        return self.b2c_shortcode or self.shortcode
