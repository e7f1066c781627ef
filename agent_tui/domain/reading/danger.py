"""Danger in a customer's words."""

from functools import cache

from agent_tui.domain.reading.lexicon import Lexicon, table
from agent_tui.domain.reading.said import Danger, DangerFound


@cache
def _words() -> Lexicon:
    return Lexicon(table("danger.toml")["danger"])


def dangers_in(text: str, at: int = 0) -> tuple[DangerFound, ...]:
    """The dangers in one message, which must be folded and stands at place `at`."""
    heard: dict[str, list[str]] = {}
    for found in _words().found(text):
        for idea in found.ideas:
            heard.setdefault(idea, []).append(found.word)
    return tuple(
        DangerFound(danger=danger, words=tuple(heard[danger]), at=at) for danger in Danger if danger in heard
    )
