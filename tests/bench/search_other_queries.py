"""Queries made from titles, second set of rules: written last, never looked at while the search was tuned.

Pieces are longer than in the first set and nothing makes sure that a piece is the only one; words are pairs
of characters wherever they fall; slips and accents hit whole titles; readings are any that a dictionary has.
"""

import random
import re
from collections.abc import Callable

from pypinyin import Style, lazy_pinyin, pinyin

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]+")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {one: other for row in _ROWS for one, other in zip(row, row[1:] + row[-2], strict=True)}
_SPOKEN = (
    ("^zh", "z"),
    ("^ch", "c"),
    ("^sh", "s"),
    ("^n", "l"),
    ("^hu", "f"),
    ("ing$", "in"),
    ("eng$", "en"),
)
_OTHERWISE = (("^z(?!h)", "zh"), ("^s(?!h)", "sh"), ("^l", "n"), ("in$", "ing"), ("an$", "ang"))

Made = str | None
Queries = dict[str, list[tuple[str, int]]]


def _half(title: str, chance: random.Random) -> str:
    """Half of a title or more, from anywhere."""
    size = chance.randint(min(len(title), max(6, len(title) // 2)), len(title))
    start = chance.randint(0, len(title) - size)
    return title[start : start + size].strip()


def _chinese(text: str) -> str:
    return "".join(_CHINESE.findall(text))


def whole(title: str, chance: random.Random) -> Made:
    """The title, with a space that slipped in at one end."""
    return chance.choice((title, f" {title}", f"{title} "))


def beginning(title: str, chance: random.Random) -> Made:
    """More than half of the title."""
    return title[: max(5, round(len(title) * chance.uniform(0.55, 0.9)))]


def middle(title: str, chance: random.Random) -> Made:
    """Five to eight characters from anywhere but the beginning."""
    size = chance.randint(5, 8)
    return title[-size - chance.randint(0, 2) :][:size].strip() if len(title) > size + 3 else None


def shuffled(title: str, chance: random.Random) -> Made:
    """The last pair of characters, one from the middle, the first pair."""
    text = _chinese(title)
    if len(text) < 7:
        return None
    place = chance.randint(2, len(text) - 4)
    return " ".join([text[-2:], text[place : place + 2], text[:2]][: chance.randint(2, 3)])


def typed_whole(title: str, chance: random.Random) -> Made:
    """The whole title as a converter spells it, punctuation and all."""
    return "".join(lazy_pinyin(title))


def typed_apart(title: str, chance: random.Random) -> Made:
    """Half of a title, a space after each syllable."""
    return " ".join(lazy_pinyin(_half(title, chance)))


def letters(title: str, chance: random.Random) -> Made:
    """First letters of syllables and of English words; all of them, or the first six to nine."""
    found = [word for one in lazy_pinyin(title) for word in re.findall(r"[a-z0-9]+", one.lower())]
    typed = "".join(one[0] for one in found)
    kept = typed if chance.random() < 0.5 else typed[: chance.randint(6, 9)]
    return kept if len(kept) > 4 else None


def begun(title: str, chance: random.Random) -> Made:
    """The first syllables whole, the rest by their first letters."""
    found = lazy_pinyin(_chinese(_half(title, chance)))
    if len(found) < 4:
        return None
    cut = chance.randint(1, len(found) - 2)
    return chance.choice(("", " ")).join(["".join(found[:cut]), "".join(one[0] for one in found[cut:])])


def any_reading(title: str, chance: random.Random) -> Made:
    """Every character by any reading that a dictionary has for it."""
    text = _chinese(_half(title, chance))
    readings = pinyin(text, style=Style.NORMAL, heteronym=True)
    if len(text) < 4 or all(len(set(some)) == 1 for some in readings):
        return None
    return "".join(chance.choice(some) for some in readings)


def foreign(title: str, chance: random.Random) -> Made:
    """The English words in odd case, with the pinyin initials of the next Chinese."""
    words = _LATIN.findall(title)
    if not words:
        return None
    rest = "".join(lazy_pinyin(_chinese(title.split(words[-1])[-1])[:4], style=Style.FIRST_LETTER))
    typed = " ".join([*words, rest]).strip()
    return "".join(char.upper() if place % 3 == 1 else char.lower() for place, char in enumerate(typed))


def old_style(title: str, chance: random.Random) -> Made:
    """Traditional characters, in half of the cases with the words of Taiwan too."""
    import opencc

    typed = opencc.OpenCC(chance.choice(("s2hk", "s2twp"))).convert(title)
    return typed if typed != title else None


_ALIKE: dict[str, str] = {}


def sounding(title: str, chance: random.Random) -> Made:
    """Two characters that an input method took for others, rare ones too."""
    for code in range(0x4E00, 0x9FA6) if not _ALIKE else ():
        if chr(code).encode("gb2312", "ignore"):
            sound = lazy_pinyin(chr(code))[0]
            _ALIKE[sound] = _ALIKE.get(sound, "") + chr(code)
    text = list(_half(title, chance))
    places = [place for place, char in enumerate(text) if _CHINESE.match(char)]
    if len(places) < 5:
        return None
    for place in chance.sample(places, 2):
        text[place] = chance.choice(_ALIKE.get(lazy_pinyin(text[place])[0], text[place]))
    return "".join(text)


def mistyped(title: str, chance: random.Random) -> Made:
    """One slip anywhere, the last letter too, in half of a title or more."""
    typed = "".join(lazy_pinyin(_chinese(_half(title, chance))))
    if len(typed) < 9:
        return None
    place = chance.randrange(len(typed))
    before, at, after = typed[:place], typed[place], typed[place + 1 :]
    swapped = before + after[:1] + at + after[1:]
    return chance.choice((before + _BESIDE[at] + after, before + after, before + at + at + after, swapped))


def southern(title: str, chance: random.Random) -> Made:
    """Every syllable of half a title as one speaker has it, or as one who corrects too much."""
    found = lazy_pinyin(_chinese(_half(title, chance)))
    rules = chance.choice((_SPOKEN, _OTHERWISE, _SPOKEN[:4]))
    spoken = list(found)
    for pattern, other in rules:
        spoken = [re.sub(pattern, other, one) for one in spoken]
    return "".join(spoken) if spoken != found and len(found) > 3 else None


MAKERS: tuple[Callable[[str, random.Random], Made], ...] = (
    whole, beginning, middle, shuffled, typed_whole, typed_apart, letters, begun, any_reading, foreign,
    old_style, sounding, mistyped, southern,
)  # fmt: skip


def queries(titles: list[str], each: int, seed: int = 5, half: int | None = None) -> Queries:
    """For each kind up to `each` queries, with the number of the title each was made from."""
    numbers = range(len(titles)) if half is None else range(half, len(titles), 2)
    made: Queries = {}
    for maker in MAKERS:
        chance = random.Random(f"{seed} {maker.__name__}")
        found = made.setdefault(maker.__name__, [])
        for number in chance.choices(numbers, k=each * 12):
            typed = maker(titles[number], chance) if len(found) < each else None
            if typed:
                found.append((typed, number))
    return made
