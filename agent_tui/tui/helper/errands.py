"""Errands: what each key starts, the pages it shows on the way, and what it wishes of the desk."""

from agent_tui.desk import Desk, RefusedHere, StoreError, new_id
from agent_tui.domain.commands import (
    AcceptDraft,
    AskBuddy,
    Command,
    HandOver,
    OpenCard,
    SetStatus,
    TickSteps,
    UsedEntry,
)
from agent_tui.domain.models import Message, Part, Status
from agent_tui.domain.text import one_line
from agent_tui.i18n import texts, words_of
from agent_tui.knowledge.errors import FillError
from agent_tui.knowledge.packs.resolved import EmergencyCard, tick_note
from agent_tui.knowledge.templates.fill import Filled
from agent_tui.tui.attaching import part_of
from agent_tui.tui.composer.marks import Mark, confirmed
from agent_tui.tui.dialogs.dialog import Choice
from agent_tui.tui.helper import sent
from agent_tui.tui.helper.alarm import Alarm
from agent_tui.tui.helper.aside import Beside, draft_text
from agent_tui.tui.helper.card import SAY, CardPage
from agent_tui.tui.helper.cover import Chooser
from agent_tui.tui.helper.covers import Covers
from agent_tui.tui.helper.floor import HelperFloor
from agent_tui.tui.helper.guide import GuidePage
from agent_tui.tui.helper.handbook import Handbook
from agent_tui.tui.helper.items import ASK, OWN, PROCEDURE, PackItem
from agent_tui.tui.helper.preview import Preview, Reply
from agent_tui.tui.helper.procedure import ProcedurePage
from agent_tui.tui.helper.served import said_on, shown_of
from agent_tui.tui.palette.outgoing import Outgoing
from agent_tui.tui.palette.slips import drafted, slips
from agent_tui.tui.palette.steps import steps_first
from agent_tui.tui.submitting import submit
from agent_tui.tui.widgets.message_lines import fill
from agent_tui.tui.wording import untaken


