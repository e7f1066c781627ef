"""The shared entries and learned weights of a helpdesk in memory, and the events that tell of them."""

from collections.abc import Callable
from datetime import UTC, datetime

from msgspec.structs import replace

from agent_tui.domain.events import EntryChanged, EntryState, Event, ModelChanged
from agent_tui.wire import SharedEntry


class WorldKnowledge:
    """The entries and weights of one helpdesk; `tell` puts an event into its feed."""

    def __init__(self, tell: Callable[[Event], None], clock: Callable[[], float]) -> None:
        self._tell = tell
        self._clock = clock
        self.entries: dict[str, SharedEntry] = {}
        self.revision = 0
        self.weights = b""
        self._version = 0

    def learn(self, weights: bytes) -> None:
        """Have `weights` as what was learned last."""
        self.weights, self._version = weights, self._version + 1
        self._tell(ModelChanged(version=self._version))

    def store(self, entry: SharedEntry) -> SharedEntry:
        """Keep `entry` under a new revision."""
        self.revision += 1
        at = datetime.fromtimestamp(self._clock(), UTC)
        kept = self.entries[entry.id] = replace(entry, revision=self.revision, at=at)
        state = EntryState(id=kept.id, state=kept.state, revision=kept.revision)
        self._tell(EntryChanged(entry=state))
        return kept
