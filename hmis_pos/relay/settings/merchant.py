"""The hospital's M-Pesa merchant, as the environment tells of it."""

from __future__ import annotations

from datetime import timedelta

from hmis_pos.gateways.mpesa.config import MpesaConfig, TransactionType
from hmis_pos.relay.settings.addresses import is_live
from hmis_pos.relay.settings.reader import Reader

_SANDBOX_SHORTCODE = "174379"
_SANDBOX_PASSKEY = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"  # public, Daraja section 13


def read_merchant(read: Reader) -> MpesaConfig | None:
    methods = {part.strip().lower() for part in (read.text("HMIS_METHODS") or "cash,mpesa").split(",")}
    unknown = methods - {"cash", "mpesa", ""}
    if unknown:
        read.wrong("HMIS_METHODS", f"{', '.join(sorted(unknown))} is not known here; known are cash and mpesa")
    if "mpesa" not in methods:
        return None
    missing = [name for name in ("MPESA_API_URL", "MPESA_BUSINESS_SHORTCODE", "MPESA_PASSKEY") if not read.text(name)]
    for name in missing:
        read.wrong(name, 'it is missing (a hospital without M-Pesa sets HMIS_METHODS to "cash")')
    kind = TransactionType.PAYBILL
    said = read.text("MPESA_TRANSACTION_TYPE")
    if said:
        try:
            kind = TransactionType(said)
        except ValueError:
            read.wrong("MPESA_TRANSACTION_TYPE", f"{said!r} is neither {' nor '.join(TransactionType)}")
    config = MpesaConfig(
        api_url=read.text("MPESA_API_URL"),
        shortcode=read.text("MPESA_BUSINESS_SHORTCODE"),
        passkey=read.text("MPESA_PASSKEY"),
        consumer_key=read.text("MPESA_CONSUMER_KEY"),
        consumer_secret=read.text("MPESA_CONSUMER_SECRET"),
        access_token=read.text("MPESA_ACCESS_TOKEN"),
        transaction_type=kind,
        party_b=read.text("MPESA_PARTY_B"),
        minimum=read.number("MPESA_MINIMUM", 1),
        maximum=read.number("MPESA_MAXIMUM", 250_000),
        initiator=read.text("MPESA_INITIATOR"),
        initiator_password=read.text("MPESA_INITIATOR_PASSWORD"),
        certificate=read.text("MPESA_CERTIFICATE"),
        security_credential=read.text("MPESA_SECURITY_CREDENTIAL"),
        b2c_shortcode=read.text("MPESA_B2C_SHORTCODE"),
        reversal_within=timedelta(hours=read.number("HMIS_REVERSAL_HOURS", 24, most=24 * 90)),
        pull=read.one_of("MPESA_PULL", "off", "on") == "on",
        pull_phone=read.text("MPESA_PULL_PHONE"),
        qr_name=read.text("HMIS_HOSPITAL"),
    )
    told = tuple(f"{name}:" for name in missing)
    read.problems.extend(line for line in config.problems() if not line.startswith(told))
    _check_environment(read, config)
    return config


def _check_environment(read: Reader, config: MpesaConfig) -> None:
    """Sandbox and live never mix (threat T4): the sandbox's public merchant at the live address is a mistake."""
    if not is_live(config):
        return
    if config.shortcode == _SANDBOX_SHORTCODE:
        read.wrong("MPESA_BUSINESS_SHORTCODE", "this is the sandbox's shortcode, and MPESA_API_URL is the live system")
    if config.passkey == _SANDBOX_PASSKEY:
        read.wrong("MPESA_PASSKEY", "this is the sandbox's passkey, and MPESA_API_URL is the live system")
