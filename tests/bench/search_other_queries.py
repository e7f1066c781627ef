"""Queries made from titles, second set of rules: written last, never looked at while the search was tuned.

Where the first set cuts pieces that only one title has, this one cuts by words (runs between particles): it
 takes those an agent would remember of a title, particles left out, and types them in the way of each kind.
A query may fit several titles; nothing is done about that, so its figures are lower than those of the first.
"""

import random
import re

from pypinyin import Style, lazy_pinyin, pinyin

_PARTICLES = re.compile(r"[的了吗呢和与及后时在是我]|怎么|如何|什么|为什么|[^\u4e00-\u9fffA-Za-z0-9]+")
_NEAR = "wa qes wrd etf ryg tuh yij uok ipl o qsz awdx sefc drgv fthb gyjn hukm jil ko asx zsdc xdfv cfgb"
_KEYS = dict(zip("qwertyuiopasdfghjklzxcvbnm", [*_NEAR.split(), "vghn", "bhjm", "njk"], strict=True))
_SOUTH = [("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("n", "l"), ("f", "h")]
_NASAL = [("ing", "in"), ("eng", "en"), ("in", "ing"), ("en", "eng"), ("ang", "an")]

Made = str | None


def _words(title: str) -> list[str]:
    return [word for word in _PARTICLES.split(title) if len(word) > 1]


def _stretch(title: str, chance: random.Random) -> Made:
    """Two neighbouring words, or a long one."""
    words = [word for word in _words(title) if not word.isascii()]
    if not words:
        return None
    place = chance.randrange(len(words))
    found = "".join(words[place : place + 2])
    return found[:8] if len(found) >= 4 else None


def _typed(title: str, chance: random.Random) -> list[str] | None:
    text = _stretch(title, chance)
    return lazy_pinyin(text) if text else None


def middle(title: str, chance: random.Random) -> Made:
    """A piece from somewhere in the title."""
    start = chance.randint(0, max(0, len(title) // 2))
    return title[start : start + max(5, len(title) // 2)].strip() or None


def beginning(title: str, chance: random.Random) -> Made:
    """The first two thirds."""
    return title[: max(4, len(title) * 2 // 3)].strip()


def joined(title: str, chance: random.Random) -> Made:
    """Pinyin in one."""
    typed = _typed(title, chance)
    return "".join(typed).upper() if typed and chance.random() < 0.1 else "".join(typed or ()) or None


def apart(title: str, chance: random.Random) -> Made:
    """Pinyin with spaces."""
    return " ".join(_typed(title, chance) or ()) or None


def letters(title: str, chance: random.Random) -> Made:
    """First letters of the whole title up to ten characters."""
    text = re.sub(r"[^\u4e00-\u9fff]", "", title)[:10]
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)) if len(text) > 4 else None


def begun(title: str, chance: random.Random) -> Made:
    """The first syllables whole, the rest by one or two letters."""
    typed = _typed(title, chance)
    if not typed:
        return None
    whole = chance.randint(1, len(typed) - 1)
    return " ".join(["".join(typed[:whole]), "".join(one[: chance.randint(1, 2)] for one in typed[whole:])])


def other_reading(title: str, chance: random.Random) -> Made:
    """One character with several readings by its second."""
    text = _stretch(title, chance)
    if not text:
        return None
    readings = pinyin(text, style=Style.NORMAL, heteronym=True)
    usual = lazy_pinyin(text)
    places = [place for place, some in enumerate(readings) if len(set(some)) > 1]
    if not places:
        return None
    place = chance.choice(places)
    usual[place] = next(one for one in readings[place] if one != usual[place])
    return "".join(usual)


def latin(title: str, chance: random.Random) -> Made:
    """English words of the title, the last one begun."""
    words = re.findall(r"[A-Za-z]+", title)
    if len(words) < 3:
        return None
    kept = words[-3:] if chance.random() < 0.5 else chance.sample(words, 3)
    return " ".join([*kept[:-1], kept[-1][: max(2, len(kept[-1]) - 1)]])


def shuffled(title: str, chance: random.Random) -> Made:
    """Two or three words in any order."""
    words = _words(title)
    return " ".join(chance.sample(words, min(3, len(words)))) if len(words) > 1 else None


def sounding(title: str, chance: random.Random) -> Made:
    """One character replaced by a common one of the same sound."""
    text = _stretch(title, chance)
    if not text:
        return None
    place = chance.randrange(len(text))
    sound = lazy_pinyin(text[place])[0]
    rows = [chr(code) for code in range(0x4E00, 0x9FA5) if lazy_pinyin(chr(code))[0] == sound]
    common = [char for char in rows if (raw := char.encode("gb2312", "ignore")) and raw[0] < 0xD8]
    return text[:place] + chance.choice(common or [text[place]]) + text[place + 1 :]


def mistyped(title: str, chance: random.Random) -> Made:
    """One slip of a finger."""
    typed = joined(title, chance)
    if not typed or len(typed) < 6:
        return None
    typed, place = typed.lower(), chance.randrange(len(typed) - 1)
    if not typed[place].isalpha():
        return None
    before, at, after = typed[:place], typed[place], typed[place + 1 :]
    swapped = before + after[0] + at + after[1:]
    return chance.choice((before + after, before + at + at + after, swapped, before + _KEYS[at][0] + after))


def southern(title: str, chance: random.Random) -> Made:
    """Every syllable as a southern accent has it."""
    typed = _typed(title, chance)
    if not typed:
        return None
    spoken = []
    for syllable in typed:
        for one, other in _SOUTH:
            if syllable.startswith(one) and chance.random() < 0.7:
                syllable = other + syllable[len(one) :]
                break
        for one, other in _NASAL:
            if syllable.endswith(one) and chance.random() < 0.5:
                syllable = syllable[: -len(one)] + other
                break
        spoken.append(syllable)
    return "".join(spoken) if spoken != typed else None


def old_style(title: str, chance: random.Random) -> Made:
    """Traditional characters as Taiwan writes them."""
    import opencc

    text = _stretch(title, chance)
    typed = opencc.OpenCC("s2tw").convert(text) if text else None
    return typed if typed != text else None


MAKERS = (
    middle, beginning, joined, apart, letters, begun, other_reading, latin, shuffled, sounding, mistyped,
    southern, old_style,
)  # fmt: skip


def queries(titles: list[str], each: int, seed: int = 5) -> dict[str, list[tuple[str, int]]]:
    """For each kind up to `each` queries, with the number of the title each was made from."""
    chance = random.Random(seed)
    made: dict[str, list[tuple[str, int]]] = {}
    for maker in MAKERS:
        found = made.setdefault(maker.__name__, [])
        for number in chance.choices(range(len(titles)), k=each * 10):
            typed = maker(titles[number], chance) if len(found) < each else None
            if typed:
                found.append((typed, number))
    return made
