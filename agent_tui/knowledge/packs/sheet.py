"""A pack as two printed pages for the desk: HTML that needs nothing from outside and prints as A4.

The front holds the answers, the back procedures and emergency cards. How large the letters are is decided
from how much there is to say, so that a full pack still fits.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.packs import fit as pack_fit
from agent_tui.knowledge.packs.format import EmergencyCard, Pack, Procedure, Step
from agent_tui.knowledge.packs.lint import wide
from agent_tui.knowledge.packs.style import STYLE
from agent_tui.knowledge.packs.words import PackWords, pack_words

_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_STOP = re.compile(r"\$\{\d+(?::([^}]*))?\}")
_DEFAULT = re.compile(r"default:\s*[\"'“]([^\"'”]*)[\"'”]")
_SHOWN_WORDS = 8


def pack_sheet(pack: Pack, entries: Mapping[str, Entry], contacts: Mapping[str, str] | None = None) -> str:
    """The sheet as one HTML document; `contacts` says by role who is called (name and phone)."""
    return _Sheet(pack, entries, contacts or {}).html()


class _Sheet:
    def __init__(self, pack: Pack, entries: Mapping[str, Entry], contacts: Mapping[str, str]) -> None:
        self._pack = pack
        self._entries = entries
        self._contacts = contacts
        self._words: PackWords = pack_words(pack.language)

    def html(self) -> str:
        pack = self._pack
        tongue = "zh-CN" if pack.language == "zh" else "en"
        return (
            f'<!DOCTYPE html>\n<html lang="{tongue}">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{escape(pack.title)} · {self._version()}</title>\n<style>{STYLE}</style>\n</head>\n"
            f'<body class="{pack.field}">\n{self._front()}\n{self._back()}\n</body>\n</html>\n'
        )

    def _front(self) -> str:
        items = "\n".join(self._answers())
        return self._page(self._words.sheet_front, pack_fit.FRONT_SIZE, [
            f"<h2>{escape(self._words.sheet_answers)}</h2>",
            f'<ol class="answers">\n{items}\n</ol>',
        ])  # fmt: skip

    def _back(self) -> str:
        left, right = pack_fit.columns(self._pack)
        cards = "\n".join(self._card(one) for one in self._pack.emergency)
        size = pack_fit.back_size(self._pack, [self._seen(one) for one in self._pack.emergency])
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
            room = pack_fit.gist_room(answer.when, title)
            text = gist(entry.text, room) if entry else ""
            yield (
                f'<li><div class="when">{escape(answer.when)}</div>'
                f'<div class="title">{escape(title)}</div><div class="gist">{escape(text)}</div></li>'
            )

    def _procedure(self, procedure: Procedure) -> str:
        steps = "".join(self._step(step) for step in procedure.steps)
        return f'<article class="procedure"><h3>{escape(procedure.title)}</h3><ol>{steps}</ol></article>'

    def _step(self, step: Step) -> str:
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
