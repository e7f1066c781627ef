"""A buddy's and a lead's deeds: what each asks and what it then wishes of the desk, one short method each."""

from textual.screen import Screen

from agent_tui.desk import BackendError, Desk, HelperIn, PackName, Row, new_id
from agent_tui.domain.commands import Approve, GiveBack, LetWrite, Pair, ReturnReply, TakeOver
from agent_tui.domain.events import DrillReported, Event
from agent_tui.domain.models import Message, MessageState
from agent_tui.domain.rules import LEADING
from agent_tui.i18n import texts
from agent_tui.tui.composer.mode import helper_of
from agent_tui.tui.deeds import Deeds
from agent_tui.tui.dialogs.dialog import Choice, ChoiceDialog, Dialog
from agent_tui.tui.wording import failure


class BuddyDeeds:
    """The 1+1 from the side of those who help the helpers."""

    def __init__(self, desk: Desk, deeds: Deeds, screen: Screen[None]) -> None:
        self._desk = desk
        self._deeds = deeds
        self._screen = screen

    async def _ask(self, dialog: Dialog[str]) -> str | None:
        return await self._screen.app.push_screen_wait(dialog)

    # -- a reply that awaits approval

    async def approve(self, ticket: str | None) -> None:
        """Show the whole reply once and ask what becomes of it."""
        from agent_tui.tui.dialogs.buddying import APPROVE, RETURN, TAKE, ApprovalDialog

        row, message = await self._awaiting(ticket)
        if row is None or message is None:
            return
        answer = await self._ask(ApprovalDialog(message, row.customer, self._asked(row.id)))
        if answer == APPROVE:
            self._approve(row, message)
        elif answer == RETURN:
            await self._return(row, message)
        elif answer == TAKE:
            self.take_over(row.id)

    async def give_word(self, ticket: str | None) -> None:
        """Ask for a word, and give the reply back with it."""
        row, message = await self._awaiting(ticket)
        if row is not None and message is not None:
            await self._return(row, message)

    def _approve(self, row: Row, message: Message) -> None:
        command = Approve(id=new_id(), ticket=row.id, message=message.id)
        if self._deeds.submit(command):
            self._deeds.say(texts().buddy.approved.format(helper=message.author.name, customer=row.customer))

    async def _return(self, row: Row, message: Message) -> None:
        from agent_tui.tui.dialogs.buddying import WordDialog

        word = await self._ask(WordDialog(message.author.name))
        if not word:
            return
        command = ReturnReply(id=new_id(), ticket=row.id, message=message.id, text=word)
        if self._deeds.submit(command):
            self._deeds.say(texts().buddy.returned.format(helper=message.author.name))

    async def _awaiting(self, ticket: str | None) -> tuple[Row | None, Message | None]:
        """The oldest reply of `ticket` that awaits approval; says so when there is none."""
        row = self._desk.queue.row(ticket) if ticket else None
        if row is None:
            self._deeds.say(texts().toast.no_ticket)
            return None, None
        message = self._oldest(row.id)
        if message is None and row.help is not None and row.help.reason == "approval":
            # The key may be faster than the page that brings the reply.
            await self._bring(row.id)
            message = self._oldest(row.id)
        if message is None:
            self._deeds.say(texts().buddy.nothing_awaits)
        return row, message

    async def _bring(self, ticket: str) -> None:
        try:
            await self._desk.conversations.open(ticket)
        except BackendError as error:
            self._deeds.say(failure(error), trouble=True)

    def _oldest(self, ticket: str) -> Message | None:
        said = (shown.message for shown in self._desk.conversations.get(ticket).shown)
        return next((m for m in said if m.state is MessageState.AWAITING), None)

    def _asked(self, ticket: str) -> str:
        row = self._desk.queue.row(ticket)
        said = [
            s.message
            for s in self._desk.conversations.get(ticket).shown
            if s.message.author.kind == "customer"
        ]
        words = "\n".join(p.text for p in said[-1].parts if p.text) if said else ""
        return f"{row.customer}:{words}" if row is not None and words else words

    # -- taking over

    def take_over(self, ticket: str | None) -> None:
        """Take a helper's customer; they can be given back."""
        row = self._desk.queue.row(ticket) if ticket else None
        helper = helper_of(self._desk, row)
        if row is None or not helper:
            return self._deeds.say(texts().buddy.not_helpers)
        if self._deeds.submit(TakeOver(id=new_id(), ticket=row.id, version=row.version)):
            self._deeds.say(texts().buddy.taken.format(helper=helper, customer=row.customer))
        return None

    def give_back(self, ticket: str | None) -> None:
        """Give a taken customer back to their helper."""
        row = self._desk.queue.row(ticket) if ticket else None
        if row is None or row.helper is None:
            return self._deeds.say(texts().buddy.not_taken)
        name = row.helper.name
        if self._deeds.submit(GiveBack(id=new_id(), ticket=row.id, version=row.version)):
            self._deeds.say(texts().buddy.given.format(helper=name, customer=row.customer))
        return None

    # -- a lead's

    def _leads(self) -> bool:
        if self._desk.team.me.role in LEADING:
            return True
        self._deeds.say(texts().toast.lead_only, trouble=True)
        return False

    async def pair(self) -> None:
        """Ask which helper and which buddy, and pair them."""
        from agent_tui.tui.dialogs.buddying import NOBODY, buddy_choices, helper_choices

        words = texts().buddy
        if not self._leads():
            return None
        helpers = helper_choices(self._desk.team.seats())
        if not helpers:
            return self._deeds.say(words.no_helpers)
        helper = self._desk.team.seat(await self._ask(ChoiceDialog(words.pair_title, helpers)) or "")
        if helper is None:
            return None
        choices = buddy_choices(self._desk.team.seats(), Choice(value=NOBODY, label=words.nobody))
        title, now = words.pair_buddy.format(helper=helper.name), helper.buddy.id if helper.buddy else ""
        answer = await self._ask(ChoiceDialog(title, choices, chosen=now))
        if answer:
            self._pair(helper.id, None if answer == NOBODY else answer)
        return None

    def _pair(self, helper: str, buddy: str | None) -> None:
        words, of = texts().buddy, self._desk.team.seat(helper)
        if not self._deeds.submit(Pair(id=new_id(), helper=helper, buddy=buddy)):
            return
        seat, name = self._desk.team.seat(buddy or ""), of.name if of else ""
        said = (
            words.paired.format(helper=name, name=seat.name) if seat else words.unpaired.format(helper=name)
        )
        self._deeds.say(said)

    async def let_write(self) -> None:
        """Ask for whom it changes, and let them write words of their own or no longer."""
        from agent_tui.tui.dialogs.buddying import writer_choices

        words = texts().buddy
        if not self._leads():
            return None
        helpers = writer_choices(self._desk.team.seats())
        if not helpers:
            return self._deeds.say(words.no_helpers)
        seat = self._desk.team.seat(await self._ask(ChoiceDialog(words.write_title, helpers)) or "")
        if seat is None:
            return None
        allowed = not seat.free_text
        if self._deeds.submit(LetWrite(id=new_id(), helper=seat.id, allowed=allowed)):
            said = words.may_write if allowed else words.may_not_write
            self._deeds.say(said.format(helper=seat.name))
        return None

    async def invite(self) -> None:
        """Ask for name, pack and buddy, and show the token that the server made."""
        from agent_tui.tui.dialogs.buddying import InvitedDialog, NameDialog

        if not self._leads():
            return None
        try:
            packs = await self._desk.staff.packs()
            name = await self._ask(NameDialog()) if packs else None
            form = await self._ask_invitation(name, packs) if name else None
            made = await self._desk.staff.invite(form) if form else None
        except BackendError as error:
            return self._deeds.say(failure(error), trouble=True)
        if not packs:
            return self._deeds.say(texts().buddy.cannot_invite, trouble=True)
        if made is not None:
            await self._ask(InvitedDialog(made))
        return None

    async def _ask_invitation(self, name: str, packs: tuple[PackName, ...]) -> HelperIn | None:
        from agent_tui.tui.dialogs.buddying import NOBODY, buddy_choices

        words, ask = texts().buddy, self._ask
        choices = [Choice(value=p.id, label=p.title or p.id, detail=p.id if p.title else "") for p in packs]
        pack = await ask(ChoiceDialog(words.invite_pack.format(helper=name), choices))
        if not pack:
            return None
        people = buddy_choices(self._desk.team.seats(), Choice(value=NOBODY, label=words.any_buddy))
        title = words.invite_buddy.format(helper=name)
        buddy = await ask(ChoiceDialog(title, [people[-1], *people[:-1]]))
        if not buddy:
            return None
        return HelperIn(name=name, pack=pack, buddy=None if buddy == NOBODY else buddy)

    async def revoke(self) -> None:
        """Ask whose shift ends, twice, and end it."""
        from agent_tui.tui.dialogs.buddying import helper_choices

        words, ask = texts().buddy, self._ask
        if not self._leads():
            return None
        helpers = helper_choices(self._desk.team.seats())
        if not helpers:
            return self._deeds.say(words.no_helpers)
        seat = self._desk.team.seat(await ask(ChoiceDialog(words.revoke_title, helpers)) or "")
        if seat is None:
            return None
        sure = [Choice(value="", label=texts().common.back), Choice(value="end", label=words.revoke)]
        if not await ask(ChoiceDialog(words.revoke_sure.format(helper=seat.name), sure)):
            return None
        try:
            await self._desk.staff.revoke(seat.id)
        except BackendError as error:
            return self._deeds.say(failure(error), trouble=True)
        return self._deeds.say(words.revoked.format(helper=seat.name))

    def heard(self, event: Event | None) -> None:
        """Tell a lead how a drill went."""
        if not isinstance(event, DrillReported) or self._desk.team.me.role not in LEADING:
            return
        clock = f"{int(event.seconds) // 60}:{int(event.seconds) % 60:02d}"
        self._deeds.say(
            texts().buddy.drilled.format(
                helper=event.helper.name, pack=event.pack, right=event.right, total=event.total, clock=clock
            )
        )
