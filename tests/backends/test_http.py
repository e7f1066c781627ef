"""The HTTP backend keeps the contract with a real server process, and turns every bad answer into ours."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, datetime

import pytest

from agent_tui.backends.base import AuthExpired, CursorLost, Rejected, Unavailable
from agent_tui.backends.http import HttpBackend, server_address
from agent_tui.backends.http.answers import error_of, seconds_asked
from agent_tui.errors import BadSettings
from tests.backends.contract import BackendContract
from tests.backends.houses import HttpHouse
from tests.server.driver import Server


@pytest.fixture
async def house(server: Server) -> AsyncIterator[HttpHouse]:
    house = HttpHouse(server)
    yield house
    await house.leave()


class TestHttp(BackendContract):
    """The contract over `agent-tui serve`."""


async def test_the_feed_goes_on_in_pages_where_no_stream_comes_through(house: HttpHouse) -> None:
    backend = await house.line()
    cursor = (await backend.snapshot(lambda _: None)).cursor
    id = await house.receive("c-paged", "有人吗")
    backend.feed.has_stream = False
    seen = set()
    async for arrived in backend.events(cursor):
        if arrived.event is None:
            break
        seen.add(type(arrived.event).__name__)
    assert {"TicketChanged", "MessageAdded"} <= seen
    assert id


# -- bad answers, from a socket that says exactly these bytes


@asynccontextmanager
async def saying(*answers: bytes) -> AsyncIterator[str]:
    """A server that gives one answer after another, the last one again and again."""
    left = list(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(left.pop(0) if len(left) > 1 else left[0])
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.close()
        await server.wait_closed()


def http(status: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", "connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


async def asked(answer: bytes) -> HttpBackend | BaseException:
    async with saying(answer) as url:
        backend = HttpBackend(url, "secret-token")
        try:
            await backend.me()
        except (Unavailable, Rejected, AuthExpired, CursorLost) as error:
            return error
        finally:
            await backend.aclose()
    return backend


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (http("200 OK", b"<html>log in to the hotel</html>"), Unavailable),
        (http("200 OK", b'{"id": 5}'), Unavailable),
        (http("200 OK", b'{"id": "\xff\xfe"}'), Unavailable),
        (http("302 Found", b"", "location: http://evil.example/"), Unavailable),
        (http("401 Unauthorized"), AuthExpired),
        (http("403 Forbidden"), Rejected),
        (http("404 Not Found"), Rejected),
        (http("410 Gone"), CursorLost),
        (http("429 Too Many Requests", b"", "retry-after: 7"), Unavailable),
        (http("500 Oops"), Unavailable),
        (http("503 Later", b"", "retry-after: 7"), Unavailable),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{", Unavailable),
        (b"SSH-2.0-OpenSSH_9.6\r\n", Unavailable),
        (b"", Unavailable),
    ],
)
async def test_bad_answers_become_errors_of_ours(answer: bytes, kind: type[Exception]) -> None:
    error = await asked(answer)
    assert type(error) is kind
    assert "secret-token" not in f"{error!r} {error}"
    if b"retry-after" in answer:
        assert isinstance(error, Unavailable)
        assert error.retry_after == 7


@pytest.mark.parametrize(
    ("answer", "goes_on"),
    [
        (http("404 Not Found", b'{"type":"https://x/not-found","title":"t","status":404}'), False),
        (http("405 Method Not Allowed"), False),
        (http("404 Not Found", b'{"type":"https://x/unknown-ticket","title":"t","status":404}'), True),
    ],
)
async def test_a_server_without_presence_is_not_asked_again(answer: bytes, goes_on: bool) -> None:
    async with saying(answer) as url:
        backend = HttpBackend(url, "secret-token")
        with nullcontext() if not goes_on else pytest.raises(Rejected):
            await backend.capabilities.presence.look("t", "", writing=False)
        assert (backend.capabilities.presence is not None) is goes_on
        await backend.aclose()


async def test_presence_that_cannot_be_read_does_not_end_the_feed() -> None:
    frames = b": welcome\n\nevent: presence\ndata: {}\n\nevent: presence\ndata: " + (
        b'{"ticket":"t","person":{"id":"p","name":"\xe6\x9e\x97"},"at":"2026-11-11T12:00:00Z","new":1}\n\n'
    )
    async with saying(http("200 OK", frames, "content-type: text/event-stream")) as url:
        backend = HttpBackend(url, "secret-token")
        feed = backend.events("e.1")
        heard = [await anext(feed) for _ in range(4)]
        assert {(one.cursor, one.event) for one in heard} == {("", None)}
        assert [one.presence.person.name for one in heard if one.presence] == ["林"]
        with pytest.raises(Unavailable):
            await anext(feed)
        await backend.aclose()


async def test_nobody_there_is_unavailable() -> None:
    async with saying(b"") as url:
        pass
    backend = HttpBackend(url, "secret-token")
    with pytest.raises(Unavailable):
        await backend.me()
    await backend.aclose()


async def test_a_body_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent_tui.backends.http.connection.LARGEST", 1000)
    error = await asked(http("200 OK", b"x" * 5000))
    assert isinstance(error, Rejected)
    assert error.code == "too-large"


async def test_no_token_is_asked_for_without_a_word_to_the_server() -> None:
    backend = HttpBackend("http://127.0.0.1:9", "")
    with pytest.raises(AuthExpired):
        await backend.me()
    await backend.aclose()


async def test_the_token_and_what_is_searched_are_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with saying(http("200 OK", b'{"tickets": []}')) as url:
        backend = HttpBackend(url, "secret-token")
        await backend.capabilities.search.find("王小明")
        await backend.aclose()
    logged = "\n".join(f"{r.getMessage()} {r.args}" for r in caplog.records)
    assert "secret-token" not in logged
    assert "%E7%8E%8B" not in logged
    assert "secret-token" not in repr(backend)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://x",
        "file:///etc/passwd",
        "http://",
        "localhost:80",
        "http://u:p@x",
        "http://x/?q",
        "http://x:y",
    ],
)
def test_an_address_is_http_and_names_a_host(url: str) -> None:
    with pytest.raises(BadSettings):
        server_address(url)


def test_an_address_is_kept_without_its_end() -> None:
    assert server_address("https://desk.example:8443/team/") == "https://desk.example:8443/team"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("", 0.0),
        ("soon", 0.0),
        ("Sun, 22 Nov 2026 05:00:30 GMT", 30.0),
        ("99999", 300.0),
    ],
)
def test_retry_after_in_both_forms(value: str, seconds: float) -> None:
    assert seconds_asked(value, datetime(2026, 11, 22, 5, 0, 0, tzinfo=UTC)) == seconds


def test_a_problem_names_its_fields() -> None:
    body = (
        b'{"type":"https://x/bad-request","title":"t","status":400,"errors":[{"at":"a[1].b","detail":"no"}]}'
    )
    error = error_of(400, {}, body)
    assert isinstance(error, Rejected)
    assert (error.code, error.values["detail"]) == ("bad-request", "a[1].b: no")
