"""Titles to search: our own content's, and made-up ones in the manner of help centres, any number of them."""

import random
from collections.abc import Iterator
from pathlib import Path

from agent_tui.knowledge.content.entries import Entry

TITLES = Path(__file__).parent / "titles"


def made_up(count: int, seed: int = 7) -> list[str]:
    """`count` different titles, the same for the same seed: the real ones and halves of them recombined."""
    chance = random.Random(seed)
    real = help_centre_titles()
    found = dict.fromkeys(real[:count])
    for title in _recombined(real, chance):
        if len(found) == count:
            break
        found[title] = None
    titles = list(found)
    chance.shuffle(titles)
    return titles


def as_entries(titles: list[str]) -> list[Entry]:
    """Bare titles as entries, numbered from 1."""
    return [Entry(id=str(number), kind="title", title=title) for number, title in enumerate(titles, 1)]


def _recombined(real: list[str], chance: random.Random) -> Iterator[str]:
    halves = [_halved(title, chance) for title in real if not title.isascii()]
    words = [word for title in real if title.isascii() for word in title.split()]
    while True:
        (head, _), (_, tail), (more, _) = chance.choices(halves, k=3)
        kind = chance.random()
        if kind < 0.06:
            yield " ".join(chance.sample(words, chance.randint(3, 7)))
        else:
            yield head + tail if kind < 0.55 else head + tail + chance.choice(("，", "：", "", "的")) + more


def _halved(title: str, chance: random.Random) -> tuple[str, str]:
    middle = max(2, len(title) // 2) + chance.randint(-1, 1)
    return title[:middle], title[middle:]


def help_centre_titles() -> list[str]:
    """Titles in the manner of several help centres, and those of our own content: some 1,200, each once."""
    from agent_tui.knowledge.content.sources import built_in, load

    found = [
        line for file in sorted(TITLES.glob("*.txt")) for line in file.read_text("utf-8").splitlines() if line
    ]
    found += [entry.title for entry in load([built_in()]).entries]
    return list(dict.fromkeys(found))
