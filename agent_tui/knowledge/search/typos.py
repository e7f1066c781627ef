"""Typo model of a pinyin syllable: its beginnings, its southern accents, one slip on a QWERTY keyboard."""

from functools import cache, lru_cache

from agent_tui.knowledge.text.tables import tables

_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "z": "zh", "c": "ch", "s": "sh", "n": "l", "l": "n"}
_FINALS = {"ang": "an", "eng": "en", "ing": "in", "an": "ang", "en": "eng", "in": "ing"}
_LIPS = {"fei": "hui", "fen": "hun", "hui": "fei", "hun": "fen", "huo": "fo"}
_ALIASES = {"lv": ("lu", "lyu"), "nv": ("nu", "nyu"), "lve": ("lue", "lyue"), "nve": ("nue", "nyue")}

_LONGEST_SYLLABLE = 6
_CONFUSED = {"n": "l", "l": "n", "f": "h", "h": "f"}

Forms = dict[str, tuple[int, ...]]


@cache
def neighbours() -> dict[str, str]:
    """Each key of a QWERTY keyboard with the keys that touch it."""
    at = {char: (row, place) for row, keys in enumerate(_ROWS) for place, char in enumerate(keys)}
    touching = {(row, place) for row in (-1, 0, 1) for place in (-1, 0, 1)} - {(0, 0)}
    return {
        char: "".join(
            other for other, (r, p) in at.items() if (r - row, p - place) in touching and other.isalpha()
        )
        for char, (row, place) in at.items()
    }


@cache
def exact_forms() -> dict[str, int]:
    """Syllable → its number."""
    return {syllable: number for number, syllable in enumerate(tables().syllables)}


@lru_cache(maxsize=256)
def syllables_of(letters: str) -> tuple[str, ...]:
    """`letters` cut into as few syllables as can be; what is in none stands alone."""
    fewest: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    for end in range(1, len(letters) + 1):
        ways = [
            (fewest[start][0] + (1 if letters[start:end] in exact_forms() else 3), start)
            for start in range(max(0, end - _LONGEST_SYLLABLE), end)
            if end - start == 1 or letters[start:end] in exact_forms()
        ]
        count, start = min(ways)
        fewest.append((count, (*fewest[start][1], letters[start:end])))
    return fewest[-1][1]


@cache
def alias_forms() -> Forms:
    """Other ways to type ü: `lu`, `lyu` for `lv`."""
    return _reversed(
        {syllable: set(forms) for syllable, forms in _ALIASES.items() if syllable in exact_forms()}
    )


@cache
def prefix_forms() -> Forms:
    """A beginning of a syllable → the syllables it may stand for, the whole syllable left out."""
    return _reversed(
        {syllable: {syllable[:size] for size in range(1, len(syllable))} for syllable in tables().syllables}
    )


@cache
def accent_forms() -> Forms:
    """What a southern accent types → the syllables that were meant."""
    return _reversed({syllable: accents_of(syllable) for syllable in tables().syllables})


@cache
def accent_beginnings() -> Forms:
    """A beginning of what a southern accent types (`l`, `la` for `nan`) → the syllables that were meant."""
    return _reversed({syllable: _accent_beginnings(syllable) for syllable in tables().syllables})


def _accent_beginnings(syllable: str) -> set[str]:
    begun = {form[:size] for form in accents_of(syllable) for size in range(1, len(form))}
    return begun - {syllable[:size] for size in range(1, len(syllable) + 1)}


def accented(letters: str, most: int = 8) -> list[str]:
    """Other letters that were meant by short ones (`lf` for `nf`, `hp` for `fp`, `zhf` for `zf`)."""
    ways = [""]
    for place, char in enumerate(letters):
        is_second = char == "h" and letters[place - 1 : place] in ("z", "c", "s")
        others = {"" if is_second else _CONFUSED.get(char, char): 0, char: 1}
        ways = [way + other for way in ways for other in others][-most:]
    return [way for way in ways if way != letters]


@cache
def slip_forms() -> Forms:
    """A syllable with one slip in it → the syllables that were meant."""
    return _reversed({syllable: slips_of(syllable) for syllable in tables().syllables})


def accents_of(syllable: str) -> set[str]:
    """What an accent may turn `syllable` into: z zh, c ch, s sh, n l, f h, in ing, en eng, an ang."""
    initial = next((start for start in _INITIALS if syllable.startswith(start)), "")
    starts = {initial, _INITIALS.get(initial, "")} if initial else {""}
    rest = syllable[len(initial) :]
    if syllable[0] in "fh":
        starts = {"f", "h"}
        rest = syllable[1:]
    ending = next((end for end in _FINALS if rest.endswith(end)), "")
    rests = {rest, rest[: -len(ending)] + _FINALS[ending]} if ending else {rest}
    found = {start + one for start in starts for one in rests}
    if syllable[0] == "f":
        found |= {"hu" + one for one in rests}
    if syllable.startswith("hu"):
        found |= {"f" + one[1:] for one in rests}
    return (found | {_LIPS.get(syllable, syllable)}) - {syllable}


def slips_of(letters: str) -> set[str]:
    """`letters` with one slip: a neighbouring key, a letter dropped, doubled, or swapped with the next."""
    found: set[str] = set()
    for place, char in enumerate(letters):
        before, after = letters[:place], letters[place + 1 :]
        found.update(before + other + after for other in neighbours()[char])
        found.add(before + char + char + after)
        if len(letters) > 1:
            found.add(before + after)
        if after:
            found.add(before + after[0] + char + after[1:])
    return found - {letters}


def _reversed(forms_of: dict[str, set[str]]) -> Forms:
    meant: dict[str, list[int]] = {}
    for syllable, forms in forms_of.items():
        number = exact_forms()[syllable]
        for form in forms:
            meant.setdefault(form, []).append(number)
    return {form: tuple(numbers) for form, numbers in meant.items()}
