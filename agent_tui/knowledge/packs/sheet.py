"""The printed sheet of a pack: two A4 pages of HTML that need nothing from outside.

The front holds the answers, the back procedures and emergency cards. How large the letters are is reckoned in
points from how much there is to say, after the print style (`data/pack_sheet.css`); it errs on the safe side
by a tenth, because a line that is cut off in print is worse than letters that are a little smaller.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.packs.format import EmergencyCard, Pack, Procedure, ProcedureStep
from agent_tui.knowledge.packs.lint import wide
from agent_tui.knowledge.packs.words import PackTexts, pack_words

_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_STOP = re.compile(r"\$\{\d+(?::([^}]*))?\}")
_DEFAULT = re.compile(r"default:\s*[\"'“]([^\"'”]*)[\"'”]")
_SHOWN_WORDS = 8
_STYLE_FILE = Path(__file__).parents[1] / "data" / "pack_sheet.css"
FRONT_SIZE = 9.6
_ANSWER_HEIGHT = 62.0
_ANSWER_WIDTH = 230.0
_COLUMN_HEIGHT = 716.0
_STEP_WIDTH = 228.0
_CARD_WIDTH = 244.0
_SIZES = tuple(size / 10 for size in range(96, 39, -2))
_FULL = 0.93


def pack_sheet(pack: Pack, entries: Mapping[str, Entry], contacts: Mapping[str, str] | None = None) -> str:
    """The sheet as one HTML document; `contacts` says by role who is called (name and phone)."""
    return _Sheet(pack, entries, contacts or {}).html()


@cache
def _style() -> str:
    """The print style: A4, two pages, system fonts, nothing from outside."""
    return _STYLE_FILE.read_text("utf-8")


class _Sheet:
    def __init__(self, pack: Pack, entries: Mapping[str, Entry], contacts: Mapping[str, str]) -> None:
        self._pack = pack
        self._entries = entries
        self._contacts = contacts
        self._words: PackTexts = pack_words(pack.language)

    def html(self) -> str:
        pack = self._pack
        tongue = "zh-CN" if pack.language == "zh" else "en"
        return (
            f'<!DOCTYPE html>\n<html lang="{tongue}">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{escape(pack.title)} · {self._version()}</title>\n<style>\n{_style()}</style>\n</head>\n"
            f'<body class="{pack.field}">\n{self._front()}\n{self._back()}\n</body>\n</html>\n'
        )

    def _front(self) -> str:
        items = "\n".join(self._answers())
        return self._page(self._words.sheet_front, FRONT_SIZE, [
            f"<h2>{escape(self._words.sheet_answers)}</h2>",
            f'<ol class="answers">\n{items}\n</ol>',
        ])  # fmt: skip

    def _back(self) -> str:
        left, right = columns(self._pack)
        cards = "\n".join(self._card(one) for one in self._pack.emergency)
        size = back_size(self._pack, [self._seen(one) for one in self._pack.emergency])
        return self._page(self._words.sheet_back, size, [
            f"<h2>{escape(self._words.sheet_procedures)}</h2>",
            f'<div class="back">\n<div class="column">{self._column(left)}</div>',
            f'<div class="column">{self._column(right)}',
            f"<h2>{escape(self._words.sheet_emergency)}</h2>\n{cards}\n</div>\n</div>",
        ])  # fmt: skip

    def _column(self, procedures: Iterable[Procedure]) -> str:
        return "\n".join(self._procedure(one) for one in procedures)

    def _page(self, side: str, size: float, parts: list[str]) -> str:
        body = "\n".join(parts)
        return (
            f'<section class="page" style="font-size:{size}pt">\n{self._header(side)}\n{body}\n'
            f"<footer>{escape(self._words.sheet_keys)}</footer>\n</section>"
        )

    def _header(self, side: str) -> str:
        pack, words = self._pack, self._words
        end = pack.valid_until.isoformat() if pack.valid_until else "—"
        facts = (
            self._version(),
            words.sheet_valid.format(start=pack.valid_from.isoformat(), end=end),
            words.sheet_owner.format(owner=pack.owner),
            side,
        )
        told = "".join(f"<span>{escape(fact)}</span>" for fact in facts)
        return f"<header><h1>{escape(pack.title)}</h1><p>{told}</p></header>"

    def _version(self) -> str:
        return self._words.sheet_version.format(version=self._pack.version)

    def _answers(self) -> Iterator[str]:
        for answer in self._pack.answers:
            entry = self._entries.get(answer.entry)
            title = entry.title if entry else answer.entry
            room = gist_room(answer.when, title)
            text = gist(entry.text, room) if entry else ""
            yield (
                f'<li><div class="when">{escape(answer.when)}</div>'
                f'<div class="title">{escape(title)}</div><div class="gist">{escape(text)}</div></li>'
            )

    def _procedure(self, procedure: Procedure) -> str:
        steps = "".join(self._step(step) for step in procedure.steps)
        return f'<article class="procedure"><h3>{escape(procedure.title)}</h3><ol>{steps}</ol></article>'

    def _step(self, step: ProcedureStep) -> str:
        words = self._words
        return (
            f'<li><span class="do">{escape(step.do)}</span>'
            f'<span class="check"><b>{escape(words.sheet_check)}</b>{escape(step.check)}</span>'
            f'<span class="fails"><b>{escape(words.sheet_fails)}</b>{escape(step.if_fails)}</span></li>'
        )

    def _card(self, card: EmergencyCard) -> str:
        words = self._words
        rows = (
            (words.sheet_seen, self._seen(card)),
            (words.sheet_stop, card.stop),
            (words.sheet_say, card.say),
            (words.sheet_call, self._contacts.get(card.call) or words.sheet_lead),
        )
        told = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in rows)
        return f'<article class="card"><h3>{escape(card.title)}</h3><dl>{told}</dl></article>'

    def _seen(self, card: EmergencyCard) -> str:
        """What brings the card up: its level and its first words."""
        words = self._words
        seen = list(card.words[:_SHOWN_WORDS])
        if card.level is not None:
            seen.insert(0, words.sheet_level.format(level=card.level))
        return words.list_mark.join(seen) + ("…" if len(card.words) > _SHOWN_WORDS else "")


def gist(text: str, most: int) -> str:
    """What a template says, in at most `most` wide characters: placeholders as `…`, blanks as their hint."""
    plain = _PLACEHOLDER.sub(_shown, text)
    plain = _STOP.sub(lambda stop: f"[{stop[1] or '…'}]", plain)
    plain = " ".join(plain.split())
    if most <= 0:
        return ""
    if wide(plain) <= most:
        return plain
    while wide(plain) >= most:
        plain = plain[:-1]
    return plain.rstrip("，。；、, ") + "…"


def _shown(placeholder: re.Match[str]) -> str:
    default = _DEFAULT.search(placeholder[0])
    return default[1] if default else "…" if placeholder[0].startswith("{{") else ""


def gist_room(when: str, title: str) -> int:
    """How many wide characters of an answer's text fit below its when-line and its title."""
    width = _ANSWER_WIDTH / _FULL
    used = lines(when, width, 1.12 * FRONT_SIZE) * 1.12 * 1.3 * FRONT_SIZE
    used += lines(title, width, 0.92 * FRONT_SIZE) * 0.92 * 1.42 * FRONT_SIZE
    free = max(0, int((_ANSWER_HEIGHT - used) / (0.88 * 1.36 * FRONT_SIZE)))
    return int(free * _per_line(_ANSWER_WIDTH, 0.88 * FRONT_SIZE))


