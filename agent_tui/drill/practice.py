"""Practice below the helper's screen: a helpdesk in memory with a drill's customers, and who judges it."""

import time
from collections.abc import Awaitable, Callable

from agent_tui.backends.memory import MemoryBackend, World
from agent_tui.desk import Desk
from agent_tui.domain.commands import (
    AskBuddy,
    Command,
    Finish,
    HandDraft,
    HandOver,
    OpenCard,
    SendReply,
    SetAvailability,
    SetStatus,
    TickSteps,
    Whisper,
)
from agent_tui.domain.models import (
    Availability,
    Part,
    Person,
    Role,
    Seat,
    TicketDetail,
)
from agent_tui.drill.advice import advice
from agent_tui.drill.coach import Briefing, Progress, Reported, Result
from agent_tui.drill.judging import Done, Drill, DrillOutcome
from agent_tui.drill.plan import after
from agent_tui.drill.results import Telling
from agent_tui.drill.sets import (
    DrillPart,
    DrillSet,
    DrillStage,
    Response,
    examples,
)
from agent_tui.drill.visits import Visits
from agent_tui.i18n import counted, texts
from agent_tui.knowledge.packs.resolved import ResolvedPack
from agent_tui.knowledge.templates.blanks import is_slip, put_in
from agent_tui.knowledge.templates.fill import fill
from agent_tui.knowledge.templates.values import Speaker, Values, values_of
from agent_tui.settings import Settings
from agent_tui.wire import Outcome as Sent

ME = "helper"
BUDDY = "buddy"
_MOST_HELD = 1


