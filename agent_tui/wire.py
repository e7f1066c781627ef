"""What client and server say to each other, and the one door where outside text is cleaned."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from agent_tui.domain.commands import Command
from agent_tui.domain.events import Event
from agent_tui.domain.models import (
    Availability,
    CustomerRef,
    Floor,
    Id,
    Message,
    Part,
    Person,
    Role,
    Seat,
    Ticket,
)
from agent_tui.domain.staffing import PackName
from agent_tui.domain.text import clean

T = TypeVar("T")

PROBLEM_BASE = "https://agent-tui.example/problems/"


class FieldError(Struct, frozen=True, kw_only=True):
    """One thing wrong with a request: `at` is its path, such as `commands[1].status`."""

    at: str
    detail: str


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """RFC 9457: `type` ends in a stable word that clients decide by."""

    type: str
    title: str
    status: int
    detail: str = ""
    errors: tuple[FieldError, ...] = ()

    @property
    def code(self) -> str:
        """The stable word at the end of `type`."""
        return self.type.rstrip("/").rsplit("/", 1)[-1]


class CommandBatch(Struct, frozen=True, kw_only=True):
    """The body of `POST /v1/commands`."""

    commands: Annotated[tuple[Command, ...], Meta(min_length=1, max_length=100)]


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of one command: applied, refused, conflict or not-tried."""

    id: str
    outcome: str
    ticket: str | None = None
    version: int | None = None
    cursor: str | None = None
    problem: Problem | UnsetType = UNSET
    changed: tuple[str, ...] | UnsetType = UNSET


class Outcomes(Struct, frozen=True, kw_only=True):
    """The answer to a batch, in its order."""

    outcomes: tuple[Outcome, ...]


class Me(Struct, frozen=True, kw_only=True):
    """Who a token is."""

    id: str
    name: str
    role: Role
    availability: Availability


class Snapshot(Struct, frozen=True, kw_only=True):
    """The state a reader starts from; the feed goes on after `cursor`. `policy` are the team's rules."""

    cursor: str
    tickets: tuple[Ticket, ...]
    floor: Floor = Floor()
    seats: tuple[Seat, ...] = ()
    me: Me | None = None
    policy: dict[str, Any] | None = None


class TicketPage(Struct, frozen=True, kw_only=True):
    """A page of tickets; `next` is what `after` asks the following page with."""

    tickets: tuple[Ticket, ...]
    next: str | None = None


class Found(Struct, frozen=True, kw_only=True):
    """What a search found."""

    tickets: tuple[Ticket, ...]


class MessagePage(Struct, frozen=True, kw_only=True):
    """A page of messages, oldest first; `more` says there are older ones."""

    messages: tuple[Message, ...]
    more: bool


class FeedChange(Struct, frozen=True, kw_only=True):
    """One line of the feed as the server writes it."""

    cursor: str
    at: datetime
    event: Event


class ChangePage(Struct, frozen=True, kw_only=True):
    """A page of the feed as the server writes it."""

    changes: tuple[FeedChange, ...]
    cursor: str
    more: bool


class RawChange(Struct, frozen=True, kw_only=True):
    """One line of the feed as a client reads it: an event of a type it does not know is passed over."""

    cursor: str
    at: datetime
    event: Raw


class RawChangePage(Struct, frozen=True, kw_only=True):
    """A page of the feed as a client reads it."""

    changes: tuple[RawChange, ...]
    cursor: str
    more: bool


class SharedEntry(Struct, frozen=True, kw_only=True):
    """A knowledge entry that colleagues share: `content` holds the fields of a snippet or an article.

    `state` is proposed (the author and leads see it), shared, or revoked (then without content); `revision`
    grows with every change of any entry.
    """

    id: str
    kind: Literal["snippet", "article"]
    state: Literal["proposed", "shared", "revoked"]
    revision: int
    author: Person
    at: datetime
    content: dict[str, Any] = {}


class SharedEntries(Struct, frozen=True, kw_only=True):
    """The shared entries a reader may see, or those that changed after a revision, revoked ones included."""

    entries: tuple[SharedEntry, ...]
    revision: int


class UsedMessage(Struct, frozen=True, kw_only=True, rename={"side": "from"}):
    """What one side had said, without personal data."""

    side: Literal["customer", "agent"]
    text: str


class SharedUsage(Struct, frozen=True, kw_only=True):
    """That `entry` was sent with `reply` after `messages`; the same pair again replaces the former.

    `kind` is class, category, tier and mood with slashes between, empty for what is never a helper's; it and
    `team` are null where they are not known.
    """

    reply: str
    entry: str
    kept: float
    solved: bool
    category: str
    at: datetime
    messages: tuple[UsedMessage, ...]
    team: str | None = None
    kind: str | None = None


class UsagePage(Struct, frozen=True, kw_only=True):
    """A page of usages; `next` is what `after` asks the following page with."""

    usages: tuple[SharedUsage, ...]
    next: str
    more: bool


