"""What is read: the words of a conversation, and what one reading of them says."""

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from agent_tui.domain.models import Category, Class, Danger, Mood

Side = Literal["customer", "agent"]


class Said(Struct, frozen=True, rename={"side": "from"}):
    """One message of a conversation: who said it, and its text."""

    text: str
    side: Side = "customer"


class Kind(StrEnum):
    """What a customer's message is, whatever it is about.

    `chasing` asks again for what was asked or promised; `leaving` ends the matter or the talk; `anger` vents
    without asking; `threat` says what they will do to the shop; `answer` answers a question of ours;
    `chatter` is all that asks nothing, a bare 好的 too.
    """

    QUESTION = "question"
    CHASING = "chasing"
    GREETING = "greeting"
    THANKS = "thanks"
    LEAVING = "leaving"
    ANGER = "anger"
    THREAT = "threat"
    ANSWER = "answer"
    CHATTER = "chatter"


class MessageReading(Struct, frozen=True, kw_only=True):
    """One message of a customer: its kind; `is_closing` needs no answer and starts no clock.

    `because` are the words or signs that said so.
    """

    kind: Kind
    is_closing: bool = False
    because: tuple[str, ...] = ()


class OpenQuestion(Struct, frozen=True, kw_only=True):
    """What a customer wants and has not got: their words, and where they stand.

    `at` is the place of the message among those that were read, `start` and `end` those of `text` in it;
    `category` is what this question alone is about, `other` where its words don't tell.
    """

    text: str
    at: int
    start: int
    end: int
    category: Category


class DangerFound(Struct, frozen=True, kw_only=True):
    """A danger, the words that said so, and the place of their message among those that were read."""

    danger: Danger
    words: tuple[str, ...]
    at: int


class ConversationReading(Struct, frozen=True, kw_only=True):
    """What the words of a conversation say, with reasons.

    `because` are the ideas that spoke for the category, loudest first. `messages` stand for what was said,
    place by place; None where the shop spoke. `questions` are open, oldest first; the last one is the topic.
    `is_vague` says that the customer wants something and has not said what.
    """

    category: Category
    class_: Class
    mood: Mood
    is_urgent: bool
    because: tuple[str, ...] = ()
    messages: tuple[MessageReading | None, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()
    is_vague: bool = False
    dangers: tuple[DangerFound, ...] = ()
