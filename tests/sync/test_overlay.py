"""Optimistic updates: the screen shows what the server will say of the seats and messages a command names."""

import pytest
from msgspec.structs import replace

from agent_tui.domain.calls import APPROVAL, called, new_call
from agent_tui.domain.commands import Command, GiveBack, TakeOver
from agent_tui.domain.models import Availability, Floor, Message, MessageState, Role, Seat, Ticket
from agent_tui.domain.policy import Policy
from agent_tui.domain.ruling import Applied, Refused, person_of
from agent_tui.sync.command_queue import OutboxEntry
from agent_tui.sync.overlay import RuleContext, lay_over, rule
from agent_tui.sync.shapes import SendState
from tests.domain.make import IDS, NOON, said, seat, ticket

ME, HELPER = seat("林"), seat("赵", Role.HELPER)


def context(helper: Seat, *messages: Message) -> RuleContext:
    return RuleContext(
        me=ME,
        floor=Floor(),
        policy=Policy(),
        seat=lambda id: helper if id == helper.id else None,
        message=lambda _, id: next((one for one in messages if one.id == id), None),
    )


def queued(command: Command) -> OutboxEntry:
    return OutboxEntry(command=command, seq=1, state=SendState.QUEUED, created_at=NOON.timestamp())


def taken() -> Ticket:
    return ticket(owner=ME, helper=person_of(HELPER))


@pytest.mark.parametrize(
    ("availability", "refused"), [(Availability.OFFLINE, True), (Availability.ONLINE, False)]
)
def test_giving_back_is_refused_here_as_the_server_refuses_it(
    availability: Availability, *, refused: bool
) -> None:
    entry = queued(GiveBack(id=next(IDS), ticket="t1", version=1))
    ruling = rule(entry, taken(), context(replace(HELPER, availability=availability)))
    assert ruling == Refused("not-online", "赵") if refused else isinstance(ruling, Applied)


def test_taking_over_shows_at_once_that_what_awaits_comes_back() -> None:
    held = replace(said("在路上"), id="m1", state=MessageState.AWAITING)
    call = replace(new_call(person_of(HELPER), None, APPROVAL, NOON, Policy()), message=held.id)
    about = called(ticket(owner=HELPER), call)
    entry = queued(TakeOver(id=next(IDS), ticket="t1", version=1))
    effect = lay_over(about, [entry], context(HELPER, held))
    assert (effect.ticket.assignee, effect.ticket.help) == (person_of(ME), None)
    assert effect.messages["m1"].state is MessageState.RETURNED
