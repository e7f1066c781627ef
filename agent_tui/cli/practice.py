"""Practice below the helper's screen: a helpdesk in memory with a drill's customers, and who judges it."""

import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import date

from msgspec.structs import replace

from agent_tui.backends.memory import MemoryBackend
from agent_tui.backends.world import World
from agent_tui.desk import Desk
from agent_tui.domain.commands import (
    AskBuddy,
    Command,
    Finish,
    HandDraft,
    HandOver,
    OpenCard,
    SendReply,
    TickSteps,
    Whisper,
)
from agent_tui.domain.events import TicketChanged
from agent_tui.domain.models import (
    Availability,
    Customer,
    CustomerRef,
    Item,
    Order,
    Parcel,
    Part,
    Person,
    Refund,
    Role,
    Seat,
    Status,
    Ticket,
    TicketDetail,
)
from agent_tui.i18n import texts
from agent_tui.knowledge.fill import fill
from agent_tui.knowledge.packs import ResolvedPack
from agent_tui.knowledge.values import Speaker, Values, values_of
from agent_tui.settings import Settings
from agent_tui.sim.drill import Deed, Done, Drill, DrillCustomer, Outcome, Verdict
from agent_tui.sim.drill import values_of as situation_values
from agent_tui.tui.helper.coach import Judged, Result
from agent_tui.tui.helper.strips import Progress
from agent_tui.wire import Outcome as Sent

ME = "helper"
BUDDY = "buddy"
_NAMES = {
    "zh": tuple(f"{surname}*" for surname in "陈王李赵刘孙周吴郑冯褚卫蒋沈韩"),
    "en": ("Emma", "Noah", "Olivia", "Liam", "Mia", "Lucas", "Ava", "Ethan", "Zoe", "Owen", "Ruby", "Leo"),
}
_ORDER_WORDS = {"received": "delivered"}
_PARCEL_WORDS = {"packed": "created", "shipped": "in_transit", "signed": "delivered"}
_MOST_HELD = 1


