"""The open questions of a conversation: what a customer wants and has not got."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from agent_tui.domain.models import Category
from agent_tui.domain.reading import kinds
from agent_tui.domain.reading.category import categorised
from agent_tui.domain.reading.heard import HeardMessage
from agent_tui.domain.reading.said import Kind, OpenQuestion
from agent_tui.domain.reading.spelling import spelled

# Clauses end at a mark, at a break, and at a space between Chinese words.
_CLAUSE = re.compile(
    r"(?:[^，。！？!?；;,\n\s…]|(?<=[a-zA-Z0-9,'])[ ](?=[a-zA-Z0-9'$])|(?<=[0-9])[,](?=[0-9]))+[！？!?]*"
)
# A question that is about nothing definite belongs to whatever stands beside it.
_LOOSE = Category.OTHER


class _Clause(Struct, frozen=True):
    start: int
    end: int
    read: str
    category: Category
    asks: bool
    joins: bool


def open_questions(heard: Sequence[HeardMessage]) -> tuple[OpenQuestion, ...]:
    """What is open, oldest first: the questions of the last turn that has any, unless they are settled.

    A turn is what a customer says between two answers. An answer that was chased has not settled anything.
    """
    since = _since_settled(heard)
    asked = [one for one in since if one.says_what]
    turn = max((one.turn for one in asked), default=0)
    questions: list[OpenQuestion] = []
    for one in asked:
        if one.turn == turn:
            for question in _questions(one):
                _add(questions, question, one)
    return tuple(questions)


def _since_settled(heard: Sequence[HeardMessage]) -> Sequence[HeardMessage]:
    last = max((n for n, one in enumerate(heard) if one.settles), default=-1)
    return heard[last + 1 :]


def _add(questions: list[OpenQuestion], question: OpenQuestion, heard: HeardMessage) -> None:
    """Another question, or more words for the last one: the same matter, or no matter of its own."""
    last = questions[-1] if questions else None
    if last is None or last.at == question.at:
        questions.append(question)
        return
    own = question.category not in (_LOOSE, last.category)
    asks = heard.reading.kind is Kind.QUESTION and kinds.asks(heard.topic)
    if own and asks and last.category is not _LOOSE:
        questions.append(question)
        return
    category = last.category if question.category is _LOOSE else question.category
    questions[-1] = replace(question, text=f"{last.text} {question.text}", category=category)


def _questions(one: HeardMessage) -> Iterator[OpenQuestion]:
    """The questions of one message."""
    matters = _matters(list(_clauses(one.text)))
    if len(matters) < 2:
        yield OpenQuestion(text=one.text, at=one.at, start=0, end=len(one.text), category=one.category)
        return
    for parts in matters:
        start, end = parts[0].start, parts[-1].end
        text = one.text[start:end]
        category = (
            categorised([" ".join(part.read for part in parts)]).category
            if len(parts) > 1
            else parts[0].category
        )
        yield OpenQuestion(text=text, at=one.at, start=start, end=end, category=category)


def _matters(clauses: list[_Clause]) -> list[list[_Clause]]:
    """The clauses of a message by what they are about: a new matter asks, and is another one."""
    matters: list[list[_Clause]] = []
    for clause in clauses:
        if matters and not _is_another(matters[-1], clause):
            matters[-1].append(clause)
        else:
            matters.append([clause])
    return matters


def _is_another(matter: list[_Clause], clause: _Clause) -> bool:
    if not clause.asks or not any(one.asks for one in matter):
        return False
    if not kinds.says_something(clause.read):
        return False
    before = {one.category for one in matter} - {_LOOSE}
    return clause.joins or bool(before and clause.category is not _LOOSE and clause.category not in before)


def _clauses(text: str) -> Iterator[_Clause]:
    for found in _CLAUSE.finditer(text):
        read = spelled(found[0])
        yield _Clause(
            start=found.start(),
            end=found.end(),
            read=read,
            category=categorised([read]).category,
            asks=kinds.asks(read),
            joins=kinds.joins(read),
        )
