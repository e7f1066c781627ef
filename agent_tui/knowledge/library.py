"""The library: everything a screen asks of knowledge, loaded beside it and kept fresh while people work."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from agent_tui.domain.models import TicketDetail
from agent_tui.errors import BadSettings
from agent_tui.knowledge.content.entries import Article, ContentProblem, Entry, Snippet, entry_of
from agent_tui.knowledge.content.own import OwnFolder
from agent_tui.knowledge.content.shared import own_source
from agent_tui.knowledge.content.sources import Content
from agent_tui.knowledge.errors import RulesError
from agent_tui.knowledge.outgoing.rules import Rules
from agent_tui.knowledge.packs.format import Pack
from agent_tui.knowledge.packs.questions import with_questions
from agent_tui.knowledge.recommend.advisor import Advice, Advisor, Guess, Situation
from agent_tui.knowledge.search.index import SearchIndex
from agent_tui.knowledge.search.search import Hit, Keep, Truth, search
from agent_tui.knowledge.templates.fill import Filled, fill, paths_of
from agent_tui.knowledge.templates.values import Speaker, Values, values_of
from agent_tui.knowledge.text.synonyms import Synonyms
from agent_tui.waiting import is_set_within

POLL_SECONDS = 1.0
PALETTE_LIMIT = 50
# What a first query makes once (tables of slips and accents), it makes here, beside the screen.
_FIRST_QUERIES = ("tuihuoo liuceng", "lf")


class Sources(Protocol):
    """Where entries come from, such as `sources.CombinedSources`."""

    def read(self) -> Content:
        """Every entry there is; slow, runs in a thread."""
        ...

    def fingerprint(self) -> object:
        """Something that differs when the files do; quick, runs in a thread."""
        ...


class Library:
    """The knowledge of one desk. Before the first load it is empty, and every answer is too.

    `uses` counts how often this person has sent an entry; `advisor` recommends and learns; `packs` are those
    whose questions it may use.
    """

    def __init__(
        self,
        sources: Sources,
        *,
        uses: Callable[[str], int] = lambda _: 0,
        own: OwnFolder | None = None,
        advisor: Advisor | None = None,
        rules: Sequence[Path] = (),
        speaker: Callable[[], Speaker] = Speaker,
        packs: Callable[[], Iterable[Pack]] = tuple,
    ) -> None:
        self.advisor = advisor or Advisor()
        self._sources = sources
        self._uses = uses
        self._own = own
        self._woken = asyncio.Event()
        self._rules_files = tuple(rules)
        self._speaker = speaker
        self._packs = packs
        self._synonyms = Synonyms()
        self._index = SearchIndex.build((), self._synonyms)
        self._seen: object = None
        self._readers: list[Callable[[], None]] = []
        self.problems: tuple[ContentProblem, ...] = ()
        self.rules: Rules | None = None
        self.is_ready = False

    # -- life

    async def run(self) -> None:
        """Load, then look for changed files every second; ends when it is cancelled."""
        while True:
            if await asyncio.to_thread(self.refresh):
                self._tell()
                await self._relearn()
                if await self.advisor.train(self._index.all()):
                    await self._relearn()
            elif self.advisor.is_outdated:
                await self._relearn()
            await is_set_within(self._woken, POLL_SECONDS)
            self._woken.clear()

    async def _relearn(self) -> None:
        await asyncio.to_thread(self.relearn)
        self._tell()

    def wake(self) -> None:
        """Look for changes now: colleagues have shared something, or there are new weights."""
        self._woken.set()

    def refresh(self) -> bool:
        """Read the sources again when they have changed; says whether they had. Blocks."""
        seen = (self._sources.fingerprint(), [_state(file) for file in self._rules_files])
        if self.is_ready and seen == self._seen:
            return False
        self._read_rules()
        content = self._sources.read()
        if content.synonyms != self._index.synonyms.groups:
            self._synonyms = Synonyms(content.synonyms)
        index = SearchIndex.build(content.entries, self._synonyms)
        for query in _FIRST_QUERIES:
            search(index, query)
        self._index = index
        self.problems = content.problems
        self._seen, self.is_ready = seen, True
        return True

    def _read_rules(self) -> None:
        """The last of the rules files that is there; a broken one leaves the rules as they were."""
        for file in reversed(self._rules_files):
            if file.is_file():
                with suppress(RulesError, BadSettings, OSError):
                    self.rules = Rules.load(file)
                return

    def relearn(self) -> None:
        """Make the recommendations anew from what was read last; slower than `refresh`. Blocks."""
        fill("{{ agent.name }}", {})  # the first template pays for importing Liquid: here, not under a key
        entries = (entry for entry in self._index.all() if entry.text)
        self.advisor.relearn(with_questions(entries, self._packs()))

    def subscribe(self, reader: Callable[[], None]) -> Callable[[], None]:
        """Call `reader` in the event loop after every load; the answer ends it."""
        self._readers.append(reader)
        return lambda: self._readers.remove(reader)

    def _tell(self) -> None:
        for reader in tuple(self._readers):
            reader()

    # -- reads

    @property
    def size(self) -> int:
        """How many entries there are."""
        return len(self._index.all())

    def get(self, entry: str) -> Entry | None:
        """The entry with this id."""
        return self._index.get(entry)

    def uses(self, entry: str) -> int:
        """How often this person has sent an entry."""
        return self._uses(entry)

    def weights(self) -> dict[str, float]:
        """What breaks ties between entries: how often and how lately this person sent them (frecency)."""
        lately = self.advisor.recency()
        return {
            entry.id: float(self._uses(entry.id)) + lately.get(entry.id, 0.0) for entry in self._index.all()
        }

    def search(
        self,
        typed: str,
        *,
        weights: Mapping[str, float] | None = None,
        keep: Keep | None = None,
        truth: Truth | None = None,
        limit: int = PALETTE_LIMIT,
    ) -> list[Hit]:
        """The entries `typed` may mean, best first; of equals those that are true of the order (`truth`)."""
        return search(self._index, typed, limit, weights, keep, truth)

    def counted(self, keep: Keep) -> Counter[str]:
        """How many of the entries that `keep` lets through each category holds."""
        return Counter(entry.category for entry in self._index.all() if keep(entry))

    def most_used(
        self, weights: Mapping[str, float], category: str = "", limit: int = PALETTE_LIMIT
    ) -> list[Entry]:
        """Every entry, those sent most and latest first; among equals those of `category`, then snippets."""

        def order(entry: Entry) -> tuple[float, bool, bool]:
            return -weights.get(entry.id, 0.0), entry.category != category, entry.kind != "snippet"

        return sorted(self._index.all(), key=order)[:limit]

    def advise(self, situation: Situation) -> tuple[Advice, ...]:
        """What probably answers, three at most; none when nothing is good enough. Blocks for some ms."""
        return self.guess(situation).offered

    def guess(self, situation: Situation, *, only: Collection[str] | None = None) -> Guess:
        """What may answer, best first, and whether it is good enough to be offered unasked; `only` keeps to
        the entries of a pack. Blocks."""
        return self.advisor.guess(situation, self.get, only=only)

    def fill(self, entry: Entry, detail: TicketDetail | None) -> Filled:
        """The text of `entry` for the customer of `detail`. Raises FillError for a broken template."""
        return fill(entry.text or entry.title, self.values(detail, entry.language), entry.language)

    def values(self, detail: TicketDetail | None, language: str = "zh") -> Values:
        """Everything that templates may say about the customer of `detail`."""
        return values_of(detail, self._speaker(), language)

    def known(self, entry: Entry, detail: TicketDetail | None) -> frozenset[str]:
        """Which names have a value for the customer of `detail`, in the language of `entry`."""
        return frozenset(self.values(detail, entry.language))

    def save_snippet(self, snippet: Snippet) -> Entry:
        """Keep a snippet as this person's own, findable at once. Raises FillError, OSError, ValueError."""
        own = replace(snippet, needs=paths_of(snippet.body).required)
        if self._own is not None:
            self._own.save_snippet(own)
        return self._take_in(entry_of(own, "own"))

    def save_case(self, article: Article) -> Entry:
        """Keep a case as this person's own, findable at once. Raises FillError, OSError."""
        paths_of(article.script)
        if self._own is not None:
            self._own.save_article(article)
        return self._take_in(entry_of(article, "own"))

    def own_source(self, entry: str) -> Snippet | Article | None:
        """This person's own snippet or case with this id, as its file has it. Blocks."""
        return None if self._own is None else own_source(self._own, entry)

    def _take_in(self, entry: Entry) -> Entry:
        self._index.add(entry)
        self._tell()
        return entry


def _state(file: Path) -> object:
    try:
        state = file.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size