class Practice:
    """A drill's customers, one after the other, at a helpdesk of their own; see `drill.coach.Coach`.

    The first thing a helper does at each turn counts: an answer, a card, a hand-over, a call for the buddy.
    A buddy who is asked whispers what is right, so that everybody gets to the end.
    """

    def __init__(
        self,
        pack: ResolvedPack,
        drill: DrillSet,
        name: str,
        *,
        is_judged: bool,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._pack = pack
        self._drill = Drill(pack, drill)
        self._parts = {one.id: part for part in drill.parts for one in part.customers}
        self._is_judged = is_judged
        self.clock = clock
        self._begun: list[DrillPart] = []
        self._started = 0.0
        self._is_over = False
        self._ticked: dict[str, list[str]] = {}
        self._done: dict[tuple[str, int], Done] = {}
        self._speaker = Speaker(agent=name)
        self.send: Callable[[], Awaitable[Reported]] | None = None
        self.goes_on = False
        self.world = World(clock)
        buddy = Person(id=BUDDY, name=texts().drill.buddy)
        self.world.put_seat(Seat(id=BUDDY, name=buddy.name, role=Role.AGENT))
        self.world.put_seat(Seat(id=ME, name=name, role=Role.HELPER, buddy=buddy))
        self.visits = Visits(self.world, ME, pack, drill.customers, clock)
        self.line = MemoryBackend(self.world, ME, self.carried)
        self.desk = Desk(self.line, clock=clock)

    # -- the coach

    @property
    def progress(self) -> Progress:
        """How many customers have been served, in which part, and on a shift who waits."""
        open_, total = self.visits.open(), len(self._drill.set.customers)
        here = self.visits.here[open_[0].id] if open_ else None
        part = self._parts[here.id] if here is not None else None
        told = Progress(len(self.visits.here) - len(open_), total, part.name if part is not None else "")
        if part is None or not part.every:
            return told
        behind = self._behind(part)
        return Progress(
            told.done, total, here=self.visits.seconds(open_[0].id), behind=len(behind),
            longest=max(behind, default=0.0),
        )  # fmt: skip

    def _behind(self, part: DrillPart) -> list[float]:
        """How long those have waited who have arrived and are not here yet."""
        since = self.clock() - self._started
        places = {one.id: n for n, one in enumerate(part.customers)}
        waited = [since - places[one.id] * part.every for one in self.visits.waiting if one.id in places]
        return [seconds for seconds in waited if seconds >= 0]

    @property
    def briefing(self) -> Briefing | None:
        """What is told before the part that comes next; None while a customer is here, or nothing is told."""
        part = self._parts[self.visits.waiting[0].id] if self.visits.waiting else None
        if part is None or not part.told or part in self._begun or self.visits.open() or self._is_over:
            return None
        parts, words, stage = self._drill.set.parts, texts().drill, self._drill.set.set
        return Briefing(
            kind=words.kinds[stage].format(at=parts.index(part) + 1, of=len(parts)),
            name=part.name,
            told=part.told,
            customers=counted(words.customers, len(part.customers)),
        )

    def start(self) -> None:
        """The first customer comes, unless something is told before."""
        self._started = self.clock()
        self._next()

    def begin(self) -> None:
        """The briefing has been read."""
        if self.visits.waiting:
            self._begun.append(self._parts[self.visits.waiting[0].id])
            self._started = self.clock()
        self._next()

    def result(self) -> Result | None:
        """What came of it, once the last customer has gone or the helper has finished."""
        if not self._is_judged or not (self._is_over or not (self.visits.waiting or self.visits.open())):
            return None
        known = {one.id: self.values(None, "", ticket) for ticket, one in self.visits.here.items()}
        return Telling(self._drill, self._pack, self._done, known).result()

    @property
    def goes_on_with(self) -> DrillStage | None:
        """The set the person wishes to practise next; None when they do not."""
        stage = self._drill.set.set
        if not self.goes_on:
            return None
        return after(stage) if self.outcome().is_passed else stage

    @property
    def goes_on_by(self) -> str:
        """The command for the whole training, once those who were only tried have gone."""
        is_left = self.visits.waiting or self.visits.open()
        return "" if self._is_judged or is_left else f"agent-tui drill --pack {self._pack.pack.id}"

    def outcome(self) -> DrillOutcome:
        """The counts of what was done so far."""
        return self._drill.outcome()

    # -- customers

    def speaker(self, settings: Settings) -> Callable[[], Speaker]:
        """Who speaks: the person who practises, for the shop of the settings."""
        name = self.world.seats[ME].name
        self._speaker = Speaker(
            agent=name, shop=settings.shop, contacts=settings.contact, policy=settings.policy
        )
        return lambda: self._speaker

    def values(self, detail: TicketDetail | None, language: str, ticket: str = "") -> Values:
        """What templates may say of a customer: what the situation tells, and who speaks for which shop."""
        known = values_of(detail, self._speaker, language or self._pack.pack.language)
        told = self.visits.values.get(detail.id if detail else ticket, {})
        return {**examples(self._pack.pack.language), **{k: v for k, v in known.items() if v}, **told}

    def _next(self) -> None:
        if self._is_over or len(self.visits.open()) >= _MOST_HELD:
            return
        if self.world.seats[ME].availability != "online":
            return
        back = next((id for id in self.visits.left() if self._is_unjudged(id)), None)
        if back is not None:
            self.visits.give(back)
        elif self.visits.waiting and self.briefing is None:
            self.visits.admit_next()

    def _is_unjudged(self, ticket: str) -> bool:
        """Whether a turn is still to be judged: after a break the same customer is met again."""
        turn = self.visits.here[ticket].id, self.visits.turns[ticket]
        return self._is_judged and turn not in self._done

    # -- what the helper does

    def carried(self, commands: tuple[Command, ...], outcomes: tuple[Sent, ...]) -> None:
        """Note what was done before the screen can hear of it and ask how it went."""
        for command, outcome in zip(commands, outcomes, strict=True):
            if outcome.outcome == "applied":
                self._did(command)

    def _did(self, command: Command) -> None:
        ticket = command.ticket
        if ticket in self.visits.here and ticket is not None:
            self._note(ticket, command)
        match command:
            case Finish():
                self._is_over = True
                self.visits.give_back()
            case SetAvailability(availability=Availability.BREAK):
                self.visits.give_back()
        self._next()

    def _note(self, ticket: str, command: Command) -> None:
        match command:
            case SendReply(entries=entries, parts=parts):
                entry = entries[0].id if entries else ""
                response: Response = "card" if self._pack.pack.card(entry) else "answer"
                text = "\n".join(part.text for part in parts)
                card = entry if response == "card" else ""
                slips = self._slips(ticket, entry, text)
                self._take(ticket, response, entry=entry, text=text, card=card, slips=slips)
            case OpenCard(card=card):
                self._take(ticket, "card", card=card)
            case HandOver():
                self._take(ticket, "hand-over")
            case AskBuddy():
                self._take(ticket, "ask")
                self._whisper(ticket)
            case TickSteps(procedure=procedure):
                self._ticked.setdefault(ticket, []).append(procedure)
            case SetStatus():
                self.visits.come_back(ticket)

    def _slips(self, ticket: str, entry: str, text: str) -> tuple[str, ...]:
        """The blanks of an answer that were filled with a lone digit where no number is asked for."""
        answer = self._pack.get(entry)
        if answer is None:
            return ()
        language = answer.entry.language
        known = self.values(self.desk.tickets.detail(ticket), language, ticket)
        asked = fill(answer.entry.text, known, language)
        filled = put_in(asked.text, asked.blanks, text) if asked.blanks else ()
        return tuple(one.prompt for one in filled if is_slip(one.prompt, text[one.start : one.end]))

    def _take(
        self,
        ticket: str,
        response: Response,
        *,
        entry: str = "",
        card: str = "",
        text: str = "",
        slips: tuple[str, ...] = (),
    ) -> None:
        turn = self.visits.here[ticket].id, self.visits.turns[ticket]
        if turn in self._done:
            return
        seconds, ticked = self.visits.seconds(ticket), tuple(self._ticked.get(ticket, ()))
        done = Done(
            customer=turn[0], turn=turn[1], response=response, seconds=seconds,
            entry=entry, card=card, text=text, ticked=ticked, slips=slips,
        )  # fmt: skip
        self._done[turn] = done
        self._drill.take(done)

    def _whisper(self, ticket: str) -> None:
        """The buddy knows: what is right, and the answer itself where nothing is left to fill in."""
        turn = self.visits.turn(ticket)
        words, draft = advice(turn, self._pack, self.values(None, "", ticket))
        told = Part(type="text", text=words)
        commands: list[Command] = [Whisper(id=self.world.fresh_id(), ticket=ticket, parts=(told,))]
        if draft:
            commands.append(HandDraft(id=self.world.fresh_id(), ticket=ticket, text=draft))
        self.world.carry_out(BUDDY, commands)
