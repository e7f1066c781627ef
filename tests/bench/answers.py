"""A right answer on a digit: `python -m tests.bench answers [--half tuning|held] [--judged FILE]`.

The openings are customers with their orders, the judgements are of pairs of an opening and an entry:
`right`, `holds` (only asks or holds: right where the order is unknown) or `wrong`. A pair that nobody has
judged counts as wrong and is counted apart. Beside ours run, over the same content, BM25 over title and
text, the nearest of customers' questions, and what is used most (here: what is right most often, which
flatters it).
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.content.sources import built_in, load
from agent_tui.knowledge.packs.questions import packs_of, with_questions
from agent_tui.knowledge.packs.reading import load_pack
from agent_tui.knowledge.packs.resolved import resolve
from agent_tui.knowledge.recommend.recommender import Recommender
from agent_tui.knowledge.recommend.retrieval import Retriever
from agent_tui.knowledge.recommend.situation import Guess
from tests.bench.openings import Opening, read_openings
from tests.bench.shares import wilson

LABELLED = Path(__file__).parent / "labelled"
RESULTS = Path(__file__).parent / "results" / "answers.json"
DIGITS = 3
FEWEST = 40

Labels = dict[tuple[str, str], str]
Ranker = Callable[[Opening], list[str]]
Shares = dict[str, object]


class Shown(Struct, frozen=True):
    """What one opening was shown: the verdict on each digit, with its stars."""

    opening: Opening
    verdicts: tuple[str, ...]
    stars: tuple[int, ...] = ()
    is_certain: bool = False


def entries_here() -> tuple[Entry, ...]:
    """The shipped content as a desk's advisor has it."""
    source = built_in()
    entries = (entry for entry in load([source]).entries if entry.text)
    return with_questions(entries, packs_of((source,)))


def read_labels(file: Path) -> Labels:
    """The judgements of a file, later ones in the place of earlier ones."""
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    rows = [json.loads(line) for line in lines if line.strip()]
    return {(row["opening"], row["entry"]): row["label"] for row in rows}


def verdict(labels: Labels, opening: Opening, entry: str) -> str:
    """`right`, `holds`, `wrong`, or `unjudged`."""
    label = labels.get((opening.id, entry), "unjudged")
    return "right" if label == "holds" and opening.situation.order is None else label


def share(hits: int, of: int) -> Shares:
    """A count as a share with its interval; no share of few."""
    if of < FEWEST:
        return {"hits": hits, "n": of}
    low, high = wilson(hits, of)
    return {"hits": hits, "n": of, "share": round(hits / of, 3), "low": low, "high": high}


def figures(shown: Sequence[Shown], covered: frozenset[str]) -> Shares:
    """What the goals are stated in."""
    first = [one for one in shown if one.verdicts]
    reachable = [one for one in shown if one.opening.id in covered]
    return {
        "digit right": share(sum("right" in one.verdicts for one in shown), len(shown)),
        "digit right of covered": share(sum("right" in one.verdicts for one in reachable), len(reachable)),
        "shown": share(len(first), len(shown)),
        "first right of shown": share(sum(one.verdicts[0] == "right" for one in first), len(first)),
        "first wrong of shown": share(
            sum(one.verdicts[0] in ("wrong", "unjudged") for one in first), len(first)
        ),
        "pairs nobody judged": sum(one.verdicts.count("unjudged") for one in shown),
    }


def by_stars(shown: Iterable[Shown]) -> Shares:
    """How often an answer with so many stars is right."""
    met, right = Counter[int](), Counter[int]()
    for one in shown:
        for stars, found in zip(one.stars, one.verdicts, strict=True):
            met[stars] += 1
            right[stars] += found == "right"
    return {"★" * stars or "none": share(right[stars], met[stars]) for stars in sorted(met, reverse=True)}


def by_category(shown: Sequence[Shown]) -> Shares:
    """A right answer on a digit, by what the opening is about."""
    groups: dict[str, list[Shown]] = {}
    for one in shown:
        groups.setdefault(one.opening.category, []).append(one)
    return {
        name: {"hits": sum("right" in one.verdicts for one in group), "n": len(group)}
        for name, group in sorted(groups.items(), key=lambda pair: -len(pair[1]))
    }


