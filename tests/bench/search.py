"""How often the palette finds what was meant and what a key costs: `python -m tests.bench.search`."""

import argparse
import gc
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from agent_tui.knowledge.content.sources import shipped_synonyms
from agent_tui.knowledge.search.index import SearchIndex
from agent_tui.knowledge.search.search import search
from agent_tui.knowledge.text.synonyms import Synonyms
from tests.bench import search_other_queries, search_queries, search_synonyms
from tests.bench.search_titles import as_entries, help_centre_titles, made_up

RESULTS = Path(__file__).parent / "results"
CHECKED_HALF = 1

Queries = dict[str, list[tuple[str, int]]]
Find = Callable[[str], list[int]]


def main() -> None:
    """Print the tables and keep the figures as JSON."""
    told = argparse.ArgumentParser()
    told.add_argument("--each", type=int, default=100, help="queries of each kind")
    told.add_argument("--titles", type=Path, help="a file of titles to measure as well, one a line")
    told.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000])
    options = told.parse_args()
    given = options.titles.read_text("utf-8").splitlines() if options.titles else []
    kept = figures(options.each, options.sizes, [row for row in given if row.strip()])
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "search.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1), "utf-8")


def run(*, quick: bool) -> dict[str, object]:
    """The figures for `python -m tests.bench`."""
    return figures(20, [10_000], []) if quick else figures(100, [10_000, 100_000], [])


def figures(each: int, sizes: list[int], given: list[str]) -> dict[str, object]:
    """Hit rates and times over the help-centre titles, titles given, and made-up sets of `sizes`."""
    sets = {"help centres": help_centre_titles()}
    if given:
        sets["given"] = given
    sets |= {f"made-up {size}": made_up(size) for size in sizes}
    return {name: measure(name, titles, each) for name, titles in sets.items()}


def measure(name: str, titles: list[str], each: int) -> dict[str, object]:
    """Hit rates and times over one set of titles; the first generator's from the half not tuned with."""
    start = time.process_time()
    index = SearchIndex.build(as_entries(titles), Synonyms(one.group for one in shipped_synonyms().groups))
    built = time.process_time() - start
    start = time.process_time()
    search(index, "退钱")
    first = (time.process_time() - start) * 1e3
    for warm in ("tuihuoo liuceng", "退伙"):
        search(index, warm)
    gc.collect()
    gc.freeze()
    print(f"\n## {name}: {len(titles):,} titles, indexed in {built:.1f} s CPU, first query {first:.1f} ms")

    def ours(typed: str) -> list[int]:
        return found_by(index, typed)

    sets = {
        "first": search_queries.queries(titles, each, half=CHECKED_HALF),
        "second": search_other_queries.queries(titles, each),
        "other words": search_synonyms.queries(titles, each),
    }
    kept: dict[str, object] = {"titles": len(titles), "build_seconds": round(built, 2)}
    kept["first_query_ms"] = round(first, 1)
    for generator, made in sets.items():
        kept[generator] = rates(generator, made, ours)
    kept["ours, other words"] = timed("ours, other words", sets["other words"], ours)
    several = {kind: made[: max(2, each // 10)] for kind, made in sets["first"].items()}
    kept["ours, every query"] = timed("ours, every query", sets["first"], ours)
    for rival, find in {"ours": ours, **rivals(titles)}.items():
        kept[rival] = compared(rival, several, find)
    gc.unfreeze()
    return kept


def found_by(index: SearchIndex, typed: str) -> list[int]:
    """The numbers of the titles our search finds, best first."""
    return [int(hit.id) - 1 for hit in search(index, typed, 5)]


def rates(name: str, made: Queries, find: Find) -> dict[str, list[float]]:
    """Top-1 and top-5 by kind, printed."""
    print(f"\n{name:24}  top-1  top-5   queries")
    found_of = {kind: [(find(typed), number) for typed, number in queries] for kind, queries in made.items()}
    found_of["all"] = [one for found in found_of.values() for one in found]
    kept: dict[str, list[float]] = {}
    for kind, found in found_of.items():
        if found:
            kept[kind] = _rate(found)
            print(f"  {kind:22}  {kept[kind][0]:.3f}  {kept[kind][1]:.3f}   {len(found)}")
    return kept


def _rate(found: list[tuple[list[int], int]]) -> list[float]:
    one = sum(hits[:1] == [number] for hits, number in found)
    five = sum(number in hits[:5] for hits, number in found)
    return [round(one / len(found), 3), round(five / len(found), 3)]


def compared(name: str, made: Queries, find: Find) -> dict[str, float]:
    """Times and rates over all kinds together."""
    told = timed(name, made, find)
    one, five = _rate([(find(typed), number) for queries in made.values() for typed, number in queries])
    print(f"  {'':22}  top-1 {one:.3f}  top-5 {five:.3f}")
    return told | {"top-1": one, "top-5": five}


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
    used = os.times()
    return time.process_time() + used.children_user + used.children_system


def rivals(titles: list[str]) -> dict[str, Find]:
    """Plain `in` (titles folded before, or at each query), rapidfuzz's WRatio, fzf where it is installed."""
    from rapidfuzz import fuzz, process

    lowered = [title.lower() for title in titles]

    def plain(typed: str) -> list[int]:
        return [number for number, title in enumerate(lowered) if typed.lower() in title][:5]

    def folding(typed: str) -> list[int]:
        return [number for number, title in enumerate(titles) if typed.casefold() in title.casefold()][:5]

    def ratio(typed: str) -> list[int]:
        return [
            number for _, _, number in process.extract(typed.lower(), lowered, scorer=fuzz.WRatio, limit=5)
        ]

    fzf = shutil.which("fzf")
    plain_ways = {"plain in": plain, "plain in, folding": folding}
    return plain_ways | {"rapidfuzz WRatio": ratio} | ({"fzf": _fzf(fzf, titles)} if fzf else {})


def _fzf(fzf: str, titles: list[str]) -> Find:
    """fzf as a filter over the bare titles, best first, without anybody's own options."""
    lines = "\n".join(titles).encode()
    number_of = {title.encode(): number for number, title in enumerate(titles)}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FZF_")}

    def find(typed: str) -> list[int]:
        command = [fzf, f"--filter={typed}", "-i", "--tiebreak=length,begin"]
        done = subprocess.run(command, input=lines, capture_output=True, check=False, env=environment)
        if done.returncode > 1:
            raise RuntimeError(done.stderr.decode())
        return [number_of[line] for line in done.stdout.split(b"\n", 5)[:5] if line]

    return find


if __name__ == "__main__":
    main()
