"""How well claims of work done are told in ready answers: `python -m tests.bench claimed_steps`.

Asked are the sentences of `labelled/steps_*.jsonl` (see its README): `precision` is the share of the marked
that claim something, `recall` the share of the claiming that are marked, each with its 95 % Wilson interval.
Beside it the floor: a list of the commonest phrases (`phrases`).
"""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from agent_tui.knowledge.content.claimed_steps import claimed_steps
from tests.bench.shares import precision_and_recall

LABELLED = Path(__file__).parent / "labelled"
_PHRASES = re.compile(r"已[经]?[为帮给替]您|我已|我们已|\b(?:I|we)(?:'ve| have)\b", re.IGNORECASE)


class Sentence(NamedTuple):
    """Words, their language, and whether they claim work done or under way."""

    text: str
    language: str
    is_claim: bool


def read(half: str) -> list[Sentence]:
    """The sentences of `half`."""
    rows = map(json.loads, (LABELLED / f"steps_{half}.jsonl").read_text("utf-8").splitlines())
    return [Sentence(row["text"], row["language"], row["claim"]) for row in rows]


def judged(marks: Callable[[str], bool], asked: list[Sentence]) -> dict[str, object]:
    """Precision and recall of `marks` over `asked`."""
    pairs = [(one.is_claim, marks(one.text)) for one in asked]
    return {"sentences": len(pairs), **precision_and_recall(pairs)}


def by_rule(text: str) -> bool:
    """What `kb check` says."""
    return any(claimed_steps(text))


def by_phrases(text: str) -> bool:
    """What a list of phrases would say."""
    return _PHRASES.search(text) is not None


def milliseconds(asked: list[Sentence]) -> float:
    """One sentence, on average."""
    began = time.process_time()
    for one in asked:
        by_rule(one.text)
    return round((time.process_time() - began) / len(asked) * 1e3, 3)


def run(*, quick: bool) -> dict[str, object]:
    """The figures; the held half stays closed when they are to be quick."""
    asked = read("tuning" if quick else "held")
    figures = {
        "tuning": judged(by_rule, read("tuning")),
        "phrases": judged(by_phrases, asked),
        "milliseconds": milliseconds(read("tuning")),
    }
    if quick:
        return figures
    of = {language: [one for one in asked if one.language == language] for language in ("zh", "en")}
    held = {f"held_{language}": judged(by_rule, part) for language, part in of.items()}
    return {**figures, "held": judged(by_rule, asked), **held}
