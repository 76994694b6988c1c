"""Who may do what (threat T14): sessions, tokens of two issuers, roles."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from hmis_pos.cashier.records import Role
from hmis_pos.domain.errors import Unavailable
from hmis_pos.relay.auth import OWN, SigningKeys
from hmis_pos.relay.problems import NotSignedIn
from hmis_pos.relay.settings import HmisTokens
from tests.relay.conftest import BEGAN, PASSWORD, SECRET, Hospital

HMIS = HmisTokens(
    issuer="https://hmis.example",
    audience="pos",
    jwks_url="https://hmis.example/keys",
    role_claim="groups",
    roles={"till": Role.BILLING},
)
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def jwks() -> dict[str, Any]:
    rsa_key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(RSA_KEY.public_key()))
    ec_key = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(EC_KEY.public_key()))
    return {"keys": [rsa_key | {"kid": "r1"}, ec_key | {"kid": "e1"}]}


def own_claims(**changes: Any) -> dict[str, Any]:
    now = int(BEGAN.timestamp())
    claims = {"iss": OWN, "aud": OWN, "sub": "1", "jti": "j", "iat": now, "exp": now + 600, "role": "billing"}
    return {name: value for name, value in (claims | changes).items() if value is not None}


def hmis_claims(**changes: Any) -> dict[str, Any]:
    return own_claims(iss=HMIS.issuer, aud=HMIS.audience, sub="cashier", groups=["till"], role=None) | changes


def hs256(claims: dict[str, Any], key: str = SECRET, **headers: Any) -> str:
    return jwt.encode(claims, key, algorithm="HS256", headers=headers or None)


def by_hand(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


async def status(hospital: Hospital, token: str) -> tuple[int, str]:
    answer = await hospital.http.get(
        "/api/invoices", headers={b"Authorization": f"Bearer {token}".encode(), b"X-Terminal": b""}
    )
    if answer.status_code == 401:
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json().get("code", "")


async def test_a_good_token_of_our_own_is_believed(hospital: Hospital):
    assert await status(hospital, hs256(own_claims())) == (200, "")


@pytest.mark.parametrize(
    "token",
    [
        by_hand({"alg": "none", "typ": "JWT"}, own_claims()),
        by_hand({"alg": "None"}, own_claims()),
        by_hand({"alg": "HS256"}, own_claims()),
        by_hand({"alg": "HS256"}, own_claims(), b"\0" * 32),
        hs256(own_claims(), "another secret that is long enough too"),
        jwt.encode(own_claims(), SECRET + SECRET, algorithm="HS512"),
        jwt.encode(own_claims(), RSA_KEY, algorithm="RS256"),
        hs256(own_claims(), crit=["surprise"], surprise=1),
        hs256(own_claims(aud="somebody else")),
        hs256(own_claims(aud=None)),
        hs256(own_claims(iss="somebody else")),
        hs256(own_claims(iss=None)),
        hs256(own_claims(jti=None)),
        hs256(own_claims(sub=None)),
        hs256(own_claims(exp=None)),
        hs256(own_claims(exp="never")),
        hs256(own_claims(exp=1e30)),
        hs256(own_claims(sub="99")),
        hs256(own_claims(sub="9" * 30)),
        hs256(own_claims(sid="not a session")),
        hs256(own_claims(sid="0192f5a4-7b1c-7def-8123-456789abcdef")),
        hs256(own_claims(iat=int(BEGAN.timestamp()) + 3600)),
        hs256(own_claims(nbf=int(BEGAN.timestamp()) + 3600)),
        "nonsense",
        "a.b.c",
        "é",
    ],
)
async def test_a_token_that_is_not_quite_right_is_refused(hospital: Hospital, token: str):
    found, code = await status(hospital, token)
    assert (found, code) in {(401, "token-refused"), (401, "session-ended")}


async def test_a_token_ends_after_ten_minutes(hospital: Hospital):
    hospital.clock.forward(minutes=10, seconds=20)
    assert (await hospital.http.get("/api/invoices")).status_code == 200  # clocks may differ by half a minute
    hospital.clock.forward(seconds=20)
    answer = await hospital.http.get("/api/invoices")
    assert (answer.status_code, answer.json()["code"]) == (401, "token-expired")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "bearer  "])
async def test_without_a_token_nothing_is_told(hospital: Hospital, header: str):
    answer = await hospital.http.get("/api/invoices", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "token-missing")


async def test_every_route_but_the_open_ones_wants_a_token(hospital: Hospital):
    del hospital.http.headers["Authorization"]
    paths = hospital.app.openapi_schema.to_schema()["paths"]
    asked = 0
    for path, operations in paths.items():
        for method, operation in operations.items():
            if operation["security"] != [{"bearer": []}]:
                continue
            real = re.sub(r"\{\w+_id\}", "1", path.replace("{uid}", "0192f5a4-7b1c-7def-8123-456789abcdef"))
            answer = await hospital.http.request(method, real, content=b"{")
            assert answer.status_code == 401, (method, path)
            asked += 1
    assert asked == 37


# ---------------------------------------------------------------- tokens of the HMIS


@pytest.fixture
def hmis() -> Callable[[Hospital], None]:
    """Lets a relay believe the HMIS, whose keys come from a double of its web server."""

    def believe(hospital: Hospital) -> None:
        hospital.relay.tokens._hmis = HMIS
        transport = httpx.MockTransport(lambda _request: httpx.Response(200, json=jwks()))
        hospital.relay.tokens._keys = SigningKeys(HMIS.jwks_url, transport=transport)

    return believe


async def test_tokens_of_the_hmis_are_believed_by_its_keys(hospital: Hospital, hmis: Any):
    hmis(hospital)
    by_rsa = jwt.encode(hmis_claims(), RSA_KEY, algorithm="RS256", headers={"kid": "r1"})
    by_ec = jwt.encode(hmis_claims(sub="1", groups="admin"), EC_KEY, algorithm="ES256", headers={"kid": "e1"})
    assert await status(hospital, by_rsa) == (200, "")
    assert await status(hospital, by_ec) == (200, "")
    nobody = jwt.encode(hmis_claims(groups=["doctor"]), RSA_KEY, algorithm="RS256", headers={"kid": "r1"})
    assert await status(hospital, nobody) == (403, "role-not-allowed")


async def test_tokens_of_the_hmis_cannot_be_forged(hospital: Hospital, hmis: Any):
    hmis(hospital)
    pem = RSA_KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    header = {"alg": "HS256", "kid": "r1", "typ": "JWT"}
    unsigned = by_hand(header, hmis_claims()).rpartition(".")[0]
    signature = hmac.new(pem, unsigned.encode(), hashlib.sha256).digest()
    swapped = unsigned + "." + base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
    for token in (
        swapped,  # the public key used as an HMAC secret
        hs256(hmis_claims(), kid="r1"),  # our own secret
        jwt.encode(hmis_claims(), RSA_KEY, algorithm="RS512", headers={"kid": "r1"}),
        jwt.encode(hmis_claims(), RSA_KEY, algorithm="RS256", headers={"kid": "e1"}),
        jwt.encode(hmis_claims(), RSA_KEY, algorithm="RS256", headers={"kid": "unknown"}),
        jwt.encode(hmis_claims(), RSA_KEY, algorithm="RS256"),
        jwt.encode(hmis_claims(aud="other"), RSA_KEY, algorithm="RS256", headers={"kid": "r1"}),
        jwt.encode(own_claims(), RSA_KEY, algorithm="RS256", headers={"kid": "r1"}),  # says it is ours
    ):
        assert (await status(hospital, token))[0] == 401


async def test_unknown_keys_do_not_make_us_ask_the_hmis_each_time():
    asked = 0

    def answer(_request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        return httpx.Response(200, json=jwks())

    keys = SigningKeys("https://hmis.example/keys", transport=httpx.MockTransport(answer))
    assert (await keys.key("r1")).key_type == "RSA"
    for number in range(5):
        with pytest.raises(NotSignedIn):
            await keys.key(f"made up {number}")
    assert asked == 1


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={"keys": []}),
        httpx.Response(200, json={"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "r1"}]}),
        httpx.Response(302, headers={"Location": "http://169.254.169.254/"}),
    ],
)
async def test_without_the_hmis_keys_nothing_is_believed(answer: httpx.Response):
    keys = SigningKeys("https://hmis.example/keys", transport=httpx.MockTransport(lambda _request: answer))
    with pytest.raises(Unavailable):
        await keys.key("r1")


async def test_a_shared_secret_signs_for_the_hmis_too(open_hospital):
    shared = HmisTokens(issuer="hmis", audience="pos", role_claim="role")
    async with open_hospital(hmis_tokens=shared) as hospital:
        token = hs256(own_claims(iss="hmis", aud="pos", sub="supervisor", role="supervisor"))
        assert await status(hospital, token) == (200, "")
        assert (await status(hospital, hs256(own_claims(iss="hmis", sub="supervisor"))))[0] == 401


async def test_without_a_secret_nobody_signs_in_here(open_hospital):
    async with open_hospital(jwt_secret="", hmis_tokens=HMIS) as hospital:
        answer = await hospital.http.post("/api/auth/login", json={"username": "cashier", "password": PASSWORD})
        assert (answer.status_code, answer.json()["code"]) == (403, "sign-in-elsewhere")
        assert await status(hospital, by_hand({"alg": "HS256"}, own_claims(), b"")) == (401, "token-refused")


# ---------------------------------------------------------------- sessions


async def test_signing_in_tells_who_and_where(hospital: Hospital):
    session = await hospital.login("supervisor")
    assert (session["role"], session["expires_in"], session["token_type"]) == ("supervisor", 600, "Bearer")
    assert SECRET not in json.dumps(session)


@pytest.mark.parametrize(
    ("username", "password", "found", "code"),
    [
        ("cashier", "wrong", 401, "sign-in-refused"),
        ("nobody", PASSWORD, 401, "sign-in-refused"),
        ("nurse", PASSWORD, 403, "role-not-allowed"),
        ("' OR 1=1 --", "x", 401, "sign-in-refused"),
    ],
)
async def test_sign_in_is_refused(hospital: Hospital, username, password, found, code):
    answer = await hospital.http.post("/api/auth/login", json={"username": username, "password": password})
    assert (answer.status_code, answer.json()["code"]) == (found, code)


async def test_an_account_rests_after_wrong_passwords_even_for_the_right_one(hospital: Hospital):
    for _ in range(5):
        await hospital.http.post("/api/auth/login", json={"username": "admin", "password": "wrong"})
    answer = await hospital.http.post("/api/auth/login", json={"username": "admin", "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (401, "account-locked")
    hospital.clock.forward(minutes=16)
    await hospital.login("admin")


async def test_guessing_is_slowed_down(hospital: Hospital):
    guess = {"username": "nobody", "password": "guess"}
    for _ in range(11):
        await hospital.http.post("/api/auth/login", json=guess)
    answer = await hospital.http.post("/api/auth/login", json=guess)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json()["code"] == "too-often"
    await hospital.login("cashier")  # another account at the same address


async def test_a_refresh_token_works_once_and_its_second_use_ends_the_session(hospital: Hospital):
    first = await hospital.login()

    async def refresh(token: str) -> httpx.Response:
        return await hospital.http.post("/api/auth/refresh", json={"refresh_token": token})

    second = (await refresh(first["refresh_token"])).json()
    assert (await status(hospital, second["access_token"]))[0] == 200
    stolen = await refresh(first["refresh_token"])
    assert (stolen.status_code, stolen.json()["code"]) == (401, "session-ended")
    assert (await refresh(second["refresh_token"])).status_code == 401
    assert await status(hospital, second["access_token"]) == (401, "session-ended")


@pytest.mark.parametrize("token", ["", "x", "0192f5a4-7b1c-7def-8123-456789abcdef.x", "." * 500])
async def test_a_made_up_refresh_token_is_refused(hospital: Hospital, token: str):
    answer = await hospital.http.post("/api/auth/refresh", json={"refresh_token": token})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (401, "refresh_token")


async def test_a_user_who_left_is_out_at_once(hospital: Hospital):
    hospital.set_user("cashier", active=False)
    assert (await hospital.http.get("/api/invoices")).status_code == 401


async def test_a_role_that_was_taken_away_is_gone_at_once(hospital: Hospital):
    hospital.set_user("cashier", role="nurse")
    answer = await hospital.http.get("/api/invoices")
    assert (answer.status_code, answer.json()["code"]) == (403, "role-not-allowed")


@pytest.mark.parametrize("terminal", ["T99A", "nonsense", "T01A'--"])
async def test_a_terminal_must_be_enrolled_here(hospital: Hospital, terminal: str):
    answer = await hospital.http.get("/api/invoices", headers={"X-Terminal": terminal})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "X-Terminal")


async def test_the_terminal_named_at_sign_in_is_remembered(hospital: Hospital):
    del hospital.http.headers["X-Terminal"]
    token = (await hospital.login(terminal="T01A"))["access_token"]
    answer = await hospital.post(
        "/api/invoices/1/serve", {"counter": "Counter 1"}, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.json()["terminal"] == "T01A"
    await hospital.sign_in("elsewhere")
    answer = await hospital.http.get("/api/invoices", headers={"X-Terminal": "T01A"})
    assert answer.status_code == 422  # another facility's terminal
