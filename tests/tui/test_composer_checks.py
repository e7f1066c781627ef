"""What the agent cannot have read, by table."""

from datetime import timedelta

import pytest

from agent_tui.desk import Shown
from agent_tui.domain.models import Author, Message, MessageKind, MessageState, Part
from agent_tui.tui.composer.checks import first_blank, unmarked, unseen
from tests.domain.make import NOON

ME = "p-林"


def shown(id: str, kind: MessageKind, by: str = "c1") -> Shown:
    at = NOON + timedelta(seconds=int(id))
    author = Author(kind="agent" if by.startswith("p-") else "customer", id=by, name=by)
    parts = (Part(type="text", text=id),)
    message = Message(
        id=id, ticket="t", kind=kind, author=author, parts=parts, at=at, state=MessageState.KEPT
    )
    return Shown(message=message)


ASKED = shown("1", MessageKind.CUSTOMER)
MORE = shown("3", MessageKind.CUSTOMER)
MINE = shown("2", MessageKind.REPLY, ME)
THEIRS = shown("4", MessageKind.REPLY, "p-周")
NOTE = shown("5", MessageKind.NOTE, "p-周")


@pytest.mark.parametrize(
    ("messages", "known", "painted", "asks"),
    [
        ((ASKED,), (), {"1": 90.0}, ()),
        ((ASKED,), (), {"1": 99.0}, ("1",)),
        ((ASKED,), (), {}, ("1",)),
        ((ASKED, MINE), (), {}, ()),
        ((ASKED, MINE, MORE), (), {"3": 98.6}, ("3",)),
        ((ASKED, MINE, MORE), (), {"3": 98.4}, ()),
        ((ASKED, THEIRS), (), {"1": 50.0, "4": 50.0}, ("4",)),
        ((ASKED, THEIRS), ("4",), {"1": 50.0}, ()),
        ((ASKED, NOTE), ("1",), {"1": 50.0}, ("5",)),
        ((ASKED, MINE), (), {"1": 50.0}, ()),
    ],
)
def test_unseen(
    messages: tuple[Shown, ...], known: tuple[str, ...], painted: dict[str, float], asks: tuple[str, ...]
) -> None:
    found = unseen(messages, ME, frozenset(known), painted, now=100.0)
    assert found.ids == frozenset(asks)


def test_blanks_are_found_from_the_cursor_on_and_then_from_the_start() -> None:
    words = "预计▁时间▁到,请联系▁驿站▁"
    assert first_blank(words).group(1) == "时间"  # type: ignore[union-attr]
    assert first_blank(words, 6).group(1) == "驿站"  # type: ignore[union-attr]
    assert first_blank(words, 99).group(1) == "时间"  # type: ignore[union-attr]
    assert first_blank(unmarked(words)) is None