class Practice:
    """A drill's customers, one after the other, at a helpdesk of their own; see `tui.helper.coach.Coach`.

    The first thing a helper does for a customer counts: an answer, a card, a hand-over, a call for the buddy.
    A buddy who is asked whispers which answer is right, so that everybody gets to the end.
    """

    def __init__(
        self,
        pack: ResolvedPack,
        customers: tuple[DrillCustomer, ...],
        name: str,
        *,
        is_judged: bool,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._pack = pack
        self._drill = Drill(pack, customers)
        self._waiting = list(customers)
        self._is_judged = is_judged
        self.clock = clock
        self._here: dict[str, DrillCustomer] = {}
        self._since: dict[str, float] = {}
        self._ticked: dict[str, list[str]] = {}
        self._done: dict[str, Done] = {}
        self._values: dict[str, Values] = {}
        self._speaker = Speaker(agent=name)
        self.send: Callable[[], Awaitable[str]] | None = None
        self.world = World(clock)
        buddy = Person(id=BUDDY, name=texts().drill.buddy)
        self.world.put_seat(Seat(id=BUDDY, name=buddy.name, role=Role.AGENT))
        self.world.put_seat(Seat(id=ME, name=name, role=Role.HELPER, buddy=buddy))
        self.line = PracticeLine(self.world, self.did)
        self.desk = Desk(self.line, clock=clock)

    # -- the coach

    @property
    def progress(self) -> Progress:
        """How many customers have been served."""
        return Progress(len(self._here) - len(self._open()), len(self._drill.customers))

    def start(self) -> None:
        """The first customer comes."""
        self._next()

    def result(self) -> Result | None:
        """What came of it, once the last customer has gone."""
        if not self._is_judged or self._waiting or self._open():
            return None
        outcome = self._drill.outcome()
        titles = [answer.title for id in outcome.reread if (answer := self._pack.get(id)) is not None]
        return Result(
            title=self._pack.pack.title, right=outcome.right, asked=outcome.asked, unsafe=outcome.unsafe,
            seconds=outcome.seconds, reread=tuple(titles),
            customers=tuple(self._judged(verdict) for verdict in outcome.verdicts),
        )  # fmt: skip

    def _judged(self, verdict: Verdict) -> Judged:
        customer = next(one for one in self._drill.customers if one.id == verdict.customer)
        words = texts().drill
        return Judged(
            said=" ".join(customer.says),
            done=self._in_words(self._done[customer.id]),
            is_right=verdict.is_right,
            is_safe=verdict.is_safe,
            seconds=verdict.seconds,
            should=verdict.should or words.ask_or_hand_over,
            say=verdict.say,
            tone=verdict.tone,
            remarks=self._remarks(verdict),
        )

    def _in_words(self, done: Done) -> str:
        answer, card = self._pack.get(done.entry), self._pack.pack.card(done.card)
        title = answer.title if answer else card.title if card else ""
        return texts().drill.deeds[done.deed].format(title=title)

    def _remarks(self, verdict: Verdict) -> tuple[str, ...]:
        words, remarks = texts().drill, []
        procedure = self._pack.pack.procedure(verdict.skipped)
        if procedure is not None and verdict.deed == "answer":
            remarks.append(words.skipped.format(title=procedure.title))
        if verdict.rude:
            remarks.append(words.rude.format(words="、".join(verdict.rude)))
        if verdict.deed == "answer" and not verdict.is_kind:
            remarks.append(words.not_kind)
        return tuple(remarks)

    def outcome(self) -> Outcome:
        """The counts of what was done so far."""
        return self._drill.outcome()

    # -- customers

    def speaker(self, settings: Settings) -> Callable[[], Speaker]:
        """Who speaks: the person who practises, for the shop of the settings."""
        name = self.world.seats[ME].name
        self._speaker = Speaker(agent=name, shop=settings.shop, contacts=settings.contact)
        return lambda: self._speaker

    def values(self, detail: TicketDetail | None, language: str) -> Values:
        """What templates may say of a customer: what the situation tells, and who speaks."""
        known = values_of(detail, self._speaker, language)
        return {**known, **self._values.get(detail.id if detail else "", {})}

    def _open(self) -> list[Ticket]:
        mine = (self.world.tickets[id] for id in self._here)
        return [one for one in mine if _is_held(one)]

    def _next(self) -> None:
        if not self._waiting or len(self._open()) >= _MOST_HELD:
            return
        if self.world.seats[ME].availability != "online":
            return
        customer = self._waiting.pop(0)
        number = len(self._here)
        names = _NAMES[self._pack.pack.language]
        who = CustomerRef(id=f"c-{customer.id}", name=names[number % len(names)])
        values = situation_values(customer.situation, date.today())  # noqa: DTZ011 - the helper's calendar
        order = order_of(values, who.id, number)
        self.world.put_customer(Customer(id=who.id, name=who.name))
        if order is not None:
            self.world.put_order(order)
        for said in customer.says:
            ticket = self.world.receive(who, said, order=order.number if order else None)
        self._here[ticket.id] = customer
        self._since[ticket.id] = self.clock()
        self._values[ticket.id] = {**values, **({"order.number": order.number} if order else {})}
        me = Person(id=ME, name=self.world.seats[ME].name)
        held = self.world.tickets[ticket.id]
        given = replace(held, assignee=me, status=Status.OPEN, version=held.version + 1)
        self.world.commit((TicketChanged(ticket=given),))

    def _give_back(self) -> None:
        for held in self._open():
            back = replace(held, assignee=None, version=held.version + 1)
            self.world.commit((TicketChanged(ticket=back),))

    # -- what the helper does

    def did(self, command: Command) -> None:
        """Take note of a deed that the helpdesk has accepted."""
        ticket = command.ticket
        if ticket in self._here and ticket is not None:
            self._note(ticket, command)
        if isinstance(command, Finish) or getattr(command, "availability", "") == Availability.BREAK:
            self._give_back()
        self._next()

    def _note(self, ticket: str, command: Command) -> None:
        match command:
            case SendReply(entries=entries, parts=parts):
                entry = entries[0].id if entries else ""
                deed: Deed = "card" if self._pack.pack.card(entry) else "answer"
                text = "\n".join(part.text for part in parts)
                self._take(ticket, deed, entry=entry, text=text, card=entry if deed == "card" else "")
            case OpenCard(card=card):
                self._take(ticket, "card", card=card)
            case HandOver():
                self._take(ticket, "hand-over")
            case AskBuddy():
                self._take(ticket, "ask")
                self._whisper(ticket)
            case TickSteps(procedure=procedure):
                self._ticked.setdefault(ticket, []).append(procedure)

    def _take(self, ticket: str, deed: Deed, *, entry: str = "", card: str = "", text: str = "") -> None:
        customer = self._here[ticket]
        if customer.id in self._done:
            return
        seconds = self.clock() - self._since[ticket]
        ticked = tuple(self._ticked.get(ticket, ()))
        done = Done(
            customer=customer.id, deed=deed, seconds=seconds, entry=entry, card=card, text=text, ticked=ticked
        )
        self._done[customer.id] = done
        self._drill.take(done)

    def _whisper(self, ticket: str) -> None:
        """The buddy knows: which answer it is, and the answer itself where nothing is left to fill in."""
        right = (self._pack.get(id) for id in self._here[ticket].right)
        answer = next((found for found in right if found is not None), None)
        if answer is None:
            return
        words = texts().drill.buddy_says.format(title=answer.title)
        told = Part(type="text", text=words)
        deeds: list[Command] = [Whisper(id=self.world.fresh_id(), ticket=ticket, parts=(told,))]
        draft = fill(answer.entry.text, self.values(None, "") | self._values[ticket], answer.entry.language)
        if not draft.blanks:
            deeds.append(HandDraft(id=self.world.fresh_id(), ticket=ticket, text=draft.text))
        self.world.carry_out(BUDDY, deeds)


class PracticeLine(MemoryBackend):
    """The helper's line to the practice helpdesk, which tells what was done over it."""

    def __init__(self, world: World, tell: Callable[[Command], None]) -> None:
        super().__init__(world, ME)
        self._tell = tell

    async def send(self, commands: tuple[Command, ...]) -> tuple[Sent, ...]:
        """One outcome a command, in order."""
        outcomes = await super().send(commands)
        for command, outcome in zip(commands, outcomes, strict=True):
            if outcome.outcome == "applied":
                self._tell(command)
        return outcomes


def _is_held(ticket: Ticket) -> bool:
    assignee = ticket.assignee.id if ticket.assignee else ""
    return assignee == ME and ticket.status in (Status.NEW, Status.OPEN)


def order_of(values: Mapping[str, str], customer: str, number: int) -> Order | None:
    """The order that a drill's situation tells of, with its parcel."""
    if "order.number" not in values:
        return None
    status = values.get("order.status", "paid")
    refund = None
    if "refund.amount" in values:
        by = values.get("refund.by", "")
        refund = Refund(amount=values["refund.amount"], status=values.get("refund.status", ""), by=by)
    return Order(
        number=f"{values['order.number']}{number:02d}",
        customer=customer,
        status=_ORDER_WORDS.get(status, status),
        total=values.get("order.total", "0"),
        items=(Item(name=values.get("order.items", "")),),
        parcels=_parcels(values),
        refund=refund,
    )


def _parcels(values: Mapping[str, str]) -> tuple[Parcel, ...]:
    if "parcel.number" not in values:
        return ()
    status = values.get("parcel.status", "shipped")
    return (
        Parcel(
            number=values["parcel.number"],
            carrier=values.get("parcel.carrier", ""),
            status=_PARCEL_WORDS.get(status, status),
            last_event=values.get("parcel.last_event"),
            eta=values.get("parcel.eta"),
        ),
    )
