"""The rules of the 1+1 by table: who may do what, what waits for approval, what fits a helper."""

from typing import Any

import pytest
from msgspec.structs import replace

from agent_tui.domain.commands import (
    AcceptDraft,
    Approve,
    AskBuddy,
    Command,
    Finish,
    GiveBack,
    HandDraft,
    HandOver,
    OpenCard,
    Pair,
    ReturnReply,
    SendReply,
    SetAvailability,
    SetStatus,
    TakeOver,
    TickSteps,
    Transfer,
    UsedEntry,
    Whisper,
)
from agent_tui.domain.events import MessageAdded, MessageChanged, SeatChanged, TicketChanged
from agent_tui.domain.helping import why_unfit
from agent_tui.domain.models import (
    Author,
    Availability,
    Category,
    Class,
    Message,
    MessageKind,
    MessageState,
    Mood,
    Part,
    Person,
    PromiseState,
    Role,
    Status,
    Ticket,
    Tier,
)
from agent_tui.domain.policy import Policy
from agent_tui.domain.rules import Applied, Refused, decide
from agent_tui.domain.ruling import Chat
from tests.domain.make import IDS, NOON, scene, seat, ticket

BUDDY = seat("林")
LEAD = seat("组长", Role.LEAD)
HELPER = seat("赵", Role.HELPER, buddy=Person(id=BUDDY.id, name="林"), pack="logistics", replies=9)
WRITER = replace(HELPER, free_text=True)
PACK = frozenset({"parcel-stuck"})
TEXT = (Part(type="text", text="您好,已为您催单,48 小时内回复"),)
FROM_PACK = (UsedEntry(id="parcel-stuck", kept=1.0),)


def reply(entries: tuple[UsedEntry, ...] = FROM_PACK, words: str = "您好,已为您催单") -> SendReply:
    parts = (Part(type="text", text=words),)
    return SendReply(id=next(IDS), ticket="t1", parts=parts, entries=entries)


def awaiting(state: MessageState = MessageState.AWAITING) -> Message:
    author = Author(kind="agent", id=HELPER.id, name="赵")
    return Message(
        id="m1", ticket="t1", kind=MessageKind.REPLY, author=author, parts=TEXT, at=NOON, state=state
    )


def own(**more: Any) -> Ticket:
    return ticket(owner=HELPER, **more)


def after(command: Command, at: Any) -> tuple[Ticket, Message]:
    ruling = decide(command, at)
    assert isinstance(ruling, Applied), ruling
    found = [e.ticket for e in ruling.events if isinstance(e, TicketChanged)]
    made = [e.message for e in ruling.events if isinstance(e, MessageAdded)]
    assert len(found) == len(made) == 1
    assert made[0].id == command.id
    assert found[0].version == at.ticket.version + 1
    return found[0], made[0]


@pytest.mark.parametrize(
    ("command", "about", "helper", "state"),
    [
        (reply(), own(), HELPER, MessageState.SENT),
        (reply(), own(), replace(HELPER, replies=4), MessageState.AWAITING),
        (reply(()), own(), WRITER, MessageState.AWAITING),
        (reply((UsedEntry(id="parcel-stuck", kept=0.2),)), own(), WRITER, MessageState.AWAITING),
        (reply(), own(category=Category.REFUND), HELPER, MessageState.AWAITING),
        (reply(words="给您补偿 20 元"), own(), HELPER, MessageState.AWAITING),
        (reply(()), own(), replace(HELPER, pack=None), MessageState.SENT),
    ],
)
def test_what_waits_for_the_buddy(
    command: SendReply, about: Ticket, helper: Any, state: MessageState
) -> None:
    changed, message = after(command, scene(helper, about, pack_entries=PACK))
    assert message.state is state
    answered = changed.promises[0].state is not PromiseState.RUNNING
    assert answered == (state is MessageState.SENT)
    assert (changed.help is not None) == (state is MessageState.AWAITING)


def test_an_approved_reply_goes_out_and_keeps_the_promise() -> None:
    waiting, held = after(reply(()), scene(WRITER, own(), pack_entries=PACK))
    command = Approve(id=next(IDS), ticket="t1", message=held.id)
    at = scene(BUDDY, waiting, seconds=40, message=held, author=WRITER)
    ruling = decide(command, at)
    assert isinstance(ruling, Applied)
    assert isinstance(ruling.events[0], MessageChanged)
    assert ruling.events[0].message.state is MessageState.SENT
    changed, _ = after(command, at)
    assert changed.help is None
    assert changed.promises[0].state is PromiseState.KEPT
    assert ruling.events[-1] == SeatChanged(seat=replace(WRITER, replies=WRITER.replies + 1))


def test_a_returned_reply_comes_with_a_word() -> None:
    command = ReturnReply(id=next(IDS), ticket="t1", message="m1", text="先说赔付要等仓库")
    _, message = after(command, scene(BUDDY, own(), message=awaiting()))
    assert message.kind is MessageKind.WHISPER


