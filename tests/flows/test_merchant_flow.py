"""What a hospital's IT does at the shell, beside a running relay: register the Paybill's addresses, pulls, and ask for the balance."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.house import C2B_TOKEN, House, opened


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Shell:
    """A shell on the relay's machine, with the relay's environment."""

    house: House
    environ: dict[str, str]

    async def run(self, *words: str, **changes: str) -> Ended:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "hmis_pos", "mpesa", *words),
            env=self.environ | changes,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        assert process.returncode is not None
        assert C2B_TOKEN not in (out + err).decode()
        return Ended(process.returncode, out.decode(), err.decode())


@pytest.fixture
async def shell(sqlite_url: str) -> AsyncIterator[Shell]:
    async with opened(sqlite_url) as house:
        settings = house.relay.settings
        mpesa: Any = settings.mpesa
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HMIS_", "MPESA_"))}
        yield Shell(
            house,
            kept
            | {
                "HMIS_DATABASE_URL": sqlite_url,
                "HMIS_JWT_SECRET": settings.jwt_secret,
                "HMIS_C2B_TOKEN": C2B_TOKEN,
                "PUBLIC_BASE_URL": settings.public_base_url,
                "MPESA_API_URL": mpesa.api_url,
                "MPESA_BUSINESS_SHORTCODE": mpesa.shortcode,
                "MPESA_PASSKEY": mpesa.passkey,
                "MPESA_CONSUMER_KEY": mpesa.consumer_key,
                "MPESA_CONSUMER_SECRET": mpesa.consumer_secret,
                "MPESA_INITIATOR": mpesa.initiator,
                "MPESA_INITIATOR_PASSWORD": mpesa.initiator_password,
                "MPESA_CERTIFICATE": mpesa.certificate,
                "MPESA_PULL": "on",
                "MPESA_PULL_PHONE": mpesa.pull_phone,
            },
        )


async def test_the_addresses_are_shown_masked_and_registered_once(shell: Shell):
    dry = await shell.run("register-urls", "--dry-run")
    assert (dry.code, dry.err) == (0, "")
    assert f"{shell.environ['PUBLIC_BASE_URL']}/cb/{C2B_TOKEN[:6]}…/check" in dry.out
    assert "dry run" in dry.out
    done = await shell.run("register-urls", "--response-type", "Cancelled")
    assert (done.code, done.err) == (0, "")
    assert "registered" in done.out
    assert "cancelled" in done.out
    await shell.house.pay(4850, "INV-20931", "254722000111")
    assert (await shell.house.invoice("INV-20931"))["status"] == "paid"


async def test_what_daraja_refuses_is_refused_before_it_is_asked(shell: Shell):
    none = await shell.run("register-urls", HMIS_C2B_TOKEN="")
    assert (none.code, none.err.count("\n")) == (2, 1)
    assert "HMIS_C2B_TOKEN" in none.err
    word = await shell.run("register-urls", PUBLIC_BASE_URL="https://hospital.example/myexecutive")
    assert (word.code, word.err.count("\n")) == (2, 1)
    assert "exe" in word.err
    wrong = await shell.run("register-urls", "--response-type", "Maybe")
    assert wrong.code == 2


async def test_pulls_are_registered_and_registered_again(shell: Shell):
    for _ in range(2):
        done = await shell.run("register-pull")
        assert (done.code, done.err) == (0, "")
        assert "registered for pulls" in done.out
    missing = await shell.run("register-pull", MPESA_PULL_PHONE="")
    assert (missing.code, missing.err.count("\n")) == (2, 1)
    assert "MPESA_PULL_PHONE" in missing.err


async def test_the_balance_is_heard_by_the_relay_and_shown(shell: Shell):
    async with asyncio.timeout(60):
        running = asyncio.ensure_future(shell.run("balance"))  # noqa: TID251 - the test plays the second person
        while not running.done():
            await shell.house.settle()
            await asyncio.sleep(0.05)
    shown = running.result()
    assert (shown.code, shown.err) == (0, "")
    assert "KES" in shown.out
    assert "Utility" in shown.out


async def test_a_balance_that_nobody_hears_of_is_told_so(shell: Shell):
    shown = await shell.run("balance", "--wait", "0.1")
    assert shown.code == 1
    assert "no answer within" in shown.err
