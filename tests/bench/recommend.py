"""How often the right answer is recommended: `python -m tests.bench.recommend [--quick]`.

On our own articles similar questions are asked, each while it is left out of the index; on made-up shops the
conversations of one part teach and another part asks; so do our entries' questions and the simulator's
openings. Beside every figure stand, from the same run, a plain linear classifier with the paired interval of
our lead, the nearest usages, always recommending what is used most, and BM25 over the entries' text.
"""

import argparse
import asyncio
import json
import platform
import random
import resource
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
from agent_tui.knowledge.recommend.training_process import TrainingSet, train_apart
from agent_tui.knowledge.recommend.usage_log import Said, Usage
from agent_tui.knowledge.recommend.usage_model import UsageModel
from agent_tui.sim.openings import bank
from tests.bench.dialogues import Shop
from tests.bench.plain import PlainClassifier, interval

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
    return held_back(shop.entries, usages[:count], usages[count : count + asked])


def own_questions(entries: Sequence[Entry], asked: int) -> list[Row]:
    """Our entries' questions as if they had been sent: two of three teach, the rest ask; no entry has any."""
    pick = random.Random(5)
    usages = [Usage(entry=one.id, messages=(Said(text),)) for one in entries for text in one.similar]
    pick.shuffle(usages)
    cut = len(usages) * 2 // 3
    return held_back([replace(one, similar=()) for one in entries], usages[:cut], usages[cut:][:asked])


def bank_openings(asked: int) -> list[Row]:
    """The simulator's openings with what settles them as the entry: what a day with right answers records."""
    pick = random.Random(5)
    usages = []
    for one in bank():
        entry = "+".join(sorted(fact.name for fact in one.facts))
        usages.append(Usage(entry=entry, messages=tuple(map(Said, one.messages))))
    pick.shuffle(usages)
    often = Counter(usage.entry for usage in usages)
    usages = [usage for usage in usages if often[usage.entry] > 2]
    entries = [Entry(id=id, kind="title", title="") for id in sorted({usage.entry for usage in usages})]
    cut = len(usages) * 2 // 3
    return held_back(entries, usages[:cut], usages[cut:][:asked])


def held_back(entries: Sequence[Entry], known: Sequence[Usage], later: Sequence[Usage]) -> list[Row]:
    """Every method taught by `known` and asked by `later`; paired intervals against what desks are sent."""
    start, cpu = time.perf_counter(), time.process_time()
    trained = UsageModel.build(entries, known)
    spent, cpu = time.perf_counter() - start, time.process_time() - cpu
    near = UsageModel(entries)
    for usage in known:
        near.learn(usage)
    weights = trained.weights()
    shipped = UsageModel(entries).with_weights(weights)
    plain = PlainClassifier(known)
    rankers = {
        "learned, as shipped to desks": by_usages(shipped),
        "the same with the usages beside": by_usages(trained),
        "the whole recommender": recommended(Recommender(tuple(entries), trained)),
        f"linear SVM, char 1-3 ({plain.reading}, C {plain.cost})": plain.rank,
        "nearest usages": by_usages(near),
        "always the most used": most_used(known),
        "BM25 on title and text": by_text(entries),
    }
    rows = compared(rankers, [(usage.messages, usage.entry) for usage in later])
    figures = {"seconds": round(spent, 1), "CPU": round(cpu, 1), "shipped bytes": len(weights)}
    return [*rows, {"method": f"training on {len(known)}", **figures}]


def compared(rankers: dict[str, Ranker], asked: Sequence[tuple[Sequence[Said], str]]) -> list[Row]:
    """The rates of each, and the interval of the first method's lead over it in R@1 and R@5."""
    rows: list[Row] = []
    first: list[list[bool]] = []
    for name, ranker in rankers.items():
        kept: list[list[str]] = []
        rows.append(rates(name, keeping(ranker, kept), asked))
        hits = [
            [entry in found[:most] for found, (_, entry) in zip(kept, asked, strict=True)] for most in (1, 5)
        ]
        if not first:
            first = hits
            continue
        rows[-1] |= {"lead R@1": interval(first[0], hits[0]), "lead R@5": interval(first[1], hits[1])}
    return rows


def keeping(ranker: Ranker, kept: list[list[str]]) -> Ranker:
    """The same ranker; its answers are kept."""

    def rank(messages: Sequence[Said]) -> list[str]:
        kept.append(ranker(messages))
        return kept[-1]

    return rank


def by_usages(model: UsageModel) -> Ranker:
    """What usages alone say."""

    def rank(messages: Sequence[Said]) -> list[str]:
        return [model.entries[at].id for at in np.argsort(-model.pull(messages).logits, kind="stable")[:5]]

    return rank


def at_size(count: int) -> list[Row]:
    """Training at full size in the process that does it, and what its model costs a desk."""
    shop = Shop(5, entries=624, topics=240)
    usages: list[Usage] = []
    conversations = shop.conversations()
    while len(usages) < count:
        usages += next(conversations)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    pages = (TrainingSet(usages=tuple(usages[at : at + 250])) for at in range(0, count, 250))
    data = asyncio.run(train_apart(TrainingSet(entries=tuple(shop.entries)), *pages))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    model = UsageModel(shop.entries).with_weights(data)
    asked = [(usage.messages, usage.entry) for usage in usages[-300:]]
    return [
        {
            "method": f"{count} usages, 624 entries",
            "CPU s": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
            "seconds": round(time.perf_counter() - start, 1),
            "MB": after.ru_maxrss // 1024,
            "shipped bytes": len(data),
            "ms a message": rates("", by_usages(model), asked)["ms"],
        }
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
    counts = (600,) if quick else (3_000, 8_000)
    asked = 300 if quick else 1_000
    tables = {f"our content: {len(entries)} entries, {questions} questions": leave_one_out(entries, quick)}
    tables["confidence"] = [silence(entries)]
    tables["our entries' questions as usages"] = own_questions(entries, asked)
    tables["the simulator's openings as usages"] = bank_openings(asked)
    for count in counts:
        tables[f"made-up shop, {count} usages"] = made_up(11, count, asked)
    tables["training at size"] = at_size(5_000 if quick else 50_000)
    for title, rows in tables.items():
        show(title, rows)
    RESULTS.parent.mkdir(exist_ok=True)
    machine = f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}"
    RESULTS.write_text(
        json.dumps({"machine": machine, "tables": tables}, ensure_ascii=False, indent=1), "utf-8"
    )


if __name__ == "__main__":
    main()
