"""The server process: its listening socket, uvicorn around the application, and its graceful shutdown."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import uvicorn

from agent_tui.errors import BadSettings, reason_of
from agent_tui.server.commands.outgoing import OutgoingFilter
from agent_tui.server.http.app import ServerOptions, build, furnish, open_house

GRACE = 3


class ServerProcess(uvicorn.Server):
    """A server that says when it listens, and ends its streams when it is asked to end."""

    def __init__(
        self, app: Any, on_ready: Callable[[], None], before_shutdown: Callable[[], None] = lambda: None
    ) -> None:
        config = uvicorn.Config(
            app,
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=GRACE,
            timeout_keep_alive=75,
        )
        super().__init__(config)
        self._on_ready = on_ready
        self._before_shutdown = before_shutdown

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams first: an endless answer would hold the process."""
        self._before_shutdown()
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket whose connections send small answers at once (TCP_NODELAY).

    asyncio turns Nagle's algorithm off only for sockets that name TCP as their protocol, and an accepted one
    has its listener's; `socket.create_server` names none. Raises OSError when the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.create_server((host, port), family=family, backlog=2048)
    return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, fileno=made.detach())


async def serve(options: ServerOptions, sock: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve on `sock` until a signal ends it."""
    outgoing = OutgoingFilter.load(options.outgoing)
    context = await open_house(options)
    rooms = await furnish(context, outgoing, options.pace)

    def end_streams() -> None:
        context.stopping.set()
        rooms.hub.stop()

    await ServerProcess(build(rooms), on_ready, end_streams).serve([sock])


def run(options: ServerOptions, on_ready: Callable[[str], None]) -> None:
    """Serve until a signal ends it; `on_ready` is told the address.

    Raises BadSettings for a port that is taken or a database that does not answer.
    """
    try:
        sock = listen(options.host, options.port)
    except OSError as error:
        place, why = f"{options.host}:{options.port}", reason_of(error)
        raise BadSettings("cannot-listen", at=place, detail=why) from error
    with sock:
        port = sock.getsockname()[1]
        host = f"[{options.host}]" if ":" in options.host else options.host
        asyncio.run(serve(options, sock, lambda: on_ready(f"http://{host}:{port}")))
