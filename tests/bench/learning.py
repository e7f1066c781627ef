"""How fast the server answers while it trains: `python -m tests.bench learning [--quick]`.

The same requests at the same pace, first beside nothing, then beside the training on usages that stand in its
database; the training's own process is the product's.
"""

import sqlite3
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from agent_tui.knowledge.recommend.usage_log import Usage
from tests.bench.dialogues import Shop
from tests.server.driver import Person, Server, text, ulid

_PACE, _RESTING = 0.02, 400
_LONGEST = 400.0


def run(*, quick: bool) -> dict[str, Any]:
    """Milliseconds of `/v1/me` and of a reply, at rest and while training."""
    count = 3_000 if quick else 50_000
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data", None, "--learn-after", "1", "--rate", "1000000").start()
        try:
            return _measured(server, count)
        finally:
            server.end()


def _measured(server: Server, count: int) -> dict[str, Any]:
    person, channel = server.person(), server.channel()
    ticket = channel.say("c1", "在吗")["ticket"]
    resting = [_once(person, ticket) for _ in range(_RESTING)]
    _fill(server.data, count)
    began, training = time.monotonic(), []
    while person.http.get("/v1/model").status_code == 404 and time.monotonic() - began < _LONGEST:
        training += [_once(person, ticket) for _ in range(20)]
    seconds = time.monotonic() - began
    return {
        "usages": count,
        "training, s": round(seconds, 1),
        "at rest": _figures(resting),
        "while training": _figures(training),
    }


def _once(person: Person, ticket: str) -> tuple[float, float]:
    """Milliseconds of one read and of one command."""
    before = time.perf_counter()
    person.get("/v1/me")
    between = time.perf_counter()
    person.applied("add-note", ticket=ticket, parts=text("好"))
    after = time.perf_counter()
    time.sleep(_PACE)  # noqa: TID251
    return (between - before) * 1e3, (after - between) * 1e3


def _figures(timed: list[tuple[float, float]]) -> dict[str, float]:
    found = {"n": float(len(timed))}
    for name, values in zip(("/v1/me", "command"), np.array(timed).T, strict=True):
        for part in (50, 99):
            found[f"{name} p{part}, ms"] = round(float(np.percentile(values, part)), 1)
    return found


def _fill(data: Path, count: int) -> None:
    """Usages of a made-up shop, as gathering leaves them."""
    shop = Shop(5, entries=624, topics=240)
    conversations, usages = shop.conversations(), list[Usage]()
    while len(usages) < count:
        usages += next(conversations)
    (file,) = data.glob("*.db")
    with sqlite3.connect(file, timeout=60) as conn:
        conn.executemany(
            "INSERT INTO usages (reply, entry, ticket, pos, kept, solved, category, at, seq, messages)"
            " VALUES (?, ?, 't', 1, 1.0, 0, 'other', 1.0, ?, ?)",
            [
                (ulid(), one.entry, place, msgspec.json.encode(one.messages))
                for place, one in enumerate(usages[:count], 1)
            ],
        )
        conn.execute("UPDATE counters SET value = ? WHERE name = 'usages'", (count,))
    conn.close()
