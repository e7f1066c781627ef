"""What the whole client weighs with many tickets."""

import sys

from tests.bench.pty import Measured

TARGETS_MIB = {20_000: 120, 100_000: 240}


def weigh(count: int) -> dict[str, float]:
    """Resident memory in MiB once the queue is shown and at its highest."""
    program = Measured([sys.executable, "-m", "tests.bench.client", "ours", str(count)])
    try:
        program.wait_for("超时")
        program.settle()
        now, highest = program.memory_mib()
        return {"mib": round(now, 1), "highest_mib": round(highest, 1)}
    finally:
        program.close()


def run(*, quick: bool = False) -> dict[str, object]:
    """At 20,000 and at 100,000 tickets."""
    sizes = (20_000,) if quick else (20_000, 100_000)
    return {"targets_mib": TARGETS_MIB, "tickets": {n: weigh(n) for n in sizes}}
