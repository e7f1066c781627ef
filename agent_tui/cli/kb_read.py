"""`agent-tui kb read`: what customers' words say, one line of JSON a conversation."""

import sys
from typing import Annotated, Any

import msgspec
import typer
from msgspec import Struct

from agent_tui.cli.kb_recommend import lines_of
from agent_tui.domain.models import Category, Class, Danger, Mood
from agent_tui.domain.reading import ConversationReading, Kind, Said, read_conversation


class _Given(Struct):
    """One line of a batch: `messages`, or the `text` of one; what cannot be read counts as not said."""

    id: msgspec.Raw = msgspec.Raw(b"null")
    messages: Any = None
    text: Any = None


class RiskLine(Struct, frozen=True, kw_only=True):
    """A danger, the words that said so, and the place of their message."""

    risk: Danger
    words: tuple[str, ...]
    at: int


class MessageLine(Struct, frozen=True, kw_only=True):
    """The kind of the customer's message at place `at`."""

    at: int
    kind: Kind
    closing: bool
    reasons: tuple[str, ...]


class QuestionLine(Struct, frozen=True, kw_only=True):
    """What is open: the customer's words and what they are about."""

    text: str
    at: int
    category: Category


class ReadLine(Struct, frozen=True, kw_only=True):
    """What one conversation says, with reasons."""

    id: msgspec.Raw
    category: Category
    class_: Class = msgspec.field(name="class")
    mood: Mood
    risks: tuple[RiskLine, ...]
    messages: tuple[MessageLine, ...]
    questions: tuple[QuestionLine, ...]
    vague: bool
    reasons: tuple[str, ...]


def read(batch: Annotated[str, typer.Option()]) -> None:
    """Read each conversation as the screens and the server do."""
    for line in lines_of(batch):
        sys.stdout.buffer.write(msgspec.json.encode(read_line(line)) + b"\n")
        sys.stdout.buffer.flush()


def read_line(line: bytes) -> ReadLine:
    """One line of a batch, read; the id stays as it was written."""
    given = _given(line)
    return _told(given.id, read_conversation(_said(given)))


def _given(line: bytes) -> _Given:
    try:
        return msgspec.json.decode(line, type=_Given)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _Given()


def _said(given: _Given) -> tuple[Said, ...]:
    from agent_tui.knowledge.recommend.usage_log import said_of

    if given.messages is None and isinstance(given.text, str):
        return (Said(given.text),)
    return said_of(given.messages)


def _told(id: msgspec.Raw, found: ConversationReading) -> ReadLine:
    messages = [(at, one) for at, one in enumerate(found.messages) if one is not None]
    return ReadLine(
        id=id,
        category=found.category,
        class_=found.class_,
        mood=found.mood,
        risks=tuple(RiskLine(risk=one.danger, words=one.words, at=one.at) for one in found.dangers),
        messages=tuple(
            MessageLine(at=at, kind=one.kind, closing=one.is_closing, reasons=one.because)
            for at, one in messages
        ),
        questions=tuple(
            QuestionLine(text=one.text, at=one.at, category=one.category) for one in found.questions
        ),
        vague=found.is_vague,
        reasons=found.because,
    )
