"""What a key in the queue costs, from the key to the painted frame, beside Textual's DataTable and the
plainest list of its line API."""

import os
import signal
import statistics
import sys

from tests.bench.pty import Measured

TARGETS = {"move": 3.5, "page": 12.0, "update": 3.5}


def measure(which: str, count: int, repeats: int) -> dict[str, float]:
    """Median CPU milliseconds of a cursor move, a page and a row's update."""
    program = Measured([sys.executable, "-m", "tests.bench.client", which, str(count)])
    try:
        program.wait_for("超时" if which == "ours" else "0:38")
        program.settle()
        found = {
            "move": _median(program, ("down", "down", "up", "up"), repeats),
            "scroll": _scrolling(program, repeats // 2),
            "page": _median(program, ("pagedown", "pageup"), repeats // 2),
        }
        if which == "ours":
            found["update"] = _updates(program, repeats // 2)
        return found
    finally:
        program.close()


def _median(program: Measured, keys: tuple[str, ...], repeats: int) -> float:
    for key in keys * 2:
        program.press(key)
    pressed = [program.press(keys[n % len(keys)]) for n in range(repeats)]
    return statistics.median(p.cpu_ms for p in pressed if p.bytes)


def _scrolling(program: Measured, repeats: int) -> float:
    program.press("G")
    program.press("g")
    for _ in range(40):
        program.press("down")
    return _median(program, ("down",), repeats)


def _updates(program: Measured, repeats: int) -> float:
    costs = []
    program.press("g")
    for _ in range(repeats):
        program.press("g")
        before = program.cpu_ms()
        os.kill(program.pid, signal.SIGUSR1)
        if program.read(0.03, 0.5):
            costs.append(program.cpu_ms() - before)
    return statistics.median(costs)


def run(*, quick: bool = False) -> dict[str, object]:
    """All figures; the ratio is that of 100,000 tickets to 1,000."""
    repeats = 40 if quick else 120
    sizes = (1_000, 20_000) if quick else (1_000, 100_000)
    ours = {n: measure("ours", n, repeats) for n in sizes}
    lines = {n: measure("lines", n, repeats // 2) for n in sizes[:1]}
    table = {n: measure("table", n, repeats // 4) for n in (sizes[:1] if quick else sizes)}
    small, large = ours[sizes[0]], ours[sizes[1]]
    ratio = {key: round(large[key] / small[key], 2) for key in small}
    return {
        "targets_ms": TARGETS,
        "ours_cpu_ms": ours,
        "line_list_cpu_ms": lines,
        "datatable_cpu_ms": table,
        "large_to_small": ratio,
    }
