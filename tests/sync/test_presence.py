"""What a desk says of its person and knows of others: seldom, at once when it matters, nothing while idle."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from agent_tui.backends.base import Capabilities
from agent_tui.backends.memory import MemoryBackend
from agent_tui.backends.memory.onlookers import WorldPresence
from agent_tui.desk import Draft, Topic
from agent_tui.domain.events import SeatChanged, TicketChanged
from agent_tui.domain.models import Person, Role, Seat, Ticket
from agent_tui.domain.presence import Around
from tests.sync.desk_at_work import AtWork, at_work

Said = tuple[str | None, str, bool]


class Noting(WorldPresence):
    """Notes what the desk of this test says."""

    def __init__(self, before: WorldPresence) -> None:
        super().__init__()
        self.on_news = before.on_news
        self.said: list[Said] = []

    def look(
        self, device: str, seat: Seat, ticket: Ticket | None, around: Around, draft: str, writes: bool
    ) -> None:
        """Note it, and go on."""
        if seat.id == "me":
            self.said.append((ticket.id if ticket else None, draft, writes))
        super().look(device, seat, ticket, around, draft, writes)


@pytest.fixture
def work() -> Iterator[AtWork]:
    with at_work() as work:
        work.start()
        yield work


@pytest.fixture
def said(work: AtWork) -> list[Said]:
    """Everything that the desk has said, in order; there is one customer."""
    presence = Noting(work.world.presence)
    work.world.presence = presence
    work.do(lambda: work.customer("1", "在吗"))
    work.pass_time(1)
    return presence.said


def ticket_of(work: AtWork) -> str:
    return next(iter(work.world.tickets))


def colleague(work: AtWork, ticket: str, *, writing: bool = False, leaves: bool = False) -> None:
    """Somebody else looks at the ticket."""
    work.world.put_seat(Seat(id="chen", name="陈果", role=Role.AGENT))
    line = MemoryBackend(work.world, "chen")
    line.device = "chen"
    work.loop.run(line.capabilities.presence.look(None if leaves else ticket, "", writing=writing))


def test_an_idle_desk_says_nothing(work: AtWork, said: list[Said]) -> None:
    work.pass_time(120)
    assert said == []


def test_looking_is_said_at_once_and_again_now_and_then(work: AtWork, said: list[Said]) -> None:
    ticket = ticket_of(work)
    work.do(lambda: work.desk.presence.look(ticket))
    work.pass_time(0.05)
    assert said == [(ticket, "", False)]
    work.pass_time(31)
    assert said == [(ticket, "", False)] * 4
    work.do(lambda: work.desk.presence.look(None))
    work.pass_time(60)
    assert said[4:] == [(None, "", False)]


def test_keys_are_told_three_times_a_second_and_the_last_one_always(work: AtWork, said: list[Said]) -> None:
    """Of an agent only that they write; the draft that the composer keeps is what tells it."""
    ticket = ticket_of(work)
    work.do(lambda: work.desk.presence.look(ticket))
    work.pass_time(1)
    said.clear()
    for n in range(20):
        words = "字" * (n + 1)
        work.do(lambda words=words: work.desk.drafts.keep(ticket, Draft(text=words)))
        work.pass_time(0.05)
    work.do(lambda: work.desk.drafts.keep(ticket, Draft()))
    work.pass_time(1)
    assert 2 <= len(said) <= 5
    assert said[0] == (ticket, "", True)
    assert said[-1] == (ticket, "", False)


def test_a_draft_left_alone_is_no_longer_being_written(work: AtWork, said: list[Said]) -> None:
    ticket = ticket_of(work)
    work.do(lambda: work.desk.presence.look(ticket))
    work.do(lambda: work.desk.drafts.keep(ticket, Draft(text="我想想")))
    work.pass_time(1)
    assert said[-1] == (ticket, "", True)
    work.pass_time(90)
    assert said[-1] == (ticket, "", False)


def test_a_draft_elsewhere_is_not_told(work: AtWork, said: list[Said]) -> None:
    work.do(lambda: work.desk.drafts.keep(ticket_of(work), Draft(text="我想想")))
    work.pass_time(30)
    assert said == []


def test_a_helpers_words_are_told(work: AtWork, said: list[Said]) -> None:
    ticket = ticket_of(work)
    held = work.world.tickets[ticket]
    me = work.world.seats["me"]
    work.do(lambda: work.world.commit((SeatChanged(seat=replace(me, role=Role.HELPER)),)))
    given = replace(held, assignee=Person(id="me", name=me.name), version=held.version + 1)
    work.do(lambda: work.world.commit((TicketChanged(ticket=given),)))
    work.pass_time(1)
    work.do(lambda: work.desk.presence.look(ticket, "您好，▁预计到货时间▁送到"))
    work.pass_time(1)
    assert said == [(ticket, "您好，▁预计到货时间▁送到", False)]


def test_who_else_is_there_is_known_and_told_to_the_screen(work: AtWork, said: list[Said]) -> None:
    ticket = ticket_of(work)
    work.do(lambda: work.desk.presence.look(ticket))
    work.pass_time(1)
    work.changes.clear()
    colleague(work, ticket, writing=True)
    work.pass_time(1)
    assert [(one.person.name, one.writing) for one in work.desk.presence.lookers(ticket)] == [("陈果", True)]
    assert work.desk.presence.writers() == {"chen"}
    told = [change for change in work.changes if Topic.PRESENCE in change.topics]
    assert len(told) == 1
    assert not told[0].tickets
    colleague(work, ticket, leaves=True)
    work.pass_time(1)
    assert work.desk.presence.lookers(ticket) == ()


def test_without_a_line_nobody_is_there_and_after_it_all_is_said_anew(work: AtWork, said: list[Said]) -> None:
    ticket = ticket_of(work)
    work.do(lambda: work.desk.presence.look(ticket))
    colleague(work, ticket)
    work.pass_time(1)
    assert work.desk.presence.lookers(ticket)
    work.do(work.backend.go_offline)
    work.pass_time(2)
    assert work.desk.presence.lookers(ticket) == ()
    said.clear()
    work.pass_time(30)
    assert said == []
    colleague(work, ticket)
    work.do(work.backend.come_back)
    work.pass_time(25)
    assert said[0] == (ticket, "", False)
    assert [one.person.name for one in work.desk.presence.lookers(ticket)] == ["陈果"]


def test_a_helpdesk_without_presence_is_not_asked(work: AtWork, said: list[Said]) -> None:
    work.backend.capabilities = Capabilities()
    work.do(lambda: work.desk.presence.look(ticket_of(work)))
    work.pass_time(30)
    assert said == []
