"""A browser's end of a session: what is painted goes out at the browser's own pace."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from enum import IntEnum

from aiohttp import ClientConnectionError
from aiohttp.web import WebSocketResponse

# What a browser may lag behind; beyond it frames are dropped and the screen is painted anew.
LAG = 512 * 1024


class Close(IntEnum):
    """Why the host closes a socket, as the page's script reads it."""

    RESTART = 1012
    NOBODY = 4401
    FORBIDDEN = 4403
    ELSEWHERE = 4409
    OVER = 4410
    LEFT = 4411
    FULL = 4429
    STUMBLED = 4500
    NO_SERVER = 4503


class Window:
    """Sends to one socket. A slow or dead browser holds up nobody: the process behind it goes on.

    `repaint` is awaited when frames were dropped and the browser has caught up.
    """

    def __init__(self, socket: WebSocketResponse, repaint: Callable[[], Awaitable[None]]) -> None:
        self._socket = socket
        self._repaint = repaint
        self._frames: deque[bytes] = deque()
        self._waiting = 0
        self._is_stale = False
        self._wake = asyncio.Event()
        self._sender = asyncio.create_task(self._send())

    def show(self, data: bytes) -> None:
        """Send `data` soon."""
        if self._is_stale:
            return
        self._frames.append(data)
        self._waiting += len(data)
        if self._waiting > LAG:
            self._frames.clear()
            self._waiting, self._is_stale = 0, True
        self._wake.set()

    async def _send(self) -> None:
        try:
            while not self._socket.closed:
                await self._wake.wait()
                self._wake.clear()
                await self._send_waiting()
        except (ClientConnectionError, ConnectionError):
            return

    async def _send_waiting(self) -> None:
        while self._frames:
            data = b"".join(self._frames)
            self._frames.clear()
            self._waiting = 0
            await self._socket.send_bytes(data)
        if self._is_stale:
            self._is_stale = False
            await self._repaint()

    def drop(self) -> None:
        """The socket has gone."""
        self._sender.cancel()

    async def close(self, why: Close) -> None:
        """Send what is left, and say why there is no more."""
        self._sender.cancel()
        await asyncio.wait({self._sender})
        await self._socket.close(code=why)
