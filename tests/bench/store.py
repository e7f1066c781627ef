"""What the desk's memory costs: one change, a snapshot read, a filter, and the whole client's size.

Run with `python -m tests.bench.store`; writes results/store.json and results/store.md. Every figure is taken
in a process of its own, CPU time unless it says otherwise; sizes are beside a Textual app that shows nothing.
"""

import asyncio
import gc
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import msgspec
from msgspec.structs import replace

from agent_tui.domain.models import (
    Author,
    Category,
    Class,
    CustomerRef,
    Floor,
    LastMessage,
    MessageKind,
    Mood,
    Person,
    Priority,
    Promise,
    PromiseKind,
    Role,
    Seat,
    Status,
    Ticket,
    Tier,
    Urgency,
    UrgencyPart,
)
from agent_tui.domain.policy import Policy
from agent_tui.domain.views import View
from agent_tui.sync.changes import Changes
from agent_tui.sync.command_queue import CommandQueue
from agent_tui.sync.replica import TicketReplica
from agent_tui.sync.rows import row_of
from agent_tui.sync.snapshot import ReplicaState, read_snapshot, write_snapshot

RESULTS = Path(__file__).parent / "results"
NOW = 1_700_000_000.0
SIZES = (1_000, 20_000, 100_000)
WORDS = "退货你们收到三天了到底退不退快递怎么还没动优惠券用不了满减没用上发票抬头写错了人呢在吗扣了两次钱"
NAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "敏伟静丽华强磊洋艳勇杰娟涛明秀英霞佳怡子涵"


def ticket_of(dice: random.Random, number: int) -> Ticket:
    """A ticket as a server answers it: a name, an order, a line of their own words, promises, reasons."""
    at = datetime.fromtimestamp(NOW - dice.randrange(7200), UTC)
    name = dice.choice(NAMES) + "".join(dice.choices(GIVEN, k=2))
    start = dice.randrange(len(WORDS) - 20)
    customer = CustomerRef(id=f"c{number:08d}", name=name, tier=dice.choice(list(Tier)))
    mine = dice.random() < 8 / 20_000
    due = at + timedelta(seconds=dice.randrange(7500))
    last = LastMessage(
        id=f"01J{number:023d}",
        kind=MessageKind.CUSTOMER,
        author=Author(kind="customer", id=customer.id, name=name),
        at=at,
        text=WORDS[start : start + dice.randrange(4, 20)],
    )
    return Ticket(
        id=f"01H{number:023d}",
        number=10_000 + number,
        version=dice.randrange(1, 30),
        status=dice.choice((Status.NEW, Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD)),
        priority=dice.choice(list(Priority)),
        category=dice.choice(list(Category)),
        class_=dice.choice(list(Class)),
        channel=dice.choice(("web", "app", "wechat", "live", "email")),
        customer=customer,
        created_at=at,
        updated_at=at,
        order=f"8842{dice.randrange(10**12):012d}",
        assignee=Person(id="me", name="林晓") if mine else None,
        promises=(
            Promise(kind=PromiseKind.FIRST_RESPONSE, due_at=due, warn_at=due - timedelta(seconds=30)),
            Promise(kind=PromiseKind.RESOLUTION, due_at=due + timedelta(hours=1)),
        ),
        urgency=Urgency(due_at=due, parts=(UrgencyPart(reason="mood-angry", seconds=-120),)),
        last_message=last,
        mood=dice.choice(list(Mood)),
        unread=dice.randrange(4),
        waiting_since=at,
    )


def tickets(count: int) -> Iterator[Ticket]:
    """`count` tickets, the same every time."""
    dice = random.Random(5)
    return (ticket_of(dice, number) for number in range(count))


ME = Seat(id="me", name="林晓", role=Role.AGENT)


def full_replica(count: int) -> TicketReplica:
    """A replica that holds `count` tickets."""
    replica = TicketReplica(Policy(), lambda: NOW, CommandQueue(), Changes())
    prepared = replica.prepare((row_of(ticket) for ticket in tickets(count)), "me")
    replica.load(prepared, ME, Floor(), ())
    return replica


def cpu(work: Callable[[], object], times: int) -> list[float]:
    """CPU milliseconds of each of `times` runs."""
    taken = []
    for _ in range(times):
        start = time.process_time_ns()
        work()
        taken.append((time.process_time_ns() - start) / 1e6)
    return taken


def p99(values: list[float]) -> float:
    """The value that one in a hundred is above."""
    return sorted(values)[int(len(values) * 0.99)]


# -- one figure a process


def measure_change(count: int) -> dict[str, float]:
    """Fold one changed ticket, at a random place, into a full replica."""
    replica = full_replica(count)
    gc.collect()
    dice = random.Random(9)
    changed = [ticket_of(dice, dice.randrange(count)) for _ in range(1000)]
    fresh = iter([replace(ticket, version=100 + n) for n, ticket in enumerate(changed)])
    taken = cpu(lambda: replica.put_ticket(next(fresh)), 1000)
    return {"median_ms": median(taken), "p99_ms": p99(taken)}