def of_guess(opening: Opening, guess: Guess, labels: Labels) -> Shown:
    """What the screen would show."""
    return Shown(
        opening=opening,
        verdicts=tuple(verdict(labels, opening, one.entry.id) for one in guess.offered),
        stars=tuple(one.stars for one in guess.offered),
        is_certain=guess.is_certain,
    )


def of_ranker(
    openings: Sequence[Opening], rank: Callable[[Opening], list[str]], labels: Labels
) -> list[Shown]:
    """What a ranker that always shows three would show."""
    return [
        Shown(one, tuple(verdict(labels, one, entry) for entry in rank(one)[:DIGITS])) for one in openings
    ]


def by_bm25(entries: Sequence[Entry], *, questions: bool) -> Ranker:
    """BM25 over title and text, or the entry whose one question is nearest."""
    bare = [
        replace(entry, text="", extra="", tags=()) if questions else replace(entry, similar=())
        for entry in entries
    ]
    retriever = Retriever(bare)

    def rank(opening: Opening) -> list[str]:
        scores = retriever.find(opening.situation.messages).scores
        return [entries[int(place)].id for place in (-scores).argsort(kind="stable")[:DIGITS]]

    return rank


def most_used(labels: Labels) -> Ranker:
    """The three that are right most often."""
    counted = Counter(entry for (_, entry), label in labels.items() if label == "right")
    top = [entry for entry, _ in counted.most_common(DIGITS)]
    return lambda opening: top


def helpers(shown: Sequence[Shown]) -> Shares:
    """What a helper would be given as sure, and how often it is right."""
    sure = [one for one in shown if one.is_certain]
    return {
        "sure": share(len(sure), len(shown)),
        "right when sure": share(sum(one.verdicts[0] == "right" for one in sure), len(sure)),
        "wrong when sure": share(sum(one.verdicts[0] in ("wrong", "unjudged") for one in sure), len(sure)),
    }


def measured(half: str, judged: Path, pack: str = "") -> Shares:
    """Every figure of one half of the openings."""
    openings, labels = read_openings(LABELLED / f"openings_{half}.jsonl"), read_labels(judged)
    entries, only = entries_here(), None
    if pack:
        known = resolve(load_pack(pack), entries)
        entries, only = known.library, known.ids
    recommender, shown, spent = Recommender(entries), [], []
    for one in openings:
        began = time.process_time()
        guess = recommender.guess(one.situation, only=only)
        spent.append((time.process_time() - began) * 1e3)
        shown.append(of_guess(one, guess, labels))
    covered = frozenset(one.id for one in openings if any(
        key[0] == one.id and verdict(labels, one, key[1]) == "right" for key in labels
    ))  # fmt: skip
    spent.sort()
    beside = {
        "BM25": by_bm25(entries, questions=False),
        "nearest question": by_bm25(entries, questions=True),
        "most used": most_used(labels),
    }
    return {
        "half": half,
        "covered": share(len(covered), len(openings)),
        "ours": figures(shown, covered),
        "helpers": helpers(shown),
        "stars": by_stars(shown),
        "category": by_category(shown),
        "language": {
            name: figures([one for one in shown if one.opening.language == name], covered)
            for name in ("zh", "en")
        },
        "beside": {
            name: figures(of_ranker(openings, rank, labels), covered) for name, rank in beside.items()
        },
        "CPU ms": {"p50": round(spent[len(spent) // 2], 2), "p99": round(spent[int(0.99 * len(spent))], 2)},
    }


def run(*, quick: bool = False) -> Shares:
    """The half that weights are tuned on; the other is opened by hand, for a closing figure."""
    return measured("tuning", LABELLED / "judged.jsonl")


def main() -> None:
    """Print and keep one half's figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("tuning", "held"), default="tuning")
    parser.add_argument("--judged", type=Path, default=LABELLED / "judged.jsonl")
    parser.add_argument("--pack", default="")
    wanted = parser.parse_args()
    found = measured(wanted.half, wanted.judged, wanted.pack)
    text = json.dumps(found, ensure_ascii=False, indent=1)
    print(text)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
