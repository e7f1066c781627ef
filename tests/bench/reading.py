"""How often the triage reads an opening as what it is: `python -m tests.bench reading`.

Asked are the simulator's openings, those anyone may learn from and those held out, and the sentences of
`tests/domain/reading_said.toml`. `category` is the share read as exactly that, `field` the share that falls
to the same pack, `nothing` the share read as `other` though it is something, `grave` the share of complaints
and risks read as either, `alarmed` the share of all else that was taken for one. `ms` is the CPU time of one
message. Then danger, closing words, moods and kinds on the labelled sets (`labelled/`); a quick run leaves
the held half closed.
"""

import time
import tomllib
from pathlib import Path

from agent_tui.domain.reading import read
from agent_tui.sim.openings import select
from tests.bench.reading_labelled import danger, messages

FIELDS = {
    "logistics": ("logistics", "order", "stock"),
    "returns": ("return", "refund", "exchange", "quality"),
    "promotion": ("promotion", "coupon", "price"),
    "live": ("live", "payment"),
}
FIELD = {category: field for field, categories in FIELDS.items() for category in categories}
GRAVE = frozenset({"complaint", "risk"})
SAID = Path(__file__).parents[1] / "domain" / "reading_said.toml"

Asked = list[tuple[str, list[str]]]


def share(parts: list[bool]) -> float:
    """How many of `parts` hold, of one."""
    return round(sum(parts) / len(parts), 3) if parts else 0.0


def judged(asked: Asked) -> dict[str, float]:
    """The shares over `asked`."""
    pairs = [(meant, read(texts).category.value) for meant, texts in asked]
    return {
        "openings": len(pairs),
        "category": share([meant == got for meant, got in pairs]),
        "field": share([FIELD.get(meant, meant) == FIELD.get(got, got) for meant, got in pairs]),
        "nothing": share([got == "other" != meant for meant, got in pairs]),
        "grave": share([got in GRAVE for meant, got in pairs if meant in GRAVE]),
        "alarmed": share([got in GRAVE for meant, got in pairs if meant not in GRAVE]),
    }


def milliseconds(asked: Asked) -> float:
    """The CPU time of one message, on average, once the tables are known; nothing is read twice."""
    read(["你好"])
    began = time.process_time()
    for _, texts in asked:
        read(texts)
    return round((time.process_time() - began) / sum(len(texts) for _, texts in asked) * 1e3, 3)


def run(*, quick: bool) -> dict[str, object]:
    """The figures; the held half of the labelled sets stays closed when they are to be quick."""
    rest = [(str(one.category), list(one.messages)) for one in select("no")]
    held_out = [(str(one.category), list(one.messages)) for one in select("only")]
    written = tomllib.loads(SAID.read_text("utf-8"))
    said = [(category, [text]) for category, texts in written.items() for text in texts]
    ms = milliseconds(rest)
    halves = ["tuning"] if quick else ["tuning", "held"]
    return {
        "rest": judged(rest),
        "held_out": judged(held_out),
        "said": judged(said),
        "ms": ms,
        "labelled": {half: {"danger": danger(half), "messages": messages(half)} for half in halves},
    }
