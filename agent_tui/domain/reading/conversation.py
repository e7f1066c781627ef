"""Reading a conversation: kinds, open questions, danger, category, class and mood by one pass over it."""

from collections.abc import Sequence

from agent_tui.domain.models import Category, Danger, Mood
from agent_tui.domain.order_facts import OrderFacts
from agent_tui.domain.reading.category import GRAVE, categorised, class_of
from agent_tui.domain.reading.decisions import mood_of
from agent_tui.domain.reading.heard import HeardMessage, heard_in
from agent_tui.domain.reading.questions import open_questions
from agent_tui.domain.reading.said import (
    ConversationReading,
    DangerFound,
    Kind,
    MessageReading,
    OpenQuestion,
    Said,
)

_WANTS = frozenset({Kind.GREETING, Kind.CHASING, Kind.ANGER, Kind.QUESTION, Kind.THREAT})


def read_conversation(said: Sequence[Said], facts: OrderFacts | None = None) -> ConversationReading:
    """What a conversation says, oldest message first: the one reading that intake, advisor and scripts share.

    Only the customer's messages are read; the shop's say what they answer and what is settled. The mood is
    that of the customer's last two messages. `facts` of the order, where they are known, say what somebody
    is after who only chases. A pure function: the same words read the same everywhere.
    """
    heard = heard_in(said)
    all_texts = [one.spelled for one in heard]
    dangers = tuple(danger for one in heard for danger in one.dangers)
    subject = categorised(_about(heard), all_texts)
    category = _by_danger(subject.category, dangers)
    if category is Category.OTHER and facts is not None:
        category = _by_order(heard, facts)
    questions = open_questions(heard)
    messages: list[MessageReading | None] = [None] * len(said)
    for one in heard:
        messages[one.at] = one.reading
    return ConversationReading(
        category=category,
        class_=subject.class_ if category is subject.category else class_of(category),
        mood=_mood(heard[-2:]),
        is_urgent=subject.is_urgent,
        because=subject.because,
        messages=tuple(messages),
        questions=questions,
        is_vague=_is_vague(heard, questions),
        dangers=dangers,
    )


def read(texts: Sequence[str]) -> ConversationReading:
    """The reading of a customer's recent messages alone, oldest first."""
    return read_conversation([Said(text) for text in texts])


def _about(heard: Sequence[HeardMessage]) -> list[str]:
    """The words that say what it is about: nagging adds urgency, never topic."""
    open_words = [one for one in heard if not one.reading.is_closing]
    return [one.topic for one in heard if one.is_context] or [one.topic for one in open_words]


def _by_danger(category: Category, dangers: Sequence[DangerFound]) -> Category:
    """What danger makes of a category: a threat is a complaint, fraud and one's own life are risk."""
    heard = {found.danger for found in dangers}
    if category in GRAVE:
        return category
    if heard & {Danger.FRAUD, Danger.SELF_HARM} or (heard and category is Category.OTHER):
        return Category.RISK
    return Category.COMPLAINT if Danger.PUBLIC in heard else category


def _by_order(heard: Sequence[HeardMessage], facts: OrderFacts) -> Category:
    """What somebody who only chases is after: the refund that runs, else the goods on their way."""
    if not heard or heard[-1].reading.kind is not Kind.CHASING:
        return Category.OTHER
    if facts.refunding:
        return Category.REFUND
    return Category.LOGISTICS if facts.shipped or facts.overdue else Category.OTHER


def _mood(last: Sequence[HeardMessage]) -> Mood:
    beside = frozenset(idea for one in last for idea in one.ideas)
    typed = "\n".join(one.text for one in last)
    return mood_of(typed, "\n".join(one.spelled for one in last), beside)


def _is_vague(heard: Sequence[HeardMessage], questions: Sequence[OpenQuestion]) -> bool:
    last = heard[-1] if heard else None
    if last is None or questions or last.reading.is_closing:
        return False
    return any(one.reading.kind in _WANTS for one in heard if one.turn == last.turn)
