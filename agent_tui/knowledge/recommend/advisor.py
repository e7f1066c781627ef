"""The advisor: which answers a conversation calls for, learned from what was sent before.

Start here to read the room. It holds one recommender (`recommender`: the opinions and their blend), the log
of what this person sent (`usage_log`), and the model learned from it or from everyone (`training_process`).
"""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend.asking import language_of as language_of
from agent_tui.knowledge.recommend.choosing import RECOMMENDED as RECOMMENDED
from agent_tui.knowledge.recommend.recommender import CONSIDERED, Recommender
from agent_tui.knowledge.recommend.situation import Advice as Advice
from agent_tui.knowledge.recommend.situation import Guess as Guess
from agent_tui.knowledge.recommend.situation import Situation as Situation
from agent_tui.knowledge.recommend.training_process import TrainingSet, train_apart
from agent_tui.knowledge.recommend.usage_log import Said, Usage, UsageFile, usage_of

FEWEST_OWN = 100
_FRESH_DAYS = 7.0
_DAY = 86_400.0


class Advisor:
    """Recommends entries for a situation, and learns from every send.

    Usages are kept on this machine only where there is a file for them and `may_keep` says so: a helper's
    machine keeps nothing of the customers. `weights` are what was learned from everyone, empty while there is
    nothing; `model` is where the own weights lie, `index` where the
    words made ready are kept for the next start.
    """

    def __init__(
        self,
        *,
        usages: UsageFile | None = None,
        may_keep: Callable[[], bool] = lambda: True,
        model: Path | None = None,
        index: Path | None = None,
        weights: Callable[[], bytes] = bytes,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._usages = usages
        self._may_keep = may_keep
        self._model = model
        self._index = index
        self._weights = weights
        self._clock = clock
        self._learned: bytes | None = None
        self._recommender: Recommender | None = None
        self._sent_at: dict[str, float] = {}

    @property
    def is_outdated(self) -> bool:
        """Whether there are other weights than the recommendations were made with."""
        return self._weights() is not self._learned

    def guess(
        self,
        situation: Situation,
        entry_of: Callable[[str], Entry | None],
        *,
        only: Collection[str] | None = None,
        limit: int = CONSIDERED,
    ) -> Guess:
        """What may answer, best first, of the entries that `entry_of` knows; `only` keeps to those of a pack.

        Blocks for some ms.
        """
        if self._recommender is None:
            return Guess()
        if situation.now is None:
            situation = replace(situation, now=datetime.fromtimestamp(self._clock(), UTC))
        found = self._recommender.guess(situation, only=only, limit=limit)
        known = tuple(one for one in found.advice if entry_of(one.entry.id) is not None)
        offered = tuple(one for one in found.offered if one in known)
        return replace(found, advice=known, offered=offered)

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
            if self._recommender is not None:
                self._recommender.learn(usage)

    def recency(self) -> dict[str, float]:
        """How lately each entry was sent: 3 just now, halved every week."""
        now = self._clock()
        sent = tuple(self._sent_at.items())
        return {entry: 3 * 0.5 ** (max(0.0, now - at) / _DAY / _FRESH_DAYS) for entry, at in sent}

    def relearn(self, entries: Iterable[Entry]) -> None:
        """Make the recommendations over `entries` anew. Blocks."""
        usages = self._own_usages()
        for usage in usages:
            if usage.at is not None:
                self._sent_at[usage.entry] = max(self._sent_at.get(usage.entry, 0), usage.at.timestamp())
        made = Recommender(tuple(entries), file=self._index)
        self._learned = self._weights()
        with suppress(OSError):
            own = self._model.read_bytes() if self._model and not self._learned else b""
            made.take_weights(self._learned or own)
        for usage in usages:
            made.learn(usage)
        self._recommender = made

    async def train(self, entries: Iterable[Entry]) -> bool:
        """Learn from this person's own usages, once a day, as long as nothing learned from everyone is here;
        says whether there are new weights."""
        model, usages = self._model, await asyncio.to_thread(self._own_usages)
        if model is None or self._weights() or len(usages) < FEWEST_OWN or self._is_fresh(model):
            return False
        known = tuple(entry for entry in entries if entry.text)
        weights = await train_apart(TrainingSet(entries=known, usages=tuple(usages)))
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


def _keep(model: Path, weights: bytes) -> None:
    model.parent.mkdir(parents=True, exist_ok=True)
    beside = model.with_name(f"{model.name}.new")
    beside.write_bytes(weights)
    beside.replace(model)
