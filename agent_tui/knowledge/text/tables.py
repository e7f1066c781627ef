"""The character tables: readings of every character and traditional to simplified, shipped ready to use.

`data/tables.msgpack` is made once from pypinyin and opencc (`agent-tui kb build-tables`); neither is imported
by anything else, so searching and adding an entry while running cost no import.
"""

import unicodedata
from functools import cache
from pathlib import Path

import msgspec

TABLES_FILE = Path(__file__).parents[1] / "data" / "tables.msgpack"
_BMP_HAN = (*range(0x3400, 0xA000), 0x3007, *range(0xF900, 0xFB00))
_COMMON_SHARE = 0.04
_SIMPLIFIED_TOO = frozenset("么吒薹袷")


class _Stored(msgspec.Struct, frozen=True):
    """What the file holds: `which[i]` is the place in `combos` of the readings of `chars[i]`."""

    version: int
    syllables: list[str]
    combos: list[tuple[int, ...]]
    common: list[int]
    chars: str
    which: list[int]
    traditional: str
    simplified: str


class Tables:
    """Readings (most frequent first, as numbers into `syllables`) and simplified forms of characters."""

    def __init__(self, stored: _Stored) -> None:
        self.version = stored.version
        self.syllables = stored.syllables
        self.simplified = dict(zip(stored.traditional, stored.simplified, strict=True))
        self._combos = stored.combos
        self._common = stored.common
        self._which = dict(zip(stored.chars, stored.which, strict=True))

    def readings(self, char: str) -> tuple[int, ...]:
        """Every reading of one simplified character, the most frequent first; empty when it has none."""
        place = self._which.get(char)
        return () if place is None else self._combos[place]

    def common_readings(self, char: str) -> tuple[int, ...]:
        """The readings of `char` that words really use."""
        place = self._which.get(char)
        return () if place is None else self._combos[place][: self._common[place]]


@cache
def tables() -> Tables:
    """The shipped tables, read once a process (about 5 ms)."""
    return Tables(msgspec.msgpack.decode(TABLES_FILE.read_bytes(), type=_Stored))


def plain_syllable(toned: str) -> str:
    """`lǜ` as `lv`: letters only, without the tone, ü as v."""
    letters: list[str] = []
    for char in unicodedata.normalize("NFD", toned.lower()):
        if char == "\u0308" and letters:
            letters[-1] = "v"
        elif "a" <= char <= "z":
            letters.append(char)
    return "".join(letters)


def build_tables(target: Path) -> int:
    """Write the tables file from pypinyin and opencc; returns how many characters have readings."""
    traditional = _traditional()
    readings = {char: found for code in _BMP_HAN if (found := _readings_of(char := chr(code), traditional))}
    syllables = sorted({syllable for found, _ in readings.values() for syllable in found})
    number = {syllable: place for place, syllable in enumerate(syllables)}
    combos = sorted(set(readings.values()))
    place_of = {combo: place for place, combo in enumerate(combos)}
    stored = _Stored(
        version=1,
        syllables=syllables,
        combos=[tuple(number[syllable] for syllable in found) for found, _ in combos],
        common=[common for _, common in combos],
        chars="".join(readings),
        which=[place_of[found] for found in readings.values()],
        traditional="".join(traditional),
        simplified="".join(traditional.values()),
    )
    target.write_bytes(msgspec.msgpack.encode(stored))
    return len(readings)


@cache
def _phrase_counts() -> dict[tuple[str, str], int]:
    """How often the phrase dictionary reads a character so."""
    from pypinyin.constants import PHRASES_DICT

    counts: dict[tuple[str, str], int] = {}
    for phrase, toned in PHRASES_DICT.items():
        for char, readings in zip(phrase, toned, strict=False):
            key = (char, plain_syllable(readings[0]))
            counts[key] = counts.get(key, 0) + 1
    return counts


def _readings_of(char: str, traditional: dict[str, str]) -> tuple[tuple[str, ...], int] | None:
    """The readings of `char`, most frequent first, and how many of them are common; None without any.

    A simplified character that also stands for one still in use (着 for 著) takes over its readings.
    """
    from pypinyin.constants import PINYIN_DICT

    merged = [old for old, new in traditional.items() if new == char and old.encode("gb2312", "ignore")]
    toned = ",".join(PINYIN_DICT.get(ord(one), "") for one in (char, *merged))
    listed = [plain_syllable(one) for one in toned.split(",")]
    unique = [syllable for syllable in dict.fromkeys(listed) if set(syllable) & set("aeiouv")]
    if not unique:
        return None
    counts = _phrase_counts()
    seen = {syllable: counts.get((char, syllable), 0) for syllable in unique}
    total = sum(seen.values())
    order = sorted(unique, key=lambda syllable: -seen[syllable])
    common = sum(1 for syllable in order if seen[syllable] > _COMMON_SHARE * total)
    return tuple(order), max(common, 1)


def _traditional() -> dict[str, str]:
    """Characters that are written otherwise in simplified Chinese, whatever region they come from."""
    import opencc

    converters = [opencc.OpenCC(name) for name in ("t2s", "hk2s", "tw2s")]
    found: dict[str, str] = {}
    for char in (chr(code) for code in _BMP_HAN):
        for converter in () if char in _SIMPLIFIED_TOO else converters:
            simple = str(converter.convert(char))
            if len(simple) == 1 and simple != char:
                found[char] = simple
                break
    return found
