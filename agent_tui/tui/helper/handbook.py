"""The handbook: the pack a helper answers from, made ready to search, to advise and to fill."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from agent_tui.desk import BackendError, Desk
from agent_tui.domain.models import TicketDetail
from agent_tui.i18n import language, texts
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.outgoing.rules import Rules
from agent_tui.knowledge.packs.diff import pack_diff
from agent_tui.knowledge.packs.resolved import PackError, ResolvedPack
from agent_tui.knowledge.recommend.advisor import Advisor
from agent_tui.knowledge.recommend.situation import Guess, Situation
from agent_tui.knowledge.templates.fill import Filled, fill
from agent_tui.knowledge.templates.values import Speaker, Values, values_of
from agent_tui.settings import Contact
from agent_tui.tui.helper.items import Advised

CONSIDERED = 6


# The pack with an id and the text that is in force, our own copy for an empty text, any for an empty id;
# blocks, raises PackError.
ReadPack = Callable[[str, str], ResolvedPack]
LOOK_SECONDS = 2.0
MOST_CHANGES = 6


class PackOpened(Struct, frozen=True):
    """What came of opening a pack: what differs from the version before, or why there is none."""

    changes: tuple[str, ...] = ()
    is_newer: bool = False
    is_withdrawn: bool = False
    problem: str = ""

    @property
    def words(self) -> str:
        """What there is to say of it; empty for a pack that is as it was."""
        words = texts().helper
        if self.is_withdrawn:
            return words.withdrawn
        if self.problem:
            return words.no_pack.format(reason=self.problem)
        return "\n".join([words.newer, *self.changes[:MOST_CHANGES]]) if self.is_newer else ""


class Handbook:
    """Holds one pack at a time; before the first `open` it is empty and offers nothing.

    `values` answers what templates may say of a ticket in a language; by default what the ticket knows.
    `rules` reads what must not go out; `state` differs when what is read here does; `forget` drops what was
    kept of the server's pack. All three are called beside the screen. `index` is where the words made ready
    for advice are kept for the next start; `clock` tells since when an order is as it is.
    """

    def __init__(
        self,
        read: ReadPack,
        speaker: Callable[[], Speaker] = Speaker,
        values: Callable[[TicketDetail | None, str], Values] | None = None,
        rules: Callable[[], Rules] = Rules.built_in,
        state: Callable[[], object] | None = None,
        forget: Callable[[], None] = lambda: None,
        index: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._read = read
        self._speaker = speaker
        self._values = values or self._of_ticket
        self._advisor = Advisor(index=index, clock=clock)
        self._advised: ResolvedPack | None = None
        self._preparing = asyncio.Lock()
        self._read_rules = rules
        self._state = state
        self._seen: object = None
        self._forget = forget
        self.rules: Rules | None = None
        self.pack: ResolvedPack | None = None

    async def open(self, id: str, text: str | None = "") -> PackOpened:
        """Read the pack again, or another one, beside the screen; `text` is the server's, None when it says
        that this pack is no longer in force."""
        before = self.pack
        if text is None:
            # Its answers may be what was wrong with it; having no emergency cards would be worse still.
            self.pack = before and cards_only(before)
            await asyncio.to_thread(self._forget)
            return PackOpened(is_withdrawn=True)
        try:
            made = await asyncio.to_thread(self._prepare, id, text)
        except PackError as error:
            return PackOpened(problem=str(error))
        self.pack = made
        if before is None or before.pack.id != made.pack.id or before.pack == made.pack:
            return PackOpened()
        if not before.answers:
            return PackOpened(is_newer=True)
        titles = {answer.id: answer.title for answer in (*before.answers, *made.answers)}
        return PackOpened(changes=pack_diff(before.pack, made.pack, titles), is_newer=True)

    def _prepare(self, id: str, text: str) -> ResolvedPack:
        self._seen = self._state() if self._state is not None else None
        made = self._read(id, text)
        fill("{{ agent.name }}", {})  # the first template pays for importing Liquid: here, not under a key
        made.search("-")
        self.rules = self.rules or self._read_rules()
        return made

    async def follow(self, changed: Callable[[], object]) -> None:
        """Call `changed` when files or shared entries do, until cancelled."""
        while self._state is not None:
            await asyncio.sleep(LOOK_SECONDS)
            seen = await asyncio.to_thread(self._state)
            if self._seen is not None and seen != self._seen:
                self._seen = seen
                changed()

    @property
    def entries(self) -> frozenset[str]:
        """The ids that count as the pack's own words: its answers and its cards."""
        if self.pack is None:
            return frozenset()
        cards = (card.id for card in self.pack.pack.emergency)
        return frozenset((*(answer.id for answer in self.pack.answers), *cards))

    @property
    def cards(self) -> dict[str, str]:
        """The words of the emergency cards by their ids."""
        return {card.id: card.say for card in self.pack.pack.emergency} if self.pack is not None else {}

    async def advise(self, situation: Situation) -> Advised:
        """What of the pack may answer a customer, worked out beside the screen; one engine serves everybody,
        and a pack only keeps to its own entries."""
        pack = self.pack
        if pack is None or not situation.messages:
            return Advised()
        await self.prepare_advice()
        guess = await asyncio.to_thread(self._guess, pack, situation)
        answers = pack.only((one.entry.id for one in guess.advice), CONSIDERED)
        return Advised(answers, is_sure=guess.is_certain)

    async def prepare_advice(self) -> None:
        """Make ready what advises from the open pack, beside the screen; it can be read meanwhile."""
        async with self._preparing:
            pack = self.pack
            if pack is not None and pack is not self._advised:
                await asyncio.to_thread(self._advisor.relearn, pack.library)
                self._advised = pack

    def _guess(self, pack: ResolvedPack, situation: Situation) -> Guess:
        return self._advisor.guess(situation, pack.entry, only=pack.ids, limit=CONSIDERED)

    def fill(self, entry: Entry, detail: TicketDetail | None) -> Filled:
        """An answer in the words for this customer. Raises FillError for a broken template."""
        return fill(entry.text or entry.title, self._values(detail, entry.language), entry.language)

    def values(self, detail: TicketDetail | None) -> Values:
        """What templates may say of a ticket, in the pack's language."""
        return self._values(detail, self.pack.pack.language if self.pack is not None else language())

    def contact(self, role: str) -> Contact:
        """Who is called in an emergency; empty when the team has not said."""
        return self._speaker().contacts.get(role, Contact())

    def _of_ticket(self, detail: TicketDetail | None, language: str) -> Values:
        return values_of(detail, self._speaker(), language)


def cards_only(pack: ResolvedPack) -> ResolvedPack:
    """What is left of a pack that was withdrawn."""
    return ResolvedPack(replace(pack.pack, answers=(), procedures=()), (), ())


async def in_force(desk: Desk, id: str) -> str | None:
    """The server's text of a pack, None when it says that there is none; empty, so that our own copy serves,
    where nobody can say."""
    if not id:
        return ""
    try:
        return await desk.shared_knowledge.pack(id)
    except BackendError as error:
        return None if error.code == "unknown-pack" else ""
