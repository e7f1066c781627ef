"""The outbox in memory: what a person wanted and the backend has not confirmed, in order per ticket."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from agent_tui.domain.commands import Command, SendReply
from agent_tui.domain.models import Part
from agent_tui.sync.ids import new_id
from agent_tui.sync.shapes import OutboxItem, SendState
from agent_tui.sync.store import OutboxRecord

MOVING = frozenset({SendState.HELD, SendState.QUEUED, SendState.SENDING, SendState.SENT})
WAITING = frozenset({SendState.HELD, SendState.QUEUED, SendState.SENDING})
STUCK = frozenset({SendState.REFUSED, SendState.UNSURE})
BATCH = 100


class OutboxEntry(Struct, kw_only=True):
    """A command on its way.

    `version` is the ticket's version the backend answered with, `seen` says that the event it makes has
    come, `confirmed` that the readers were told so, `spent` that its id can never be sent again, `alone` that
    it stood in a batch that was refused as a whole; `damaged` names a record that must not be sent.
    """

    command: Command
    seq: int
    state: SendState
    created_at: float
    until: float = 0.0
    reason: str = ""
    tries: int = 0
    version: int = 0
    seen: bool = False
    confirmed: bool = False
    spent: bool = False
    alone: bool = False
    damaged: str = ""

    @property
    def ticket(self) -> str:
        """The line it stands in: its ticket, or empty for what concerns none."""
        return self.command.ticket or ""

    def item(self) -> OutboxItem:
        """What a front end sees of it."""
        return OutboxItem(
            command=self.command,
            state=self.state,
            until=self.until,
            reason=self.reason,
            tries=self.tries,
            created_at=self.created_at,
        )

    def record(self) -> OutboxRecord:
        """What is written of it: `sending` is not, for the same id may be sent again after a crash."""
        state = self.state if self.state in STUCK or self.state is SendState.HELD else SendState.QUEUED
        return OutboxRecord(
            seq=self.seq,
            command=self.command,
            state=state.value,
            reason=self.reason,
            created_at=self.created_at,
        )


class CommandQueue:
    """The entries, by command and by ticket. It decides what may go now; it sends and stores nothing."""

    def __init__(self) -> None:
        self._entries: dict[str, OutboxEntry] = {}
        self._lines: dict[str, list[OutboxEntry]] = {}
        self._seq = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[OutboxEntry]:
        return iter(self._entries.values())

    def get(self, command: str) -> OutboxEntry | None:
        """The entry of a command's id."""
        return self._entries.get(command)

    def line(self, ticket: str) -> list[OutboxEntry]:
        """A ticket's entries, oldest first."""
        return self._lines.get(ticket, [])

    def next_seq(self) -> int:
        """A place at the end of the line."""
        self._seq += 1
        return self._seq

    def add(self, entry: OutboxEntry) -> None:
        """Put an entry at its place."""
        self._seq = max(self._seq, entry.seq)
        self._entries[entry.command.id] = entry
        line = self._lines.setdefault(entry.ticket, [])
        line.append(entry)
        line.sort(key=lambda each: each.seq)

    def remove(self, command: str) -> OutboxEntry | None:
        """Take an entry out."""
        entry = self._entries.pop(command, None)
        if entry is not None:
            line = self._lines[entry.ticket]
            line.remove(entry)
            if not line:
                del self._lines[entry.ticket]
        return entry

    def swap(self, old: str, command: Command) -> OutboxEntry | None:
        """Put `command` in the place of the entry `old`."""
        entry = self.remove(old)
        if entry is None:
            return None
        entry.command = command
        self.add(entry)
        return entry

    def release(self, now: float) -> list[OutboxEntry]:
        """Queue the held entries whose undo window is over."""
        due = [e for e in self if e.state is SendState.HELD and e.until <= now]
        for entry in due:
            entry.state, entry.until = SendState.QUEUED, 0.0
        return due

    def next_release(self) -> float | None:
        """When the next undo window ends."""
        return min((e.until for e in self if e.state is SendState.HELD), default=None)

    def ready(self, limit: int = BATCH) -> list[OutboxEntry]:
        """The next batch: no ticket overtakes itself, none goes on while an answer is outstanding.

        This alone decides what goes next. A command that is sent `alone` is a batch of its own, so what
        stands behind it waits for its answer as it would for any other batch.
        """
        batch: list[OutboxEntry] = []
        for line in self._lines.values():
            for entry in line:
                if entry.state in STUCK or entry.state is SendState.SENT:
                    continue
                if entry.state is not SendState.QUEUED or len(batch) == limit:
                    break
                if entry.alone and not batch:
                    return [entry]
                if entry.alone:
                    break
                batch.append(entry)
        return batch

    def behind(self, entry: OutboxEntry) -> list[OutboxEntry]:
        """The unsent entries of the same ticket that were made after `entry`."""
        return [e for e in self.line(entry.ticket) if e.seq > entry.seq and e.state in WAITING]


def at_version(command: Command, version: int) -> Command:
    """`command` as given by someone who saw `version`; those without a version stay as they are."""
    if version < 1 or command.version is None:
        return command
    return replace(command, version=version)


def damaged_entry(seq: int, key: str, ticket: str, words: str) -> OutboxEntry:
    """What stands for a record that is not what was written: its readable words, never to be sent."""
    part = Part(type="text", text=words[:10_000])
    command = SendReply(id=new_id(), ticket=ticket or "?", parts=(part,))
    return OutboxEntry(
        command=command, seq=seq, state=SendState.UNSURE, created_at=0.0, reason="damaged", damaged=key
    )
