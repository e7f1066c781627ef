"""Questions of entries held against each other and against `true_when`.

A question that two entries list, word for word or nearly, sends half of its customers to the wrong one,
unless no order fits both. A question that says how the order stands ("都签收三天了") is never asked of an
order that fits a `true_when` which excludes that.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from agent_tui.domain.condition_overlap import can_both_hold
from agent_tui.knowledge.content.duplicates import NearDuplicates
from agent_tui.knowledge.content.entries import ContentProblem
from agent_tui.knowledge.content.problems import problem
from agent_tui.knowledge.text.tokens import normalize


class AskedEntry(Struct, frozen=True):
    """An entry's questions with the line of each, and what is known of where it holds."""

    id: str
    questions: tuple[tuple[str, int], ...]
    true_when: str
    channels: tuple[str, ...]
    file: str


class _State(Struct, frozen=True, forbid_unknown_fields=True):
    """A row of `data/question_states.toml`."""

    when: str
    says: tuple[str, ...]
    unless: tuple[str, ...] = ("(?!)",)


class _States(Struct, frozen=True, forbid_unknown_fields=True):
    state: tuple[_State, ...]


@cache
def _states() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    data = Path(__file__).parents[1] / "data" / "question_states.toml"
    rows = msgspec.toml.decode(data.read_bytes(), type=_States).state
    return tuple((row.when, re.compile("|".join(row.says)), re.compile("|".join(row.unless))) for row in rows)


def states_said(question: str) -> list[str]:
    """The conditions on an order that a question says are so."""
    plain = normalize(question)
    return [when for when, says, unless in _states() if says.search(plain) and not unless.search(plain)]


def untrue_questions(entries: Iterable[AskedEntry]) -> Iterator[ContentProblem]:
    """Questions that say of the order what the entry's `true_when` excludes."""
    for entry in entries:
        for question, line in entry.questions:
            for said in states_said(question):
                if entry.true_when and not can_both_hold(entry.true_when, said):
                    yield problem(
                        "untrue-question", entry.file, line, "similar", "warning",
                        question=question, said=said, true_when=entry.true_when,
                    )  # fmt: skip


def shared_questions(entries: Iterable[AskedEntry]) -> Iterator[ContentProblem]:
    """Questions that an earlier entry lists too, or nearly so, where an order may fit both."""
    seen: NearDuplicates[tuple[AskedEntry, str, int]] = NearDuplicates()
    for entry in entries:
        for question, line in entry.questions:
            for other, same, place in seen.near(question):
                if other.id != entry.id and _meet(entry, other):
                    yield problem(
                        "shared-question", entry.file, line, "similar", "warning",
                        question=question, same=same, other=f"{other.file}:{place}", id=other.id,
                    )  # fmt: skip
                    break
            seen.add(question, (entry, question, line))


def _meet(one: AskedEntry, other: AskedEntry) -> bool:
    """Whether a customer may be shown either."""
    elsewhere = one.channels and other.channels and not {*one.channels} & {*other.channels}
    return not elsewhere and can_both_hold(one.true_when, other.true_when)
