"""The library: everything a screen asks of knowledge, loaded beside it and kept fresh while people work."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from agent_tui.domain.models import TicketDetail
from agent_tui.knowledge.content.entries import Article, Entry, Problem, Snippet, entry_of
from agent_tui.knowledge.content.own import OwnFolder
from agent_tui.knowledge.content.shared import own_source
from agent_tui.knowledge.content.sources import Content
from agent_tui.knowledge.errors import RulesError
from agent_tui.knowledge.outgoing.rules import Rules
from agent_tui.knowledge.recommend.recommender import Rec, Recommender
from agent_tui.knowledge.recommend.retrieval import is_latin
from agent_tui.knowledge.recommend.training_process import Lessons, teach
from agent_tui.knowledge.recommend.usage_log import Said, Usage, UsageFile, usage_of
from agent_tui.knowledge.search.index import Index
from agent_tui.knowledge.search.search import Hit, Keep, search
from agent_tui.knowledge.templates.fill import Filled, fill, paths_of
from agent_tui.knowledge.templates.values import Speaker, Values, values_of

POLL_SECONDS = 1.0
PALETTE_LIMIT = 50
RECOMMENDED = 3
_CONSIDERED = 9
FEWEST_OWN = 100
_FRESH_DAYS = 7.0
_DAY = 86_400.0


class Sources(Protocol):
    """Where entries come from, such as `sources.Shelf`."""

    def read(self) -> Content:
        """Every entry there is; slow, runs in a thread."""
        ...

    def fingerprint(self) -> object:
        """Something that differs when the files do; quick, runs in a thread."""
        ...


class Situation(Struct, frozen=True, kw_only=True):
    """What an answer is wanted for: the conversation, oldest first, and where it happens."""

    messages: tuple[Said, ...] = ()
    category: str = ""
    channel: str = ""


class Advice(Struct, frozen=True, kw_only=True):
    """A recommended entry: `why` is a stable word, `because` the similar question that led to it, if one did.

    Words: `learned`, `usages`, `popular`, `title`, `text`, `similar`.
    """

    entry: Entry
    score: float
    why: str
    because: str = ""


class Guess(Struct, frozen=True, kw_only=True):
    """What may answer, best first; only what `is_sure` says is sure is offered unasked."""

    advice: tuple[Advice, ...] = ()
    is_sure: bool = False


class _Loaded(Struct, frozen=True):
    index: Index
    recommender: Recommender | None
    problems: tuple[Problem, ...] = ()


class Library:
    """The knowledge of one desk. Before the first load it is empty, and every answer is too.

    `uses` counts how often this person has sent an entry. Usages are kept on this machine only where there is
    a file for them and `may_keep` says so: a helper's machine keeps nothing of the customers. `weights` are
    what was learned from everyone, empty while there is nothing; `model` is where the own weights lie.
    """

    def __init__(
        self,
        sources: Sources,
        *,
        uses: Callable[[str], int] = lambda _: 0,
        own: OwnFolder | None = None,
        usages: UsageFile | None = None,
        may_keep: Callable[[], bool] = lambda: True,
        model: Path | None = None,
        weights: Callable[[], bytes] = bytes,
        rules: Sequence[Path] = (),
        speaker: Callable[[], Speaker] = Speaker,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._sources = sources
        self._uses = uses
        self._own = own
        self._usages = usages
        self._may_keep = may_keep
        self._model = model
        self._weights = weights
        self._learned: bytes | None = None
        self._woken = asyncio.Event()
        self._rules_files = tuple(rules)
        self._speaker = speaker
        self._clock = clock
        self._loaded = _Loaded(Index.build(()), None)
        self._seen: object = None
        self._sent_at: dict[str, float] = {}
        self.rules: Rules | None = None
        self._readers: list[Callable[[], None]] = []
        self.is_ready = False

    # -- life

    async def run(self) -> None:
        """Load, then look for changed files every second; ends when it is cancelled."""
        while True:
            if await asyncio.to_thread(self.refresh):
                self._tell()
                await self._relearn()
                if await self.train():
                    await self._relearn()
            elif self._weights() is not self._learned:
                await self._relearn()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), POLL_SECONDS)
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
        self._loaded = _Loaded(Index.build(content.entries), self._loaded.recommender, content.problems)
        self._seen, self.is_ready = seen, True
        return True

    def _read_rules(self) -> None:
        """The last of the rules files that is there; a broken one leaves the rules as they were."""
        for file in reversed(self._rules_files):
            if file.is_file():
                with suppress(RulesError, OSError):
                    self.rules = Rules.load(file)
                return

    def relearn(self) -> None:
        """Make the recommendations anew from what was read last; slower than `refresh`. Blocks."""
        fill("{{ agent.name }}", {})  # the first template pays for importing Liquid: here, not under a key
        loaded = self._loaded
        usages = self._own_usages()
        self._remember(usages)
        made = self._recommender(loaded.index, usages)
        self._loaded = _Loaded(loaded.index, made, loaded.problems)

    async def train(self) -> bool:
        """Learn from this person's own usages, once a day, as long as nothing learned from everyone is here;
        says whether there are new weights."""
        model, usages = self._model, await asyncio.to_thread(self._own_usages)
        if model is None or self._weights() or len(usages) < FEWEST_OWN or self._is_fresh(model):
            return False
        entries = tuple(entry for entry in self._loaded.index.all() if entry.text)
        weights = await teach(Lessons(entries=entries, usages=tuple(usages)))
        with suppress(OSError):
            await asyncio.to_thread(_keep, model, weights)
            return bool(weights)
        return False

    def _own_usages(self) -> Sequence[Usage]:
        with suppress(OSError):  # what cannot be read teaches nothing; the entries still speak
            return self._usages.read() if self._usages is not None else ()
        return ()

    def _is_fresh(self, model: Path) -> bool:
        try:
            return abs(self._clock() - model.stat().st_mtime) < _DAY
        except OSError:
            return False

    def _recommender(self, index: Index, usages: Sequence[Usage]) -> Recommender:
        made = Recommender([entry for entry in index.all() if entry.text])
        self._learned = self._weights()
        with suppress(OSError):
            own = self._model.read_bytes() if self._model and not self._learned else b""
            made = made.with_weights(self._learned or own)
        for usage in usages:
            made.learn(usage)
        return made

    def _remember(self, usages: Sequence[Usage]) -> None:
        for usage in usages:
            if usage.at is not None:
                self._sent_at[usage.entry] = max(self._sent_at.get(usage.entry, 0), usage.at.timestamp())

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
        return len(self._loaded.index.all())

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong with the files at the last load."""
        return self._loaded.problems

    def get(self, entry: str) -> Entry | None:
        """The entry with this id."""
        return self._loaded.index.get(entry)

    def uses(self, entry: str) -> int:
        """How often this person has sent an entry."""
        return self._uses(entry)

    def weights(self) -> dict[str, float]:
        """What breaks ties between entries: how often and how lately this person sent them."""
        now = self._clock()
        found = {entry.id: float(self._uses(entry.id)) for entry in self._loaded.index.all()}
        for entry, at in self._sent_at.items():
            if entry in found:
                found[entry] += 3 * 0.5 ** (max(0.0, now - at) / _DAY / _FRESH_DAYS)
        return found

    def search(
        self,
        typed: str,
        *,
        weights: Mapping[str, float] | None = None,
        keep: Keep | None = None,
        limit: int = PALETTE_LIMIT,
    ) -> list[Hit]:
        """The entries `typed` may mean, best first."""
        return search(self._loaded.index, typed, limit, weights, keep)

    def most_used(
        self, weights: Mapping[str, float], category: str = "", limit: int = PALETTE_LIMIT
    ) -> list[Entry]:
        """Every entry, those sent most and latest first; among equals those of `category`, then snippets."""

        def order(entry: Entry) -> tuple[float, bool, bool]:
            return -weights.get(entry.id, 0.0), entry.category != category, entry.kind != "snippet"

        return sorted(self._loaded.index.all(), key=order)[:limit]

    def advise(self, situation: Situation) -> tuple[Advice, ...]:
        """What probably answers, three at most; none when nothing is good enough. Blocks for some ms."""
        guess = self.guess(situation)
        return guess.advice[:RECOMMENDED] if guess.is_sure else ()

    def guess(self, situation: Situation) -> Guess:
        """What may answer, best first, and whether it is good enough to be offered unasked. Blocks."""
        loaded = self._loaded
        if loaded.recommender is None:
            return Guess()
        found = loaded.recommender.recommend(
            situation.messages, situation.category, language_of(situation.messages), _CONSIDERED
        )
        advice = (self._advice(loaded.index, rec) for rec in found.hits)
        fitting = tuple(one for one in advice if one and _fits(one.entry, situation))
        return Guess(advice=fitting, is_sure=not found.abstain)

    def _advice(self, index: Index, rec: Rec) -> Advice | None:
        entry = index.get(rec.id)
        word, _, because = rec.why.partition(": ")
        return Advice(entry=entry, score=rec.score, why=word, because=because) if entry else None

    def fill(self, entry: Entry, detail: TicketDetail | None) -> Filled:
        """The text of `entry` for the customer of `detail`. Raises FillError for a broken template."""
        return fill(entry.text or entry.title, self.values(detail, entry.language), entry.language)

    def values(self, detail: TicketDetail | None, language: str = "zh") -> Values:
        """Everything that templates may say about the customer of `detail`."""
        return values_of(detail, self._speaker(), language)

    def known(self, entry: Entry, detail: TicketDetail | None) -> frozenset[str]:
        """Which names have a value for the customer of `detail`, in the language of `entry`."""
        return frozenset(self.values(detail, entry.language))

    # -- deeds

    def record(
        self,
        entries: Mapping[str, float],
        messages: Sequence[Said],
        *,
        category: str = "",
        personal: Sequence[str] = (),
        at: float | None = None,
    ) -> None:
        """Keep that `entries` (id → share kept) answered `messages`. Raises OSError.

        `personal` are the ticket's own names and numbers, which never reach the file.
        """
        now = self._clock() if at is None else at
        for entry, kept in entries.items():
            self._sent_at[entry] = now
            usage = usage_of(
                entry, messages, kept=kept, at=datetime.fromtimestamp(now, UTC), category=category,
                personal=personal,
            )  # fmt: skip
            if not messages:
                continue
            if self._usages is not None and self._may_keep():
                self._usages.append(usage)
            if self._loaded.recommender is not None:
                self._loaded.recommender.learn(usage)

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
        self._loaded.index.add(entry)
        self._tell()
        return entry


def language_of(messages: Sequence[Said]) -> str:
    """The language to answer in: that of the customer's last words."""
    said = [message.text for message in messages if message.side == "customer" and message.text.strip()]
    return "en" if said and is_latin(said[-1]) else "zh"


def _fits(entry: Entry, situation: Situation) -> bool:
    return not entry.channels or not situation.channel or situation.channel in entry.channels


def _keep(model: Path, weights: bytes) -> None:
    model.parent.mkdir(parents=True, exist_ok=True)
    beside = model.with_name(f"{model.name}.new")
    beside.write_bytes(weights)
    beside.replace(model)


def _state(file: Path) -> object:
    try:
        state = file.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size
