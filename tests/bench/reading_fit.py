"""Fits what the reading learned from labelled messages: `python -m tests.bench.reading_fit [--write]`.

Every set is one writer's. Each head is fitted to all writers but one and held to that one; the table shows
what the rules alone and both together reach there, and the lines are drawn on these scores, so that they
hold for somebody who wrote none of the lines. Then all writers together make the file. The lines of the
tuning halves, which the rules were written to, teach by their words alone: there the rules are always
right. Held halves stay closed. Needs scikit-learn, which the product does not.
"""

import argparse
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from agent_tui.domain.models import Category, Danger
from agent_tui.domain.reading import danger, decisions, kinds, learned, mood
from agent_tui.domain.reading.category import categorised
from agent_tui.domain.reading.learned import ANGRY, ANY, HEADS, UPSET, Head
from agent_tui.domain.reading.spelling import spelled
from agent_tui.knowledge.content.sources import built_in, load
from agent_tui.sim.openings import select
from tests.bench.reading_labelled import held_to, lines_of

FILE = Path(learned.__file__).with_name(learned.FILE)
RULED = "tuning"
OWN = ("simulator", "content")
STRENGTH = 6.0
# A gram that stands in one line alone says nothing of others.
SEEN_IN = 2
# The least precision of each head on writers that it has not seen, a little above what is promised.
PRECISION = {ANY: 0.91, UPSET: 0.87, ANGRY: 0.78}
ALARMS = 2 / 1000
_WIDEST = 127
# Above every line.
CERTAIN = 1e3
_MAY_BE_GRAVE = frozenset({Category.RISK, Category.COMPLAINT, Category.QUALITY})


class Row(Struct):
    """One labelled message: by whom, its words and clues, and of each head whether it is so, where said."""

    writer: str
    text: str
    clues: dict[str, set[str]]
    ruled: dict[str, bool]
    so: dict[str, bool]
    is_ordinary: bool = False


def row_of(writer: str, line: dict[str, object], *, is_ordinary: bool = False) -> Row:
    """A labelled line with what the rules alone hear in it."""
    typed = str(line["text"])
    text = spelled(typed)
    before = spelled(str(line["before"])) if line.get("before") else None
    ruled = danger.dangers_in(text)
    known = {kinds.TOPIC} if categorised([text]).category is not Category.OTHER else set()
    known |= {kinds.PUBLIC} if any(one.danger is Danger.PUBLIC for one in ruled) else set()
    reading = kinds.kind_of(text, before, known)
    beside = kinds.ideas_in(text) | {reading.kind.value}
    beside |= {mood.DANGER} if any(one.danger is not Danger.PUBLIC for one in ruled) else set()
    sounds = mood.mood_of(typed, text, beside)
    of_danger = decisions.danger_clues(text, ruled)
    of_mood = decisions.mood_clues(typed, text, beside, sounds)
    return Row(
        writer=writer,
        text=text,
        clues={
            **dict.fromkeys((ANY, *map(str, Danger)), of_danger),
            **dict.fromkeys((UPSET, ANGRY), of_mood),
        },
        ruled={
            ANY: bool(ruled),
            **{str(one): any(found.danger is one for found in ruled) for one in Danger},
            UPSET: sounds != "calm",
            ANGRY: sounds == "angry",
        },
        so=said_of(line),
        is_ordinary=is_ordinary and line.get("danger") is None,
    )


def said_of(line: dict[str, object]) -> dict[str, bool]:
    """What a line's labels say of each head."""
    so: dict[str, bool] = {}
    if "danger" in line:
        so = {ANY: line["danger"] is not None, **{str(one): line["danger"] == one for one in Danger}}
    if "mood" in line:
        so |= {UPSET: line["mood"] != "calm", ANGRY: line["mood"] == "angry"}
    return so


