"""A rule at the helper's real screen: keys go through Textual's pilot, answers through the desk."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
from msgspec.structs import replace
from textual.events import Key
from textual.keys import key_to_character
from textual.pilot import Pilot
from textual.worker import Worker

from agent_tui import i18n
from agent_tui.backends.memory import MemoryBackend, World
from agent_tui.desk import Desk
from agent_tui.domain.events import TicketChanged
from agent_tui.domain.models import CustomerRef, Floor, Order, Person, Seat, Status, Tier
from agent_tui.domain.policy import Helpers, Policy
from agent_tui.knowledge.packs.resolved import ResolvedPack
from agent_tui.knowledge.text.tokens import normalize
from agent_tui.tui.app import AgentApp
from agent_tui.tui.helper.card import CardPage
from agent_tui.tui.helper.handbook import Handbook
from agent_tui.tui.helper.items import ANSWER
from agent_tui.tui.helper.preview import Preview
from agent_tui.tui.helper.screen import HelperScreen
from agent_tui.tui.helper.sent import SentPage
from agent_tui.tui.helper.served import order_of, shown_of, situation_on
from agent_tui.tui.palette.answering import said_in
from tests.bench.helpers_judge import Outcome, judged
from tests.bench.helpers_people import Guest
from tests.bench.spoken import SPEAKER, blank_value, spelt, telling_words
from tests.driver import EVENING, Clock
from tests.tui.helping import BUDDY, HELPER, Robot

SEARCHES = 2
_LOOK = 0.003
_GONE = ("sent", "awaiting")
ME = Person(id=HELPER.id, name=HELPER.name)
# Nothing waits for the buddy's eye here: what is measured is what the helper would have sent.
POLICY = Policy(helpers=Helpers(first_replies=0, held_categories=(), outside_pack=False))


class RuledHelper(Robot):
    """Takes the first recommendation if one is shown, else searches with the customer's words, else asks."""

    keys = 0

    async def serve(self, guest: Guest, pack: ResolvedPack) -> Outcome:
        """Meet a customer, do what the rule says, and let them go."""
        began, self.keys = time.perf_counter(), 0
        ticket = await self._meet(guest)
        way, entry = "asked", ""
        if isinstance(self.app.screen, CardPage):
            way = "card"
        elif item := self.screen.offers.items.numbered("1"):
            way, entry = "recommended", item.id
            await self._hit("1")
            await self.until(lambda: isinstance(self.app.screen, Preview))
        elif found := await self._search(guest, pack):
            way, entry = "search", found
            await self._hit("enter")
            await self.until(lambda: isinstance(self.app.screen, Preview))
        else:
            await self._hit("0")
        blanks = await self._send() if entry else 0
        outcome = self._outcome(guest, ticket, way, entry, blanks)
        await self._let_go(ticket)
        return replace(outcome, seconds=time.perf_counter() - began)

    def _outcome(self, guest: Guest, ticket: str, way: str, entry: str, blanks: int) -> Outcome:
        said = "\n".join(part.text for one in self.talk(ticket) for part in one.parts)
        return Outcome(
            opening=guest.case.opening.id, is_routed=guest.is_routed, way=way, entry=entry,
            result=judged(guest.case, said) if said else "card" if way == "card" else "asked",
            keys=self.keys, blanks=blanks,
        )  # fmt: skip

    async def _meet(self, guest: Guest) -> str:
        case = guest.case
        who = CustomerRef(id=case.person.id, name=case.person.name, tier=Tier(case.person.tier))
        order = msgspec.convert(case.order.body(), Order) if case.order else None
        if order is not None:
            self.world.set_order(order)
        for words in case.messages:
            number = order.number if order else None
            ticket = self.world.receive(who, words, channel=case.channel, order=number)
        held = self.world.tickets[ticket.id]
        given = replace(held, assignee=ME, status=Status.OPEN, version=held.version + 1)
        self.world.commit((TicketChanged(ticket=given),))
        await self.until(lambda: self._is_here(ticket.id, guest))
        await self.pilot.pause(0)
        return str(ticket.id)

    def _is_here(self, ticket: str, guest: Guest) -> bool:
        """Whether the customer is on the screen with all they said, and what is offered fits them."""
        screen = self.screen
        if screen.ticket != ticket or self.heard != len(guest.case.messages):
            return False
        order = order_of(self.desk, ticket)
        is_known = (order is not None) == (guest.case.order is not None)
        heard = (said_in(shown_of(self.desk, ticket)), situation_on(self.desk, ticket))
        return is_known and screen.offers.heard == heard and not self._under_way()

    def _under_way(self) -> list[Worker[None]]:
        return [one for one in self.app.workers if one.group in ("recommend", "open") and not one.is_finished]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds; thousands of keys cannot each wait for an idle machine."""
        async with asyncio.timeout(20):
            while not holds():  # noqa: ASYNC110 - a screen tells nobody that it is painted
                await asyncio.sleep(_LOOK)

    async def _hit(self, *keys: str) -> None:
        self.keys += len(keys)
        for key in keys:
            self.app.post_message(Key(key, key_to_character(key)))
            await self.pilot.pause(0)

    async def _search(self, guest: Guest, pack: ResolvedPack) -> str:
        """The entry that one of the customer's own words singles out and names; empty when none does."""
        titles = [normalize(f"{one.title} {one.when}") for one in pack.answers]
        words = [word for word in telling_words(guest.case.messages, titles) if word.isalpha()]
        for word in words[:SEARCHES]:
            await self._hit(*word)
            await self.pilot.pause()
            rows = [row for row in self.screen.offers.items.items if row.kind == ANSWER]
            if len(rows) == 1 and word in normalize(f"{rows[0].title} {rows[0].detail}"):
                return rows[0].id
            await self._hit("escape")
            await self.pilot.pause()
        return ""

    async def _send(self) -> int:
        """Fill what is blank and send; how many blanks there were."""
        page = self.app.screen
        assert isinstance(page, Preview), page
        blanks = {blank.number: blank.prompt for blank in page._reply.filled.blanks}
        for prompt in list(blanks.values()):
            value = blank_value(prompt)
            self.keys += len(spelt(value))
            await self.ime(value)
            if len(blanks) > 1:
                await self._hit("tab")
                await self.pilot.pause(0)
        await self._hit("enter")
        await self.until(lambda: self.app.screen is not page or page._warning.has_class("-shown"))
        if self.app.screen is page:  # it wants to be read once more
            await self._hit("enter")
        await self.until(lambda: isinstance(self.app.screen, SentPage) and self.app.screen.stage in _GONE)
        return len(blanks)

    async def _let_go(self, ticket: str) -> None:
        held = self.world.tickets[ticket]
        gone = replace(held, assignee=None, status=Status.SOLVED, help=None, version=held.version + 1)
        self.world.commit((TicketChanged(ticket=gone),))
        await self.until(lambda: self.screen.ticket is None and not self.screen.covers.pages)


