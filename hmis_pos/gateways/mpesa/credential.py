"""The SecurityCredential of commands that give money back or ask about it.

It is the operator's password, encrypted for Safaricom: base64(RSA, PKCS#1 v1.5 padding, Safaricom's public key). The padding
is random, so every computation differs and any of them is good; it is computed once, when the relay starts. Only the key of the
certificate is used: the copies that are in circulation expired years ago, and Safaricom's own samples use them still.
"""

from __future__ import annotations

import base64
import binascii
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

#: PKCS#1 v1.5 needs eleven bytes of the block for itself.
_PADDING = 11
#: A block of a 1024-bit key; Safaricom's are of 2048 bits, 344 letters of base64.
_SMALLEST_BLOCK = 128
_LARGEST_FILE = 64 * 1024
_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"


def encrypt(password: str, certificate: str) -> str:
    """Make the credential.

    Args:
        password: the operator's, in plain text.
        certificate: path of a PEM file, an X.509 certificate (also an expired one) or a bare public key.

    Raises:
        ValueError: the file cannot be used, or the password does not fit into a block; never holds the password.
    """
    key = read_key(certificate)
    plain = password.encode()
    if len(plain) > key.key_size // 8 - _PADDING:
        raise ValueError(f"the password is longer than the {key.key_size // 8 - _PADDING} bytes that the key encrypts")
    # Safaricom's format, not a choice of ours: OAEP is refused.
    return base64.b64encode(key.encrypt(plain, PKCS1v15())).decode()


def read_key(certificate: str) -> RSAPublicKey:
    """Read the public key of a PEM file.

    Raises:
        ValueError: one line that says what is wrong with the file.
    """
    try:
        with Path(certificate).open("rb") as file:
            pem = file.read(_LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ValueError(f"{certificate!r} cannot be read ({reason})") from error
    if b"PRIVATE KEY" in pem:
        raise ValueError(f"{certificate!r} holds a private key; Safaricom's certificate has none")
    try:
        key = x509.load_pem_x509_certificate(pem).public_key() if _CERTIFICATE in pem else load_pem_public_key(pem)
    except Exception as error:
        # The parser has errors of several kinds for a broken file, of which not all are ValueErrors.
        raise ValueError(
            f"{certificate!r} is no certificate in PEM form (it begins with -----BEGIN CERTIFICATE-----)"
        ) from error
    if not isinstance(key, RSAPublicKey):
        raise ValueError(f"{certificate!r} holds no RSA key, so it is not Safaricom's certificate")  # noqa: TRY004 - a file
    return key


def is_ready_made(text: str) -> bool:
    """Whether it can be a credential: base64 of an RSA block."""
    try:
        return len(base64.b64decode(text, validate=True)) >= _SMALLEST_BLOCK
    except (binascii.Error, ValueError):
        return False
