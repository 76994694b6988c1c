"""A missing or wrong setting is one clear line, and all of them are named at once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hmis_pos.cashier.context import PaybillRefusal
from hmis_pos.cashier.ports_mobile_money import Feature
from hmis_pos.cashier.records import Role
from hmis_pos.domain.money import Money
from hmis_pos.relay.settings import SAFARICOM, BadSettings, Foreign, default_database_url, load
from hmis_pos.relay.settings.fees import FeeOf
from hmis_pos.relay.settings.paybill import find_token

GOOD = {
    "HMIS_DATABASE_URL": "sqlite:////tmp/central.sqlite3",
    "HMIS_JWT_SECRET": "0123456789abcdef0123456789abcdef",
    "MPESA_API_URL": "https://sandbox.safaricom.co.ke",
    "MPESA_BUSINESS_SHORTCODE": "174379",
    "MPESA_PASSKEY": "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
    "MPESA_CONSUMER_KEY": "consumer-key-canary",
    "MPESA_CONSUMER_SECRET": "consumer-secret-canary",
    "PUBLIC_BASE_URL": "https://pay.hospital.example",
}
LIVE = GOOD | {
    "MPESA_API_URL": "https://api.safaricom.co.ke/mpesa/stkpush/v1/processrequest",
    "MPESA_BUSINESS_SHORTCODE": "600123",
    "MPESA_PASSKEY": "a live passkey canary",
}


def problems(environ: dict[str, str]) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        load(environ)
    return caught.value.problems


def test_good_settings_are_read():
    settings = load(
        GOOD | {"HMIS_CHASE_PLAN": "10, 30", "CORS_ORIGINS": "https://hmis.example, http://localhost:3000/"}
    )
    assert settings.mpesa is not None
    assert settings.mpesa.base_url == "https://sandbox.safaricom.co.ke"
    assert settings.chase_plan == (timedelta(seconds=10), timedelta(seconds=30))
    assert settings.cors_origins == ("https://hmis.example", "http://localhost:3000")
    assert settings.callback_allow == ()
    assert settings.log_level == "info"


def test_what_a_hospital_wants_of_its_paybill():
    settings = load(
        GOOD
        | {
            "HMIS_C2B_TOKEN": f"{'c2' * 32}, {'AB' * 16}@2026-12-31, {'cd' * 32}",
            "HMIS_C2B_REJECT": "unknown-account, closed-invoice",
            "HMIS_CONFIRM_ABOVE": "50000",
            "HMIS_CALLBACK_FOREIGN": "drop",
            "HMIS_PULL_EVERY": "900",
            "HMIS_REVERSAL_HOURS": "48",
            "MPESA_PULL": "on",
            "MPESA_PULL_PHONE": "0722000000",
        }
    )
    assert [token.last_day for token in settings.c2b_tokens] == [None, date(2026, 12, 31), None]
    assert settings.refuse_paybill == {PaybillRefusal.UNKNOWN_ACCOUNT, PaybillRefusal.CLOSED_INVOICE}
    assert settings.confirm_above == Money.whole(50_000)
    assert settings.callback_foreign is Foreign.DROP
    assert settings.pull_every == timedelta(minutes=15)
    assert settings.mpesa is not None
    assert settings.mpesa.features == {Feature.PULL, Feature.QR}
    assert settings.mpesa.reversal_within == timedelta(hours=48)
    assert load(GOOD | {"HMIS_C2B_REJECT": "none"}) == load(GOOD)


def test_a_token_ends_with_its_last_day_in_nairobi():
    current, old = load(GOOD | {"HMIS_C2B_TOKEN": f"{'c2' * 32},{'ab' * 32}@2026-12-31"}).c2b_tokens
    new_year = datetime(2026, 12, 31, 21, 0, tzinfo=UTC)  # midnight in Nairobi
    assert old.is_good(new_year - timedelta(seconds=1))
    assert not old.is_good(new_year)
    assert current.is_good(new_year)
    assert find_token((current, old), "ab" * 32) is old
    assert find_token((current, old), "ab" * 31 + "aa") is None
    assert "abab" not in repr(old)
    assert old.shown == "ababab…"


@pytest.mark.parametrize(("payer", "fee"), [("", "0.00"), ("business", "34.00"), ("shared", None)])
def test_fees_follow_the_table_of_that_day(payer: str, fee: str | None):
    fee_of = FeeOf(load(GOOD | {"HMIS_MPESA_FEE": payer}).tariffs)
    found = fee_of("paybill", Money.whole(4850), datetime(2026, 11, 22, tzinfo=UTC))
    assert found is not None
    assert found.text == (fee or "18.00")
    assert fee_of("paybill", Money.whole(4850), datetime(1999, 1, 1, tzinfo=UTC)) is None


def test_names_of_later_work_are_ignored():
    assert load(GOOD | {"STRIPE_SECRET_KEY": "x", "PAYPAL_API_BASE": "nonsense"}) == load(GOOD)


def test_secrets_never_show():
    environ = LIVE | {
        "HMIS_C2B_TOKEN": "c2" * 32,
        "MPESA_ACCESS_TOKEN": "access-token-canary",
        "HMIS_DATABASE_URL": "postgresql://u:database-canary@h/d",
    }
    shown = repr(load(environ))
    for secret in (
        environ["HMIS_JWT_SECRET"], environ["HMIS_C2B_TOKEN"], "canary",
    ):  # fmt: skip
        assert secret not in shown


def test_an_empty_environment_names_everything_that_is_needed():
    named = {line.split(":")[0] for line in problems({})}
    assert named >= {
        "HMIS_JWT_SECRET",
        "MPESA_API_URL",
        "MPESA_BUSINESS_SHORTCODE",
        "MPESA_PASSKEY",
        "MPESA_CONSUMER_KEY",
        "MPESA_CONSUMER_SECRET",
        "PUBLIC_BASE_URL",
    }
    assert len(problems({})) == len(named)


def test_a_hospital_without_mpesa_needs_only_a_secret():
    settings = load({"HMIS_METHODS": "cash", "HMIS_JWT_SECRET": "s" * 32})
    assert settings.mpesa is None
    assert settings.database_url == default_database_url()
    assert settings.database_url.startswith("sqlite:///")


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("HMIS_JWT_SECRET", "short", "at least 32"),
        ("HMIS_DATABASE_URL", "mysql://host/db", "sqlite:///"),
        ("HMIS_DATABASE_URL", "central.db", "sqlite:///"),
        ("HMIS_JWKS_URL", "http://hmis.example/keys", "https"),
        ("HMIS_JWKS_URL", "nonsense", "is not an http"),
        ("HMIS_METHODS", "cash,bitcoin", "bitcoin"),
        ("MPESA_API_URL", "ftp://x", "http"),
        ("MPESA_API_URL", "http://sandbox.safaricom.co.ke", "clear text"),
        ("MPESA_BUSINESS_SHORTCODE", "12", "digits"),
        ("MPESA_PASSKEY", "", "missing"),
        ("MPESA_CONSUMER_SECRET", " ", "missing"),
        ("MPESA_TRANSACTION_TYPE", "PayBill", "CustomerPayBillOnline"),
        ("MPESA_MAXIMUM", "lots", "whole number"),
        ("PUBLIC_BASE_URL", "", "missing"),
        ("PUBLIC_BASE_URL", "pay.hospital.example", "address"),
        ("PUBLIC_BASE_URL", "https://mpesa.hospital.example", "mpesa"),
        ("PUBLIC_BASE_URL", "https://hospital.example/sql", "sql"),
        ("PUBLIC_BASE_URL", "https://hospital.example/myexecutive", "exe"),
        ("PUBLIC_BASE_URL", "https://jquery.hospital.example", "query"),
        ("PUBLIC_BASE_URL", "https://hospital.example:port", "URL"),
        ("CORS_ORIGINS", "*", "every web page"),
        ("CORS_ORIGINS", "https://hmis.example/path", "origin"),
        ("HMIS_CHASE_PLAN", "20,20", "grow"),
        ("HMIS_CHASE_PLAN", "soon", "seconds"),
        ("HMIS_TRUSTED_PROXIES", "the proxy", "IP address"),
        ("HMIS_CALLBACK_ALLOW", "safaricom", "IP address"),
        ("HMIS_C2B_TOKEN", "mpesa", "hex"),
        ("HMIS_C2B_TOKEN", "c2" * 32 + "," + "C2" * 32, "twice"),
        ("HMIS_C2B_TOKEN", "c2" * 32 + "@2026-12-31", "first"),
        ("HMIS_C2B_TOKEN", "c2" * 32 + "," + "ab" * 32 + "@Christmas", "last day"),
        ("HMIS_C2B_REJECT", "everything", "unknown-account"),
        ("HMIS_CALLBACK_FOREIGN", "refuse", "hint, drop"),
        ("HMIS_CONFIRM_ABOVE", "10.50", "whole number"),
        ("HMIS_PULL_EVERY", "5", "from 60"),
        ("HMIS_REVERSAL_HOURS", "-1", "whole number"),
        ("HMIS_MPESA_FEE", "patient", "customer, business, shared"),
        ("HMIS_MPESA_TARIFF", "/nowhere/tariff.toml", "cannot be read"),
        ("MPESA_INITIATOR", "apiop", "MPESA_INITIATOR_PASSWORD"),
        ("MPESA_INITIATOR_PASSWORD", "secret", "MPESA_INITIATOR: it is missing"),
        ("MPESA_B2C_SHORTCODE", "12", "digits"),
        ("MPESA_PULL", "yes", "off, on"),
        ("MPESA_PULL_PHONE", "12", "nominated"),
        ("HMIS_LOG", "loud", "debug"),
        ("HMIS_JWT_ISSUER", "hmis", "HMIS_JWT_AUDIENCE"),
        ("HMIS_TABLE_MAP", "/nowhere/map.json", "read"),
    ],
)
def test_each_wrong_value_is_one_line_that_names_it(name, value, word):
    found = problems(GOOD | {name: value})
    (line,) = [line for line in found if word in line]
    assert len(found) == {"HMIS_JWKS_URL": 3, "MPESA_INITIATOR": 2}.get(name, 1)
    assert "\n" not in line
    assert GOOD["MPESA_PASSKEY"] not in line
    if name not in {"HMIS_JWT_ISSUER", "MPESA_INITIATOR", "MPESA_INITIATOR_PASSWORD"}:
        assert line.startswith(name)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"MPESA_BUSINESS_SHORTCODE": "174379"}, "MPESA_BUSINESS_SHORTCODE"),
        ({"MPESA_PASSKEY": GOOD["MPESA_PASSKEY"]}, "MPESA_PASSKEY"),
        ({"PUBLIC_BASE_URL": "http://pay.hospital.example"}, "PUBLIC_BASE_URL"),
        ({"PUBLIC_BASE_URL": "https://192.168.1.10"}, "PUBLIC_BASE_URL"),
        ({"PUBLIC_BASE_URL": "https://localhost"}, "PUBLIC_BASE_URL"),
        ({"PUBLIC_BASE_URL": "https://a1b2.ngrok.app"}, "PUBLIC_BASE_URL"),
        ({"PUBLIC_BASE_URL": "https://196.201.214.9"}, "PUBLIC_BASE_URL"),
        ({"PUBLIC_BASE_URL": "https://pos"}, "PUBLIC_BASE_URL"),
    ],
)
def test_sandbox_and_live_never_mix(change, named):
    (line,) = problems(LIVE | change)
    assert line.startswith(named)


def test_the_live_system_knows_safaricoms_addresses():
    allowed = load(LIVE).callback_allow
    assert len(allowed) == len(SAFARICOM.split(","))
    assert load(LIVE | {"HMIS_CALLBACK_ALLOW": "any"}).callback_allow == ()


def test_tokens_of_the_hmis():
    settings = load(
        GOOD
        | {
            "HMIS_JWKS_URL": "https://hmis.example/keys",
            "HMIS_JWT_ISSUER": "hmis",
            "HMIS_JWT_AUDIENCE": "pos",
            "HMIS_JWT_ROLES": "cashier=billing, boss=admin",
        }
    )
    assert settings.hmis_tokens is not None
    assert settings.hmis_tokens.roles == {"cashier": Role.BILLING, "boss": Role.ADMIN}
    (line,) = problems(GOOD | {"HMIS_JWT_ISSUER": "h", "HMIS_JWT_AUDIENCE": "p", "HMIS_JWT_ROLES": "cashier=king"})
    assert line.startswith("HMIS_JWT_ROLES")
