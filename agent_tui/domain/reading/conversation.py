"""Reading a conversation: kinds, open questions, danger, category, class and mood by one pass over it."""

from collections.abc import Sequence

from agent_tui.domain.order_facts import OrderFacts
from agent_tui.domain.reading.category import categorised
from agent_tui.domain.reading.danger import dangers_in
from agent_tui.domain.reading.kinds import kind_of
from agent_tui.domain.reading.mood import mood_of
from agent_tui.domain.reading.questions import open_questions
from agent_tui.domain.reading.said import ConversationReading, Kind, MessageReading, Said
from agent_tui.domain.text import fold

_WORDLESS = frozenset({Kind.GREETING, Kind.CHATTER, Kind.CHASING, Kind.ANGER})


def read_conversation(said: Sequence[Said], facts: OrderFacts | None = None) -> ConversationReading:
    """What a conversation says, oldest message first: the one reading that intake, advisor and scripts share.

    Only the customer's messages are read; the shop's say what they answer and what is settled. The mood is
    that of the customer's last two messages. `facts` of the order, where they are known, settle what the
    words leave open. A pure function: the same words read the same everywhere.
    """
    folded = [fold(one.text) for one in said]
    messages = _messages(said, folded)
    theirs = [text for one, text in zip(said, folded, strict=True) if one.side == "customer"]
    sorted_ = categorised(theirs)
    questions = open_questions(said, messages)
    dangers = [
        found
        for at, (one, text) in enumerate(zip(said, folded, strict=True))
        if one.side == "customer"
        for found in dangers_in(text, at)
    ]
    return ConversationReading(
        category=sorted_.category,
        class_=sorted_.class_,
        mood=mood_of(theirs[-2:]),
        is_urgent=sorted_.is_urgent,
        because=sorted_.because,
        messages=messages,
        questions=questions,
        is_vague=not questions and any(one is not None and one.kind in _WORDLESS for one in messages),
        dangers=tuple(dangers),
    )


def read(texts: Sequence[str]) -> ConversationReading:
    """The reading of a customer's recent messages alone, oldest first."""
    return read_conversation([Said(text) for text in texts])


def _messages(said: Sequence[Said], folded: list[str]) -> tuple[MessageReading | None, ...]:
    read: list[MessageReading | None] = []
    before = ""
    for one, text in zip(said, folded, strict=True):
        if one.side == "customer":
            read.append(kind_of(text, before))
        else:
            before = text
            read.append(None)
    return tuple(read)