def measure_filter(count: int) -> dict[str, float]:
    """The first letter of a query over all, the letters after it, and a view without a query."""
    replica = full_replica(count)
    index = replica.index
    gc.collect()
    step = max(cpu(lambda: index.warm(250), count // 250))
    dice = random.Random(3)

    def first_letter() -> None:
        index.ids(View.ALL, dice.choice("退货快递优惠发票") + "0")
        index.ids(View.ALL, "退")

    return {
        "warm_step_ms": step,
        "first_letter_ms": median(cpu(first_letter, 9)) / 2,
        "next_letter_ms": median(cpu(lambda: index.ids(View.ALL, "退货"), 1)),
        "unfiltered_ms": median(cpu(lambda: index.ids(View.ALL), 9)),
        "counts_ms": median(cpu(index.counts, 99)),
    }


def measure_snapshot(count: int) -> dict[str, float]:
    """Read a snapshot from disk and put it in order, as the first frame does; write it again."""
    rows = [row_of(ticket) for ticket in tickets(count)]
    state = ReplicaState(cursor="e.1", me=ME, floor=Floor(), seats=(), rows=rows)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.msgpack"
        written = median(cpu(lambda: write_snapshot(file, state), 3))
        size = file.stat().st_size / 2**20
        replica = TicketReplica(Policy(), lambda: NOW, CommandQueue(), Changes())

        def read() -> None:
            found = read_snapshot(file)
            assert found is not None
            replica.load(replica.prepare(found.rows, "me"), ME, Floor(), ())

        gc.collect()
        taken = cpu(read, 5)
    return {"read_ms": median(taken), "write_ms": written, "file_mib": size}


def measure_memory(count: int) -> dict[str, float]:
    """The whole client: Textual, the desk over HTTP, `count` tickets that came in one answer."""
    import psutil
    import textual.app
    import textual.widgets

    # Their size counts: a client always has them.
    HELD.extend((textual.app, textual.widgets))

    import resource

    process = psutil.Process()
    bare = process.memory_info().rss / 2**20
    peak = [0.0]
    if count:
        asyncio.run(_client(count, peak))
    gc.collect()
    return {
        "mib": process.memory_info().rss / 2**20,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "textual_imported_mib": bare,
        "slowest_beat_ms": peak[0],
    }


async def _client(count: int, slowest: list[float]) -> None:
    from agent_tui.desk import Desk

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "snapshot.json"
        command = [sys.executable, "-m", "tests.bench.store", "snapshot-file", str(count), str(file)]
        await asyncio.to_thread(subprocess.run, command, check=True)
        server = await asyncio.start_server(lambda r, w: _serve(r, w, file), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        from agent_tui.backends.http import HttpBackend

        desk = Desk(HttpBackend(f"http://127.0.0.1:{port}", "token"))
        await desk.start()
        beat = asyncio.create_task(_beat(slowest))
        here = asyncio.Event()
        end = desk.changes.subscribe(lambda _: here.set() if desk.tickets.is_loaded else None)
        await here.wait()
        end()
        beat.cancel()
        assert desk.queue.counts()[View.ALL] == count
        desk.queue.ids(View.ALL, "退")
        HELD.append(desk)
        await desk.stop()
        server.close()


HELD: list[object] = []


async def _beat(slowest: list[float]) -> None:
    """How long a key would have waited while the snapshot came in."""
    while True:
        start = time.perf_counter()
        await asyncio.sleep(0.005)
        slowest[0] = max(slowest[0], (time.perf_counter() - start - 0.005) * 1000)


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, file: Path) -> None:
    """As much of a server as a client needs to start."""
    while True:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            break
        path = head.split(b" ", 2)[1]
        if path.startswith(b"/v1/me"):
            body = b'{"id":"me","name":"\xe6\x9e\x97\xe6\x99\x93","role":"agent","availability":"online"}'
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
        elif path.startswith(b"/v1/snapshot"):
            await _give(writer, file)
        else:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n: hello\n\n")
        await writer.drain()
    writer.close()


async def _give(writer: asyncio.StreamWriter, file: Path) -> None:
    """The file in pieces: a server in a process of its own would not add to the client's size either."""
    size = (await asyncio.to_thread(file.stat)).st_size
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size)
    data = await asyncio.to_thread(file.open, "rb")
    while piece := await asyncio.to_thread(data.read, 65536):
        writer.write(piece)
        await writer.drain()
    data.close()


def write_snapshot_file(count: int, file: Path) -> None:
    """A snapshot as the server answers it."""
    with file.open("wb") as out:
        out.write(b'{"cursor":"e.1","tickets":[')
        for n, ticket in enumerate(tickets(count)):
            out.write((b"," if n else b"") + msgspec.json.encode(ticket))
        out.write(b'],"floor":{"phase":"peak","level":1},"seats":[]}')


MEASURES: dict[str, Callable[[int], dict[str, float]]] = {
    "change": measure_change,
    "filter": measure_filter,
    "snapshot": measure_snapshot,
    "memory": measure_memory,
}


def in_process(name: str, count: int) -> dict[str, float]:
    """One figure, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.store", name, str(count)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return {key: round(value, 3) for key, value in found.items()}


def main() -> None:
    """Measure everything and write it down."""
    results: dict[str, dict[str, dict[str, float]]] = {}
    lines = ["| what | tickets | figures |", "| --- | ---: | --- |"]
    for name in MEASURES:
        sizes = (0, *SIZES) if name == "memory" else (*SIZES[:1], 10_000, *SIZES[1:])
        for count in sizes:
            found = in_process(name, count)
            results.setdefault(name, {})[str(count)] = found
            figures = ", ".join(f"{key} {value:g}" for key, value in found.items())
            lines.append(f"| {name} | {count:,} | {figures} |")
            print(lines[-1], flush=True)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "store.json").write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    (RESULTS / "store.md").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            main()
        case ["snapshot-file", count, file]:
            write_snapshot_file(int(count), Path(file))
        case [name, count]:
            print(json.dumps(MEASURES[name](int(count))))
