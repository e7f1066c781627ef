"""The plain structs in which the desk answers; they live here so that the rooms below can build them."""

from enum import StrEnum

from msgspec import Struct

from agent_tui.domain.commands import Command, UsedEntry
from agent_tui.domain.models import (
    Category,
    Class,
    Danger,
    HelpCall,
    Message,
    MessageKind,
    Mood,
    Person,
    Priority,
    Status,
    Tier,
)

FAR = 9e12


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
    AWAITING = "awaiting"
    RETURNED = "returned"


class Row(Struct, frozen=True, kw_only=True, gc=False, array_like=True):
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
    class_: Class = Class.QUERY
    high_value: bool = False
    help: HelpCall | None = None
    helper: Person | None = None
    danger: Danger | None = None

    @property
    def sort_key(self) -> tuple[float, float, str]:
        """Most urgent first; what nothing is promised to comes after, oldest first."""
        return (self.urgency_due or FAR, self.created_at, self.id)


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
    """The half-written text of a ticket; `entries` are the knowledge entries that went into it.

    `aside` says that it is for the ticket's helper and not for the customer: `whisper` or `draft`. `others`
    are the texts beside it, written in the other ways: a note's while the reply is on the screen.
    """

    text: str = ""
    is_note: bool = False
    aside: str = ""
    entries: tuple[UsedEntry, ...] = ()
    begun_at: float = 0.0
    others: tuple["Draft", ...] = ()


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
    PACKS = "packs"
    KNOWLEDGE = "knowledge"
    PRESENCE = "presence"


class Change(Struct, frozen=True, kw_only=True):
    """These look different now; carries no data. Bursts come as one change."""

    tickets: frozenset[str] = frozenset()
    conversations: frozenset[str] = frozenset()
    topics: frozenset[Topic] = frozenset()
