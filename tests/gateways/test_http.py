"""The rule of what may be sent twice, and what each broken exchange means."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
import structlog

from hmis_pos.domain.errors import OutcomeUnknown, Unavailable
from hmis_pos.gateways.http import MAX_ANSWER, Call, Effect, ProviderHttp, open_client
from tests.support.gateway_world import MakeProvider

NOTHING_SENT = [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError]
SENT = [
    httpx.ReadTimeout,
    httpx.WriteTimeout,
    httpx.ReadError,
    httpx.WriteError,
    httpx.CloseError,
    httpx.RemoteProtocolError,
    httpx.DecodingError,
]


def call(effect: Effect, url: str = "https://daraja.example/push") -> Call:
    return Call(
        name="mpesa.push",
        method="POST",
        url=url,
        effect=effect,
        headers={"Authorization": "Bearer very-secret-token"},
        body={"Password": "very-secret-password"},
        about={"payment_uid": "0192-uid"},
    )


class Provider:
    """Answers from a list, then with 200; counts."""

    def __init__(self, *script: object) -> None:
        self.script = list(script)
        self.asked = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        step = self.script.pop(0) if self.script else httpx.Response(200, json={})
        if isinstance(step, type) and issubclass(step, httpx.RequestError):
            raise step("broken", request=request)
        if isinstance(step, int):
            return httpx.Response(step, content=b"<html>")
        assert isinstance(step, httpx.Response)
        return step


@pytest.mark.parametrize("error", NOTHING_SENT)
async def test_a_money_request_that_never_left_is_unavailable_and_not_repeated(
    provider: MakeProvider, error: Any
) -> None:
    script = Provider(error)
    with pytest.raises(Unavailable) as caught:
        await provider(script).send(call(Effect.MOVES_MONEY))
    assert caught.value.code == "mpesa-unreachable"
    assert script.asked == 1


@pytest.mark.parametrize("error", SENT)
async def test_a_money_request_without_an_answer_is_unknown_and_sent_once(provider: MakeProvider, error: Any) -> None:
    script = Provider(error)
    with pytest.raises(OutcomeUnknown) as caught:
        await provider(script).send(call(Effect.MOVES_MONEY))
    assert caught.value.code == "mpesa-no-answer"
    assert script.asked == 1


@pytest.mark.parametrize("status", [200, 302, 400, 404, 429, 500, 502, 503, 504])
async def test_a_money_request_gets_any_answer_as_it_is_and_is_sent_once(provider: MakeProvider, status: Any) -> None:
    script = Provider(status)
    assert (await provider(script).send(call(Effect.MOVES_MONEY))).status == status
    assert script.asked == 1


@pytest.mark.parametrize("trouble", [*NOTHING_SENT, *SENT, 502, 503, 504])
async def test_a_reading_request_is_repeated_once(provider: MakeProvider, trouble: Any) -> None:
    script = Provider(trouble)
    assert (await provider(script).send(call(Effect.READS))).status == 200
    assert script.asked == 2


@pytest.mark.parametrize("status", [200, 400, 401, 404, 429, 500])
async def test_a_reading_request_that_was_answered_is_not_repeated(provider: MakeProvider, status: Any) -> None:
    script = Provider(status)
    assert (await provider(script).send(call(Effect.READS))).status == status
    assert script.asked == 1


@pytest.mark.parametrize("trouble", [*NOTHING_SENT, *SENT])
async def test_a_reading_request_never_leaves_an_unknown_outcome(provider: MakeProvider, trouble: Any) -> None:
    script = Provider(trouble, trouble, trouble)
    with pytest.raises(Unavailable):
        await provider(script).send(call(Effect.READS))
    assert script.asked == 2


async def test_a_long_answer_is_not_read_to_its_end(provider: MakeProvider) -> None:
    served = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal served
        while True:
            served += 1
            yield b"x" * 1024

    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=endless())

    with pytest.raises(OutcomeUnknown, match="longer than 65536 bytes"):
        await provider(handler).send(call(Effect.MOVES_MONEY))
    assert served == MAX_ANSWER // 1024 + 1


async def test_an_answer_of_exactly_the_limit_is_whole(provider: MakeProvider) -> None:
    answer = await provider(lambda _: httpx.Response(200, content=b"x" * MAX_ANSWER)).send(call(Effect.MOVES_MONEY))
    assert len(answer.body) == MAX_ANSWER


async def test_a_compressed_answer_is_not_unpacked(provider: MakeProvider) -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(b"\x1f\x8b"))

    with pytest.raises(OutcomeUnknown, match="compressed"):
        await provider(handler).send(call(Effect.MOVES_MONEY))


async def test_a_dripping_answer_ends_at_the_deadline() -> None:
    async def handler(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    short = dict.fromkeys(Effect, 0.01)
    async with ProviderHttp(open_client(httpx.MockTransport(handler)), deadlines=short) as http:
        with pytest.raises(OutcomeUnknown):
            await http.send(call(Effect.MOVES_MONEY))


async def test_redirects_are_not_followed(provider: MakeProvider) -> None:
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(302, headers={"Location": "https://elsewhere.example/"})

    assert (await provider(handler).send(call(Effect.MOVES_MONEY))).status == 302
    assert seen == ["https://daraja.example/push"]


@pytest.mark.parametrize("script", [(200,), (httpx.ReadTimeout,), (httpx.ConnectError,)])
async def test_the_log_names_the_payment_and_no_secret(provider: MakeProvider, script: Any) -> None:
    with structlog.testing.capture_logs() as lines:
        try:
            await provider(Provider(*script)).send(call(Effect.MOVES_MONEY))
        except (Unavailable, OutcomeUnknown) as error:
            lines.append({"error": repr(error)})
    assert any(line.get("payment_uid") == "0192-uid" for line in lines)
    assert "secret" not in repr(lines)


def test_a_call_hides_its_secrets_from_its_own_repr() -> None:
    assert "secret" not in repr(call(Effect.READS))


class TestOverARealSocket:
    """The same, with a server that misbehaves below HTTP."""

    async def run(self, serve: Callable[[asyncio.StreamWriter], Awaitable[None]]) -> tuple[object, int]:
        connections = 0

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal connections
            connections += 1
            await reader.readuntil(b"\r\n\r\n")
            await serve(writer)
            writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, ProviderHttp() as http:
            try:
                return await http.send(call(Effect.MOVES_MONEY, f"http://127.0.0.1:{port}/")), connections
            except (Unavailable, OutcomeUnknown) as error:
                return error, connections

    async def test_closed_without_a_word(self) -> None:
        async def nothing(_: asyncio.StreamWriter) -> None:
            return None

        outcome, connections = await self.run(nothing)
        assert isinstance(outcome, OutcomeUnknown)
        assert connections == 1

    async def test_cut_in_the_middle_of_the_body(self) -> None:
        async def half(writer: asyncio.StreamWriter) -> None:
            writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"ResponseCode":')
            await writer.drain()

        outcome, connections = await self.run(half)
        assert isinstance(outcome, OutcomeUnknown)
        assert connections == 1

    async def test_no_http_at_all(self) -> None:
        async def noise(writer: asyncio.StreamWriter) -> None:
            writer.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
            await writer.drain()

        outcome, _ = await self.run(noise)
        assert isinstance(outcome, OutcomeUnknown)

    async def test_nobody_listens(self) -> None:
        server = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        async with ProviderHttp() as http:
            with pytest.raises(Unavailable):
                await http.send(call(Effect.MOVES_MONEY, f"http://127.0.0.1:{port}/"))
