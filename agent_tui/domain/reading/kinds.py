"""The kind of a message: what a customer does with it, and whether it needs an answer."""

from functools import cache

from agent_tui.domain.reading.lexicon import Lexicon, table
from agent_tui.domain.reading.said import Kind, MessageReading

_CLOSING = frozenset({Kind.THANKS, Kind.LEAVING})


@cache
def _table() -> tuple[tuple[Kind, ...], Lexicon]:
    words: dict[str, tuple[str, ...]] = table("kinds.toml")["kinds"]
    return tuple(Kind(kind) for kind in words), Lexicon(words)


def kind_of(text: str, before: str = "") -> MessageReading:
    """The kind of one message, which must be folded; `before` is what the shop said last."""
    kinds, lexicon = _table()
    said: dict[str, list[str]] = {}
    for found in lexicon.found(text):
        for idea in found.ideas:
            said.setdefault(idea, []).append(found.word)
    answering = before.rstrip().endswith(("?", "吗", "呢"))
    otherwise = Kind.ANSWER if answering else Kind.CHATTER
    kind = next((kind for kind in kinds if kind in said), otherwise)
    return MessageReading(
        kind=kind, is_closing=kind in _CLOSING and len(said) == 1, because=tuple(said.get(kind, ()))
    )
