"""Commitments in figures: two entries that may both be true of an order never state different ones.

Which commitment a figure belongs to is read from the words around it in its clause
(`data/commitments.toml`) and its unit. A method of payment, a livestream, an appliance make another one. Of a
range the end counts: it is what the customer waits for. Where their `true_when` exclude each other, entries
don't contradict.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from agent_tui import i18n
from agent_tui.domain.condition_overlap import can_both_hold
from agent_tui.knowledge.content.blanked import blanked
from agent_tui.knowledge.content.entries import ContentProblem
from agent_tui.knowledge.content.problems import problem

_NUMBER = r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九十]{1,3}|半)"
_UNITS = {
    "min": "分钟|minutes?|mins?",
    "h": "小时|hours?",
    "wd": "个?工作日|(?:working|business) days?",
    "d": "天|日内|days?",
    "yuan": "元|块|yuan",
    "%": "%",
    "times": "倍",
}
_FIGURE = re.compile(
    rf"(?P<low>{_NUMBER})(?:\s*(?:-|–|~|到|至|to)\s*(?P<high>{_NUMBER}))?\s*个?"
    rf"(?:{'|'.join(f'(?P<u{n}>{words})' for n, words in enumerate(_UNITS.values()))})"
    r"|(?P<money>(?:cny|rmb|¥)\s*\d+(?:\.\d+)?)|(?P<double>双倍)"
)
_SENTENCE = re.compile(r"(?:[^。!?;\n.]|\.(?![\s]|$))+")
_CLAUSE = re.compile(r"(?:[^,、()]|(?<=\d)[,](?=\d))+")
_HAN = re.compile("[\u4e00-\u9fff]")
_DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九十")} | {"两": 2}
_MINUTES = {"min": 1, "h": 60, "d": 1440}


class _Commitment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of `data/commitments.toml`."""

    zh: str
    en: str
    near: tuple[str, ...]
    units: tuple[str, ...]
    said: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class _Commitments(Struct, frozen=True, forbid_unknown_fields=True):
    commitment: tuple[_Commitment, ...]


class Stating(Struct, frozen=True):
    """An entry as far as commitments go, and where its text stands."""

    title: str
    text: str
    true_when: str
    file: str
    line: int
    field: str


class Figure(Struct, frozen=True):
    """A figure of a commitment: as it is written, the most it comes to, and its line (from 0)."""

    commitment: str
    written: str
    comes_to: tuple[str, float]
    line: int


def figures(title: str, text: str) -> Iterator[Figure]:
    """The figures of `text` that belong to a commitment."""
    plain = blanked(text)
    for sentence in _SENTENCE.finditer(plain):
        said = f"{blanked(title)}: {sentence[0]}"
        before = ""
        for clause in _CLAUSE.finditer(sentence[0]):
            line = plain.count("\n", 0, sentence.start() + clause.start())
            yield from _of_clause(clause[0], before, said, line)
            before = "" if _FIGURE.search(clause[0]) else clause[0]


def _of_clause(clause: str, before: str, said: str, line: int) -> Iterator[Figure]:
    """The figures of a clause; one that begins with its figure goes on with the clause `before` it."""
    found = list(_FIGURE.finditer(clause))
    for figure in found:
        unit = _unit(figure)
        marked = _marked(clause, figure, found)
        whole = f"{_closed(before)},{marked}" if before and marked.startswith("#") else marked
        for commitment, near, wanted, unless in _table():
            if unit not in commitment.units or not (near.search(marked) or near.search(whole)):
                continue
            if wanted.search(said) and not (unless.search(said) or unless.search(marked)):
                yield Figure(commitment.zh, figure[0], _most(figure), line)


def _marked(clause: str, figure: re.Match[str], others: Sequence[re.Match[str]]) -> str:
    """The clause with `#` for the figure that is asked about and `§` for others."""
    pieces, end = [], 0
    for one in others:
        pieces += [clause[end : one.start()], "#" if one is figure else "§"]
        end = one.end()
    return _closed("".join([*pieces, clause[end:]]))


def _closed(text: str) -> str:
    """`text` without spaces where it is Chinese, with single ones where it is not."""
    return re.sub(r"\s+", "" if _HAN.search(text) else " ", text.strip())


def _most(figure: re.Match[str]) -> tuple[str, float]:
    """The most that a figure comes to: of a range the end, 48 hours as two days."""
    if figure["double"]:
        return "times", 2
    if figure["money"]:
        return "yuan", float(re.sub(r"[^\d.]", "", figure["money"]))
    unit = _unit(figure)
    most = _number(figure["high"] or figure["low"])
    return ("min", most * _MINUTES[unit]) if unit in _MINUTES else (unit, most)


def _unit(figure: re.Match[str]) -> str:
    if figure["double"] or figure["money"]:
        return "times" if figure["double"] else "yuan"
    return next(name for place, name in enumerate(_UNITS) if figure[f"u{place}"])


def _number(written: str) -> float:
    """`十五` as 15; what is no number of the usual form is read digit by digit."""
    if written[0].isdigit():
        return float(written)
    if written == "半":
        return 0.5
    tens, ten, ones = written.rpartition("十")
    if not ten:
        return float(_DIGITS.get(written[-1], 0))
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


@cache
def _table() -> tuple[tuple[_Commitment, re.Pattern[str], re.Pattern[str], re.Pattern[str]], ...]:
    """Every commitment with its patterns: near, said, unless."""
    data = Path(__file__).parents[1] / "data" / "commitments.toml"
    rows = msgspec.toml.decode(data.read_bytes(), type=_Commitments).commitment
    return tuple((row, _any(row.near), _any(row.said), _any(row.unless or ("(?!)",))) for row in rows)


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns))


def contradictions(entries: Iterable[Stating]) -> Iterator[ContentProblem]:
    """Entries that commitment something else than the others do, each with the place of one that does not."""
    stated: dict[str, list[tuple[Stating, Figure]]] = defaultdict(list)
    for entry in entries:
        for figure in figures(entry.title, entry.text):
            stated[figure.commitment].append((entry, figure))
    names = {row.zh: row.en for row, *_ in _table()}
    for commitment, told in stated.items():
        yield from _differing(names[commitment] if i18n.language() == "en" else commitment, told)


def _differing(commitment: str, told: list[tuple[Stating, Figure]]) -> Iterator[ContentProblem]:
    """Whoever differs from what most say, with the first who says that and may be true beside it."""
    counts = Counter(figure.comes_to for _, figure in told)
    usual = max(counts, key=lambda value: counts[value])
    for entry, figure in told:
        if figure.comes_to == usual:
            continue
        other = next((pair for pair in told if pair[1].comes_to == usual and _meet(entry, pair[0])), None)
        if other is not None:
            yield _problem(commitment, entry, figure, *other)


def _meet(one: Stating, other: Stating) -> bool:
    return one is not other and can_both_hold(one.true_when, other.true_when)


def _problem(
    commitment: str, entry: Stating, figure: Figure, other: Stating, beside: Figure
) -> ContentProblem:
    return problem(
        "contradiction", entry.file, entry.line + figure.line, entry.field, "warning", commitment=commitment,
        figure=figure.written, other=f"{other.file}:{other.line + beside.line}", beside=beside.written,
    )  # fmt: skip
