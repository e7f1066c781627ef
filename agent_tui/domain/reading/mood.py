"""How a customer sounds, by a table of words."""

from functools import cache

from agent_tui.domain.models import Mood
from agent_tui.domain.reading.lexicon import Lexicon, table


@cache
def _table() -> tuple[tuple[Mood, ...], Lexicon]:
    words: dict[str, tuple[str, ...]] = table("mood.toml")["mood"]
    return tuple(Mood(mood) for mood in words), Lexicon(words)


def mood_of(texts: list[str]) -> Mood:
    """The mood of `texts`, which must be folded: the first mood with a word wins."""
    moods, lexicon = _table()
    found = lexicon.meanings("\n".join(texts))
    return next((mood for mood in moods if mood in found), Mood.CALM)
