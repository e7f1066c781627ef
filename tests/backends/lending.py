"""The 1+1 as every backend of ours tells it: invited, routed, looked after, helped, and gone."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest

from agent_tui.backends.base import AuthExpired, Backend, Rejected
from agent_tui.domain.commands import (
    AcceptDraft,
    Approve,
    AskBuddy,
    Command,
    Finish,
    GiveBack,
    HandDraft,
    HandOver,
    LetWrite,
    OpenCard,
    Pair,
    ReturnReply,
    SendReply,
    SetAvailability,
    SetStatus,
    Snooze,
    TakeOver,
    Transfer,
    UsedEntry,
    Whisper,
)
from agent_tui.domain.events import Gone, SeatChanged, TicketChanged
from agent_tui.domain.models import Availability, FileInfo, Message, Part, Role, Seat, Status, Ticket, Tier
from agent_tui.domain.policy import read_policy
from agent_tui.knowledge.packs.resolved import load_pack
from agent_tui.sync.ids import new_id
from agent_tui.wire import HelperIn, HelperMade
from tests.backends.contract import BLANK, Ear, code_of, cursor_of, is_turned_down, one, text
from tests.patience import LOOK, WAIT

PACK, ENTRY, FITS = "logistics", "parcel-where-now", "我的快递到哪了"
# The rules under which the story is told: one reply a day is looked at, calls go on after a second.
RULES = "[helpers]\nfirst_replies = 1\nbuddy_seconds = 1\ncore_seconds = 1\n"
SAY = {card.id: card.say for card in load_pack(PACK).emergency}["danger"]


class LendingHouse(Protocol):
    """A helpdesk with a lead and a core agent, under `RULES`, with our packs."""

    lead: Backend
    buddy: Backend
    # What listens, to be stopped before the house is left.
    ears: list[Ear]

    async def line(self, role: Role = Role.AGENT, name: str = "", team: str = "") -> Backend:
        """A line for a new person."""

    async def seated(self, made: HelperMade) -> Backend:
        """The line of an invited helper."""

    async def receive(self, customer: str, words: str, tier: Tier = Tier.REGULAR) -> str:
        """A customer named 王小明 writes; answers the ticket's id."""

    async def customer_is(self, customer: str, tier: Tier) -> None:
        """The shop says who a customer is."""


class Story:
    """A helper at work, and what one sees of them."""

    def __init__(self, house: LendingHouse, line: Backend, made: HelperMade, ear: Ear) -> None:
        self.house, self.line, self.id, self.ear = house, line, made.id, ear
        self.made = made

    async def given(self, words: str = FITS, tier: Tier = Tier.REGULAR) -> str:
        """A new customer whom the helpdesk gives to the helper."""
        ticket = await self.house.receive(f"c-{new_id()}", words, tier)
        await self.has(ticket)
        return ticket

    async def has(self, ticket: str) -> None:
        """Wait until the helper has `ticket`."""
        owner = (await self.house.lead.ticket(ticket)).assignee
        if owner is not None and owner.id == self.id:
            return
        await self.ear.until(TicketChanged, ticket__id=ticket)

    async def does(self, command: Command) -> None:
        assert (await one(self.line, command)).outcome == "applied", command

    async def answers(self, ticket: str, words: str, *entries: str, draft: str | None = None) -> str:
        """The helper's reply; answers its id."""
        used = tuple(UsedEntry(id=id) for id in entries)
        command = SendReply(id=new_id(), ticket=ticket, parts=text(words), entries=used, draft=draft)
        await self.does(command)
        return command.id

    async def seat(self) -> Seat:
        start = await self.house.lead.snapshot(lambda _: None)
        return next(seat for seat in start.seats if seat.id == self.id)


async def invited(house: LendingHouse, **more: object) -> Story:
    """A helper beside the house's buddy."""
    buddy = (await house.buddy.me()).id
    form = {"name": f"赵{new_id()[-6:]}", "pack": PACK, "buddy": buddy, **more}
    assert house.lead.capabilities.staff
    made = await house.lead.capabilities.staff.invite(HelperIn(**form))  # type: ignore[arg-type]
    line = await house.seated(made)
    await line.me()
    house.ears.append(Ear(line, await cursor_of(line)))
    return Story(house, line, made, house.ears[-1])


