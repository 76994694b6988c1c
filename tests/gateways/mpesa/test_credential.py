"""The SecurityCredential: real keys, real certificates, long expired ones among them."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from hmis_pos.cashier.ports_mobile_money import Feature
from hmis_pos.domain.errors import Misconfigured
from hmis_pos.gateways.mpesa import credential
from hmis_pos.gateways.mpesa.config import MpesaConfig
from hmis_pos.gateways.mpesa.gateway import MpesaGateway

PASSWORD = "Safaricom#999"


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def expired(key: Any) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "apicrypt.example")])
    began, ended = datetime(2014, 1, 1, tzinfo=UTC), datetime(2016, 1, 1, tzinfo=UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), 7, began, ended)
    return built.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


@pytest.fixture
def certificate(key: rsa.RSAPrivateKey, tmp_path: Path) -> str:
    path = tmp_path / "cert.pem"
    path.write_bytes(expired(key))
    return str(path)


def opened(key: rsa.RSAPrivateKey, text: str) -> str:
    return key.decrypt(base64.b64decode(text, validate=True), padding.PKCS1v15()).decode()


def test_an_expired_certificate_serves_for_its_key(key: Any, certificate: Any) -> None:
    made = credential.encrypt(PASSWORD, certificate)
    assert len(made) == 344
    assert opened(key, made) == PASSWORD, "nothing is appended to the password"
    assert credential.encrypt(PASSWORD, certificate) != made, "the padding is random"


@pytest.mark.parametrize("form", [PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1])
def test_a_bare_public_key_will_do(key: Any, tmp_path: Any, form: Any) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(b"from the portal\r\n" + key.public_key().public_bytes(Encoding.PEM, form))
    assert opened(key, credential.encrypt(PASSWORD, str(path))) == PASSWORD


def test_text_before_the_certificate_is_read_over(key: Any, tmp_path: Any) -> None:
    path = tmp_path / "cert.cer"
    path.write_bytes(b"Bag Attributes\n    friendlyName: apigee\n" + expired(key))
    assert opened(key, credential.encrypt(PASSWORD, str(path))) == PASSWORD


def pem_of(make: str, key: rsa.RSAPrivateKey) -> bytes:
    other = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {"ec": expired(other), "private": private, "text": b"hello", "empty": b"", "der": b"\x30\x82"}[make]


@pytest.mark.parametrize(
    ("make", "why"),
    [("ec", "no RSA key"), ("private", "private key"), ("text", "no certificate"), ("empty", "no certificate"),
     ("der", "no certificate")],
)  # fmt: skip
def test_a_file_that_is_none_is_told(config: MpesaConfig, key: Any, tmp_path: Path, make: Any, why: Any) -> None:
    path = tmp_path / "cert.pem"
    path.write_bytes(pem_of(make, key))
    (problem,) = replace(config, initiator="api", initiator_password=PASSWORD, certificate=str(path)).problems()
    assert problem.startswith("MPESA_CERTIFICATE: ")
    assert why in problem
    assert PASSWORD not in problem


def test_a_file_that_is_not_there_is_told(config: MpesaConfig) -> None:
    (problem,) = replace(config, initiator="api", initiator_password="x", certificate="/no/such.pem").problems()
    assert problem == "MPESA_CERTIFICATE: '/no/such.pem' cannot be read (No such file or directory)"


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"initiator": ""}, "MPESA_INITIATOR:"),
        ({"initiator_password": ""}, "MPESA_INITIATOR_PASSWORD: it is missing"),
        ({"initiator_password": "pass[word]"}, "MPESA_INITIATOR_PASSWORD: it holds brackets"),
        ({"initiator_password": "x" * 246}, "MPESA_INITIATOR_PASSWORD: the password is longer than the 245 bytes"),
        ({"certificate": ""}, "MPESA_CERTIFICATE: it is missing"),
        ({"security_credential": base64.b64encode(bytes(256)).decode()}, "MPESA_SECURITY_CREDENTIAL"),
        ({"b2c_shortcode": "1"}, "MPESA_B2C_SHORTCODE"),
        ({"pull_phone": "600999"}, "MPESA_PULL_PHONE"),
    ],
)
def test_each_wrong_setting_is_one_line_that_names_it(
    config: MpesaConfig, certificate: Any, change: Any, names: Any
) -> None:
    good = replace(config, initiator="api", initiator_password=PASSWORD, certificate=certificate)
    assert good.problems() == []
    (problem,) = replace(good, **change).problems()
    assert names in problem
    assert PASSWORD not in problem


def test_a_password_in_place_of_a_ready_credential_is_told(config: MpesaConfig) -> None:
    (problem,) = replace(config, initiator="api", security_credential=PASSWORD).problems()
    assert problem.startswith("MPESA_SECURITY_CREDENTIAL: it is not the encrypted form")
    assert PASSWORD not in problem


def test_what_the_settings_make_possible(config: MpesaConfig, build: Callable[..., MpesaGateway]) -> None:
    ready = base64.b64encode(bytes(256)).decode()
    assert config.features == {Feature.QR}
    assert not config.refund_rules.reversal
    assert not config.refund_rules.payout
    gateway = build(initiator="api", security_credential=f" {ready}\n", pull=True, qr=False)
    assert gateway.features == {Feature.REVERSAL, Feature.PAYOUT, Feature.STATUS, Feature.BALANCE, Feature.PULL}
    assert gateway.refund_rules.reversal
    assert gateway.refund_rules.payout
    with pytest.raises(Misconfigured, match="MPESA_INITIATOR"):
        build(security_credential=ready)


def test_no_secret_is_in_its_repr(config: MpesaConfig) -> None:
    shown = repr(replace(config, initiator_password="open sesame", security_credential="hushhush"))
    assert "open sesame" not in shown
    assert "hushhush" not in shown
