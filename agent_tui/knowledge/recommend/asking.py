"""What is asked: the open questions of a conversation, each with what else was said around it."""

from collections.abc import Sequence

from agent_tui.domain.reading import ConversationReading, Kind
from agent_tui.knowledge.recommend.retrieval import is_latin
from agent_tui.knowledge.recommend.signals import Question
from agent_tui.knowledge.recommend.situation import Situation
from agent_tui.knowledge.recommend.usage_log import Said
from agent_tui.knowledge.text.keywords import asked
from agent_tui.knowledge.text.tokens import normalize

MOST_QUESTIONS = 3
_HEARD = 6
_SETTLING = frozenset({Kind.GREETING, Kind.THANKS, Kind.LEAVING, Kind.CHATTER})
_SILENT = frozenset({Kind.GREETING, Kind.THANKS, Kind.LEAVING, Kind.CHASING})


def questions_of(situation: Situation, reading: ConversationReading) -> tuple[Question, ...]:
    """The open questions, the newest last; where none is open, the customer's last words as one that asks
    nothing, or that leaves open what is asked."""
    said = situation.messages
    category = situation.category or reading.category.value
    language = situation.language or language_of(said)
    if not _is_settled(said, reading) and (listed := _listed(said, reading)):
        return tuple(
            Question(
                words=text, context=_around(said, reading, at, text), category=subject,
                ticket_category=category, language=situation.language or written_in(text),
            )
            for text, at, subject in listed[-MOST_QUESTIONS:]
        )  # fmt: skip
    words = _last_words(said)
    if not words:
        return ()
    return (
        Question(
            words=words, ticket_category=category, language=language, is_vague=reading.is_vague,
            asks_nothing=not reading.is_vague or not asked(words),
        ),
    )  # fmt: skip


def _listed(said: Sequence[Said], reading: ConversationReading) -> list[tuple[str, int, str]]:
    """The open questions that have words of their own: the words, their place, what they are about."""
    found = [(one.text, one.at, one.category.value) for one in reading.questions if asked(one.text)]
    if reading.questions and not found:
        places = [at for at, one in enumerate(said) if one.side == "customer" and asked(one.text)]
        found = [(said[at].text, at, "") for at in places[-1:]]
    return found


def _is_settled(said: Sequence[Said], reading: ConversationReading) -> bool:
    """Whether all that came after our last answer is thanks and the like: nothing is open any more."""
    last = max((at for at, one in enumerate(said) if one.side != "customer"), default=-1)
    if last < 0 or last == len(said) - 1:
        return False
    after = [one for one in reading.messages[last + 1 :] if one is not None]
    return all(one.kind in _SETTLING for one in after)


def _around(said: Sequence[Said], reading: ConversationReading, place: int, asked_for: str) -> str:
    """What else the customer said, without what only greets, thanks or chases."""
    others = [
        one.text
        for at, (one, read) in enumerate(zip(said, reading.messages, strict=True))
        if read is not None and at != place and read.kind not in _SILENT and one.text not in asked_for
    ]
    return "\n".join(others[-_HEARD:])


def _last_words(said: Sequence[Said]) -> str:
    """What the customer said since the shop last spoke."""
    words: list[str] = []
    for one in reversed(said):
        if one.side != "customer":
            break
        words.insert(0, one.text)
    return "\n".join(filter(None, (word.strip() for word in words[:_HEARD])))


def language_of(said: Sequence[Said]) -> str:
    """The language to answer in: that of the customer's last words."""
    words = [one.text for one in said if one.side == "customer" and one.text.strip()]
    return written_in(words[-1]) if words else "zh"


def written_in(text: str) -> str:
    """The language of a text, `zh` or `en`."""
    return "en" if is_latin(normalize(text)) else "zh"
