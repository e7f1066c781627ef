"""Presence on the stream: who looks at a ticket, the draft for whom it is meant, nothing for anyone else."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from tests.patience import WAIT, until
from tests.server.driver import Person, Server, ulid
from tests.server.floor import Floor

DRAFT = "您好，包裹已到杭州，▁预计到货时间▁送到"


class Watch:
    """What one person's stream says of presence."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.frames: list[dict[str, Any]] = []

    def next(self) -> dict[str, Any]:
        """The next frame; it has no id and does not move the cursor."""
        end, block = time.monotonic() + WAIT, []
        for line in self._lines:
            block = [*block, line] if line else []
            if line.startswith("data: ") and "event: presence" in block:
                assert not any(one.startswith("id:") for one in block)
                self.frames.append(json.loads(line[6:]))
                return self.frames[-1]
            assert time.monotonic() < end, "no presence"
        raise AssertionError("the stream ended")

    def until(self, **wanted: Any) -> dict[str, Any]:
        """The next frame with these values; null stands for what is not there."""
        while True:
            frame = self.next()
            if all(frame.get(name) == value for name, value in wanted.items()):
                return frame


@contextmanager
def watching(person: Person) -> Iterator[Watch]:
    with person.http.stream("GET", "/v1/changes/stream", params={"after": person.cursor()}) as answer:
        lines = answer.iter_lines()
        assert next(lines) == ": welcome"
        yield Watch(lines)


def look(person: Person, ticket: str | None, draft: str = "", **more: Any) -> None:
    answer = person.http.post("/v1/presence", json={"ticket": ticket, "draft": draft, **more})
    assert (answer.status_code, answer.content) == (204, b"")


def test_colleagues_at_one_ticket_see_each_other(floor: Floor) -> None:
    """Who is there already is told at once; what an agent writes is not told at all."""
    ticket, one, other = floor.customer("我要投诉"), floor.buddy, floor.server.person("agent")
    look(one, ticket, "我想想怎么说")
    with watching(other) as seen:
        look(other, ticket)
        frame = seen.until(ticket=ticket)
        assert frame["person"] == {"id": one.id, "name": one.name, "role": "agent"}
        assert frame["writing"] is True
        assert "draft" not in frame
        look(one, ticket)
        assert "writing" not in seen.next()
        look(one, None)
        assert seen.next()["gone"] is True


def test_only_who_looks_at_the_ticket_is_told(floor: Floor) -> None:
    ticket, elsewhere = floor.customer("我要投诉"), floor.customer("我也要投诉")
    other = floor.server.person("agent")
    with watching(other) as seen:
        look(other, elsewhere)
        look(floor.buddy, ticket)
        look(floor.lead, elsewhere)
        assert seen.next()["person"]["id"] == floor.lead.id


def test_the_draft_is_for_buddy_and_lead(floor: Floor) -> None:
    """Another agent sees that the helper writes; the helper sees names, and no more."""
    helper = floor.invite()
    ticket = floor.routed(helper)
    other = floor.server.person("agent")
    look(helper, ticket, DRAFT)
    for person in (floor.buddy, floor.lead):
        with watching(person) as seen:
            look(person, ticket)
            assert seen.until(ticket=ticket, draft=DRAFT)["person"]["id"] == helper.id
    with watching(other) as seen:
        look(other, ticket)
        frames = {frame["person"]["id"]: frame for frame in (seen.next() for _ in range(2))}
        assert helper.id in frames
        assert all("draft" not in frame for frame in frames.values())
        assert frames[helper.id]["writing"] is True
        with watching(helper) as theirs:
            told = theirs.until(person={"id": other.id, "name": other.name})
            assert set(told) == {"ticket", "person", "at"}


def test_whom_a_call_has_reached_reads_the_draft(floor: Floor) -> None:
    helper = floor.invite()
    ticket = floor.routed(helper)
    other = floor.server.person("agent")
    helper.applied("ask-buddy", ticket=ticket, text="能改地址吗")
    until(lambda: floor.lead.ticket(ticket)["help"]["stage"] == "core", "the call to reach everyone")
    look(helper, ticket, DRAFT)
    with watching(other) as seen:
        look(other, ticket)
        assert seen.next()["draft"] == DRAFT


def test_a_buddy_elsewhere_learns_that_their_helper_writes(floor: Floor) -> None:
    """For the strip; the words only when they look."""
    helper = floor.invite()
    ticket = floor.routed(helper)
    with watching(floor.buddy) as seen:
        look(helper, ticket)
        assert "writing" not in seen.until(ticket=ticket)
        look(helper, ticket, DRAFT)
        frame = seen.until(ticket=ticket, writing=True)
        assert "draft" not in frame