def test_asking_whispering_and_handing_a_draft() -> None:
    asked, _ = after(AskBuddy(id=next(IDS), ticket="t1", text="能退吗"), scene(HELPER, own()))
    assert asked.help is not None
    assert (asked.help.stage, asked.help.text) == ("buddy", "能退吗")
    told, message = after(Whisper(id=next(IDS), ticket="t1", parts=TEXT), scene(BUDDY, asked))
    assert told.help is None
    assert message.kind is MessageKind.WHISPER
    handed, draft = after(HandDraft(id=next(IDS), ticket="t1", text="您好…"), scene(BUDDY, asked))
    assert draft.parts[0].type == "draft"
    command = AcceptDraft(id=next(IDS), ticket="t1", message=draft.id)
    taken, _ = after(command, scene(HELPER, handed, message=draft))
    assert taken.version == handed.version + 1


def leaving(how: str) -> tuple[Command, Any]:
    """A command by which a ticket leaves its helper, with a reply of theirs that awaits approval."""
    about = replace(own(), calls=(), help=None)
    held = awaiting()
    called, _ = after(reply(()), scene(WRITER, about, pack_entries=PACK))
    given = scene(BUDDY, called, target=BUDDY, awaiting=(held,))
    helpers = scene(HELPER, called, awaiting=(held,))
    version = called.version
    return {
        "take-over": (TakeOver(id=next(IDS), ticket="t1", version=version), given),
        "hand-over": (HandOver(id=next(IDS), ticket="t1", reason="退差价"), helpers),
        "close": (SetStatus(id=next(IDS), ticket="t1", status=Status.CLOSED, version=version), helpers),
        "team": (Transfer(id=next(IDS), ticket="t1", version=version, team="财务", reason="退款"), given),
        "transfer": (
            Transfer(id=next(IDS), ticket="t1", version=version, assignee=BUDDY.id, reason="我来"),
            given,
        ),
    }[how]


@pytest.mark.parametrize("how", ["take-over", "hand-over", "close", "team", "transfer"])
def test_a_reply_that_awaits_is_returned_when_its_ticket_leaves_the_helper(how: str) -> None:
    command, at = leaving(how)
    changed, _ = after(command, at)
    assert (changed.help, changed.calls) == (None, ())
    ruling = decide(command, at)
    assert isinstance(ruling, Applied)
    assert ruling.events[-1] == MessageChanged(message=awaiting(MessageState.RETURNED))


def test_a_transfer_that_changes_only_the_team_returns_nothing() -> None:
    called, _ = after(reply(()), scene(WRITER, own(), pack_entries=PACK))
    command = Transfer(
        id=next(IDS), ticket="t1", version=called.version, assignee=HELPER.id, team="财务", reason="退款"
    )
    changed, _ = after(command, scene(LEAD, called, target=HELPER, awaiting=(awaiting(),)))
    assert changed.calls == called.calls


def test_a_shift_that_ends_gives_back_every_ticket_with_what_awaits_there() -> None:
    chats = (Chat(ticket=own(), event="e1", awaiting=(awaiting(),)), Chat(ticket=own(), event="e2"))
    ruling = decide(Finish(id=next(IDS)), scene(HELPER, chats=chats))
    assert isinstance(ruling, Applied)
    kinds = [type(event).__name__ for event in ruling.events]
    told = ["MessageAdded", "TicketChanged"]
    assert kinds == [*told, "MessageChanged", *told, "SeatChanged"]
    off = SetAvailability(id=next(IDS), availability=Availability.BUSY)
    busy = decide(off, scene(HELPER, chats=chats))
    assert isinstance(busy, Applied)
    assert [type(event) for event in busy.events] == [SeatChanged]


def test_taking_over_and_giving_back() -> None:
    taken, _ = after(TakeOver(id=next(IDS), ticket="t1", version=1), scene(BUDDY, own()))
    assert taken.assignee is not None
    assert taken.assignee.id == BUDDY.id
    back, _ = after(GiveBack(id=next(IDS), ticket="t1", version=2), scene(BUDDY, taken))
    assert back.assignee is not None
    assert back.assignee.id == HELPER.id


def test_handing_over_leaves_it_to_core_agents() -> None:
    over, _ = after(HandOver(id=next(IDS), ticket="t1", reason="要退差价"), scene(HELPER, own()))
    assert (over.assignee, over.core_only) == (None, True)


def test_a_card_calls_until_somebody_else_has_come() -> None:
    card = OpenCard(id=next(IDS), ticket="t1", card="fire", title="起火")
    called, _ = after(card, scene(HELPER, own()))
    said, _ = after(reply(), scene(replace(HELPER, replies=9), called, pack_entries=PACK))
    assert said.help == called.help
    came, _ = after(Whisper(id=next(IDS), ticket="t1", parts=TEXT), scene(BUDDY, said))
    assert came.help is None


