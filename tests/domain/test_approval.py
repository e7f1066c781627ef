"""What a helper may say at all, and what goes out without a second look: cards, drafts, the lead's leave."""

from typing import Any

import pytest
from msgspec.structs import replace

from agent_tui.domain.commands import LetWrite, SendReply, UsedEntry
from agent_tui.domain.events import MessageAdded, SeatChanged
from agent_tui.domain.models import (
    Author,
    Category,
    FileInfo,
    Message,
    MessageKind,
    MessageState,
    Part,
    Person,
    Role,
    Seat,
)
from agent_tui.domain.policy import Helpers, Policy
from agent_tui.domain.rules import Applied, Refused, decide
from agent_tui.domain.text import fillings, refilled
from tests.domain.make import IDS, NOON, scene, seat, ticket

BUDDY = seat("林")
LEAD = seat("组长", Role.LEAD)
NEW = seat("赵", Role.HELPER, buddy=Person(id=BUDDY.id, name="林"), pack="logistics")
KNOWN = replace(NEW, replies=9)
SAY = "请马上远离,拨打 119"
CARDS = {"danger": SAY, "press": "采访请联系公关,赔偿另谈"}
PACK = frozenset({"stuck", *CARDS})
DRAFT = "王敏您好,▁几时▁前给您准信"


def reply(
    words: str, *entries: str, kept: float = 1.0, draft: str | None = None, file: str = ""
) -> SendReply:
    used = tuple(UsedEntry(id=id, kept=kept) for id in entries)
    files = (Part(type="file", file=FileInfo(id=file)),) if file else ()
    parts = (Part(type="text", text=words), *files)
    return SendReply(id=next(IDS), ticket="t1", parts=parts, entries=used, draft=draft)


def handed(text: str = DRAFT, **more: Any) -> Message:
    author = Author(kind="agent", id=BUDDY.id, name="林")
    made = Message(
        id="d1", ticket="t1", kind=MessageKind.WHISPER, author=author, at=NOON, state=MessageState.KEPT,
        parts=(Part(type="draft", text=text),),
    )  # fmt: skip
    return replace(made, **more)


def said(command: SendReply, helper: Seat, **around: Any) -> Message | str:
    """The reply as it is kept, or the word it is refused with."""
    about = ticket(owner=helper, **around.pop("about", {}))
    ruling = decide(command, scene(helper, about, pack_entries=PACK, pack_cards=CARDS, **around))
    if isinstance(ruling, Refused):
        return ruling.code
    assert isinstance(ruling, Applied)
    return next(e.message for e in ruling.events if isinstance(e, MessageAdded))


def state(command: SendReply, helper: Seat, **around: Any) -> str:
    kept = said(command, helper, **around)
    return kept if isinstance(kept, str) else kept.state.value


@pytest.mark.parametrize(
    ("command", "helper", "expected"),
    [
        (reply("在路上", "stuck"), KNOWN, "sent"),
        (reply("在路上"), KNOWN, "free-text"),
        (reply("在路上", "another"), KNOWN, "free-text"),
        (reply("在路上", "stuck", kept=0.1), KNOWN, "free-text"),
        (reply("在路上"), replace(KNOWN, free_text=True), "awaiting"),
        (reply("在路上"), replace(KNOWN, pack=None), "sent"),
        (reply(SAY, "danger"), KNOWN, "sent"),
    ],
)
def test_a_helper_writes_what_the_lead_allows(command: SendReply, helper: Seat, expected: str) -> None:
    assert state(command, helper) == expected


def test_free_text_goes_at_once_where_policy_looks_at_nothing() -> None:
    rules = Policy(helpers=Helpers(outside_pack=False, first_replies=0))
    assert state(reply("在路上"), replace(NEW, free_text=True), policy=rules) == "sent"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (reply(SAY, "danger"), "sent"),
        (reply(SAY + ",我给您补偿", "danger"), "awaiting"),
        (reply(CARDS["press"], "press"), "awaiting"),
        (reply("别急", "danger"), "awaiting"),
        (reply(SAY, "danger", file="f1"), "awaiting"),
        (reply("在路上", "stuck"), "awaiting"),
    ],
)
def test_a_cards_words_never_wait_but_money_does(command: SendReply, expected: str) -> None:
    """Even as the first reply of the day, even where the category is held."""
    assert state(command, NEW) == expected
    assert state(command, KNOWN, about={"category": Category.REFUND}) == expected


@pytest.mark.parametrize(
    ("words", "message", "expected"),
    [
        ("王敏您好,今晚八点前给您准信", handed(), "sent"),
        ("王*您好,今晚八点前给您准信", handed(), "sent"),
        ("王敏您好,今晚八点前给您准信,顺便说一句", handed(), "free-text"),
        ("您好", handed(), "free-text"),
        ("王敏您好,今晚前给您准信", handed(ticket="t2"), "free-text"),
        ("王敏您好,今晚前给您准信", handed(kind=MessageKind.NOTE), "free-text"),
        ("王敏您好,今晚前给您准信", None, "free-text"),
    ],
)
def test_a_handed_draft_is_said_as_it_was_handed(words: str, message: Message | None, expected: str) -> None:
    assert state(reply(words, draft="d1"), KNOWN, message=message) == expected


def test_a_draft_word_for_word_needs_no_second_look_and_goes_with_the_whole_name() -> None:
    whole = handed("王敏您好,这单给您补偿 20 元")
    kept = said(reply("王*您好,这单给您补偿 20 元", draft="d1"), NEW, message=whole)
    assert isinstance(kept, Message)
    assert (kept.state.value, kept.parts[0].text) == ("sent", "王敏您好,这单给您补偿 20 元")
    assert state(reply("王敏您好,今晚前给您准信", draft="d1"), NEW, message=handed()) == "awaiting"


def test_the_lead_lets_a_helper_write() -> None:
    command = LetWrite(id=next(IDS), helper=NEW.id, allowed=True)
    ruling = decide(command, scene(LEAD, target=NEW))
    assert isinstance(ruling, Applied)
    (event,) = ruling.events
    assert isinstance(event, SeatChanged)
    assert event.seat.free_text
    for actor, target, code in (
        (BUDDY, NEW, "not-allowed"),
        (NEW, NEW, "not-allowed"),
        (LEAD, BUDDY, "unknown-person"),
    ):
        refused = decide(command, scene(actor, target=target))
        assert isinstance(refused, Refused)
        assert refused.code == code


@pytest.mark.parametrize(
    ("template", "text", "found"),
    [
        ("没有空", "没有空", ()),
        ("没有空", "没有空格", None),
        ("▁几时▁到", "明天到", ("明天",)),
        ("从▁哪里▁到▁哪里▁", "从杭州到北京", ("杭州", "北京")),
        ("▁甲▁、▁甲▁", "一、二", ("一", "二")),
        ("▁几时▁到", "到", None),
        ("▁几时▁到", "明天到了", None),
    ],
)
def test_what_was_typed_into_blanks_is_read_back(
    template: str, text: str, found: tuple[str, ...] | None
) -> None:
    assert fillings(template, text) == found
    if found is not None:
        assert refilled(template, found) == text