def test_a_ticket_one_may_not_see_is_not_there(floor: Floor) -> None:
    helper, ticket = floor.invite(), floor.customer("我要投诉")
    for id in (ticket, ulid()):
        answer = helper.http.post("/v1/presence", json={"ticket": id})
        assert answer.status_code == 404
        assert answer.json()["type"].endswith("/unknown-ticket")
    assert floor.lead.http.post("/v1/presence", json={"ticket": ulid()}).status_code == 404


@pytest.mark.parametrize("body", [{}, {"ticket": 1}, {"ticket": ""}, {"ticket": None, "draft": 1}])
def test_a_malformed_word_is_refused(agent: Person, body: dict[str, Any]) -> None:
    assert agent.http.post("/v1/presence", json=body).status_code == 400


def test_a_long_draft_keeps_its_end_and_nothing_that_obeys(floor: Floor) -> None:
    helper = floor.invite()
    ticket = floor.routed(helper)
    look(helper, ticket, "长" * 5000 + "\x1b[2J\u202e完")
    with watching(floor.buddy) as seen:
        look(floor.buddy, ticket)
        frame = seen.until(ticket=ticket, writing=True)
        while "draft" not in frame:
            frame = seen.next()
        assert len(frame["draft"]) == 2000
        assert frame["draft"].endswith("长[2J完")


def test_the_last_of_many_words_arrives(floor: Floor) -> None:
    """However fast one types, others are told three times a second, and the end is never lost."""
    helper = floor.invite()
    ticket = floor.routed(helper)
    with watching(floor.buddy) as seen:
        look(floor.buddy, ticket)
        for n in range(1, 41):
            look(helper, ticket, "您" * n)
        seen.until(draft="您" * 40)
    assert len(seen.frames) < 40


def test_presence_ends_with_the_stream(floor: Floor) -> None:
    ticket, leaver = floor.customer("我要投诉"), floor.server.person("agent")
    with watching(floor.buddy) as seen:
        look(floor.buddy, ticket)
        with watching(leaver):
            look(leaver, ticket)
            seen.until(ticket=ticket)
        assert seen.until(ticket=ticket)["gone"] is True


def test_another_device_goes_on_looking(floor: Floor) -> None:
    """The same person at two terminals is there until both are elsewhere."""
    ticket, one = floor.customer("我要投诉"), floor.server.person("agent")
    again = floor.server.person("agent", one.name)
    with watching(floor.buddy) as seen:
        look(floor.buddy, ticket)
        look(one, ticket)
        seen.until(ticket=ticket)
        look(again, ticket, writing=True)
        assert seen.next()["writing"] is True
        look(again, None)
        assert "writing" not in seen.next()
        look(one, None)
        assert seen.next()["gone"] is True


def test_presence_leaves_no_trace_in_the_feed(floor: Floor) -> None:
    helper = floor.invite()
    ticket = floor.routed(helper)
    cursor, version = floor.lead.cursor(), floor.lead.ticket(ticket)["version"]
    look(helper, ticket, DRAFT)
    # Seats come and go meanwhile.
    told = [change["event"] for change in floor.lead.changes(cursor)]
    assert {event["type"] for event in told} <= {"seat-changed"}
    assert floor.lead.ticket(ticket)["version"] == version


def test_two_processes_share_presence(
    postgres: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """By notifications: words, a full draft, those who were there before a process came, and leaving."""
    url = postgres()
    data = tmp_path_factory.mktemp("two")
    here = Server(data, url).start()
    there = Server(data, url)
    try:
        floor = Floor(here)
        helper = floor.invite()
        ticket = floor.routed(helper)
        long = "🙂" * 3000 + "完"
        look(helper, ticket, long)
        there.start()
        buddy = Person(there.url, SimpleNamespace(**vars(floor.buddy)))
        with watching(buddy) as seen, watching(helper) as theirs:
            look(buddy, ticket)
            # Said again, as clients do: a slow machine takes longer to start a process than a word holds.
            look(helper, ticket, long)
            frame = seen.until(ticket=ticket)
            while not frame.get("draft", "").endswith("🙂完"):
                frame = seen.next()
            assert theirs.next()["person"] == {"id": buddy.id, "name": buddy.name}
            for n in range(1, 10):
                look(helper, ticket, DRAFT[:n])
            seen.until(draft=DRAFT[:9])
            look(helper, None)
            assert seen.until(ticket=ticket)["gone"] is True
        buddy.http.close()
    finally:
        there.end()
        here.end()
