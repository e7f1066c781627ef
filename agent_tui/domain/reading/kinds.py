"""The kind of a message: what a customer does with it, and whether it needs an answer."""

import re
from collections.abc import Iterable
from functools import cache

from msgspec import Struct

from agent_tui.domain.reading.lexicon import Lexicon, WordFound, table
from agent_tui.domain.reading.rules import IdeaRule, rule_of, unknown_ideas
from agent_tui.domain.reading.said import Kind, MessageReading

# What is known beside a message's own words.
ASKED, FIRST, PUBLIC, TOPIC, OPEN, ONLY_GREET = "asked", "first", "public", "topic", "open", "only_greet"
_BESIDE = frozenset({ASKED, FIRST, PUBLIC, TOPIC, OPEN, ONLY_GREET})
_LETTERS = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
# The shop asks for something, or whether something is needed.
_REQUEST = re.compile(
    "确认一下|请确认|请发|发一下|请提供|提供一下|方便|请问|(?:please|can you) (?:send|confirm|share)"
)
_NEED = re.compile(
    "还有|需要|还要|要不要|要帮|其他|别的|疑问|解决|anything|else|would you|do you need|shall i|did that"
)
_SAYS_NOTHING = frozenset({"ack", "settled", "only_face", "laugh"})
_VAGUE = frozenset(
    {"greet", "there", "please_soft", "nudge", "vague", "ack", "thank", "wish", "rage", "smalltalk"}
)
_GREETING = frozenset({"greet", "there", "please_soft"})
# So much of a closing message may stay unread.
_MAY_BE_LEFT = 2


class _KindTables(Struct, frozen=True):
    words: Lexicon
    ideas: frozenset[str]
    signs: dict[str, re.Pattern[str]]
    kinds: tuple[tuple[Kind, IdeaRule], ...]
    closing: frozenset[Kind]
    covers: frozenset[str]
    never: frozenset[str]


@cache
def _tables() -> _KindTables:
    raw = table("kinds.toml")
    words: dict[str, list[str]] = raw["words"]
    signs = {sign: re.compile(pattern) for sign, pattern in raw["signs"].items()}
    return _KindTables(
        words=Lexicon(words),
        ideas=frozenset(words) | signs.keys() | _BESIDE,
        signs=signs,
        kinds=tuple(_kind_rule(text) for text in raw["kinds"]["rules"]),
        closing=frozenset(map(Kind, raw["closing"]["kinds"])),
        covers=frozenset(raw["closing"]["by"]),
        never=frozenset(raw["closing"]["never"]),
    )


def _kind_rule(text: str) -> tuple[Kind, IdeaRule]:
    kind, rule = text.split(":")
    return Kind(kind), rule_of(rule.strip())


def problems() -> tuple[str, ...]:
    """What the table says in vain: ideas without words."""
    tables = _tables()
    ruled = (one for kind, rule in tables.kinds for one in unknown_ideas(kind, [rule], tables.ideas))
    return (*ruled, *(f"closing: {idea}" for idea in sorted((tables.covers | tables.never) - tables.ideas)))


def ideas_known() -> frozenset[str]:
    """All ideas that may be read in a message."""
    return _tables().ideas


def ideas_in(text: str) -> frozenset[str]:
    """The ideas and signs in one message, which must be spelled for reading."""
    tables = _tables()
    signs = {sign for sign, pattern in tables.signs.items() if pattern.search(text)}
    return frozenset(tables.words.meanings(text) | signs)


def kind_of(text: str, before: str | None = None, known: Iterable[str] = ()) -> MessageReading:
    """The kind of one message, which must be spelled for reading.

    `before` is what the shop said last, None where it has said nothing; `known` are ideas beside the words:
    `public`, `topic` and `open`.
    """
    tables = _tables()
    found = tables.words.found(text)
    ideas = {idea for one in found for idea in one.ideas} | set(known)
    ideas |= {sign for sign, pattern in tables.signs.items() if pattern.search(text)}
    ideas |= {FIRST} if before is None else ({ASKED} if _shop_asks(before) else set())
    if "greet" in ideas and _left(text, found, _GREETING) <= 1:
        ideas.add(ONLY_GREET)
    kind, rule = next(
        ((kind, rule) for kind, rule in tables.kinds if rule.holds(ideas)), (Kind.CHATTER, None)
    )
    because = _because(rule, found) if rule else ()
    is_closing = _may_close(kind, ideas, before or "") and _left(text, found, tables.covers) <= _MAY_BE_LEFT
    return MessageReading(kind=kind, is_closing=is_closing, because=because)


def without_threat(text: str) -> str:
    """`text`, spelled for reading, without what is only threatened: 再不发货 of 再不发货我就退款."""
    found = _tables().signs["once_more_or"].search(text)
    if found is None:
        return text
    start, end = next(span for span in (found.span("tail"), found.span("tail2")) if span[0] >= 0)
    return f"{text[:start]} {text[end:]}"


def says_something(text: str) -> bool:
    """Whether a text holds more than greetings, nudges, "I have a question" and pictures."""
    return _left(text, _tables().words.found(text), _VAGUE) > 1


def is_holding(text: str) -> bool:
    """Whether the shop's words only ask to wait: what was asked stays open."""
    return "holding" in _tables().words.meanings(text)


def asks(text: str) -> bool:
    """Whether a text has a question in it, or a wish."""
    tables = _tables()
    ideas = tables.words.meanings(text)
    signs = (tables.signs["ends_asking"], tables.signs["mark"])
    return not ideas.isdisjoint({"ask", "wish", "progress"}) or any(sign.search(text) for sign in signs)


def joins(text: str) -> bool:
    """Whether a clause begins another matter: 还有, 另外, also."""
    return any("joins" in one.ideas and one.start <= 1 for one in _tables().words.found(text))


def _shop_asks(before: str) -> bool:
    last = before.split("\n")[-1]
    signs = _tables().signs
    asks = signs["mark"].search(last) or signs["ends_asking"].search(last) or _REQUEST.search(last)
    return bool(asks) or "ask" in _tables().words.meanings(last)


def _because(rule: IdeaRule, found: Iterable[WordFound]) -> tuple[str, ...]:
    said = dict.fromkeys(one.word for one in found if one.ideas & rule.needs)
    return tuple(said) or tuple(sorted(rule.needs))


def _may_close(kind: Kind, ideas: set[str], before: str) -> bool:
    """Precision first: what may want something is no closing."""
    tables = _tables()
    if kind not in tables.closing or not tables.never.isdisjoint(ideas) or PUBLIC in ideas:
        return False
    if kind is Kind.ANSWER:
        return "settled" in ideas or ("noneed" in ideas and bool(_NEED.search(before)))
    if kind is Kind.GREETING:
        return "festive" in ideas and FIRST not in ideas
    if kind is Kind.LEAVING:
        return not {"ack", ASKED} <= ideas
    return kind is not Kind.CHATTER or (not {FIRST, ASKED} & ideas and not _SAYS_NOTHING.isdisjoint(ideas))


def _left(text: str, found: Iterable[WordFound], covers: frozenset[str]) -> int:
    """How much of `text` lies outside words of these ideas: characters, Latin words as one."""
    rest = list(text)
    for one in found:
        if one.ideas & covers:
            rest[one.start : one.end] = " " * (one.end - one.start)
    return len(_LETTERS.findall("".join(rest)))
