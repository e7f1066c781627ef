"""Queries made from titles, first set of rules: thirteen ways in which people type what they look for."""

import random
import re
from collections.abc import Callable

from pypinyin import Style, lazy_pinyin, pinyin

from agent_tui.knowledge.slips import neighbours

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_ENGLISH = re.compile(r"[A-Za-z]{2,}")
_ACCENTS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("ing", "in"), ("eng", "en"), ("ang", "an"))

Make = Callable[[str, random.Random], str | None]


def _run(title: str, chance: random.Random, least: int, most: int) -> str | None:
    """Some neighbouring Han characters of a title."""
    runs = [run for run in _HAN.findall(title) if len(run) >= least]
    if not runs:
        return None
    return max(runs, key=len)[: most * 2]


def substring(title: str, chance: random.Random) -> str | None:
    """A stretch of the title, anything in it."""
    size = min(len(title), chance.randint(4, 8))
    start = chance.randint(0, len(title) - size)
    return title[start : start + size].strip() or None


def prefix(title: str, chance: random.Random) -> str | None:
    """The title's beginning."""
    return title[: max(3, int(len(title) * chance.uniform(0.4, 0.9)))].strip()


def full_pinyin(title: str, chance: random.Random) -> str | None:
    """Joined pinyin."""
    run = _run(title, chance, 3, 6)
    return "".join(lazy_pinyin(run)) if run else None


def spaced_pinyin(title: str, chance: random.Random) -> str | None:
    """Pinyin with a space after each syllable."""
    run = _run(title, chance, 3, 6)
    return " ".join(lazy_pinyin(run)) if run else None


def initials(title: str, chance: random.Random) -> str | None:
    """First letters."""
    run = _run(title, chance, 4, 8)
    return "".join(lazy_pinyin(run, style=Style.FIRST_LETTER)) if run else None


def mixed(title: str, chance: random.Random) -> str | None:
    """Some syllables whole, some begun."""
    run = _run(title, chance, 3, 6)
    if not run:
        return None
    pieces = [one[: chance.randint(1, len(one))] for one in lazy_pinyin(run)]
    return chance.choice(("", " ")).join(pieces)


def polyphone(title: str, chance: random.Random) -> str | None:
    """A character that has several readings, typed by another than the usual one."""
    run = _run(title, chance, 3, 6)
    if not run:
        return None
    readings = pinyin(run, style=Style.NORMAL, heteronym=True)
    if all(len(set(some)) < 2 for some in readings):
        return None
    return "".join(chance.choice(some) for some in readings)


def english(title: str, chance: random.Random) -> str | None:
    """One or several of the title's English words."""
    words = _ENGLISH.findall(title)
    if not words:
        return None
    return " ".join(words[: chance.randint(1, 4)] if len(words) < 4 else words[-3:]).lower()


def any_order(title: str, chance: random.Random) -> str | None:
    """Two or three pieces of the title in another order."""
    runs = _HAN.findall(title)
    text = max(runs, key=len, default="")
    if len(text) < 6:
        return None
    cut = chance.randint(2, len(text) - 3)
    pieces = [text[max(0, cut - 3) : cut], text[cut + 1 : cut + 4]]
    chance.shuffle(pieces)
    if chance.random() < 0.3:
        pieces = ["".join(lazy_pinyin(piece)) for piece in pieces]
    return " ".join(pieces)


_SOUND: dict[str, list[str]] = {}


def homophone(title: str, chance: random.Random) -> str | None:
    """One or two characters replaced by others that sound the same."""
    if not _SOUND:
        for code in range(0x4E00, 0x9FA5):
            char = chr(code)
            if char.encode("gb2312", "ignore"):
                _SOUND.setdefault(lazy_pinyin(char)[0], []).append(char)
    run = _run(title, chance, 3, 6)
    if not run:
        return None
    chars = list(run)
    for place in chance.sample(range(len(chars)), chance.randint(1, 2)):
        chars[place] = chance.choice(_SOUND.get(lazy_pinyin(chars[place])[0], [chars[place]]))
    return "".join(chars)


def slip(title: str, chance: random.Random) -> str | None:
    """Pinyin with a neighbouring key, a letter dropped, doubled or swapped."""
    run = _run(title, chance, 3, 6)
    if not run:
        return None
    typed = "".join(lazy_pinyin(run))
    place = chance.randrange(len(typed) - 1)
    kind = chance.choice(("neighbour", "drop", "double", "swap"))
    if kind == "neighbour":
        return typed[:place] + chance.choice(neighbours()[typed[place]]) + typed[place + 1 :]
    if kind == "drop":
        return typed[:place] + typed[place + 1 :]
    if kind == "double":
        return typed[: place + 1] + typed[place:]
    return typed[:place] + typed[place + 1] + typed[place] + typed[place + 2 :]


def accent(title: str, chance: random.Random) -> str | None:
    """Pinyin as a southern accent has it."""
    run = _run(title, chance, 3, 6)
    if not run:
        return None
    typed = []
    for syllable in lazy_pinyin(run):
        for one, other in chance.sample(_ACCENTS, len(_ACCENTS)):
            starts = one in ("zh", "ch", "sh", "n")
            if starts and syllable.startswith(one):
                syllable = other + syllable[len(one) :]
                break
            if not starts and syllable.endswith(one):
                syllable = syllable[: -len(one)] + other
                break
        typed.append(syllable)
    return "".join(typed) if typed != lazy_pinyin(run) else None


def traditional(title: str, chance: random.Random) -> str | None:
    """Traditional characters."""
    import opencc

    run = _run(title, chance, 3, 7)
    typed = opencc.OpenCC(chance.choice(("s2t", "s2tw", "s2hk"))).convert(run) if run else None
    return typed if typed != run else None


KINDS: dict[str, Make] = {
    make.__name__: make
    for make in (
        substring, prefix, full_pinyin, spaced_pinyin, initials, mixed, polyphone, english, any_order,
        homophone, slip, accent, traditional,
    )
}  # fmt: skip


def queries(titles: list[str], each: int, seed: int = 11) -> dict[str, list[tuple[str, int]]]:
    """For each kind up to `each` queries, with the number of the title each was made from."""
    chance = random.Random(seed)
    clear = Clear(titles)
    made: dict[str, list[tuple[str, int]]] = {}
    for kind, make in KINDS.items():
        found = made.setdefault(kind, [])
        for number in chance.choices(range(len(titles)), k=each * 12):
            if len(found) == each:
                break
            typed = make(clear.only(number, chance), chance)
            if typed:
                found.append((typed, number))
    return made


class Clear:
    """Cuts from a title a piece that no other title has, so that a query made of it has one right answer."""

    def __init__(self, titles: list[str]) -> None:
        self.titles = titles
        self._all = "\n".join(titles).lower()

    def only(self, number: int, chance: random.Random) -> str:
        """The whole title, or a shorter piece that still is found in it alone."""
        piece = title = self.titles[number]
        for _ in range(4):
            size = chance.randint(min(5, len(title)), len(title))
            start = chance.randint(0, len(title) - size)
            cut = title[start : start + size]
            if len(cut) < len(piece) and self._all.count(cut.lower()) == 1:
                piece = cut
        return piece
