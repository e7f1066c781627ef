"""Reading a conversation: kinds, open questions, danger, category, class and mood by one pass over it."""

from collections.abc import Sequence

from agent_tui.domain.order_facts import OrderFacts
from agent_tui.domain.reading.category import categorised
from agent_tui.domain.reading.heard import HeardMessage, heard_in
from agent_tui.domain.reading.mood import mood_of
from agent_tui.domain.reading.questions import open_questions
from agent_tui.domain.reading.said import ConversationReading, Kind, MessageReading, OpenQuestion, Said

_WANTS = frozenset({Kind.GREETING, Kind.CHASING, Kind.ANGER, Kind.QUESTION, Kind.THREAT})


def read_conversation(said: Sequence[Said], facts: OrderFacts | None = None) -> ConversationReading:
    """What a conversation says, oldest message first: the one reading that intake, advisor and scripts share.

    Only the customer's messages are read; the shop's say what they answer and what is settled. The mood is
    that of the customer's last two messages. `facts` of the order, where they are known, settle what the
    words leave open. A pure function: the same words read the same everywhere.
    """
    heard = heard_in(said)
    all_texts = [one.spelled for one in heard]
    subject = categorised(_about(heard), all_texts)
    questions = open_questions(heard)
    messages: list[MessageReading | None] = [None] * len(said)
    for one in heard:
        messages[one.at] = one.reading
    return ConversationReading(
        category=subject.category,
        class_=subject.class_,
        mood=mood_of(all_texts[-2:]),
        is_urgent=subject.is_urgent,
        because=subject.because,
        messages=tuple(messages),
        questions=questions,
        is_vague=_is_vague(heard, questions),
        dangers=tuple(danger for one in heard for danger in one.dangers),
    )


def read(texts: Sequence[str]) -> ConversationReading:
    """The reading of a customer's recent messages alone, oldest first."""
    return read_conversation([Said(text) for text in texts])


def _about(heard: Sequence[HeardMessage]) -> list[str]:
    """The words that say what it is about: nagging adds urgency, never topic."""
    return [one.topic for one in heard if one.is_context] or [one.topic for one in heard]


def _is_vague(heard: Sequence[HeardMessage], questions: Sequence[OpenQuestion]) -> bool:
    last = heard[-1] if heard else None
    if last is None or questions or last.reading.is_closing:
        return False
    return any(one.reading.kind in _WANTS for one in heard if one.turn == last.turn)
