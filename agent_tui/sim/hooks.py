"""Where the server's webhooks arrive: a bare ASGI function on uvicorn, one path a channel."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping, Sequence
from typing import Any

import msgspec
import uvicorn
from msgspec import Struct
from standardwebhooks import Webhook, WebhookVerificationError

from agent_tui.errors import reason_of
from agent_tui.sim.settings import ChannelKey, SimError, parse_listen

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_PREFIX = "/hooks/"
_MOST_BYTES = 2 * 1024 * 1024


class _Customer(Struct):
    id: str


class _Part(Struct):
    type: str
    text: str = ""


class _Reply(Struct):
    id: str
    customer: _Customer
    parts: tuple[_Part, ...] = ()


class _Hook(Struct):
    type: str
    data: msgspec.Raw


class Hooks:
    """The ASGI application at `/hooks/{channel}`: verifies, forgets repeats, hands replies on.

    `on_reply(channel, customer, text)` gets every reply once; `on_bad(channel)` a wrong signature.
    """

    def __init__(
        self,
        channels: Sequence[ChannelKey],
        on_reply: Callable[[str, str, str], None],
        on_bad: Callable[[str], None],
    ) -> None:
        self._keys = {channel.name: Webhook(channel.secret) for channel in channels}
        self._on_reply = on_reply
        self._on_bad = on_bad
        self._seen: set[tuple[str, str]] = set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["type"] != "http":
            return
        await _answer(send, await self._status(scope, receive))

    async def _status(self, scope: Message, receive: Receive) -> int:
        path: str = scope["path"]
        channel = path.removeprefix(_PREFIX)
        if not path.startswith(_PREFIX) or channel not in self._keys:
            return 404
        if scope["method"] != "POST":
            return 405
        body = await _body(receive)
        if body is None:
            return 413
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        return self._take(channel, headers, body)

    def _take(self, channel: str, headers: dict[str, str], body: bytes) -> int:
        try:
            self._keys[channel].verify(body, headers, json_parse=False)
        except (WebhookVerificationError, ValueError):
            self._on_bad(channel)
            return 401
        key = (channel, headers["webhook-id"])
        if key in self._seen:
            return 204
        try:
            reply = _read(body)
        except msgspec.DecodeError:
            return 400
        self._seen.add(key)
        if reply is not None:
            self._on_reply(channel, reply.customer.id, _text(reply))
        return 204


def _read(body: bytes) -> _Reply | None:
    """The reply a webhook carries; None for another type, such as `message.recalled`."""
    hook = msgspec.json.decode(body, type=_Hook)
    return msgspec.json.decode(hook.data, type=_Reply) if hook.type == "message.created" else None


def _text(reply: _Reply) -> str:
    return "\n".join(part.text for part in reply.parts if part.type == "text")


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None when it is longer than any webhook of ours."""
    chunks = bytearray()
    while True:
        message = await receive()
        chunks += message.get("body", b"")
        if len(chunks) > _MOST_BYTES:
            return None
        if message["type"] != "http.request" or not message.get("more_body", False):
            return bytes(chunks)


async def _answer(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


class _Quiet(uvicorn.Server):
    """A uvicorn that leaves the signals to whoever runs the day, and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def listening(app: Application, listen: str) -> AsyncIterator[tuple[str, int]]:
    """Serve `app` at `listen` (`HOST:PORT`) while the block runs; raises `SimError` for a taken port."""
    server = _Quiet(
        uvicorn.Config(
            app, lifespan="off", log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=1
        )
    )
    bound = _bind(listen)
    task = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        await server.ready.wait()
        host, port = bound.getsockname()[:2]
        yield host, port
    finally:
        server.should_exit = True
        await task
        bound.close()


def _bind(listen: str) -> socket.socket:
    host, port = parse_listen(listen)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise SimError("port-taken", listen=listen, reason=reason_of(error)) from error
    return bound
