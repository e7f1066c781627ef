"""Titles to search: our own content's, and made-up ones in the manner of help centres, any number of them."""

import random
import tomllib
from collections.abc import Iterator
from pathlib import Path

from agent_tui.knowledge.entries import Entry

TITLES = Path(__file__).parent / "titles"

_WORDS = tomllib.loads((Path(__file__).parent / "search_words.toml").read_text("utf-8"))


def own_titles() -> list[str]:
    """The titles and similar questions of our own content, each once."""
    from agent_tui.knowledge.sources import built_in, load

    entries = load([built_in()]).entries
    found = [entry.title for entry in entries]
    found += [question for entry in entries for question in entry.similar]
    return list(dict.fromkeys(found))


def made_up(count: int, seed: int = 7) -> list[str]:
    """`count` different titles, the same for the same seed."""
    chance = random.Random(seed)
    found: dict[str, None] = {}
    for title in _stream(chance):
        found[title] = None
        if len(found) == count:
            break
    return list(found)


def as_entries(titles: list[str]) -> list[Entry]:
    """Bare titles as entries, numbered from 1."""
    return [Entry(id=str(number), kind="title", title=title) for number, title in enumerate(titles, 1)]


def _stream(chance: random.Random) -> Iterator[str]:
    while True:
        if chance.random() < 0.12:
            do, what, when = (chance.choice(_WORDS[f"english_{kind}"]) for kind in ("do", "what", "when"))
            yield f"How to {do} your {what} {when}".strip()
            continue
        what = chance.choice(_WORDS["what"])
        if chance.random() < 0.5:
            what = chance.choice(_WORDS["who"]) + what
        if chance.random() < 0.5:
            what += chance.choice(("和", "的", "后", "时", "")) + chance.choice(_WORDS["what"])
        trouble = chance.choice(_WORDS["trouble"])
        title = f"{trouble}{what}" if trouble.endswith(("绑定", "申请")) else f"{what}{trouble}"
        yield title + chance.choice(_WORDS["tail"])


def help_centre_titles() -> list[str]:
    """Titles in the manner of several help centres, and those of our own content: some 1,200, each once."""
    from agent_tui.knowledge.sources import built_in, load

    found = [
        line for file in sorted(TITLES.glob("*.txt")) for line in file.read_text("utf-8").splitlines() if line
    ]
    found += [entry.title for entry in load([built_in()]).entries]
    return list(dict.fromkeys(found))
