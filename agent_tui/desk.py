"""The desk: everything a front end may call. Reads answer at once from memory; deeds are on disk first.

An action of the screen is one line here: `desk.submit(SetStatus(…))`. Nothing in this module waits for the
network but the methods that say `async`; a front end re-reads what a `Change` names.
"""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from agent_tui.domain.commands import Command, UsedEntry
from agent_tui.domain.models import (
    Category,
    FileInfo,
    Floor,
    Message,
    MessageKind,
    Mood,
    Part,
    Priority,
    Seat,
    Status,
    Ticket,
    TicketDetail,
    Tier,
)
from agent_tui.domain.views import View


class Link(StrEnum):
    """The state of the line to the backend."""

    CONNECTING = "connecting"
    ONLINE = "online"
    OFFLINE = "offline"
    AUTH_EXPIRED = "auth-expired"


class Connection(Struct, frozen=True, kw_only=True):
    """The line to the backend: `synced_at` is the epoch second of its last sign of life, 0 for never.

    `detail` is the reason in the backend's words, already clean; `retry_at` when the next try is due.
    """

    link: Link
    synced_at: float = 0.0
    detail: str = ""
    retry_at: float = 0.0


class SendState(StrEnum):
    """What a person can see of a reply on its way."""

    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    REFUSED = "refused"
    UNSURE = "unsure"


class Row(Struct, frozen=True, kw_only=True, gc=False):
    """A ticket as a list shows it; times are epoch seconds, 0 for none; `sort_key` orders by urgency."""

    id: str
    number: int
    version: int
    status: Status
    priority: Priority
    category: Category
    mood: Mood
    channel: str
    customer_id: str
    customer: str
    tier: Tier
    order: str
    assignee_id: str
    assignee: str
    last_text: str
    last_part: str
    last_kind: MessageKind
    last_at: float
    unread: int
    promise_kind: str
    promise_due: float
    promise_warn: float
    urgency_due: float
    snoozed_until: float
    created_at: float


class Shown(Struct, frozen=True, kw_only=True):
    """A message as a conversation shows it: confirmed, or a reply of ours still on its way.

    `state` is null for what is not a reply of ours; `until` ends a held reply's undo window (epoch seconds);
    `reason` is the stable code of a refusal or of a failed delivery.
    """

    message: Message
    state: SendState | None = None
    until: float = 0.0
    reason: str = ""


class Conversation(Struct, frozen=True, kw_only=True):
    """What is here of a ticket's messages, oldest first; `more` older ones are to be had, `loaded` says that
    the newest page has come from the backend."""

    shown: tuple[Shown, ...] = ()
    more: bool = False
    loaded: bool = False


class Draft(Struct, frozen=True, kw_only=True):
    """The half-written text of a ticket; `entries` are the knowledge entries that went into it."""

    text: str = ""
    is_note: bool = False
    entries: tuple[UsedEntry, ...] = ()
    begun_at: float = 0.0


class OutboxItem(Struct, frozen=True, kw_only=True):
    """A command that the backend has not confirmed, or has refused; `reason` as in `Shown`."""

    command: Command
    state: SendState
    until: float = 0.0
    reason: str = ""
    tries: int = 0
    created_at: float = 0.0


class Topic(StrEnum):
    """What besides tickets may look different now."""

    CONNECTION = "connection"
    OUTBOX = "outbox"
    FLOOR = "floor"
    SEATS = "seats"
    SNAPSHOT = "snapshot"
    REFUSALS = "refusals"


class Change(Struct, frozen=True, kw_only=True):
    """These look different now; carries no data. Bursts come as one change."""

    tickets: frozenset[str] = frozenset()
    conversations: frozenset[str] = frozenset()
    topics: frozenset[Topic] = frozenset()


