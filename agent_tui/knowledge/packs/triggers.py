"""Trigger words: which emergency card a customer's words call for, however spaced, accented or written."""

import re
from functools import lru_cache

from agent_tui.domain.lending import PackRules
from agent_tui.knowledge.packs.format import EmergencyCard, Pack
from agent_tui.knowledge.text.tokens import normalize

_MOST_TEXT = 20_000
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufe0f\ufeff]")
_GAP = r"[^\S\n]?[.*_~·|/\\+'’‘`\"^-]{0,2}[^\S\n]?"
_BETWEEN_WORDS = r"[^\w\n]{1,3}"


def card_for(pack: Pack, text: str, level: int = 0) -> EmergencyCard | None:
    """The card that `text`, or else the emergency level of the floor, brings up; the pack's order decides.

    Words count in any width, case and script, with blanks or dots between their characters; words of letters
    or digits only where they stand alone (12315 within an order number is none).
    """
    said = _HIDDEN.sub("", normalize(text[:_MOST_TEXT]))
    for card in pack.emergency:
        if is_called(card, said):
            return card
    due = [card for card in pack.emergency if card.level is not None and card.level <= level]
    return max(due, key=lambda card: card.level or 0, default=None)


def is_called(card: EmergencyCard, said: str) -> bool:
    """Whether normalized words call for `card`."""
    words, unless = _patterns(card)
    if unless is not None:
        said = unless.sub("\n", said)
    return words is not None and words.search(said) is not None


@lru_cache(maxsize=64)
def _patterns(card: EmergencyCard) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """The trigger words as one pattern, and what cancels them, which must stand there exactly."""
    triggers = [pattern for word in card.words if (pattern := _pattern(normalize(word)))]
    unless = [re.escape(phrase) for one in card.unless if (phrase := normalize(one).strip())]
    return _any(triggers), _any(unless)


def _any(patterns: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(patterns)) if patterns else None


def _pattern(word: str) -> str:
    parts = ["".join(char for char in part if char.isalnum()) for part in word.split()]
    spelled = _BETWEEN_WORDS.join(_GAP.join(map(re.escape, part)) for part in parts if part)
    if not spelled:
        return ""
    letters = "".join(parts)
    before = r"(?<![a-z0-9])" if letters[0].isascii() else ""
    after = r"(?![a-z0-9])" if letters[-1].isascii() else ""
    return f"{before}{spelled}{after}"


def rules_of(pack: Pack) -> PackRules:
    """What `domain` and a helpdesk in memory know of `pack`."""
    cards = {card.id: card.say for card in pack.emergency}

    def calls(said: str) -> tuple[str, str] | None:
        card = card_for(pack, said)
        return None if card is None else (card.id, card.title)

    return PackRules(
        id=pack.id,
        title=pack.title,
        entries=frozenset(answer.entry for answer in pack.answers) | cards.keys(),
        cards=cards,
        answers=frozenset(category.value for category in pack.categories),
        procedures=frozenset(one.value for procedure in pack.procedures for one in procedure.categories),
        language=pack.language,
        calls=calls,
    )