class HelperIn(Struct, frozen=True, kw_only=True):
    """The body of `POST /v1/helpers`; without `buddy` the server finds one, of `team` first; `hours` is the
    shift's length, `free_text` whether they may write words of their own (null: as the policy says)."""

    name: Annotated[str, Meta(min_length=1, max_length=60)]
    pack: Annotated[str, Meta(min_length=1, max_length=200)]
    buddy: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    hours: Annotated[float, Meta(gt=0, le=24)] = 10.0
    team: Annotated[str, Meta(min_length=1, max_length=60)] | None = None
    free_text: bool | None = None


class HelperMade(Struct, frozen=True, kw_only=True):
    """A helper with a new token; this is the only time it can be read.

    `code` can be exchanged once for another token of the same shift, such as in a browser; `link` opens the
    page that does so, empty when the server does not know where it is.
    """

    token: str
    id: str
    name: str
    expires_at: datetime
    buddy: Person | None = None
    code: str = ""
    link: str = ""


class CodeIn(Struct, frozen=True, kw_only=True):
    """The body of `POST /v1/invitations`: a helper's one-time code, however it was typed."""

    code: Annotated[str, Meta(min_length=1, max_length=100)]


class CodeTaken(Struct, frozen=True, kw_only=True):
    """What a one-time code was exchanged for: a token of that helper until the end of the shift."""

    token: str
    id: str
    name: str
    expires_at: datetime


class LookIn(Struct, frozen=True, kw_only=True):
    """The body of `POST /v1/presence`: the ticket one looks at, null for none, and what one writes there.

    Of a draft the last 2,000 characters count; `writing` says that one writes without saying what.
    """

    ticket: Id | None
    draft: str = ""
    writing: bool = False


class PackNames(Struct, frozen=True, kw_only=True):
    """The packs a helper can be given, as `GET /v1/packs` answers them."""

    packs: tuple[PackName, ...]


class InboundCustomer(CustomerRef, frozen=True, kw_only=True):
    """A customer as a channel names them with a message."""


class InboundMessage(Struct, frozen=True, kw_only=True):
    """A customer's message as a channel posts it; `id` is unique for the channel."""

    id: Id
    customer: InboundCustomer
    parts: Annotated[tuple[Part, ...], Meta(min_length=1, max_length=20)]
    sent_at: Annotated[datetime, Meta(tz=True)]
    order: Id | None = None


class Taken(Struct, frozen=True, kw_only=True):
    """The answer to a customer's message."""

    ticket: str
    message: str


class OutboundCustomer(Struct, frozen=True, kw_only=True):
    """Whom a reply is for."""

    id: str


class OutboundData(Struct, frozen=True, kw_only=True):
    """What a channel is told: `message.created` carries parts, `message.recalled` none."""

    id: str
    ticket: str
    customer: OutboundCustomer
    parts: tuple[Part, ...] = ()


class Outbound(Struct, frozen=True, kw_only=True):
    """A signed webhook to a channel."""

    type: str
    timestamp: datetime
    data: OutboundData


# What a JSON text must contain for its strings to need cleaning: raw C1, bidi and tag characters as UTF-8,
# or an escape that becomes a control, a bidi character or an odd line break. One pass in C over the bytes
# spares every ordinary answer the walk over its strings.
_SUSPECT = re.compile(
    rb"\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf|\xef\xbf[\xb9-\xbb]"
    rb"|\xf3\xa0|\x7f|\\[bfr]|\\u(?:00[01]|007[fF]|00[89]|061[cC]|20[0-6]|[fF][eE][fF][fF]|[fF]{3}[9aAbB]|[dD][bB]4)"
)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): _cleaned(item) for key, item in value.items()}
    return value


def decode(data: bytes, kind: type[T]) -> T:
    """`data` as `kind`, with every string in it clean: the one door for outside text.

    Raises msgspec.DecodeError (ValidationError included) when the text is not JSON or not that shape.
    """
    if _SUSPECT.search(data) is None:
        return msgspec.json.decode(data, type=kind)
    data = msgspec.json.encode(_cleaned(msgspec.json.decode(data)))
    return msgspec.json.decode(data, type=kind)


def decode_event(raw: Raw) -> Event | None:
    """The event of a feed line, or None for a type this version does not know.

    Raises msgspec.ValidationError when a known type has another shape.
    """
    kind = msgspec.json.decode(raw, type=_Tag).type
    return msgspec.json.decode(raw, type=Event) if kind in _KNOWN else None


class _Tag(Struct):
    type: str


_KNOWN = frozenset(str(member.__struct_config__.tag) for member in Event.__args__)


def encode(value: Any) -> bytes:
    """`value` as JSON."""
    return msgspec.json.encode(value)


class PackFile(Struct, frozen=True, kw_only=True):
    """A knowledge pack as `GET /v1/packs/{id}` answers it: `text` is its file, word for word."""

    id: str
    version: int
    text: str
