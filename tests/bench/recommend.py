"""How often the right answer is recommended: `python -m tests.bench.recommend [--quick]`.

On our own articles similar questions are asked, each while it is left out of the index; on made-up shops the
conversations of one part teach and another part asks. Beside every figure stand, from the same run, always
recommending what is used most and BM25 over the entries' text.
"""

import argparse
import json
import platform
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.content.sources import built_in, load
from agent_tui.knowledge.recommend.recommender import Recommender
from agent_tui.knowledge.recommend.retrieval import Retriever
from agent_tui.knowledge.recommend.situation import Situation
from agent_tui.knowledge.recommend.usage_log import Said, Usage
from tests.bench.dialogues import Shop

RESULTS = Path(__file__).parent / "results" / "recommend.json"
STRANGE = (
    "在吗",
    "你好",
    "好的谢谢",
    "嗯",
    "哈哈哈",
    "今天天气不错",
    "我先去吃饭了",
    "你是机器人吗",
    "ok",
    "thanks",
)

Ranker = Callable[[Sequence[Said]], list[str]]
Row = dict[str, object]


def rates(name: str, ranker: Ranker, asked: Sequence[tuple[Sequence[Said], str]]) -> Row:
    """R@1, R@5 and CPU milliseconds a call of one ranker."""
    start = time.process_time()
    found = [ranker(messages) for messages, _ in asked]
    spent = (time.process_time() - start) / len(asked) * 1e3
    first = np.mean([hits[:1] == [entry] for hits, (_, entry) in zip(found, asked, strict=True)])
    five = np.mean([entry in hits[:5] for hits, (_, entry) in zip(found, asked, strict=True)])
    return {
        "method": name,
        "R@1": round(float(first), 3),
        "R@5": round(float(five), 3),
        "ms": round(spent, 2),
    }


def recommended(recommender: Recommender) -> Ranker:
    """The recommender as a ranker."""

    def rank(messages: Sequence[Said]) -> list[str]:
        found = recommender.guess(Situation(messages=tuple(messages)), limit=5)
        return [one.entry.id for one in found.advice]

    return rank


def by_text(entries: Sequence[Entry]) -> Ranker:
    """BM25 over title and text alone."""
    retriever = Retriever([replace(entry, similar=(), tags=()) for entry in entries])

    def rank(messages: Sequence[Said]) -> list[str]:
        return [entries[at].id for at in np.argsort(-retriever.find(messages).scores, kind="stable")[:5]]

    return rank


def most_used(usages: Sequence[Usage]) -> Ranker:
    """The same five for everybody."""
    top = [entry for entry, _ in Counter(usage.entry for usage in usages).most_common(5)]
    return lambda messages: top


def leave_one_out(entries: Sequence[Entry], quick: bool) -> list[Row]:
    """Similar questions (every fortieth), each asked of an index that lacks it."""
    asked = [(entry, question) for entry in entries for question in entry.similar]
    asked = asked[:: 200 if quick else 40]
    whole, text, ranked = Recommender.build(entries), by_text(entries), []
    for entry, question in asked:
        rest = tuple(other for other in entry.similar if other != question)
        without = [replace(one, similar=rest) if one is entry else one for one in entries]
        ranked.append(recommended(Recommender(without))([Said(question)]))
    pairs = [([Said(question)], entry.id) for entry, question in asked]
    answers = iter(ranked)
    held_out = rates("similar questions, the one asked left out", lambda _: next(answers), pairs)
    held_out["ms"] = rates("", recommended(whole), pairs)["ms"]
    return [held_out, rates("BM25 on title and text", text, pairs)]


def silence(entries: Sequence[Entry]) -> Row:
    """How often the recommender keeps silent: where nothing was asked, and where something was."""
    recommender = Recommender.build(entries)
    covered = [question for entry in entries for question in entry.similar[:1]]
    return {
        "method": "keeps silent",
        "on chatter": round(float(np.mean([silent(recommender, text) for text in STRANGE])), 3),
        "on questions": round(float(np.mean([silent(recommender, text) for text in covered])), 3),
    }


def silent(recommender: Recommender, text: str) -> bool:
    """Whether it abstains."""
    return not recommender.guess(Situation(messages=(Said(text),))).is_sure


def made_up(seed: int, count: int, asked: int) -> list[Row]:
    """A made-up shop: `count` usages teach, `asked` later ones ask."""
    shop = Shop(seed)
    usages: list[Usage] = []
    conversations = shop.conversations()
    while len(usages) < count + asked:
        usages += next(conversations)
    known, later = usages[:count], usages[count : count + asked]
    pairs = [(usage.messages, usage.entry) for usage in later]
    start, cpu = time.perf_counter(), time.process_time()
    trained = Recommender.build(shop.entries, known)
    spent, cpu = time.perf_counter() - start, time.process_time() - cpu
    near = Recommender(shop.entries)
    for usage in known:
        near.learn(usage)
    weights = trained.weights()
    shipped = Recommender(shop.entries)
    shipped.take_weights(weights)
    rows = [
        rates("learned and blended", recommended(trained), pairs),
        rates("the same, shipped", recommended(shipped), pairs),
        rates("nearest usages", recommended(near), pairs),
        rates("always the most used", most_used(known), pairs),
        rates("BM25 on title and text", by_text(shop.entries), pairs),
    ]
    return [
        *rows,
        {
            "method": "training",
            "seconds": round(spent, 1),
            "CPU": round(cpu, 1),
            "shipped bytes": len(weights),
        },
    ]


def show(title: str, rows: Sequence[Row]) -> None:
    """A table for people."""
    print(f"\n{title}")
    for row in rows:
        values = "  ".join(f"{key} {value}" for key, value in row.items() if key != "method")
        print(f"  {row['method']:<44} {values}")


def main() -> None:
    """Run everything, print it, keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    entries = [entry for entry in load([built_in()]).entries if entry.text]
    questions = sum(len(entry.similar) for entry in entries)
    counts = (600,) if quick else (300, 3_000, 5_000)
    tables = {f"our content: {len(entries)} entries, {questions} questions": leave_one_out(entries, quick)}
    tables["confidence"] = [silence(entries)]
    for count in counts:
        tables[f"made-up shop, {count} usages"] = made_up(11, count, 300 if quick else 1_000)
    for title, rows in tables.items():
        show(title, rows)
    RESULTS.parent.mkdir(exist_ok=True)
    machine = f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}"
    RESULTS.write_text(
        json.dumps({"machine": machine, "tables": tables}, ensure_ascii=False, indent=1), "utf-8"
    )


if __name__ == "__main__":
    main()
