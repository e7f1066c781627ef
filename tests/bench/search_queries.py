"""Queries made from titles, first set of rules, the one to tune with: fourteen ways of typing a title.

A query is made of the whole title or of a piece that no other title holds, so that it has one right answer.
"""

import random
import re
from collections.abc import Callable
from itertools import pairwise

from pypinyin import Style, lazy_pinyin, pinyin

from agent_tui.knowledge.search.typos import neighbours

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z0-9.]+")
_STARTS = {"zh": "z", "ch": "c", "sh": "s", "z": "zh", "c": "ch", "s": "sh"}
_STARTS |= {"n": "l", "l": "n", "f": "h", "h": "f"}
_ENDS = {"ing": "in", "eng": "en", "ang": "an", "in": "ing", "en": "eng", "an": "ang"}

Queries = dict[str, list[tuple[str, int]]]


class Titles:
    """The titles pieces are cut from, all of them in sight to know a piece for the only one."""

    def __init__(self, titles: list[str]) -> None:
        self.titles = titles
        self._all = "\n".join(titles).casefold()
        self._initials = [_initials(title) for title in titles]

    def is_only(self, piece: str) -> bool:
        """Whether `piece` stands in no more than one title."""
        return self._all.count(piece.casefold()) == 1

    def is_only_start(self, letters: str) -> bool:
        """Whether the initials of one title alone begin with `letters`."""
        return sum(one.startswith(letters) for one in self._initials) == 1

    def piece(self, title: str, chance: random.Random, least: int, most: int) -> str | None:
        """A stretch of `title` that it alone holds."""
        for _ in range(12):
            size = chance.randint(least, most)
            if size >= len(title):
                return title if len(title) >= least else None
            start = chance.randint(0, len(title) - size)
            cut = title[start : start + size]
            if cut == cut.strip() and self.is_only(cut):
                return cut
        return None

    def spoken(self, title: str, chance: random.Random, least: int = 4, most: int = 9) -> str | None:
        """The whole title or a piece of it, with Chinese in it."""
        if chance.random() < 0.35 and len(title) < 20:
            found: str | None = title
        else:
            found = self.piece(title, chance, least, most)
        return found if found and len("".join(_HAN.findall(found))) >= 3 else None


Make = Callable[[Titles, str, random.Random], str | None]


def _initials(text: str) -> str:
    return "".join(lazy_pinyin("".join(_HAN.findall(text)), style=Style.FIRST_LETTER))


def _syllables(text: str) -> list[str]:
    """What is typed for `text`: syllables and words, punctuation left out."""
    typed = [re.sub(r"[^a-z0-9 ]", "", one.lower()) for one in lazy_pinyin(text, v_to_u=False)]
    return [word for one in typed for word in one.split()]


def exact(titles: Titles, title: str, chance: random.Random) -> str | None:
    """The title as it is."""
    return title