class RefusedHere(Exception):
    """A deed that `rules.decide` refuses at once; nothing was kept. `code` is the rule's word."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


class Desk:
    """The application below the screen (see the module)."""

    # -- life
    async def start(self) -> None:
        """Read what is on disk, show it, and begin to sync; returns before the network has answered."""
        raise NotImplementedError

    async def stop(self) -> None:
        """Stop syncing, write what is unwritten, let go of the profile."""
        raise NotImplementedError

    def subscribe(self, reader: Callable[[Change], None]) -> Callable[[], None]:
        """Call `reader` in the event loop with every change; the answer ends it."""
        raise NotImplementedError

    # -- reads (memory only)
    @property
    def me(self) -> Seat:
        """The person at this desk; empty id before the backend ever answered."""
        raise NotImplementedError

    @property
    def floor(self) -> Floor:
        """Phase and emergency level."""
        raise NotImplementedError

    @property
    def connection(self) -> Connection:
        """The line to the backend."""
        raise NotImplementedError

    @property
    def has_snapshot(self) -> bool:
        """Whether any state is here yet, from disk or the backend."""
        raise NotImplementedError

    def seats(self) -> tuple[Seat, ...]:
        """Everybody a ticket can be given to, by name."""
        raise NotImplementedError

    def ids(self, view: View, query: str = "") -> list[str]:
        """The view's tickets, most urgent first; `query` filters by customer, numbers and words."""
        raise NotImplementedError

    def counts(self) -> dict[View, int]:
        """How many tickets each view holds."""
        raise NotImplementedError

    def row(self, ticket: str) -> Row | None:
        """A ticket's list fields, the outbox's effects included."""
        raise NotImplementedError

    def ticket(self, ticket: str) -> Ticket | None:
        """A ticket with its promises and urgency, the outbox's effects included; detail when it is loaded."""
        raise NotImplementedError

    def detail(self, ticket: str) -> TicketDetail | None:
        """The ticket with order and customer spelled out, once `open` has brought it."""
        raise NotImplementedError

    def conversation(self, ticket: str) -> Conversation:
        """The messages that are here, with our own unsent ones at the end."""
        raise NotImplementedError

    def outbox(self) -> tuple[OutboxItem, ...]:
        """Everything unconfirmed or refused, oldest first."""
        raise NotImplementedError

    # -- reads that ask the backend (raise BackendError)
    async def open(self, ticket: str) -> None:
        """Bring a ticket's detail and newest messages and keep them fresh while it is open."""
        raise NotImplementedError

    def close(self, ticket: str) -> None:
        """Let a ticket's messages go again."""
        raise NotImplementedError

    async def load_older(self, ticket: str) -> bool:
        """Bring the page before the oldest message; False when there is none."""
        raise NotImplementedError

    async def search(self, query: str) -> list[Ticket]:
        """Tickets that contain `query`, closed ones too."""
        raise NotImplementedError

    async def fetch(self, file: FileInfo) -> Path:
        """A file's bytes in a private temporary file of this run, named safely."""
        raise NotImplementedError

    async def upload(self, path: Path) -> FileInfo:
        """Store a file that a reply will carry."""
        raise NotImplementedError

    # -- deeds
    def new_id(self) -> str:
        """A fresh ULID for a command."""
        raise NotImplementedError

    def submit(self, command: Command) -> None:
        """Keep `command` in the outbox and show its effect; it goes as soon as the line allows.

        Raises RefusedHere when the rules refuse it on what is known here, StoreError when it cannot be kept.
        """
        raise NotImplementedError

    async def claim_next(self) -> str:
        """Take the most urgent waiting ticket and answer its id; asks the backend, never optimistic.

        Raises RefusedHere (`nothing-waits`, `not-online`, `at-capacity`) or BackendError.
        """
        raise NotImplementedError

    def reply(self, ticket: str, parts: tuple[Part, ...], entries: tuple[UsedEntry, ...] = ()) -> str:
        """Keep a reply, held for the undo window; answers the command's id. Raises as `submit`."""
        raise NotImplementedError

    def undo(self, command: str) -> Command | None:
        """Take a held command back; None when it has already gone."""
        raise NotImplementedError

    def send_now(self, command: str) -> None:
        """End a held command's undo window."""
        raise NotImplementedError

    def retry(self, command: str) -> None:
        """Send an unsure or refused command again, under a new id where the old one is spent."""
        raise NotImplementedError

    def discard(self, command: str) -> Command | None:
        """Drop a refused or unsure command and answer it, so that its text can be mended."""
        raise NotImplementedError

    def unsent(self) -> int:
        """How many replies and notes the backend has not confirmed."""
        raise NotImplementedError

    async def drain(self, seconds: float) -> bool:
        """Wait until nothing is unsent; False when `seconds` have passed."""
        raise NotImplementedError

    # -- what belongs to this person
    def draft(self, ticket: str) -> Draft:
        """The half-written text of a ticket; empty when there is none."""
        raise NotImplementedError

    def save_draft(self, ticket: str, draft: Draft) -> None:
        """Keep a draft (written lazily, at the latest after two seconds); an empty text forgets it."""
        raise NotImplementedError

    def drafts(self) -> frozenset[str]:
        """The tickets that have a draft."""
        raise NotImplementedError

    def use_count(self, entry: str) -> int:
        """How often this person has sent a knowledge entry."""
        raise NotImplementedError

    def view_setting(self, key: str, default: str) -> str:
        """A small remembered choice of the screen, such as the last view."""
        raise NotImplementedError

    def set_view_setting(self, key: str, value: str) -> None:
        """Remember a small choice."""
        raise NotImplementedError
