"""What helpers in browsers cost: `python -m tests.bench.web [--helpers 50]`, real processes at a real server.

Web socket clients stand in for browsers; customers are played by this program. CPU is in per cent of one
core, memory in MiB: `pss` shares what processes share, `uss` is what would be free without them.
"""

import argparse
import asyncio
import json
import os
import re
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.server.driver import Server, ulid
from tests.web.driver import Host, Team, Visitor, invite

RESULTS = Path(__file__).with_name("results") / "web.json"
TOGETHER = 4
EVERY = 5.0
MIB = 2**20
_STYLE = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")


class Client(Visitor):
    """A browser without eyes: it only looks whether words have come by."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.told = asyncio.Event()
        self.mark = b""
        self.customer = ulid()
        self._reading: asyncio.Task[None] | None = None

    async def begin(self, team: Team, number: int) -> None:
        """Come in, and have a customer."""
        made = await asyncio.to_thread(invite, team.lead, f"支援{number:02d}", hours=2)
        assert await self.exchange(made["code"]) == 201
        await self.open()
        self._reading = asyncio.create_task(self._read())
        await self.await_mark("支援")
        seen = asyncio.create_task(self.await_mark(f"{number:02d}号快递到哪了"))
        said = await asyncio.to_thread(team.channel.say, self.customer, f"{number:02d}号快递到哪了")
        await asyncio.to_thread(team.give, said["ticket"], made["id"])
        await seen

    async def await_mark(self, words: str) -> float:
        """Seconds until `words` are painted."""
        began = time.perf_counter()
        self.mark, self.raw = words.encode(), b""
        self.told.clear()
        async with asyncio.timeout(60):
            await self.told.wait()
        return time.perf_counter() - began

    async def _read(self) -> None:
        async for message in self.socket:
            if isinstance(message.data, bytes):
                self.raw = self.raw[-16_384:] + message.data
                if self.mark and self.mark in _STYLE.sub(b"", self.raw):
                    self.told.set()

    async def end(self) -> None:
        """Close the tab."""
        await self.leave()
        if self._reading is not None:
            await self._reading


def memory(processes: Iterable[psutil.Process]) -> dict[str, float]:
    """What processes weigh together."""
    found = [one.memory_full_info() for one in processes]
    sums = {"rss": 0, "pss": 0, "uss": 0}
    for one in found:
        sums = {name: total + getattr(one, name) for name, total in sums.items()}
    return {f"{name}_mib": round(total / MIB, 1) for name, total in sums.items()}


def _spent(processes: Iterable[psutil.Process]) -> float:
    times = [one.cpu_times() for one in processes]
    return sum(one.user + one.system for one in times)


async def cpu(groups: dict[str, list[psutil.Process]], seconds: float) -> dict[str, float]:
    """Per cent of one core for each group over `seconds`."""
    before, began = {name: _spent(one) for name, one in groups.items()}, time.perf_counter()
    await asyncio.sleep(seconds)
    passed = time.perf_counter() - began
    return {name: round((_spent(one) - before[name]) / passed * 100, 1) for name, one in groups.items()}


async def _converse(team: Team, client: Client, number: int, seconds: float, waits: list[float]) -> None:
    """The customer says something every few seconds; how long until it is painted."""
    await asyncio.sleep(EVERY * number / 50 % EVERY)
    end = time.perf_counter() + seconds
    turn = 0
    while time.perf_counter() < end:
        turn += 1
        words = f"第{turn}次问{number:02d}号"
        seen = asyncio.create_task(client.await_mark(words))
        await asyncio.to_thread(team.channel.say, client.customer, words)
        waits.append(await seen)
        await asyncio.sleep(max(0.0, EVERY - waits[-1]))


@asynccontextmanager
async def _place(folder: Path) -> AsyncIterator[Team]:
    server = await asyncio.to_thread(Server(folder / "server").start)
    host = await asyncio.to_thread(Host, server.url, folder / "host", "--most", "200")
    try:
        yield await asyncio.to_thread(Team, server, host)
    finally:
        await asyncio.to_thread(host.end)
        await asyncio.to_thread(server.end)


async def measure(helpers: int, seconds: float) -> dict[str, Any]:
    """The figures of a host with that many helpers, beside one, beside none."""
    figures: dict[str, Any] = {"helpers": helpers, "cores": os.cpu_count(), "load_before": os.getloadavg()[0]}
    with tempfile.TemporaryDirectory() as folder:
        async with _place(Path(folder)) as team, AsyncExitStack() as stack:
            host = psutil.Process(team.host.process.pid)
            figures["host_alone"] = memory([host]) | await cpu({"cpu": [host]}, seconds / 2)
            clients = [await stack.enter_async_context(Client(team.host)) for _ in range(helpers)]
            await clients[0].begin(team, 0)
            await asyncio.sleep(3)
            figures["one"] = memory(host.children()) | await cpu({"cpu": host.children()}, seconds / 2)
            figures["all_in_seconds"] = await _all_in(team, clients)
            figures |= await _at_work(team, clients, host, seconds)
            began = time.perf_counter()
            await asyncio.to_thread(team.host.end)
            figures["stop_seconds"] = round(time.perf_counter() - began, 2)
    return figures


async def _all_in(team: Team, clients: list[Client]) -> float:
    began, few = time.perf_counter(), asyncio.Semaphore(TOGETHER)

    async def begin(number: int) -> None:
        async with few:
            await clients[number].begin(team, number)

    await asyncio.gather(*(begin(n) for n in range(1, len(clients))))
    return round(time.perf_counter() - began, 1)


async def _at_work(team: Team, clients: list[Client], host: psutil.Process, seconds: float) -> dict[str, Any]:
    await asyncio.sleep(5)
    screens = host.children()
    server = team.server._process
    groups = {"screens": screens, "host": [host]}
    groups["server"] = [psutil.Process(server.pid)] if server else []
    idle = memory(screens) | {f"cpu_{k}": v for k, v in (await cpu(groups, seconds)).items()}
    waits: list[float] = []
    talks = [_converse(team, one, n, seconds + 5, waits) for n, one in enumerate(clients)]
    talking = asyncio.gather(*talks)
    await asyncio.sleep(2)
    busy = {f"cpu_{k}": v for k, v in (await cpu(groups, seconds)).items()}
    await talking
    busy |= memory(screens)
    cuts = statistics.quantiles(waits, n=20)
    busy |= {"messages": len(waits), "painted_p50_ms": round(statistics.median(waits) * 1000)}
    busy |= {"painted_p95_ms": round(cuts[18] * 1000)}
    each = {"pss_each_mib": round(busy["pss_mib"] / len(screens), 1)}
    each |= {"cpu_each_idle": round(idle["cpu_screens"] / len(screens), 2)}
    each |= {"cpu_each_busy": round(busy["cpu_screens"] / len(screens), 2)}
    return {"idle": idle, f"a_message_every_{EVERY:.0f}_s": busy, "each": each, "host_full": memory([host])}


def run(*, quick: bool = False, helpers: int = 0) -> dict[str, Any]:
    """The figures; few helpers when it has to be quick."""
    figures = asyncio.run(measure(helpers or (5 if quick else 50), 10.0 if quick else 20.0))
    if not quick:
        RESULTS.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return figures


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--helpers", type=int, default=50)
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    for name, value in run(quick=asked.quick, helpers=asked.helpers).items():
        print(f"{name:<24} {value}")


if __name__ == "__main__":
    main()