class Errands:
    """Starts what the keys mean. A page about a customer closes when they go elsewhere."""

    def __init__(
        self, desk: Desk, handbook: Handbook, screen: HelperFloor, covers: Covers, guard: float
    ) -> None:
        self._desk = desk
        self._handbook = handbook
        self._screen = screen
        self._covers = covers
        self._alarm = Alarm(handbook)
        self._outgoing = Outgoing(handbook, desk)
        self._guard = guard
        self._ticked: dict[tuple[str, str], frozenset[int]] = {}
        self._last: dict[str, Reply] = {}
        self.taken: frozenset[str] = frozenset()

    def say(self, words: str, *, trouble: bool = False) -> None:
        """A short word in the corner."""
        self._screen.say(words, trouble=trouble)

    def submit(self, command: Command) -> bool:
        """Submit `command`; False when it was refused or could not be kept, which is said."""
        return submit(self._desk, command, lambda words: self.say(words, trouble=True))

    def reread(self, ticket: str | None) -> None:
        """The desk looks different: pages say so, and what a customer says may bring up a card."""
        alert = self._alarm.look(ticket, shown_of(self._desk, ticket), self._desk.team.floor.level)
        if alert is not None:
            self.card(ticket, alert.card, tells=alert.by_words)
        for page in self._covers.pages:
            page.reread()

    def left(self, ticket: str) -> None:
        """The customer is no longer here: pages about them close, what was ticked is kept as a note."""
        for page in self._covers.pages:
            if page.ticket == ticket:
                page.dismiss(None)

    # -- answering

    def open(self, ticket: str, item: PackItem) -> None:
        """Open a row of the list."""
        if item.kind == PROCEDURE:
            self.procedure(ticket, item.id)
        elif item.kind == ASK:
            self.ask(ticket, "")
        elif item.kind == OWN:
            self.own(ticket, item.title)
        else:
            self.answer(ticket, item.id)

    def answer(self, ticket: str, id: str) -> None:
        """See an answer of the pack as it would go out."""
        pack = self._handbook.pack
        answer = pack.get(id) if pack is not None else None
        if answer is None:
            return
        try:
            filled = self._handbook.fill(answer.entry, self._desk.tickets.detail(ticket))
        except FillError as error:
            self.say(texts().palette.broken.format(reason=words_of(error)), trouble=True)
            return
        entries = (UsedEntry(id=answer.id),)
        self.preview(ticket, Reply(title=answer.title, filled=filled, entries=entries, answer=answer.entry))

    def beside(self, ticket: str, said: Beside) -> None:
        """See the draft beside the chat; without one, what becomes of who has been answered."""
        if said.draft is not None:
            self.draft(ticket, said.draft)
        elif said.answered:
            self.after(ticket, said.answered)

    def own(self, ticket: str, written: str) -> None:
        """See the helper's own words as they would go out."""
        self.preview(ticket, Reply(title=texts().helper.own, filled=Filled(written)))

    def draft(self, ticket: str, message: Message) -> None:
        """Take the buddy's draft, and see it as it would go out."""
        if self.submit(AcceptDraft(id=new_id(), ticket=ticket, message=message.id)):
            title = texts().helper.draft_of.format(name=message.author.name)
            filled, handed = (
                drafted(draft_text(message)),
                tuple(p for p in message.parts if p.type != "draft"),
            )
            self.preview(ticket, Reply(title=title, filled=filled, draft=message.id, handed=handed))

    def preview(self, ticket: str, reply: Reply) -> None:
        """Show a reply in full; Enter there sends it."""

        def then(made: Reply | None) -> None:
            if made is not None:
                self._send(ticket, made)

        def checks(text: str) -> tuple[Mark, ...]:
            asked = (*steps_first((reply.answer,), text), *slips((reply.filled,), text))
            return (*self._outgoing.check(ticket, text), *asked)

        self._covers.put(Preview(self._desk, ticket, reply, self._guard, checks), then)

    def _send(self, ticket: str, made: Reply) -> None:
        words = (Part(type="text", text=made.text),) if made.text.strip() else ()
        parts = (*words, *made.handed, *(part_of(file) for file in made.files))
        try:
            agreed = confirmed(self._outgoing.check(ticket, made.text))
            draft = made.draft or None
            command = self._desk.outbox.reply(ticket, parts, made.entries, draft, agreed)
        except (RefusedHere, StoreError) as error:
            self.say(untaken(error), trouble=True)
        else:
            self.taken |= {made.draft} if made.draft else set()
            self._last[ticket] = made
            self._screen.sent()
            self.after(ticket, command)

    def after(self, ticket: str, command: str) -> None:
        """What became of the reply `command`, and what becomes of the customer."""
        page = sent.SentPage(self._desk, ticket, command)
        self._covers.put(page, lambda answer: self._after(ticket, command, answer))

    def _after(self, ticket: str, command: str, answer: str | None) -> None:
        if answer == sent.HAND_OVER:
            self.hand_over(ticket)
        elif answer in (sent.UNDO, sent.AGAIN):
            self._take_back(ticket, command)
        elif answer in (sent.SOLVED, sent.WAITS):
            self.settle(ticket, Status.SOLVED if answer == sent.SOLVED else Status.PENDING)

    def _take_back(self, ticket: str, command: str) -> None:
        if self._desk.outbox.undo(command) is None:
            self._desk.outbox.discard(command)
        if ticket in self._last:
            self.preview(ticket, self._last[ticket])

    def settle(self, ticket: str, status: Status) -> None:
        """Solved, or waiting for the customer."""
        row = self._desk.queue.row(ticket)
        if row is not None:
            id = new_id()
            self.submit(SetStatus(id=id, ticket=ticket, status=status, version=row.version))

    # -- procedures

    def procedure(self, ticket: str, id: str) -> None:
        """Work through a procedure; the ticks become a note when it is left."""
        pack = self._handbook.pack
        procedure = pack.pack.procedure(id) if pack is not None else None
        if procedure is None:
            return
        before = self._ticked.get((ticket, id), frozenset())

        def then(ticked: frozenset[int] | None) -> None:
            if ticked is None or ticked == before:
                return
            self._ticked[ticket, id] = ticked
            note = tick_note(procedure, ticked)
            if self.submit(TickSteps(id=new_id(), ticket=ticket, procedure=id, text=note)):
                self.say(texts().helper.ticked.format(n=len(ticked), of=len(procedure.steps)))

        self._covers.put(ProcedurePage(ticket, procedure, before), then)

    # -- help

    def ask(self, ticket: str, words: str) -> None:
        """Call the buddy; `words` are the question, by default what the customer asked last."""
        call = self._desk.tickets.get(ticket)
        if call is not None and call.help is not None and call.help.reason == "asked" and not words:
            self.say(texts().helper.asked_already)
        elif self.submit(AskBuddy(id=new_id(), ticket=ticket, text=(words or self._asked(ticket))[:500])):
            buddy = self._desk.team.me.buddy
            self.say(texts().helper.asked.format(name=buddy.name if buddy else texts().helper.somebody))

    def _asked(self, ticket: str) -> str:
        said = [one.text for one in said_on(self._desk, ticket) if one.side == "customer"]
        return one_line(said[-1], 200) if said else ""

    def cards(self, ticket: str) -> None:
        """Choose an emergency card, and whether buddy and lead are told: a slip of two keys calls nobody."""
        pack = self._handbook.pack
        if pack is None:
            return
        known = pack.pack.emergency
        choices = [Choice(value=card.id, label=card.title) for card in known]

        def then(answer: str | None) -> None:
            card = pack.pack.card(answer or "")
            if card is not None:
                self._tell_or_read(ticket, card)

        self._covers.put(Chooser(ticket, texts().helper.cards, choices), then)

    def _tell_or_read(self, ticket: str, card: EmergencyCard) -> None:
        words = texts().helper.card_opening
        choices = [Choice(value=value, label=words[value]) for value in ("tell", "read")]

        def then(answer: str | None) -> None:
            if answer is not None:
                self.card(ticket, card, tells=answer == "tell")

        title = fill(texts().helper.card, {"title": card.title})
        self._covers.put(Chooser(ticket, title, choices), then)

    def card(self, ticket: str | None, card: EmergencyCard, *, tells: bool) -> None:
        """Cover the screen with a card; when it is about a customer, buddy and lead are told."""
        tells = tells and ticket is not None
        if tells and ticket is not None:
            self.submit(OpenCard(id=new_id(), ticket=ticket, card=card.id, title=card.title))

        def then(answer: str | None) -> None:
            if answer == SAY and ticket is not None:
                reply = Reply(title=card.title, filled=Filled(card.say), entries=(UsedEntry(id=card.id),))
                self.preview(ticket, reply)

        contact = self._handbook.contact(card.call)
        self._covers.put(CardPage(ticket, card, contact, guard=self._guard, can_say=tells), then)

    def hand_over(self, ticket: str) -> None:
        """Choose why, and pass the customer on with everything said so far."""
        words = texts().helper
        choices = [Choice(value=reason, label=reason) for reason in words.reasons]

        def then(reason: str | None) -> None:
            if reason and self.submit(HandOver(id=new_id(), ticket=ticket, reason=reason)):
                self.say(words.handed_over)

        self._covers.put(Chooser(ticket, words.hand_over, choices), then)

    # -- the rest

    def help(self) -> None:
        """What the keys do."""
        self._covers.put(GuidePage(), lambda _: None)
