"""What happens to helpers' tickets by itself: routed, watched, passed on, given back; who is whose buddy."""

from typing import Any

import pytest
from msgspec.structs import replace

from agent_tui.domain.assignment import buddy_for, is_free, is_routable, kept_for_core, routed
from agent_tui.domain.events import MessageAdded, MessageChanged, SeatChanged, TicketChanged
from agent_tui.domain.lending import PackRules
from agent_tui.domain.models import (
    Availability,
    Floor,
    Message,
    MessageKind,
    MessageState,
    Mood,
    Person,
    Promise,
    PromiseKind,
    Role,
    Seat,
    Status,
    Ticket,
)
from agent_tui.domain.policy import Helpers, Policy
from agent_tui.domain.ruling import Chat, Moment, person_of
from agent_tui.domain.shifts import counted, ended, seat_lost, watched
from tests.domain.make import NOON, said, seat, ticket

POLICY = Policy(helpers=Helpers(helpers_per_buddy=1))
AT = Moment(NOON, Floor(), POLICY)
HELPER = seat("赵", Role.HELPER, pack="logistics", buddy=Person(id="p-林", name="林"))
PACK = PackRules(
    id="logistics",
    answers=frozenset({"logistics"}),
    calls=lambda words: ("fire", "起火") if "火" in words else None,
)
HELD = replace(said("在路上"), state=MessageState.AWAITING)
BACK = MessageChanged(message=replace(HELD, state=MessageState.RETURNED))


def own(**more: Any) -> Ticket:
    return replace(ticket(owner=HELPER), **more)


def chat(about: Ticket | None = None) -> Chat:
    return Chat(ticket=about or own(), event="E1", awaiting=(HELD,))


def told(events: tuple[Any, ...]) -> tuple[Message, Ticket]:
    (message,) = [event.message for event in events if isinstance(event, MessageAdded)]
    (changed,) = [event.ticket for event in events if isinstance(event, TicketChanged)]
    return message, changed


def test_a_ticket_is_routed_to_a_helper_and_given_back_at_the_end_of_the_shift() -> None:
    message, given = told(routed("E1", ticket(), person_of(HELPER), AT))
    assert (given.assignee, given.status) == (person_of(HELPER), Status.OPEN)
    assert (message.id, message.author.kind, message.parts[0].label) == ("E1", "system", "routed")
    events = ended(HELPER, (chat(given),), "helper-finished", AT)
    message, back = told(events)
    assert (back.assignee, back.core_only, back.version) == (None, False, given.version + 1)
    assert message.parts[0].values == {"by": "赵"}
    gone = replace(HELPER, availability=Availability.OFFLINE, connected=False)
    assert events[2:] == (BACK, SeatChanged(seat=gone))


def test_an_emergency_word_calls_the_lead_and_the_helper_keeps_the_ticket() -> None:
    events = watched(own(), chat(), HELPER, PACK, "包裹起火了", AT)
    message, changed = told(events)
    assert changed.help is not None
    assert (changed.help.reason, changed.help.stage, changed.help.to) == ("card", "lead", HELPER.buddy)
    assert (message.parts[0].label, message.parts[0].text) == ("card-called", "起火")
    assert changed.assignee == person_of(HELPER)
    assert BACK not in events


def test_a_ticket_that_becomes_more_is_passed_on_and_what_awaits_returned() -> None:
    events = watched(own(), chat(own(mood=Mood.ANGRY)), HELPER, PACK, "气死我了", AT)
    message, over = told(events)
    assert (over.assignee, over.core_only) == (None, True)
    assert message.parts[0].values == {"by": "赵", "reason": "mood"}
    assert events[-1] == BACK


def test_what_did_not_fit_before_stays_until_it_gets_worse() -> None:
    angry = own(mood=Mood.ANGRY)
    assert watched(angry, chat(angry), HELPER, PACK, "", AT) == ()


def test_a_lost_seat_gives_back_only_chats_that_wait_for_words() -> None:
    due = (Promise(kind=PromiseKind.NEXT_REPLY, due_at=NOON),)
    waits, rests = own(promises=due, status=Status.OPEN), own(promises=(), id="t2")
    events = seat_lost(HELPER, (chat(waits), chat(rests)), AT)
    message, back = told(events)
    assert (back.id, back.assignee) == (waits.id, None)
    assert message.parts[0].values == {"by": "赵"}
    assert events[2:] == (BACK, SeatChanged(seat=replace(HELPER, connected=False)))


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({}, True),
        ({"team": "仓库"}, True),
        ({"team": "财务"}, False),
        ({"assignee": Person(id="p1", name="林")}, False),
        ({"status": Status.PENDING}, False),
        ({"core_only": True}, False),
    ],
)
def test_what_is_routed_to_a_helper_of_a_team(change: dict[str, Any], *, fits: bool) -> None:
    assert is_routable(replace(ticket(), **change), "仓库", PACK, AT) is fits


def test_a_ticket_kept_for_core_agents_is_routed_to_no_helper() -> None:
    kept = kept_for_core(ticket())
    assert (kept.core_only, kept.version) == (True, ticket().version + 1)
    assert not is_routable(kept, None, PACK, AT)


@pytest.mark.parametrize(
    ("change", "mine", "free"),
    [
        ({}, (), True),
        ({}, (Status.OPEN,), False),
        ({}, (Status.PENDING,), True),
        ({"availability": Availability.BUSY}, (), False),
        ({"connected": False}, (), False),
        ({"role": Role.AGENT}, (), False),
    ],
)
def test_a_helper_is_free_when_nobody_of_theirs_waits(
    change: dict[str, Any], mine: tuple[Status, ...], *, free: bool
) -> None:
    assert is_free(replace(HELPER, **change), [own(status=status) for status in mine]) is free


def test_the_buddy_is_of_ones_team_and_has_room() -> None:
    near, far = seat("林", team="仓库"), seat("周", team="财务")
    seats: tuple[Seat, ...] = (near, far, seat("许", Role.LEAD), seat("休", availability=Availability.BREAK))
    assert buddy_for(seats, "仓库", POLICY) == person_of(near)
    assert buddy_for(seats, None, POLICY) == person_of(far)
    assert buddy_for((*seats, HELPER), "仓库", POLICY) == person_of(far)
    assert buddy_for((near, HELPER), "仓库", POLICY) is None


def test_only_a_helpers_reply_that_goes_out_is_counted() -> None:
    reply = replace(HELD, kind=MessageKind.REPLY, state=MessageState.SENT)
    assert counted(HELPER, reply) == (SeatChanged(seat=replace(HELPER, replies=1)),)
    assert counted(seat("林"), reply) == ()
    assert counted(HELPER, replace(reply, state=MessageState.AWAITING)) == ()
