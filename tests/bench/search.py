"""How often the palette finds what was meant and what a key costs: `python -m tests.bench.search`."""

import argparse
import gc
import json
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from agent_tui.knowledge.index import Index
from agent_tui.knowledge.search import search
from tests.bench import search_other_queries, search_queries
from tests.bench.search_titles import as_entries, made_up, own_titles

RESULTS = Path(__file__).parent / "results"
GENERATORS = {"first": search_queries.queries, "second": search_other_queries.queries}

Queries = dict[str, list[tuple[str, int]]]
Find = Callable[[str], list[int]]


def main() -> None:
    """Print the tables and keep the figures as JSON."""
    told = argparse.ArgumentParser()
    told.add_argument("--each", type=int, default=100, help="queries of each kind")
    told.add_argument("--titles", type=Path, help="a file of titles to measure as well, one a line")
    told.add_argument("--sizes", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    options = told.parse_args()
    sets = {"own": own_titles()}
    if options.titles:
        sets["given"] = [row for row in options.titles.read_text("utf-8").splitlines() if row.strip()]
    sets |= {f"made-up {size:,}": made_up(size) for size in options.sizes}
    kept = {name: measure(name, titles, options.each) for name, titles in sets.items()}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "search.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1), "utf-8")


def measure(name: str, titles: list[str], each: int) -> dict[str, object]:
    """Hit rates and times over one set of titles."""
    start = time.process_time()
    index = Index.build(as_entries(titles))
    built = time.process_time() - start
    for warm in ("tuihuoo liuceng", "退伙"):
        search(index, warm)
    gc.collect()
    gc.freeze()
    print(f"\n## {name}: {len(titles):,} titles, indexed in {built:.1f} s CPU")
    figures: dict[str, object] = {"titles": len(titles), "build_seconds": round(built, 2)}
    for generator, make in GENERATORS.items():
        made = make(titles, each)
        figures[generator] = rates(generator, made, lambda typed: found_by(index, typed))
        figures[f"{generator} time"] = timed(f"{generator}: ours", made, lambda typed: found_by(index, typed))
    made = GENERATORS["first"](titles, max(1, each // 20))
    for rival, find in rivals(titles).items():
        figures[f"{rival} time"] = timed(rival, made, find)
        figures[rival] = overall(made, find)
    gc.unfreeze()
    return figures


def found_by(index: Index, typed: str) -> list[int]:
    """The numbers of the titles our search finds, best first."""
    return [int(hit.id) - 1 for hit in search(index, typed, 5)]


def rates(name: str, made: Queries, find: Find) -> dict[str, list[float]]:
    """Top-1 and top-5 by kind, printed."""
    print(f"\n{name:24}  top-1  top-5   queries")
    figures: dict[str, list[float]] = {}
    total = [0, 0, 0]
    for kind, queries in made.items():
        if not queries:
            continue
        found = [(find(typed), number) for typed, number in queries]
        one = sum(hits[:1] == [number] for hits, number in found)
        five = sum(number in hits[:5] for hits, number in found)
        total = [total[0] + one, total[1] + five, total[2] + len(queries)]
        figures[kind] = [round(one / len(queries), 3), round(five / len(queries), 3)]
        print(f"  {kind:22}  {figures[kind][0]:.3f}  {figures[kind][1]:.3f}   {len(queries)}")
    figures["all"] = [round(total[0] / total[2], 3), round(total[1] / total[2], 3)]
    print(f"  {'all':22}  {figures['all'][0]:.3f}  {figures['all'][1]:.3f}   {total[2]}")
    return figures


def overall(made: Queries, find: Find) -> list[float]:
    """Top-1 and top-5 over all kinds."""
    found = [(find(typed), number) for queries in made.values() for typed, number in queries]
    one = sum(hits[:1] == [number] for hits, number in found) / len(found)
    five = sum(number in hits[:5] for hits, number in found) / len(found)
    print(f"  {'':22}  top-1 {one:.3f}  top-5 {five:.3f}")
    return [round(one, 3), round(five, 3)]


def timed(name: str, made: Queries, find: Find) -> dict[str, float]:
    """CPU milliseconds a query, children's included: median, 99th of 100, most."""
    spent: list[float] = []
    for queries in made.values():
        for typed, _ in queries:
            start = cpu()
            find(typed)
            spent.append((cpu() - start) * 1e3)
    spent.sort()
    told = {"p50": spent[len(spent) // 2], "p99": spent[int(len(spent) * 0.99)], "max": spent[-1]}
    print(f"  {name:22}  p50 {told['p50']:.2f} ms  p99 {told['p99']:.2f} ms  max {told['max']:.2f} ms")
    return {key: round(value, 3) for key, value in told.items()}


def cpu() -> float:
    """Seconds of CPU this process and the ones it waited for have used."""
    from os import times

    used = times()
    return time.process_time() + used.children_user + used.children_system


def rivals(titles: list[str]) -> dict[str, Find]:
    """Plain `in`, rapidfuzz's WRatio, and fzf where it is installed."""
    from rapidfuzz import fuzz, process

    lowered = [title.lower() for title in titles]

    def plain(typed: str) -> list[int]:
        return [number for number, title in enumerate(lowered) if typed.lower() in title][:5]

    def ratio(typed: str) -> list[int]:
        return [
            number for _, _, number in process.extract(typed.lower(), lowered, scorer=fuzz.WRatio, limit=5)
        ]

    found: dict[str, Find] = {"plain in": plain, "rapidfuzz WRatio": ratio}
    fzf = shutil.which("fzf")
    if fzf:
        lines = "\n".join(f"{number}\t{title}" for number, title in enumerate(titles)).encode()

        def fuzzy(typed: str) -> list[int]:
            command = [fzf, "--filter", typed, "--delimiter", "\t", "--nth", "2.."]
            done = subprocess.run(command, input=lines, capture_output=True, check=False)
            return [int(line.split(b"\t")[0]) for line in done.stdout.splitlines()[:5]]

        found["fzf"] = fuzzy
    return found


if __name__ == "__main__":
    main()
