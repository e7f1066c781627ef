"""What commands say of themselves, by table: who may give them, what they name, what they put out of date."""

import msgspec
import pytest

from agent_tui.domain.commands import (
    KINDS,
    BaseCommand,
    Claim,
    Command,
    Finish,
    GiveBack,
    HandDraft,
    Named,
    Need,
    SendReply,
    type_of,
)
from agent_tui.domain.models import MessageKind, Part, Person, Role, Seat, Status
from agent_tui.domain.roles import CORE, HELPERS, LEADING, STAFF
from agent_tui.domain.rules import Refused, Scene, decide
from tests.domain.make import IDS, NOON, scene, seat, ticket

GIVEN_BY = {
    CORE: "add-note approve claim claim-next give-back hand-draft recall return-reply snooze take-over "
    "transfer whisper",
    STAFF: "send-reply set-availability set-status",
    HELPERS: "accept-draft ask-buddy finish hand-over open-card send-drill-result tick-steps",
    LEADING: "let-write pair set-emergency set-phase",
}
ID = "01HZ0000000000000000000000"
SAMPLES = [
    {"type": "add-note", "ticket": "t1", "parts": [{"type": "text", "text": "好"}]},
    {"type": "set-status", "ticket": "t1", "status": "solved", "version": 3},
    {"type": "claim-next"},
    {"type": "transfer", "ticket": "t1", "version": 1, "reason": "退款", "assignee": "p-周"},
    {"type": "pair", "helper": "p-赵"},
    {"type": "recall", "ticket": "t1", "message": "m1"},
]


def of(word: str) -> type[BaseCommand]:
    return next(kind for kind in KINDS if kind.__struct_config__.tag == word)


@pytest.mark.parametrize(
    ("roles", "word"), [(roles, word) for roles, words in GIVEN_BY.items() for word in words.split()]
)
def test_who_may_give_a_command(roles: frozenset[Role], word: str) -> None:
    assert of(word).roles == roles


@pytest.mark.parametrize("kind", KINDS)
def test_every_command_decides_for_itself(kind: type[BaseCommand]) -> None:
    written = [each for each in kind.__mro__ if each.__module__ != BaseCommand.__module__]
    own = {name for each in written for name in vars(each)}
    assert own & {"decide", "rule"}


def test_a_role_that_may_not_is_refused_before_the_ticket_is_looked_at() -> None:
    web = seat("web", Role.CHANNEL)
    for kind in KINDS:
        if kind.roles:
            bare = kind(**dict.fromkeys(kind.__struct_fields__, "x"))
            assert decide(bare, Scene(actor=web, now=NOON)) == Refused("not-allowed")


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_wire_keeps_its_words_and_their_order(sample: dict[str, object]) -> None:
    spelled = msgspec.json.encode({"type": sample["type"], "id": ID, **sample})
    command = msgspec.json.decode(spelled, type=Command)
    assert type_of(command) == sample["type"]
    assert msgspec.json.encode(command) == spelled


def test_giving_back_names_the_helper_whose_ticket_it_was() -> None:
    command = GiveBack(id=next(IDS), ticket="t1", version=1)
    taken = ticket(helper=Person(id="p-赵", name="赵"))
    assert (command.names(None), command.names(taken)) == (Named(), Named(target="p-赵"))


def test_words_are_said_by_replies_notes_whispers_and_drafts() -> None:
    says = {str(kind.__struct_config__.tag): kind.says for kind in KINDS if kind.says is not None}
    assert says == {
        "send-reply": MessageKind.REPLY,
        "add-note": MessageKind.NOTE,
        "whisper": MessageKind.WHISPER,
        "hand-draft": MessageKind.WHISPER,
    }


def test_only_a_reply_answers_the_customer_and_only_a_claim_tolerates_a_customer_who_writes_on() -> None:
    assert {kind for kind in KINDS if kind.says is MessageKind.REPLY} == {SendReply}
    assert {kind for kind in KINDS if "messages" in kind.tolerates} == {Claim}


def test_the_text_of_a_command_is_what_its_sender_wrote() -> None:
    parts = (Part(type="text", text="您好"), Part(type="image"), Part(type="text", text="在的"))
    reply = SendReply(id=next(IDS), ticket="t", parts=parts)
    draft = HandDraft(id=next(IDS), ticket="t", text="您好", parts=parts[1:2])
    note = Finish(id=next(IDS))
    assert [(one.text, one.is_written, one.is_reply) for one in (reply, draft, note)] == [
        ("您好\n在的", True, True),
        ("您好", True, False),
        ("", False, False),
    ]


def test_what_passes_between_helper_and_buddy_puts_no_command_out_of_date() -> None:
    aside = {kind.__struct_config__.tag for kind in KINDS if kind.touches is None}
    assert aside == {"accept-draft", "ask-buddy", "hand-draft", "open-card", "tick-steps", "whisper"}


def test_only_claiming_the_next_one_looks_into_the_queue() -> None:
    assert [kind.__struct_config__.tag for kind in KINDS if Need.QUEUE in kind.needs] == ["claim-next"]


def test_a_ticket_command_is_refused_on_a_closed_ticket_and_on_one_out_of_sight() -> None:
    helper: Seat = seat("赵", Role.HELPER)
    reply = SendReply(id=next(IDS), ticket="t1", parts=(Part(type="text", text="好"),))
    assert decide(reply, scene(helper, ticket())) == Refused("unknown-ticket")
    assert decide(reply, scene(seat(), ticket(status=Status.CLOSED))) == Refused("ticket-closed")