def test_a_card_calls_the_lead_and_ticks_become_a_note() -> None:
    carded, _ = after(OpenCard(id=next(IDS), ticket="t1", card="fire", title="起火"), scene(HELPER, own()))
    assert carded.help is not None
    assert (carded.help.stage, carded.help.reason) == ("lead", "card")
    _, note = after(TickSteps(id=next(IDS), ticket="t1", procedure="p", text="✓ 一"), scene(HELPER, own()))
    assert note.kind is MessageKind.NOTE


@pytest.mark.parametrize(
    ("command", "at", "code"),
    [
        (Whisper(id=next(IDS), ticket="t1", parts=TEXT), scene(HELPER, own()), "not-allowed"),
        (AskBuddy(id=next(IDS), ticket="t1"), scene(BUDDY, own()), "not-allowed"),
        (TakeOver(id=next(IDS), ticket="t1", version=1), scene(HELPER, own()), "not-allowed"),
        (Approve(id=next(IDS), ticket="t1", message="m1"), scene(BUDDY, own()), "nothing-awaits"),
        (
            Approve(id=next(IDS), ticket="t1", message="m1"),
            scene(BUDDY, own(), message=awaiting(MessageState.SENT)),
            "nothing-awaits",
        ),
        (GiveBack(id=next(IDS), ticket="t1", version=1), scene(BUDDY, own()), "nothing-to-give-back"),
        (
            GiveBack(id=next(IDS), ticket="t1", version=1),
            scene(
                BUDDY,
                ticket(owner=BUDDY, helper=Person(id=HELPER.id, name="赵")),
                target=replace(HELPER, availability=Availability.OFFLINE),
            ),
            "not-online",
        ),
        (AcceptDraft(id=next(IDS), ticket="t1", message="x"), scene(HELPER, own()), "unknown-message"),
        (Finish(id=next(IDS)), scene(BUDDY), "not-allowed"),
        (Pair(id=next(IDS), helper="p-赵"), scene(BUDDY), "not-allowed"),
        (HandOver(id=next(IDS), ticket="t1", reason="x"), scene(HELPER, ticket()), "unknown-ticket"),
    ],
)
def test_what_is_refused(command: Command, at: Any, code: str) -> None:
    ruling = decide(command, at)
    assert isinstance(ruling, Refused), ruling
    assert ruling.code == code


def test_the_lead_pairs_and_a_helper_finishes() -> None:
    ruling = decide(
        Pair(id=next(IDS), helper=HELPER.id, buddy=BUDDY.id), scene(LEAD, target=HELPER, buddy=BUDDY)
    )
    assert isinstance(ruling, Applied)
    assert isinstance(ruling.events[0], SeatChanged)
    assert ruling.events[0].seat.buddy == Person(id=BUDDY.id, name="林")
    gone = decide(Finish(id=next(IDS)), scene(HELPER))
    assert isinstance(gone, Applied)
    assert gone.events[0].seat.availability is Availability.OFFLINE  # type: ignore[union-attr]


def test_a_helper_sets_the_status_of_their_own_ticket() -> None:
    solved, _ = after(
        SetStatus(id=next(IDS), ticket="t1", status=Status.SOLVED, version=1), scene(HELPER, own())
    )
    assert solved.status is Status.SOLVED


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({}, True),
        ({"class_": Class.PROCESS}, True),
        ({"class_": Class.TECHNICAL}, False),
        ({"category": Category.REFUND}, False),
        ({"category": Category.COMPLAINT}, False),
        ({"contacts": 2}, False),
        ({"mood": Mood.ANGRY}, False),
        ({"core_only": True}, False),
        ({"high_value": True}, False),
    ],
)
def test_what_fits_a_helper(change: dict[str, Any], fits: bool) -> None:
    base = ticket(class_=Class.QUERY, category=Category.LOGISTICS)
    about = replace(base, **change)
    pack = frozenset({"logistics", "complaint"})
    assert (why_unfit(about, pack, frozenset({"logistics"}), Policy()) == ()) == fits
    vip = replace(base, customer=replace(base.customer, tier=Tier.VIP))
    assert why_unfit(vip, pack, pack, Policy()) == ("tier",)


def test_why_a_ticket_does_not_fit_is_said_in_stable_words() -> None:
    base = ticket(class_=Class.QUERY, category=Category.LOGISTICS)
    pack = frozenset({"logistics"})
    assert why_unfit(base, pack, pack, Policy()) == ()
    worse = replace(base, mood=Mood.ANGRY, contacts=2, category=Category.RISK)
    assert why_unfit(worse, pack, pack, Policy()) == ("second-contact", "mood", "category")


@pytest.mark.parametrize(
    ("spoken", "answers", "fits"),
    [("zh", "en", False), ("en", "zh", False), ("zh", "zh", True), ("", "en", True)],
)
def test_a_pack_is_for_those_who_write_its_language(spoken: str, answers: str, *, fits: bool) -> None:
    pack = frozenset({"logistics"})
    asked = replace(ticket(class_=Class.QUERY, category=Category.LOGISTICS), language=spoken)
    assert (why_unfit(asked, pack, pack, Policy(), answers) == ()) is fits