def columns(pack: Pack) -> tuple[tuple[Procedure, ...], tuple[Procedure, ...]]:
    """The procedures of the back's left column, and those that stand above the cards in its right one."""
    left = math.ceil(len(pack.procedures) / 2)
    return pack.procedures[:left], pack.procedures[left:]


def back_size(pack: Pack, seen: Sequence[str]) -> float:
    """The largest letters, in points, with which both columns of the back fit; `seen` is each card's row."""
    left, right = columns(pack)
    return next(
        (
            size
            for size in _SIZES
            if _procedures(left, size) <= _COLUMN_HEIGHT
            and _procedures(right, size) + _cards(pack.emergency, seen, size) <= _COLUMN_HEIGHT
        ),
        _SIZES[-1],
    )


def lines(text: str, width: float, size: float) -> int:
    """How many lines `text` takes at `size` points in `width` points."""
    return max(1, math.ceil(wide(text) / _per_line(width, size)))


def _per_line(width: float, size: float) -> float:
    return width / size * _FULL


def _procedures(procedures: Iterable[Procedure], size: float) -> float:
    return sum(14.0 + 1.1 * 1.42 * size + sum(_step(step, size) for step in one.steps) for one in procedures)


def _step(step: ProcedureStep, size: float) -> float:
    small = 0.92 * size
    rows = lines(step.do, _STEP_WIDTH, size) * size
    rows += sum(lines(f"□□□□{text}", _STEP_WIDTH, small) * small for text in (step.check, step.if_fails))
    return 1.34 * rows + 3.2


def _cards(cards: Sequence[EmergencyCard], seen: Sequence[str], size: float) -> float:
    width = _CARD_WIDTH - 3 * size
    total = 20.0
    for card, row in zip(cards, seen, strict=True):
        rows = 1 + sum(lines(text, width, size) for text in (row, card.stop, card.say))
        total += 1.12 * 1.42 * size + 1.34 * size * rows + 14.0
    return total
