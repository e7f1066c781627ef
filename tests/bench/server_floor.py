"""What the server's figures stand beside: handlers that do nothing, or store one row durably.

They listen through the product's own process and socket, so that what is compared is the work, not the way
it listens. Run with `python -m tests.bench.server_floor FOLDER`; the first line printed is the address.
"""

import asyncio
import sqlite3
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Response, get, post

from agent_tui.server.http.process import ServerProcess, listen

AnyRequest = Request[Any, Any, Any]
_JSON = "application/json"


@get("/nothing")
async def nothing(request: AnyRequest) -> Response[bytes]:
    """The least an answer costs."""
    return Response(b"{}", media_type=_JSON)


@post("/nothing", status_code=200)
async def nothing_with_body(request: AnyRequest) -> Response[bytes]:
    """The least an answer to a body costs."""
    await request.body()
    return Response(b"{}", media_type=_JSON)


class DurableRows:
    """One row a call in a SQLite file, on the disk when the call returns; one thread, plain `sqlite3`."""

    def __init__(self, file: Path) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._conn = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._conn.execute("PRAGMA journal_mode=WAL")
        self._conn.execute("PRAGMA synchronous=FULL")
        self._conn.execute("CREATE TABLE rows (id TEXT PRIMARY KEY, body BLOB NOT NULL)")

    async def add(self, body: bytes) -> None:
        """Store `body`."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._add, body)

    def _add(self, body: bytes) -> None:
        self._conn.execute("INSERT INTO rows VALUES (?, ?)", (uuid.uuid4().hex, body))


def application(rows: DurableRows) -> Litestar:
    """The handlers as an application."""

    @post("/row", status_code=200)
    async def one_row(request: AnyRequest) -> Response[bytes]:
        await rows.add(await request.body())
        return Response(b"{}", media_type=_JSON)

    handlers = [nothing, nothing_with_body, one_row]
    return Litestar(handlers, openapi_config=None, logging_config=None)


async def serve(folder: Path) -> None:
    """Serve until a signal ends it."""
    with listen("127.0.0.1", 0) as sock:
        host, port = sock.getsockname()[:2]

        def tell() -> None:
            sys.stdout.write(f"http://{host}:{port}\n")
            sys.stdout.flush()

        await ServerProcess(application(DurableRows(folder / "floor.db")), tell).serve([sock])


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
