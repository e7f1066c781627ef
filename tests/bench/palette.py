"""What a key in the palette costs, from the key to its painted frame, through a real pseudo-terminal.

Run: `python -m tests.bench.palette [--entries N] [--columns N] [--rows N]`. CPU of all threads, milliseconds;
`--entries` above the built-in content adds made-up titles. Linux only, like the pseudo-terminal.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.pty import Measured

RESULTS = Path(__file__).parent / "results"
QUERIES = ("tuikuan", "yunfei", "thdz", "wuliu tz", "fapiao", "退款", "kefu", "refund", "sz", "buhuo")
_WORDS = ("退款", "运费", "发票", "物流", "签收", "优惠券", "定金", "尾款", "换货", "质量", "直播", "赠品")


def app(titles: Path) -> None:
    """The workstation with the built-in content and the made-up titles."""
    from agent_tui.desk import demo_desk
    from agent_tui.knowledge.content.sources import CombinedSources, built_in, folder
    from agent_tui.knowledge.library import Library
    from agent_tui.tui.app import AgentApp

    desk, _ = demo_desk(200)
    AgentApp(
        desk, ticking=False, library=lambda: Library(CombinedSources([built_in(), folder(titles, "team")]))
    ).run()


def made_up(count: int) -> str:
    """`count` titles of three words each."""
    rng = random.Random(7)
    return "\n".join(f"{''.join(rng.sample(_WORDS, 3))}{number}" for number in range(count))


def measure(titles: Path, columns: int, rows: int) -> dict[str, object]:
    """Type every query, then take it back, key by key."""
    command = [sys.executable, "-m", "tests.bench.palette", "--app", str(titles)]
    program = Measured(command, columns=columns, rows=rows)
    try:
        program.wait_for("待接")
        program.read(1.0, 15.0)
        program.settle()
        program.press("\x14", 0.3)
        program.settle()
        opened = program.press("\x0b", 0.2)
        program.settle()
        typed, deleted, moved = [], [], []
        for query in QUERIES:
            typed += [program.press(key).cpu_ms for key in query]
            moved += [program.press(key).cpu_ms for key in ("down", "down", "up")]
            deleted += [program.press("\x7f").cpu_ms for _ in query]
    finally:
        program.close()
    print(f"\n{columns}x{rows}: opened {opened.cpu_ms:.1f} ms")
    return {"opened": opened.cpu_ms} | {
        name: shown(name, keys) for name, keys in (("typed", typed), ("deleted", deleted), ("arrow", moved))
    }


def shown(name: str, keys: Sequence[float]) -> dict[str, float]:
    """The figures of one kind of key, printed."""
    ordered = sorted(keys)
    found = {
        "median": round(statistics.median(keys), 1),
        "p95": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
        "most": round(ordered[-1], 1),
    }
    print(f"  {name:>8}  " + "  ".join(f"{key} {value} ms" for key, value in found.items()))
    return found


def main() -> None:
    """Measure at both sizes, print and keep."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--app")
    parser.add_argument("--entries", type=int, default=0)
    wanted = parser.parse_args()
    if wanted.app:
        app(Path(wanted.app))
        return
    with tempfile.TemporaryDirectory() as made:
        titles = Path(made) / "titles.txt"
        titles.write_text(made_up(wanted.entries), "utf-8")
        kept = {f"{c}x{r}": measure(titles, c, r) for c, r in ((120, 36), (80, 24))}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"palette-{wanted.entries}.json").write_text(json.dumps(kept, indent=1), "utf-8")


if __name__ == "__main__":
    main()
