"""The one rule set by table: who may do what, in which state, and what follows."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from agent_tui.domain.commands import (
    AddNote,
    Claim,
    ClaimNext,
    Command,
    HandDraft,
    HandOver,
    Recall,
    ReturnReply,
    SendReply,
    SetAvailability,
    SetEmergency,
    SetPhase,
    SetStatus,
    Snooze,
    TickSteps,
    Transfer,
    Whisper,
)
from agent_tui.domain.events import MessageAdded, MessageChanged, TicketChanged
from agent_tui.domain.models import (
    Author,
    Availability,
    FileInfo,
    Message,
    MessageKind,
    MessageState,
    Part,
    Phase,
    PromiseState,
    Role,
    Status,
    Ticket,
)
from agent_tui.domain.rules import Applied, Conflict, Refused, Scene, decide
from tests.domain.make import IDS, NOON, after, scene, seat, ticket

ME, OTHER, LEAD, HELPER = seat("林"), seat("周"), seat("组长", Role.LEAD), seat("赵", Role.HELPER)
TEXT = (Part(type="text", text="您好,已为您催单"),)


def check(command: Command, at: Scene) -> tuple[Ticket, Message]:
    """Decide, demand that it holds, and answer the new ticket and the message it made."""
    ruling = decide(command, at)
    assert isinstance(ruling, Applied), ruling
    added = [e.message for e in ruling.events if isinstance(e, MessageAdded)]
    changed = [e.ticket for e in ruling.events if isinstance(e, TicketChanged)]
    assert len(added) == len(changed) == 1
    assert added[0].id == command.id
    assert at.ticket is not None
    assert changed[0].version == at.ticket.version + 1
    return changed[0], added[0]


def refused(command: Command, at: Scene) -> str:
    """Decide, demand a refusal, and answer its code."""
    ruling = decide(command, at)
    assert isinstance(ruling, Refused), ruling
    return ruling.code


def reply(**more: object) -> SendReply:
    return SendReply(id=next(IDS), ticket="t1", parts=TEXT, **more)  # type: ignore[arg-type]


def test_a_reply_keeps_the_promise_claims_and_opens() -> None:
    after_reply, message = check(reply(), scene(ME, ticket()))
    assert after_reply.assignee is not None
    assert after_reply.assignee.id == ME.id
    assert after_reply.status is Status.OPEN
    assert after_reply.promises[0].state is PromiseState.KEPT
    assert after_reply.unread == 0
    assert message.state is MessageState.SENT
    assert after_reply.urgency.due_at is None


def test_a_late_reply_breaks_the_promise() -> None:
    late, _ = check(reply(), scene(ME, ticket(), seconds=500))
    assert late.promises[0].state is PromiseState.BROKEN


def test_a_note_changes_nothing_for_the_customer() -> None:
    before = ticket()
    noted, message = check(AddNote(id=next(IDS), ticket="t1", parts=TEXT), scene(ME, before))
    assert message.kind is MessageKind.NOTE
    assert noted.last_message == before.last_message
    assert noted.promises == before.promises


def test_an_agent_may_answer_a_colleagues_ticket_without_taking_it() -> None:
    answered, _ = check(reply(), scene(ME, ticket(owner=OTHER)))
    assert answered.assignee is not None
    assert answered.assignee.id == OTHER.id


@pytest.mark.parametrize(
    ("command", "at", "code"),
    [
        (reply(), scene(ME, None), "unknown-ticket"),
        (reply(), scene(ME, ticket(status=Status.CLOSED)), "ticket-closed"),
        (reply(), scene(HELPER, ticket()), "unknown-ticket"),
        (AddNote(id=next(IDS), ticket="t1", parts=TEXT), scene(HELPER, ticket(owner=HELPER)), "not-allowed"),
        (ClaimNext(id=next(IDS)), scene(HELPER, ticket()), "not-allowed"),
        (ClaimNext(id=next(IDS)), scene(ME, None), "nothing-waits"),
        (
            ClaimNext(id=next(IDS)),
            scene(seat("林", availability=Availability.BUSY), ticket()),
            "not-online",
        ),
        (ClaimNext(id=next(IDS)), scene(seat("林", load=5, capacity=5), ticket()), "at-capacity"),
        (SetPhase(id=next(IDS), phase=Phase.PEAK), scene(ME), "not-allowed"),
        (SetEmergency(id=next(IDS), level=2), scene(ME), "not-allowed"),
        (
            SetAvailability(id=next(IDS), availability=Availability.BREAK),
            scene(seat("web", Role.CHANNEL)),
            "not-allowed",
        ),
    ],
)
def test_what_is_refused_and_why(command: Command, at: Scene, code: str) -> None:
    assert refused(command, at) == code


BLANK = ("", "  ", "\u3000", "\u200b", "\n\u00a0\u2800")


@pytest.mark.parametrize("blank", BLANK)
def test_words_that_nobody_can_see_are_refused(blank: str) -> None:
    parts = (Part(type="text", text=blank),)
    told: list[Command] = [
        SendReply(id=next(IDS), ticket="t1", parts=parts),
        SendReply(id=next(IDS), ticket="t1", parts=(*TEXT, *parts)),
        AddNote(id=next(IDS), ticket="t1", parts=parts),
        Whisper(id=next(IDS), ticket="t1", parts=parts),
        ReturnReply(id=next(IDS), ticket="t1", message="m1", text=blank),
        Transfer(id=next(IDS), ticket="t1", version=1, reason=blank, team="warehouse"),
    ]
    told += [HandDraft(id=next(IDS), ticket="t1", text=blank)] if blank else []
    assert {refused(command, scene(ME, ticket(owner=ME))) for command in told} == {"empty-text"}
    own: list[Command] = [
        TickSteps(id=next(IDS), ticket="t1", procedure="p1", text=blank),
        HandOver(id=next(IDS), ticket="t1", reason=blank),
    ]
    assert {refused(command, scene(HELPER, ticket(owner=HELPER))) for command in own} == {"empty-text"}


def test_a_file_may_be_handed_without_words() -> None:
    file = Part(type="file", file=FileInfo(id="f1"))
    command = HandDraft(id=next(IDS), ticket="t1", parts=(file,))
    _, message = check(command, scene(ME, ticket(owner=HELPER)))
    assert message.parts[1:] == (file,)


def test_two_claims_of_one_version_conflict() -> None:
    waiting = ticket()
    claimed, _ = check(Claim(id=next(IDS), ticket="t1", version=1), scene(ME, waiting))
    assert claimed.status is Status.OPEN
    second = decide(
        Claim(id=next(IDS), ticket="t1", version=1),
        scene(OTHER, claimed, guard=2, changed=("assignee",)),
    )
    assert second == Conflict(("assignee",))
    assert refused(Claim(id=next(IDS), ticket="t1", version=2), scene(OTHER, claimed)) == "already-assigned"


def test_a_delivery_does_not_make_a_conflict_but_a_future_version_does() -> None:
    delivered = ticket(owner=ME, version=3)
    solved = SetStatus(id=next(IDS), ticket="t1", status=Status.SOLVED, version=2)
    check(solved, scene(ME, delivered, guard=2))
    future = SetStatus(id=next(IDS), ticket="t1", status=Status.SOLVED, version=4)
    assert isinstance(decide(future, scene(ME, delivered, guard=2)), Conflict)


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.CLOSED])
@pytest.mark.parametrize("then", list(Status))
def test_any_status_may_follow_any_but_closed(status: Status, then: Status) -> None:
    command = SetStatus(id=next(IDS), ticket="t1", status=then, version=1)
    changed, message = check(command, scene(ME, ticket(owner=ME, status=status)))
    assert changed.status is then
    assert message.parts[0].values == {"from": status.value, "to": then.value}


def test_on_hold_promises_a_plan_and_leaving_it_keeps_the_promise() -> None:
    held, _ = check(
        SetStatus(id=next(IDS), ticket="t1", status=Status.ON_HOLD, version=1), scene(ME, ticket(owner=ME))
    )
    assert held.promises[-1].due_at == after(30) + timedelta(hours=2)
    opened, _ = check(
        SetStatus(id=next(IDS), ticket="t1", status=Status.OPEN, version=2), scene(ME, held, seconds=90)
    )
    assert opened.promises[-1].state is PromiseState.KEPT


@pytest.mark.parametrize(
    ("actor", "target", "code"),
    [
        (ME, None, "unknown-person"),
        (ME, seat("周", availability=Availability.OFFLINE), "not-online"),
        (ME, seat("周", availability=Availability.BUSY), "not-online"),
        (ME, seat("周", load=3, capacity=3), "at-capacity"),
        (ME, OTHER, ""),
        (LEAD, seat("周", availability=Availability.OFFLINE), ""),
        (LEAD, HELPER, ""),
    ],
)
def test_transfers(actor: object, target: object, code: str) -> None:
    command = Transfer(id=next(IDS), ticket="t1", version=1, reason="需要仓库核实", assignee="p-周")
    at = scene(actor, ticket(owner=ME), target=target)  # type: ignore[arg-type]
    if code:
        assert refused(command, at) == code
    else:
        moved, message = check(command, at)
        assert moved.assignee is not None
        assert moved.assignee.id == target.id  # type: ignore[attr-defined]
        assert message.parts[0].text == "需要仓库核实"


def test_a_transfer_to_a_team_leaves_the_ticket_to_nobody() -> None:
    command = Transfer(id=next(IDS), ticket="t1", version=1, reason="物流核实", team="warehouse")
    moved, _ = check(command, scene(ME, ticket(owner=ME)))
    assert (moved.assignee, moved.team) == (None, "warehouse")


def test_a_snooze_ends_in_the_future() -> None:
    past = Snooze(id=next(IDS), ticket="t1", version=1, until=NOON)
    assert refused(past, scene(ME, ticket(owner=ME))) == "not-in-future"
    later = Snooze(id=next(IDS), ticket="t1", version=1, until=after(900))
    snoozed, _ = check(later, scene(ME, ticket(owner=ME)))
    assert snoozed.snoozed_until == after(900)


def mine(by: str = ME.id) -> Message:
    author = Author(kind="agent", id=by, name="林")
    return Message(id="m1", ticket="t1", kind=MessageKind.REPLY, author=author, parts=TEXT, at=NOON,
                   state=MessageState.DELIVERED)  # fmt: skip


def test_only_its_sender_recalls_a_message_and_only_once() -> None:
    command = Recall(id=next(IDS), ticket="t1", message="m1")
    about = ticket(owner=ME)
    ruling = decide(command, scene(ME, about, message=mine()))
    assert isinstance(ruling, Applied)
    assert isinstance(ruling.events[0], MessageChanged)
    assert ruling.events[0].message.recalled
    assert ruling.events[0].message.parts == ()
    assert refused(command, scene(OTHER, about, message=mine())) == "not-allowed"
    assert refused(command, scene(ME, about, message=replace(mine(), recalled=True))) == "already-recalled"
    assert refused(command, scene(ME, about)) == "unknown-message"
