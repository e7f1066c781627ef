"""How often the triage reads an opening as what it is: `python -m tests.bench reading`.

Asked are the simulator's openings, those anyone may learn from and those held out, and the sentences of
`tests/domain/reading_said.toml`. `category` is the share read as exactly that, `field` the share that falls
to the same pack, `nothing` the share read as `other` though it is something, `grave` the share of complaints
and risks read as either, `alarmed` the share of all else that was taken for one.
"""

import time
import tomllib
from pathlib import Path

from agent_tui.domain.reading import read
from agent_tui.sim.openings import select

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
    """One reading, on average, once the table is known."""
    read(["你好"])
    began = time.perf_counter()
    for _, texts in asked:
        read(texts)
    return round((time.perf_counter() - began) / len(asked) * 1e3, 3)


def run(*, quick: bool) -> dict[str, object]:
    """The figures; as fast when they are to be quick."""
    rest = [(str(one.category), list(one.messages)) for one in select("no")]
    held_out = [(str(one.category), list(one.messages)) for one in select("only")]
    written = tomllib.loads(SAID.read_text("utf-8"))
    said = [(category, [text]) for category, texts in written.items() for text in texts]
    return {
        "rest": judged(rest),
        "held_out": judged(held_out),
        "said": judged(said),
        "ms": milliseconds(rest),
    }