def rows() -> list[Row]:
    """All labelled lines that may be learned from."""
    found = []
    for writer, ending in (("first", ""), ("second", "_b")):
        found += [row_of(writer, line) for line in lines_of(f"danger_training{ending}")]
        found += [row_of(writer, line, is_ordinary=True) for line in lines_of(f"reading_training{ending}")]
    found += [row_of(RULED, line) for half in ("danger", "kinds") for line in lines_of(f"{half}_tuning")]
    return [*found, *_openings(), *_simulated(), *_expected()]


def _openings() -> Iterable[Row]:
    for line in lines_of("openings_tuning"):
        texts = [one["text"] for one in line["messages"] if one["from"] == "customer"]
        said = {"text": "\n".join(texts[-2:]), "mood": line["mood"], "danger": line["danger"]}
        yield row_of("openings", said, is_ordinary=True)


def _simulated() -> Iterable[Row]:
    for one in select("no"):
        if one.category not in _MAY_BE_GRAVE:
            said = ({"text": text, "danger": None} for text in one.messages)
            found = (row_of("simulator", line, is_ordinary=True) for line in said)
            yield from (row for row in found if not row.ruled[ANY])


def _expected() -> Iterable[Row]:
    """The questions that the content answers, where they are about nothing grave and the rules hear none."""
    entries = load([built_in()]).entries
    texts = {text: None for one in entries if one.category not in _MAY_BE_GRAVE for text in one.similar}
    found = (row_of("content", {"text": text, "danger": None}) for text in texts)
    return [row for row in found if not row.ruled[ANY]]


class Fitted(Struct):
    """The weights of one head by feature, and its bias."""

    bias: float
    weights: dict[str, float]


def features_of(text: str, clues: set[str]) -> dict[str, float]:
    """The features of a text with what the rules heard in it, as `Learned.scores` weighs them."""
    said = learned.grams(text)
    share = learned.WORDS_WEIGH / max(len(said), 1) ** 0.5
    return dict.fromkeys(said, share) | {learned.CLUE + clue: 1.0 for clue in clues}


def fitted(train: Sequence[Row], head: str) -> Fitted:
    """A head, fitted to the rows that say something of it."""
    train = [row for row in train if head in row.so]
    taught = [
        {name: value for name, value in features_of(row.text, row.clues[head]).items() if _teaches(row, name)}
        for row in train
    ]
    seen: dict[str, int] = {}
    for one in taught:
        for name in one:
            seen[name] = seen.get(name, 0) + 1
    names = sorted(name for name, times in seen.items() if times >= SEEN_IN)
    at = {name: place for place, name in enumerate(names)}
    wanted = [row.so[head] for row in train]
    model = LogisticRegression(C=STRENGTH, solver="liblinear", tol=1e-3, random_state=0)
    model.fit(_matrix(taught, at), wanted)
    return Fitted(float(model.intercept_[0]), dict(zip(names, map(float, model.coef_[0]), strict=True)))


def _teaches(row: Row, name: str) -> bool:
    return row.writer != RULED or not name.startswith(learned.CLUE)


def _matrix(taught: Sequence[dict[str, float]], at: dict[str, int]) -> csr_matrix:
    columns = [[at[name] for name in one if name in at] for one in taught]
    values = [value for one in taught for name, value in one.items() if name in at]
    ends = np.cumsum([0, *map(len, columns)]).astype(np.int32)
    flat = np.array([place for one in columns for place in one], dtype=np.int32)
    return csr_matrix((values, flat, ends), shape=(len(taught), len(at)))


def score(row: Row, head: str, model: Fitted) -> float:
    """What a fitted head says of a row."""
    weights = model.weights
    if head in (ANY, *decisions.CERTAIN) and any(row.ruled[one] for one in decisions.CERTAIN):
        return CERTAIN
    parts = [features_of(row.text, row.clues[head])]
    if head == ANY and row.ruled[ANY]:
        parts += [
            features_of(clause, decisions.danger_clues(clause, heard))
            for clause, heard in decisions.ruled_clauses(row.text)
        ]
    return model.bias + max(sum(value * weights.get(name, 0) for name, value in one.items()) for one in parts)


