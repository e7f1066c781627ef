"""A snapshot in any pieces, with anything in its words, gives the tickets it holds."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_tui.backends.base import Unavailable
from agent_tui.backends.http.snapshot import SnapshotReader
from agent_tui.domain.models import (
    Author,
    Category,
    Class,
    CustomerRef,
    LastMessage,
    MessageKind,
    Priority,
    Role,
    Seat,
    Status,
    Ticket,
)
from agent_tui.domain.text import clean
from agent_tui.wire import Snapshot

AT = datetime(2026, 11, 11, tzinfo=UTC)
WORDS = st.text(alphabet='{}[]",\\:id王 \n', max_size=30)


def ticket(number: int, words: str) -> Ticket:
    last = LastMessage(id="m", kind=MessageKind.CUSTOMER, author=Author(kind="customer"), at=AT, text=words)
    return Ticket(
        id=f"t{number}",
        number=number,
        version=1,
        status=Status.NEW,
        priority=Priority.NORMAL,
        category=Category.OTHER,
        class_=Class.QUERY,
        channel="web",
        customer=CustomerRef(id="c", name=words),
        created_at=AT,
        updated_at=AT,
        last_message=last,
    )


def seats() -> tuple[Seat, ...]:
    return tuple(Seat(id=f"s{n}", name="林", role=Role.AGENT) for n in range(3))


def read(body: bytes) -> None:
    reader = SnapshotReader(lambda _: None)
    reader.feed(body)
    reader.finish()


@given(words=st.lists(WORDS, max_size=6), step=st.integers(1, 400), is_pretty=st.booleans())
def test_any_words_in_any_pieces(words: list[str], step: int, is_pretty: bool) -> None:
    tickets = tuple(ticket(n, clean(w)) for n, w in enumerate(words))
    body = msgspec.json.encode(Snapshot(cursor="e.7", tickets=tickets, seats=seats()))
    if is_pretty:
        body = msgspec.json.format(body, indent=2)
    found: list[Ticket] = []
    reader = SnapshotReader(found.append)
    for at in range(0, len(body), step):
        reader.feed(body[at : at + step])
    start = reader.finish()
    assert tuple(found) == tickets
    assert (start.cursor, start.seats) == ("e.7", seats())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"{}",
        b'{"cursor":"a"}',
        b'{"cursor":"a","tickets":[',
        b'{"tickets":[]}',
        b'{"tickets":[{]}',
    ],
)
def test_what_is_no_snapshot_is_not_understood(body: bytes) -> None:
    with pytest.raises(Unavailable):
        read(body)
