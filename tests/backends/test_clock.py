"""What time does to tickets, in memory and over HTTP alike."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from agent_tui.backends.base import Backend
from agent_tui.domain.commands import SetEmergency, SetPriority, Snooze
from agent_tui.domain.events import Event, MessageAdded, TicketChanged
from agent_tui.domain.models import Priority, Role, Ticket
from agent_tui.sync.ids import new_id
from agent_tui.wire import Outcome
from tests.backends.contract import House, one


async def told(backend: Backend, cursor: str, fits: Callable[[Event], bool]) -> Event:
    """The first event of the feed after `cursor` that fits."""
    stream = backend.events(cursor)
    try:
        async for arrived in stream:
            if arrived.event is not None and fits(arrived.event):
                return arrived.event
    finally:
        await stream.aclose()
    raise AssertionError("the feed ended")


def is_woken(ticket: str) -> Callable[[Event], bool]:
    return lambda event: (
        isinstance(event, MessageAdded)
        and event.message.ticket == ticket
        and event.message.parts[0].label == "woke"
    )


async def snoozed(agent: Backend, ticket: str, version: int) -> Outcome:
    """Put away for a moment: the shortest that is not over before the helpdesk hears of it."""
    for doubled in range(10):
        until = datetime.now(UTC) + timedelta(seconds=0.25 * 2**doubled)
        outcome = await one(agent, Snooze(id=new_id(), ticket=ticket, version=version, until=until))
        if outcome.outcome == "applied":
            return outcome
    raise AssertionError(outcome)


async def test_a_snooze_ends_by_itself_and_the_feed_says_so(any_house: House) -> None:
    agent = await any_house.line()
    id = await any_house.receive(f"c-{new_id()}", "我的快递到哪了")
    version = (await agent.ticket(id)).version
    outcome = await snoozed(agent, id, version)
    assert outcome.cursor is not None
    woke = await told(agent, outcome.cursor, is_woken(id))
    ticket = await agent.ticket(id)
    assert isinstance(woke, MessageAdded)
    assert woke.message.author.kind == "system"
    assert (ticket.snoozed_until, ticket.version) == (None, version + 2)


async def test_another_emergency_level_ranks_open_tickets_anew(any_house: House) -> None:
    lead = await any_house.line(Role.LEAD)
    id = await any_house.receive(f"c-{new_id()}", "我的快递到哪了")
    version = (await lead.ticket(id)).version
    await one(lead, SetPriority(id=new_id(), ticket=id, version=version, priority=Priority.HIGH))
    before = await lead.ticket(id)
    try:
        outcome = await one(lead, SetEmergency(id=new_id(), level=3))
        assert outcome.cursor is not None
        await told(
            lead, outcome.cursor, lambda e: isinstance(e, TicketChanged) and _is_later(e.ticket, before)
        )
        after = await lead.ticket(id)
    finally:
        await one(lead, SetEmergency(id=new_id(), level=0))
    assert after.urgency.due_at is not None
    assert before.urgency.due_at is not None
    assert after.urgency.due_at < before.urgency.due_at
    assert after.version == before.version + 1


def _is_later(ticket: Ticket, before: Ticket) -> bool:
    return ticket.id == before.id and ticket.version > before.version