def prefix(titles: Titles, title: str, chance: random.Random) -> str | None:
    """The title's beginning, as far as it takes to be the only one."""
    for size in range(chance.randint(3, max(3, len(title) // 2)), len(title)):
        if sum(one.startswith(title[:size]) for one in titles.titles) == 1:
            return title[:size].strip()
    return None


def substring(titles: Titles, title: str, chance: random.Random) -> str | None:
    """Three to six characters from the middle."""
    return titles.piece(title[1:-1], chance, 3, 6)


def words(titles: Titles, title: str, chance: random.Random) -> str | None:
    """Two or three pieces of the title in another order."""
    text = max(_HAN.findall(title), key=len, default="")
    count = 3 if len(text) > 8 and chance.random() < 0.4 else 2
    if len(text) < 2 * count + 1:
        return None
    cuts = sorted(chance.sample(range(1, len(text) // 2), count - 1)) if len(text) // 2 > count else [1]
    edges = [0, *(2 * cut for cut in cuts), len(text)]
    pieces = [text[one:other][-3:] for one, other in pairwise(edges)]
    chance.shuffle(pieces)
    return " ".join(pieces) if all(len(piece) > 1 for piece in pieces) else None


def joined(titles: Titles, title: str, chance: random.Random) -> str | None:
    """Full pinyin in one."""
    text = titles.spoken(title, chance, 3)
    return "".join(_syllables(text)) if text else None


def spaced(titles: Titles, title: str, chance: random.Random) -> str | None:
    """Full pinyin, a space after each syllable."""
    text = titles.spoken(title, chance, 3)
    return " ".join(_syllables(text)) if text else None


def initials(titles: Titles, title: str, chance: random.Random) -> str | None:
    """First letters of the whole title or of its first four to eight characters."""
    letters = _initials(title)
    if chance.random() < 0.6:
        letters = letters[: chance.randint(4, 8)]
    return letters if len(letters) > 3 and titles.is_only_start(letters) else None


def mixed(titles: Titles, title: str, chance: random.Random) -> str | None:
    """Some syllables whole, some by their first letter."""
    text = titles.spoken(title, chance, 4)
    if not text:
        return None
    typed = [one if chance.random() < 0.5 else one[:1] for one in _syllables(text)]
    if all(len(one) == 1 for one in typed) or len("".join(typed)) < 6:
        return None
    return chance.choice(("", " ")).join(typed)


def polyphone(titles: Titles, title: str, chance: random.Random) -> str | None:
    """A character that has several readings, typed by another than the usual one."""
    text = titles.spoken(title, chance)
    if not text:
        return None
    run = max(_HAN.findall(text), key=len)
    typed = lazy_pinyin(run, v_to_u=False)
    readings = pinyin(run, style=Style.NORMAL, heteronym=True, v_to_u=False)
    others = [(place, set(some) - {typed[place]}) for place, some in enumerate(readings)]
    others = [(place, some) for place, some in others if some]
    if not others or len(run) < 4:
        return None
    place, some = chance.choice(others)
    typed[place] = chance.choice(sorted(some))
    return "".join(typed)


def english(titles: Titles, title: str, chance: random.Random) -> str | None:
    """The title's English words in any case, with a neighbouring Chinese word where one is needed."""
    found = _ENGLISH.findall(title)
    if not found:
        return None
    typed = " ".join(found[: chance.randint(1, 4)])
    if not titles.is_only(typed):
        near = max(_HAN.findall(title), key=len, default="")[-4:]
        typed = f"{typed} {near}" if near else title
    return chance.choice((typed.lower(), typed.upper(), typed.title(), typed.swapcase()))


def traditional(titles: Titles, title: str, chance: random.Random) -> str | None:
    """Traditional characters."""
    import opencc

    text = titles.spoken(title, chance, 3)
    typed = opencc.OpenCC(chance.choice(("s2t", "s2tw", "s2hk"))).convert(text) if text else None
    return typed if typed != text else None


_SOUND: dict[str, list[str]] = {}


def homophone(titles: Titles, title: str, chance: random.Random) -> str | None:
    """One or two characters replaced by others that sound the same."""
    if not _SOUND:
        for code in range(0x4E00, 0x9FA5):
            raw = (char := chr(code)).encode("gb2312", "ignore")
            if raw and raw[0] < 0xD8:
                _SOUND.setdefault(lazy_pinyin(char)[0], []).append(char)
    text = titles.spoken(title, chance)
    if not text:
        return None
    chars = list(text)
    places = [place for place, char in enumerate(chars) if _HAN.match(char)]
    sounds = lazy_pinyin("".join(chars[place] for place in places))
    for place, sound in chance.sample(list(zip(places, sounds, strict=True)), chance.randint(1, 2)):
        chars[place] = chance.choice(_SOUND.get(sound, [chars[place]]))
    return "".join(chars)


def slip(titles: Titles, title: str, chance: random.Random) -> str | None:
    """Pinyin with a neighbouring key, a letter dropped, doubled or swapped."""
    typed = joined(titles, title, chance)
    if not typed or len(typed) < 8:
        return None
    place = chance.randrange(len(typed) - 1)
    if not typed[place].isalpha():
        return None
    kind = chance.choice(("neighbour", "drop", "double", "swap"))
    if kind == "neighbour":
        return typed[:place] + chance.choice(neighbours()[typed[place]]) + typed[place + 1 :]
    if kind == "drop":
        return typed[:place] + typed[place + 1 :]
    if kind == "double":
        return typed[: place + 1] + typed[place:]
    return typed[:place] + typed[place + 1] + typed[place] + typed[place + 2 :]


def accent(titles: Titles, title: str, chance: random.Random) -> str | None:
    """Pinyin as a southern accent has it, in some syllables or in all."""
    text = titles.spoken(title, chance)
    if not text:
        return None
    share = chance.choice((0.3, 0.6, 1.0))
    plain = _syllables(text)
    typed = [_southern(one) if chance.random() < share else one for one in plain]
    return chance.choice(("", " ")).join(typed) if typed != plain else None


def _southern(syllable: str) -> str:
    start = next((one for one in _STARTS if syllable.startswith(one)), "")
    spoken = _STARTS.get(start, "") + syllable[len(start) :]
    end = next((one for one in _ENDS if spoken.endswith(one)), "")
    return spoken[: len(spoken) - len(end)] + _ENDS.get(end, "")


KINDS: dict[str, Make] = {
    make.__name__: make
    for make in (
        exact, prefix, substring, words, joined, spaced, initials, mixed, polyphone, english, traditional,
        homophone, slip, accent,
    )
}  # fmt: skip


def queries(titles: list[str], each: int, seed: int = 11, half: int | None = None) -> Queries:
    """For each kind up to `each` queries, with the number of the title each was made from.

    With `half` 0 or 1 they are made from every second title only: one half to tune with, one to check.
    """
    all_titles = Titles(titles)
    numbers = range(len(titles)) if half is None else range(half, len(titles), 2)
    made: Queries = {}
    for kind, make in KINDS.items():
        chance = random.Random(f"{seed} {kind}")
        found = made.setdefault(kind, [])
        for number in chance.choices(numbers, k=each * 12):
            if len(found) == each:
                break
            typed = make(all_titles, titles[number], chance)
            if typed:
                found.append((typed, number))
    return made
