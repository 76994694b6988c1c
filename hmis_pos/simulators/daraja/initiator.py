"""The API operator: who may send commands, and the certificate its password is encrypted with."""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from hmis_pos.simulators.daraja.config import DarajaConfig
from hmis_pos.simulators.daraja.state import State

KEY_BITS = 2048
# Copies of Safaricom's certificates in circulation are long expired; only the public key is used.
_FROM, _DAYS = datetime(2014, 1, 1, tzinfo=UTC), 730


class Initiator:
    """Opens SecurityCredentials: base64( RSA PKCS#1 v1.5 ( the operator's password ) )."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._read: tuple[str | None, rsa.RSAPrivateKey] | None = None

    @cached_property
    def _made(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)

    @property
    def _key(self) -> rsa.RSAPrivateKey:
        pem = self._state.config.initiator_key
        if pem is None:
            return self._made
        if self._read is None or self._read[0] != pem:
            self._read = (pem, _read_key(pem))
        return self._read[1]

    def certificate(self) -> bytes:
        """Return the certificate (PEM) that merchants encrypt with; expired, as the real copies are."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "simulated.safaricom.invalid")])
        key = self._key
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(_FROM)
            .not_valid_after(_FROM + timedelta(days=_DAYS))
            .sign(key, hashes.SHA256())
        )
        return made.public_bytes(serialization.Encoding.PEM)

    def write_certificate(self, path: Path) -> None:
        """Write the certificate to a file, for a relay's settings."""
        path.write_bytes(self.certificate())

    def encrypt(self, password: str | None = None) -> str:
        """Return a SecurityCredential of this password (None: the right one), for tests that speak as a merchant."""
        plain = self._state.config.initiator_password if password is None else password
        sealed = self._key.public_key().encrypt(plain.encode(), padding.PKCS1v15())
        return base64.b64encode(sealed).decode()

    def opened(self, credential: str) -> str | None:
        """Return the password inside a SecurityCredential; None when our key does not open it."""
        try:
            sealed = base64.b64decode(credential, validate=True)
            return self._key.decrypt(sealed, padding.PKCS1v15()).decode()
        except (binascii.Error, ValueError):
            return None

    def knows(self, name: str, credential: str) -> bool:
        """Whether this is our operator with its password."""
        config: DarajaConfig = self._state.config
        return name == config.initiator_name and self.opened(credential) == config.initiator_password


def _read_key(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("initiator_key must be an RSA private key in PEM")
    return key