@asynccontextmanager
async def seated(pack: ResolvedPack) -> AsyncIterator[RuledHelper]:
    """A helper with `pack` at an 80x24 screen, alone on a floor in memory."""
    i18n.choose(pack.pack.language)
    clock = Clock(EVENING)
    desk, line = _desk(pack, clock)
    handbook = Handbook(lambda *_: pack, lambda: SPEAKER, clock=clock)

    def screen() -> HelperScreen:
        return HelperScreen(desk, handbook, clock, guard=0.0)

    app = AgentApp(desk, clock=clock, ticking=False, helper=screen)
    async with app.run_test(size=(80, 24)) as pilot:
        made: Pilot[None] = pilot
        helper = RuledHelper(app, made, desk, line, clock)
        await helper.until(lambda: app.front is not app.station and handbook.pack is not None)
        await helper.settle()
        yield helper
    i18n.choose("zh")


def _desk(pack: ResolvedPack, clock: Clock) -> tuple[Desk, MemoryBackend]:
    world = World(clock, POLICY)
    world.put_floor(Floor())
    world.put_seat(BUDDY)
    world.put_seat(_seat(pack))
    cards = [card.id for card in pack.pack.emergency]
    world.packs[pack.pack.id] = frozenset((*(one.id for one in pack.answers), *cards))
    line = MemoryBackend(world, HELPER.id)
    return Desk(line, clock=clock, undo_seconds=0), line


def _seat(pack: ResolvedPack) -> Seat:
    return replace(HELPER, pack=pack.pack.id)
