"""How soon the queue is there: from a snapshot of 10,000 tickets on disk, beside a minimal Textual program
and our own screen with nothing in it."""

import asyncio
import statistics
import sys
import tempfile
from pathlib import Path

from tests.bench.client import READY
from tests.bench.pty import Measured

TARGETS = {"to_minimal": 1.8, "to_empty": 1.2}
COUNT = 10_000


def fill(folder: Path, count: int) -> None:
    """Leave a snapshot of `count` tickets in `folder`, as a day's work would."""
    from agent_tui.desk import Desk
    from agent_tui.sync.store import open_store
    from tests.bench.floor import SilentFloor

    async def once() -> None:
        desk = Desk(SilentFloor(count), open_store(folder))
        loaded = asyncio.Event()
        desk.changes.subscribe(lambda change: loaded.set() if desk.tickets.is_loaded else None)
        await desk.start()
        await loaded.wait()
        await desk.stop()

    asyncio.run(once())


def _once(args: list[str], text: str) -> tuple[float, float]:
    program = Measured([sys.executable, "-m", "tests.bench.client", *args], columns=120, rows=36)
    try:
        seconds = program.wait_for(text)
        return seconds * 1000, program.cpu_ms()
    finally:
        program.close()


def run(*, quick: bool = False) -> dict[str, object]:
    """Medians in milliseconds, taken in turns so that a busy machine hurts all alike."""
    with tempfile.TemporaryDirectory() as name:
        full, empty = Path(name) / "full", Path(name) / "empty"
        fill(full, COUNT)
        fill(empty, 0)
        programs = {
            "minimal": (["minimal"], READY),
            "empty": (["disk", str(empty)], "0"),
            "full": (["disk", str(full)], "超时"),
        }
        for args, text in programs.values():
            _once(args, text)
        taken: dict[str, list[tuple[float, float]]] = {n: [] for n in programs}
        for _ in range(3 if quick else 9):
            for which, (args, text) in programs.items():
                taken[which].append(_once(args, text))
    wall = {n: round(statistics.median(t[0] for t in took), 1) for n, took in taken.items()}
    cpu = {n: round(statistics.median(t[1] for t in took), 1) for n, took in taken.items()}
    return {
        "targets": TARGETS,
        "wall_ms": wall,
        "cpu_ms": cpu,
        "to_minimal": round(wall["full"] / wall["minimal"], 2),
        "to_empty": round(wall["full"] / wall["empty"], 2),
    }
