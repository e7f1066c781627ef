"""Whether a reply states a fact: wordings compared after folding, never by which entry was sent."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from msgspec import Struct

Values = Mapping[str, tuple[str, ...]]

_NUMERALS = "零一二两三四五六七八九十百"
_UNITS = "个|小时|钟头|天|日|分钟|工作日|元|块|次|张|笔|位|件|周|月"
_RANGE = "-–—~～至到"
_HAN_NUMBER = re.compile(f"[{_NUMERALS}]+(?=(?:{_UNITS})|[{_RANGE}][{_NUMERALS}0-9])")
_HAN_DIGITS = {
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_ENGLISH = {
    "one": "1",
    "two": "2",
    "three": "3",
    "five": "5",
    "seven": "7",
    "fifteen": "15",
    "thirty": "30",
    "twenty-four": "24",
    "twenty four": "24",
    "forty-eight": "48",
    "forty eight": "48",
    "seventy-two": "72",
    "seventy two": "72",
}
_ENGLISH_NUMBER = re.compile(r"\b(" + "|".join(sorted(_ENGLISH, key=len, reverse=True)) + r")\b")
_JOINS = (
    (re.compile(r"(\d)\s*(?:个|-)?\s*(?:小时|钟头|(?:hours?|hrs?|h)(?![a-z]))"), r"\1小时"),
    (re.compile(r"(\d)\s*(?:个|-)?\s*(?:工作日|(?:working|business)[ -]days?(?![a-z]))"), r"\1工作日"),
    (re.compile(r"(\d)\s*-?\s*(?:天|日|days?(?![a-z]))"), r"\1天"),
    (re.compile(r"(\d)\s*-?\s*(?:分钟|分(?=[^之享期])|(?:minutes?|mins?)(?![a-z]))"), r"\1分钟"),
)
_WITHIN = re.compile(r"within(\d+(?:小时|工作日|天|分钟))")
_SPACES = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[a-z]")
_SLOT = re.compile(r"\{([a-z_.]+)\}")


def fold(text: str) -> str:
    """`text` as wordings are compared.

    Width, case and spaces go; numbers before a unit become digits, ranges `1-3`, and hours, days, minutes and
    working days read the same in Chinese and English.
    """
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    text = _ENGLISH_NUMBER.sub(lambda hit: _ENGLISH[hit[0]], text)
    text = _HAN_NUMBER.sub(lambda hit: _arabic(hit[0]), text)
    text = re.sub(
        rf"(\d)\s*(?:个?工作日|小时|天|days?|hours?)?\s*(?:[{_RANGE}]|\bto\b)\s*(?=\d)", r"\1-", text
    )
    for pattern, plain in _JOINS:
        text = pattern.sub(plain, text)
    return _WITHIN.sub(r"\1内", _SPACES.sub("", text))


def _arabic(numeral: str) -> str:
    """A Chinese numeral below 1,000 as digits; a mere row of digits is read digit by digit."""
    if not set(numeral) & {"十", "百"}:
        return "".join(str(_HAN_DIGITS[sign]) for sign in numeral)
    total, digit = 0, 0
    for sign in numeral:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _HAN_DIGITS[sign]
    return str(total + digit)


class Fact(Struct, frozen=True):
    """A fact by its name: stated when each row of `needs` has a wording in the text and `unless` has none."""

    name: str
    needs: tuple[tuple[str, ...], ...]
    unless: tuple[str, ...]
    again: tuple[str, ...]
    again_en: tuple[str, ...]

    def stated_in(self, folded: str, values: Values) -> bool:
        """Whether `folded` (see `fold`) states this; wordings may name a value, as `{parcel.eta}` does."""
        if any(_holds(folded, word, values) for word in self.unless):
            return False
        return all(any(_holds(folded, word, values) for word in row) for row in self.needs)


def _holds(folded: str, wording: str, values: Values) -> bool:
    return any(_contains(folded, word) for word in spelled(wording, values))


def spelled(wording: str, values: Values) -> Sequence[str]:
    """`wording` folded, once for every way its value may be written; nothing when the value is missing."""
    slot = _SLOT.fullmatch(wording)
    if slot is None:
        return (_folded(wording),)
    return tuple(fold(value) for value in values.get(slot[1], ()) if value)


_KNOWN: dict[str, str] = {}


def _folded(wording: str) -> str:
    """`fold`, remembered: the wordings of the bank are few and compared all day."""
    if wording not in _KNOWN:
        _KNOWN[wording] = fold(wording)
    return _KNOWN[wording]


def _contains(folded: str, word: str) -> bool:
    """Whether `word` is in `folded`; a number is not found inside a longer number."""
    at = folded.find(word)
    while at >= 0:
        if not (_cut(folded, at, word[0]) or _cut(folded, at + len(word), word[-1])):
            return True
        at = folded.find(word, at + 1)
    return False


def _cut(folded: str, at: int, edge: str) -> bool:
    """Whether a wording whose `edge` lies at `at` would start or end in the middle of a number."""
    return edge.isdigit() and 0 < at < len(folded) and folded[at - 1].isdigit() and folded[at].isdigit()


def is_readable(text: str, language: str) -> bool:
    """Whether a customer who writes `language` can read `text`: an English one wants mostly English."""
    han, latin = len(_HAN.findall(text)), len(_LATIN.findall(text.casefold()))
    return latin > han if language == "en" else han > 0 or latin == 0