Scored = list[tuple[Row, float]]


def across_writers(every: Sequence[Row], head: str) -> Scored:
    """Each row with its score by a head that was fitted to the other writers; the product's own lines are no
    writer's, it always knows them."""
    found: Scored = []
    for writer in dict.fromkeys(row.writer for row in every):
        model = fitted([row for row in every if row.writer != writer or writer in OWN], head)
        found += [(row, score(row, head, model)) for row in every if row.writer == writer]
    return found


def judges(row: Row, head: str) -> bool:
    """Whether a row may judge a head: one that the rules weren't written to, of a set labelled for it."""
    return row.writer in ("first", "second") and head in row.so and not _is_aside(row, head)


def _is_aside(row: Row, head: str) -> bool:
    """Ordinary lines don't judge the precision of danger, but how often one is alarmed."""
    return row.is_ordinary and head in (ANY, *map(str, Danger))


def line_of(scored: Scored, head: str) -> float:
    """The lowest line with the precision that `head` needs and, of danger, few enough false alarms."""
    judged = [(row.so[head], got) for row, got in scored if judges(row, head)]
    ordinary = [got for row, got in scored if row.is_ordinary]
    best = max(got for _, got in judged)
    for line in sorted(got for _, got in judged):
        called = [so for so, got in judged if got >= line]
        alarms = sum(got >= line for got in ordinary)
        if sum(called) >= PRECISION[head] * len(called) and (head != ANY or alarms <= ALARMS * len(ordinary)):
            best = line
            break
    return best - 1e-6


def compared(scored: Scored, head: str, line: float, writers: Sequence[str]) -> dict[str, object]:
    """The rules alone and both together on some writers."""
    held = [
        (row, got)
        for row, got in scored
        if row.writer in writers and head in row.so and not _is_aside(row, head)
    ]
    return {
        "rules": held_to((row.so[head], row.ruled[head]) for row, _ in held),
        "both": held_to((row.so[head], got >= line) for row, got in held),
    }


def alarms(scored: Scored, called: Callable[[Row, float], bool]) -> list[int]:
    """False alarms among ordinary messages, and how many these are."""
    ordinary = [(row, got) for row, got in scored if row.is_ordinary]
    return [sum(called(row, got) for row, got in ordinary), len(ordinary)]


def packed(models: dict[str, Fitted], lines: dict[str, float]) -> bytes:
    """The file: weights as whole numbers, features without any left out."""
    units = {head: max(map(abs, one.weights.values())) / _WIDEST for head, one in models.items()}
    names = sorted({name for one in models.values() for name in one.weights})
    table = np.array(
        [[round(models[head].weights.get(name, 0) / units[head]) for head in HEADS] for name in names],
        dtype=np.int8,
    )
    kept = np.abs(table).sum(axis=1) >= SEEN_IN
    heads = [Head(name=one, bias=models[one].bias, line=lines[one], unit=units[one]) for one in HEADS]
    return learned.encoded(
        heads, [n for n, keep in zip(names, kept, strict=True) if keep], table[kept].tobytes()
    )


def main() -> None:
    """Prints the figures and, with --write, writes the file beside the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    is_writing = parser.parse_args().write
    every = rows()
    lines: dict[str, float] = {}
    for head in HEADS:
        scored = across_writers(every, head)
        lines[head] = line_of(scored, head) if head in PRECISION else 0.0
        print(head, round(lines[head], 2))
        for writers in (["first"], ["second"], [RULED]):
            print("  ", *writers, json.dumps(compared(scored, head, lines[head], writers)))
        if head == ANY:
            line = lines[head]
            print("   alarms", alarms(scored, lambda row, _: row.ruled[ANY]))
            print("   alarms", alarms(scored, lambda _, got, line=line: got >= line))
    file = packed({head: fitted(every, head) for head in HEADS}, lines)
    print(len(file), "bytes")
    if is_writing:
        FILE.write_bytes(file)


if __name__ == "__main__":
    main()
