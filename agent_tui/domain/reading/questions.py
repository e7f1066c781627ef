"""The open questions of a conversation: what a customer wants and has not got."""

from collections.abc import Sequence

from agent_tui.domain.models import Category
from agent_tui.domain.reading.category import categorised
from agent_tui.domain.reading.said import Kind, MessageReading, OpenQuestion, Said
from agent_tui.domain.text import fold


def open_questions(
    said: Sequence[Said], messages: Sequence[MessageReading | None]
) -> tuple[OpenQuestion, ...]:
    """What is open, oldest first; `messages` are the kinds of what was `said`, place by place."""
    asked = [at for at, message in enumerate(messages) if message is not None and _asks(message, said[at])]
    return tuple(_question(said[at].text, at) for at in asked[-1:])


def _asks(message: MessageReading, one: Said) -> bool:
    if message.is_closing or message.kind is Kind.GREETING:
        return False
    return message.kind is Kind.QUESTION or categorised([fold(one.text)]).category is not Category.OTHER


def _question(text: str, at: int) -> OpenQuestion:
    category = categorised([fold(text)]).category
    return OpenQuestion(text=text, at=at, start=0, end=len(text), category=category)
