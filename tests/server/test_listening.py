"""TCP_NODELAY: a small answer leaves at once, on every connection that `serve` accepts."""

import asyncio
import socket
from typing import Any

import pytest

from agent_tui.server.http.process import ServerProcess, listen


async def answer_nothing(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})


async def accepted_options(host: str) -> list[int]:
    """TCP_NODELAY of the connections that a server process has accepted."""
    ready = asyncio.Event()
    server = ServerProcess(answer_nothing, ready.set)
    with listen(host, 0) as sock:
        serving = asyncio.create_task(server._serve([sock]))
        await ready.wait()
        reader, writer = await asyncio.open_connection(*sock.getsockname()[:2])
        writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        await reader.readline()
        found = [
            connection.transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            for connection in server.server_state.connections
        ]
        writer.close()
        await writer.wait_closed()
        server.should_exit = True
        await serving
    return found


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_an_accepted_connection_has_nagles_algorithm_off(host: str) -> None:
    if ":" in host and not socket.has_dualstack_ipv6():
        pytest.skip("no IPv6 here")
    found = asyncio.run(accepted_options(host))
    assert found
    assert all(found)