async def ends(line: Backend) -> None:
    """Wait until a token holds no longer: a server believes one that it knows for a moment."""
    async with asyncio.timeout(WAIT):
        while True:
            try:
                await line.me()
            except AuthExpired:
                return
            await asyncio.sleep(LOOK)


async def message(backend: Backend, ticket: str, id: str) -> Message:
    page = await backend.messages(ticket, None, 200)
    return next(one for one in page.messages if one.id == id)


async def labels(backend: Backend, ticket: str) -> list[str]:
    page = await backend.messages(ticket, None, 200)
    return [one.parts[0].label for one in page.messages if one.kind == "event"]


async def version_of(backend: Backend, ticket: str) -> int:
    return (await backend.ticket(ticket)).version


class LendingContract:
    """Subclass it with a fixture `house`."""

    async def test_everyone_is_told_the_teams_rules(self, house: LendingHouse) -> None:
        start = await house.lead.snapshot(lambda _: None)
        assert start.policy == read_policy(RULES.encode(), "rules")

    async def test_who_writes_another_language_waits_for_a_core_agent(self, house: LendingHouse) -> None:
        english = await house.receive(f"c-{new_id()}", "where is my parcel now")
        helper = await invited(house)
        await helper.given()
        assert (await house.lead.ticket(english)).assignee is None
        assert (await house.lead.ticket(english)).language == "en"

    async def test_a_lead_invites_and_revokes(self, house: LendingHouse) -> None:
        helper = await invited(house, free_text=True, team="仓库")
        seat = await helper.seat()
        assert (seat.role, seat.pack, seat.team, seat.free_text) == (Role.HELPER, PACK, "仓库", True)
        assert seat.buddy is not None
        assert seat.buddy.id == (await house.buddy.me()).id
        ticket = await helper.given()
        assert house.lead.capabilities.staff
        await house.lead.capabilities.staff.revoke(helper.id)
        await ends(helper.line)
        assert (await house.lead.ticket(ticket)).assignee is None
        assert "helper-revoked" in await labels(house.lead, ticket)

    async def test_only_a_lead_invites_and_only_with_a_pack_there_is(self, house: LendingHouse) -> None:
        assert house.buddy.capabilities.staff
        assert house.lead.capabilities.staff
        with pytest.raises(Rejected) as refused:
            await house.buddy.capabilities.staff.invite(HelperIn(name="某人", pack=PACK))
        assert refused.value.values["status"] == "403"
        for form in (HelperIn(name="某人", pack="none"), HelperIn(name="某人", pack=PACK, buddy="nobody")):
            with pytest.raises(Rejected) as refused:
                await house.lead.capabilities.staff.invite(form)
            assert refused.value.values["status"] == "400"
        with pytest.raises(Rejected) as refused:
            await house.lead.capabilities.staff.revoke("nobody")
        assert refused.value.values["status"] == "404"
        assert PACK in {pack.id for pack in await house.lead.capabilities.staff.packs()}

    async def test_the_same_name_again_is_another_device(self, house: LendingHouse) -> None:
        helper = await invited(house)
        again = await invited(house, name=helper.made.name)
        assert again.id == helper.id
        assert (await again.line.me()).id == (await helper.line.me()).id

    async def test_one_fitting_customer_at_a_time(self, house: LendingHouse) -> None:
        vip = await house.receive("c-vip", FITS, Tier.VIP)
        angry = await house.receive("c-angry", "快递三天没动,气死我了,垃圾")
        complaint = await house.receive("c-complaint", "我要投诉你们,去消协投诉")
        alarming = await house.receive("c-alarm", f"{FITS},包裹起火了")
        helper = await invited(house)
        first = await helper.given()
        second = await house.receive("c-second", FITS)
        assert (await house.lead.ticket(second)).assignee is None
        assert await labels(house.lead, first) == ["routed"]
        version = await version_of(helper.line, first)
        await helper.does(SetStatus(id=new_id(), ticket=first, status=Status.PENDING, version=version))
        await helper.has(second)
        for other in (vip, angry, complaint, alarming):
            assert (await house.lead.ticket(other)).assignee is None

    async def test_a_helper_gets_what_is_of_their_team_or_of_none(self, house: LendingHouse) -> None:
        ticket = await house.receive("c-team", FITS)
        given = Transfer(id=new_id(), ticket=ticket, version=1, team="财务", reason="财务的事")
        assert (await one(house.lead, given)).outcome == "applied"
        stranger = await invited(house, team="仓库")
        other = await stranger.given()
        assert (await house.lead.ticket(ticket)).assignee is None
        helper = await invited(house, team="财务")
        await helper.has(ticket)
        assert (await stranger.line.ticket(other)).team is None

    async def test_the_buddy_of_ones_team_comes_first(self, house: LendingHouse) -> None:
        mate = await house.line(team="财务")
        await mate.me()
        helper = await invited(house, buddy=None, team="财务")
        assert helper.made.buddy is not None
        assert helper.made.buddy.id == (await mate.me()).id
        assert (await one(house.lead, Pair(id=new_id(), helper=helper.id))).outcome == "applied"
        assert (await helper.seat()).buddy is None

    async def test_what_becomes_more_is_passed_on(self, house: LendingHouse) -> None:
        helper = await invited(house)
        for change in ("tier", "contact", "mood", "category"):
            customer = f"c-{change}-{new_id()}"
            ticket = await house.receive(customer, FITS)
            await helper.has(ticket)
            if change == "tier":
                await house.customer_is(customer, Tier.VIP)
            elif change == "contact":
                version = await version_of(helper.line, ticket)
                solved = SetStatus(id=new_id(), ticket=ticket, status=Status.SOLVED, version=version)
                await helper.does(solved)
                await house.receive(customer, FITS)
            else:
                worse = {"mood": "气死我了,你们这群骗子", "category": "我要投诉你们"}
                await house.receive(customer, worse[change])
            await helper.ear.until(Gone, ticket=ticket)
            passed = await house.lead.ticket(ticket)
            assert (passed.assignee, passed.core_only) == (None, True), change
            assert (await labels(house.lead, ticket))[-1] == "handed-over"
            with pytest.raises(Rejected):
                await helper.line.ticket(ticket)

    async def test_the_first_reply_of_the_day_is_looked_at(self, house: LendingHouse) -> None:
        helper = await invited(house)
        ticket = await helper.given()
        held = await helper.answers(ticket, "在路上", ENTRY)
        assert (await message(helper.line, ticket, held)).state == "awaiting"
        call = (await helper.line.ticket(ticket)).help
        assert call is not None
        assert (call.reason, call.by.id) == ("approval", helper.id)
        approve = Approve(id=new_id(), ticket=ticket, message=held)
        assert (await one(house.buddy, approve)).outcome == "applied"
        assert (await message(helper.line, ticket, held)).state != "awaiting"
        again = Approve(id=new_id(), ticket=ticket, message=held)
        assert code_of(await one(house.buddy, again)) == "nothing-awaits"
        next_one = await helper.answers(ticket, "明天到", ENTRY)
        assert (await message(helper.line, ticket, next_one)).state in ("sent", "delivered", "undelivered")
        assert (await helper.seat()).replies == 2

    async def test_an_approved_reply_ends_the_snooze_as_a_sent_one_does(self, house: LendingHouse) -> None:
        helper = await invited(house)
        ticket = await helper.given()
        held = await helper.answers(ticket, "在路上", ENTRY)
        until = datetime.now(UTC) + timedelta(hours=1)
        version = await version_of(house.buddy, ticket)
        away = Snooze(id=new_id(), ticket=ticket, version=version, until=until)
        assert (await one(house.buddy, away)).outcome == "applied"
        assert (await house.buddy.ticket(ticket)).snoozed_until is not None
        approve = Approve(id=new_id(), ticket=ticket, message=held)
        assert (await one(house.buddy, approve)).outcome == "applied"
        assert (await house.buddy.ticket(ticket)).snoozed_until is None

    async def test_a_draft_or_whisper_that_nobody_can_see_is_turned_down(self, house: LendingHouse) -> None:
        helper = await invited(house)
        ticket = await helper.given()
        before = await house.lead.messages(ticket, None, 50)
        blank: list[Command] = [
            HandDraft(id=new_id(), ticket=ticket, text=BLANK),
            Whisper(id=new_id(), ticket=ticket, parts=text(BLANK)),
        ]
        for command in blank:
            assert await is_turned_down(house.buddy, command)
        assert await house.lead.messages(ticket, None, 50) == before

    async def test_a_returned_reply_never_goes(self, house: LendingHouse) -> None:
        helper = await invited(house)
        ticket = await helper.given()
        held = await helper.answers(ticket, "赔您一百", ENTRY)
        back = ReturnReply(id=new_id(), ticket=ticket, message=held, text="不能这样说")
        assert (await one(house.buddy, back)).outcome == "applied"
        assert (await message(helper.line, ticket, held)).state == "returned"
        approve = Approve(id=new_id(), ticket=ticket, message=held)
        assert code_of(await one(house.buddy, approve)) == "nothing-awaits"
        assert (await helper.seat()).replies == 0

    async def test_a_whisper_ends_no_call_of_a_reply_that_awaits_approval(self, house: LendingHouse) -> None:
        helper = await invited(house)
        ticket = await helper.given()
        await helper.answers(ticket, "在路上", ENTRY)
        await helper.does(AskBuddy(id=new_id(), ticket=ticket, text="这样说行吗"))
        whisper = Whisper(id=new_id(), ticket=ticket, parts=text("我看看"))
        assert (await one(house.buddy, whisper)).outcome == "applied"
        call = (await house.buddy.ticket(ticket)).help
        assert call is not None
        assert call.reason == "approval"
        for stage in ("core", "lead"):
            await helper.ear.until(TicketChanged, ticket__id=ticket, ticket__help__stage=stage)

    async def test_the_second_reply_that_awaits_calls_on_when_the_first_is_approved(
        self, house: LendingHouse
    ) -> None:
        helper = await invited(house)
        ticket = await helper.given()
        first = await helper.answers(ticket, "在路上", ENTRY)
        second = await helper.answers(ticket, "明天到", ENTRY)
        approve = Approve(id=new_id(), ticket=ticket, message=first)
        assert (await one(house.buddy, approve)).outcome == "applied"
        left = await house.buddy.ticket(ticket)
        assert left.help is not None
        assert (left.help.reason, left.help.message) == ("approval", second)
        assert left.waiting_since is not None
        approve = Approve(id=new_id(), ticket=ticket, message=second)
        assert (await one(house.buddy, approve)).outcome == "applied"
        done = await house.buddy.ticket(ticket)
        assert (done.help, done.waiting_since) == (None, None)

    async def test_what_awaits_is_returned_when_a_core_agent_answers_the_customer(
        self, house: LendingHouse
    ) -> None:
        helper = await invited(house)
        ticket = await helper.given()
        held = await helper.answers(ticket, "在路上", ENTRY)
        past = SendReply(id=new_id(), ticket=ticket, parts=text("您好,已经到了"))
        assert (await one(house.buddy, past)).outcome == "applied"
        late = await one(house.buddy, Approve(id=new_id(), ticket=ticket, message=held))
        assert code_of(late) == "nothing-awaits"
        assert (await message(house.lead, ticket, held)).state == "returned"
        assert (await house.lead.ticket(ticket)).help is None

    async def test_what_awaits_is_returned_when_the_helper_sends_a_handed_draft(
        self, house: LendingHouse
    ) -> None:
        helper = await invited(house)
        ticket = await helper.given()
        held = await helper.answers(ticket, "在路上", ENTRY)
        draft = HandDraft(id=new_id(), ticket=ticket, text="您好,已经到了")
        assert (await one(house.buddy, draft)).outcome == "applied"
        await helper.answers(ticket, "您好,已经到了", draft=draft.id)
        late = await one(house.buddy, Approve(id=new_id(), ticket=ticket, message=held))
        assert code_of(late) == "nothing-awaits"
        assert (await message(house.lead, ticket, held)).state == "returned"

    @pytest.mark.parametrize("how", ["take-over", "transfer", "give-back", "close"])
    async def test_what_awaits_is_returned_when_the_ticket_leaves_its_helper(
        self, house: LendingHouse, how: str
    ) -> None:
        helper = await invited(house)
        ticket = await helper.given()
        held = await helper.answers(ticket, "在路上", ENTRY)
        me = (await house.buddy.me()).id
        version = await version_of(house.buddy, ticket)
        if how == "transfer":
            gives = Transfer(id=new_id(), ticket=ticket, version=version, assignee=me, reason="我来")
            assert (await one(house.lead, gives)).outcome == "applied"
        elif how == "close":
            await helper.does(SetStatus(id=new_id(), ticket=ticket, status=Status.CLOSED, version=version))
        else:
            taken = await one(house.buddy, TakeOver(id=new_id(), ticket=ticket, version=version))
            assert taken.outcome == "applied"
        if how == "give-back":
            gives_back = GiveBack(id=new_id(), ticket=ticket, version=taken.version or 0)
            assert (await one(house.buddy, gives_back)).outcome == "applied"
        elif how != "close":
            answer = SendReply(id=new_id(), ticket=ticket, parts=text("您好,已经到了"))
            assert (await one(house.buddy, answer)).outcome == "applied"
        late = await one(house.buddy, Approve(id=new_id(), ticket=ticket, message=held))
        assert code_of(late) == ("ticket-closed" if how == "close" else "nothing-awaits")
        assert (await message(house.lead, ticket, held)).state == "returned"
        assert (await house.lead.ticket(ticket)).help is None

    async def test_a_file_is_handed_with_a_draft_or_as_one(self, house: LendingHouse) -> None:
        helper = await invited(house)
        ticket = await helper.given()
        file = await house.buddy.capabilities.files.upload("尺码表.png", b"\x89PNG")
        parts = (Part(type="image", file=file),)
        for words in ("见附件", ""):
            draft = HandDraft(id=new_id(), ticket=ticket, text=words, parts=parts)
            assert (await one(house.buddy, draft)).outcome == "applied"
            read = await message(helper.line, ticket, draft.id)
            assert [part.type for part in read.parts] == ["draft", "image"]
            assert await helper.line.capabilities.files.fetch(file.id) == b"\x89PNG"
            await helper.does(AcceptDraft(id=new_id(), ticket=ticket, message=draft.id))
            said = (*(text(words) if words else ()), *parts)
            reply = SendReply(id=new_id(), ticket=ticket, parts=said, draft=draft.id)
            await helper.does(reply)
            sent = await message(house.lead, ticket, reply.id)
            assert sent.state != "awaiting"
            assert [part.file.name for part in sent.parts if part.file] == ["尺码表.png"]
        unknown = Part(type="image", file=FileInfo(id="none"))
        lost = HandDraft(id=new_id(), ticket=ticket, text="见附件", parts=(unknown,))
        assert code_of(await one(house.buddy, lost)) == "unknown-file"

    async def test_words_of_ones_own_need_the_leads_leave(self, house: LendingHouse) -> None:
        helper = await invited(house)
        ticket = await helper.given()
        own = SendReply(id=new_id(), ticket=ticket, parts=text("随便说说"))
        assert code_of(await one(helper.line, own)) == "free-text"
        mine = LetWrite(id=new_id(), helper=helper.id, allowed=True)
        assert code_of(await one(helper.line, mine)) == "not-allowed"
        assert code_of(await one(house.buddy, LetWrite(id=new_id(), helper=helper.id, allowed=True))) == (
            "not-allowed"
        )
        lets = LetWrite(id=new_id(), helper=helper.id, allowed=True)
        assert (await one(house.lead, lets)).outcome == "applied"
        await helper.ear.until(SeatChanged, seat__id=helper.id, seat__free_text=True)  # type: ignore[arg-type]
        held = await helper.answers(ticket, "随便说说")
        assert (await message(helper.line, ticket, held)).state == "awaiting"
        no_more = LetWrite(id=new_id(), helper=helper.id, allowed=False)
        assert (await one(house.lead, no_more)).outcome == "applied"
        again = SendReply(id=new_id(), ticket=ticket, parts=text("再说说"))
        assert code_of(await one(helper.line, again)) == "free-text"

    async def test_safety_words_go_at_once(self, house: LendingHouse) -> None:
        helper = await invited(house)
        ticket = await helper.given()
        await helper.does(OpenCard(id=new_id(), ticket=ticket, card="danger", title="危险"))
        sent = await helper.answers(ticket, SAY, "danger")
        assert (await message(helper.line, ticket, sent)).state in ("sent", "delivered", "undelivered")
        other = SendReply(
            id=new_id(), ticket=ticket, parts=text("没事的"), entries=(UsedEntry(id="danger", kept=0.1),)
        )
        assert code_of(await one(helper.line, other)) == "free-text"

    async def test_a_handed_draft_goes_out_as_it_was_written(self, house: LendingHouse) -> None:
        helper = await invited(house)
        ticket = await helper.given()
        await helper.does(AskBuddy(id=new_id(), ticket=ticket, text="怎么说"))
        draft = HandDraft(id=new_id(), ticket=ticket, text="王小明您好,今天给您准信")
        assert (await one(house.buddy, draft)).outcome == "applied"
        read = (await message(helper.line, ticket, draft.id)).parts[0].text
        assert read == "王*您好,今天给您准信"
        await helper.does(AcceptDraft(id=new_id(), ticket=ticket, message=draft.id))
        sent = await helper.answers(ticket, read, draft=draft.id)
        told = await message(house.lead, ticket, sent)
        assert (told.state != "awaiting", told.parts[0].text) == (True, "王小明您好,今天给您准信")
        assert (await message(helper.line, ticket, sent)).parts[0].text == read

    async def test_emergency_words_bring_the_card_and_call_the_lead(self, house: LendingHouse) -> None:
        helper = await invited(house)
        customer = f"c-{new_id()}"
        ticket = await house.receive(customer, FITS)
        await helper.has(ticket)
        await house.receive(customer, "包裹起火了")
        await helper.ear.until(TicketChanged, ticket__id=ticket, ticket__help__reason="card")
        call = (await helper.line.ticket(ticket)).help
        assert call is not None
        assert (call.stage, call.by.id) == ("lead", helper.id)
        assert (await labels(house.lead, ticket))[-1] == "card-called"
        assert (await one(house.buddy, Whisper(id=new_id(), ticket=ticket, parts=text("我来")))).outcome
        assert (await house.lead.ticket(ticket)).help is None

    async def test_a_call_nobody_answers_climbs(self, house: LendingHouse) -> None:
        helper = await invited(house)
        ticket = await helper.given()
        await helper.does(AskBuddy(id=new_id(), ticket=ticket, text="能退吗"))
        for stage in ("buddy", "core", "lead"):
            await helper.ear.until(TicketChanged, ticket__id=ticket, ticket__help__stage=stage)
        draft = HandDraft(id=new_id(), ticket=ticket, text="您好")
        assert (await one(house.buddy, draft)).outcome == "applied"
        assert (await helper.line.ticket(ticket)).help is None

    async def test_what_passes_aside_puts_no_deed_out_of_date(self, house: LendingHouse) -> None:
        helper = await invited(house)
        ticket = await helper.given()
        version = await version_of(house.buddy, ticket)
        await helper.does(AskBuddy(id=new_id(), ticket=ticket, text="能退吗"))
        taken = TakeOver(id=new_id(), ticket=ticket, version=version)
        assert (await one(house.buddy, taken)).outcome == "applied"

    async def test_taking_over_and_giving_back(self, house: LendingHouse) -> None:
        helper = await invited(house)
        ticket = await helper.given()
        version = await version_of(house.buddy, ticket)
        taken = await one(house.buddy, TakeOver(id=new_id(), ticket=ticket, version=version))
        await helper.ear.until(Gone, ticket=ticket)
        given = GiveBack(id=new_id(), ticket=ticket, version=taken.version or 0)
        assert (await one(house.buddy, given)).outcome == "applied"
        await helper.has(ticket)
        version = await version_of(house.buddy, ticket)
        taken = await one(house.buddy, TakeOver(id=new_id(), ticket=ticket, version=version))
        await helper.does(Finish(id=new_id()))
        late = GiveBack(id=new_id(), ticket=ticket, version=taken.version or 0)
        assert code_of(await one(house.buddy, late)) == "not-online"

    async def test_a_break_gives_back_and_coming_back_gets_again(self, house: LendingHouse) -> None:
        helper = await invited(house)
        ticket = await helper.given()
        await helper.does(SetAvailability(id=new_id(), availability=Availability.BREAK))
        assert (await house.lead.ticket(ticket)).assignee is None
        assert (await labels(house.lead, ticket))[-1] == "helper-on-break"
        await helper.ear.until(Gone, ticket=ticket)
        await helper.does(SetAvailability(id=new_id(), availability=Availability.ONLINE))
        await helper.has(ticket)

    async def test_finishing_leaves_nothing_open(self, house: LendingHouse) -> None:
        for leave in ("hand-over", "finish"):
            helper = await invited(house)
            ticket = await helper.given()
            held = await helper.answers(ticket, "在路上", ENTRY)
            if leave == "finish":
                await helper.does(Finish(id=new_id()))
                await ends(helper.line)
            else:
                await helper.does(HandOver(id=new_id(), ticket=ticket, reason="要退差价"))
            after = await house.lead.ticket(ticket)
            assert (after.assignee, after.core_only) == (None, leave == "hand-over")
            assert (await message(house.lead, ticket, held)).state == "returned"
            approve = Approve(id=new_id(), ticket=ticket, message=held)
            assert code_of(await one(house.buddy, approve)) == "nothing-awaits"
            if leave == "hand-over":
                await helper.does(Finish(id=new_id()))

    async def test_a_helper_stores_only_what_an_answer_of_the_pack_names(self, house: LendingHouse) -> None:
        helper = await invited(house)
        ticket = await helper.given()
        for entry in ("", "not-of-the-pack"):
            with pytest.raises(Rejected) as refused:
                await helper.line.capabilities.files.upload("尺码表.png", b"\x89PNG", entry)
            assert refused.value.values["status"] == "403"
        file = await helper.line.capabilities.files.upload("尺码表.png", b"\x89PNG", ENTRY)
        parts = (*text("见附件"), Part(type="image", file=file))
        await helper.does(SendReply(id=new_id(), ticket=ticket, parts=parts, entries=(UsedEntry(id=ENTRY),)))
        assert await house.lead.capabilities.files.fetch(file.id) == b"\x89PNG"

    async def test_a_helper_reads_no_personal_data(self, house: LendingHouse) -> None:
        helper = await invited(house)
        ticket = await helper.given(f"{FITS},我是王小明 13812345678")
        note = Whisper(id=new_id(), ticket=ticket, parts=text("王小明的电话 13812345678"))
        assert (await one(house.buddy, note)).outcome == "applied"
        await helper.ear.until(TicketChanged, ticket__id=ticket)
        tickets: list[Ticket] = []
        await helper.line.snapshot(tickets.append)
        page = await helper.line.messages(ticket, None, 50)
        said = str((tickets, page, helper.ear.heard, await helper.line.ticket(ticket)))
        assert "王*" in said
        assert "王小明" not in said
        assert "13812345678" not in said
