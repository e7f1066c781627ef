"""The seam between the engine and a helpdesk: the Protocol, what a backend can do, and its three errors."""

from collections.abc import AsyncGenerator, Callable, Mapping
from hashlib import sha256
from typing import Any, Protocol

from msgspec import Struct

from agent_tui.domain.commands import Command
from agent_tui.domain.events import Event
from agent_tui.domain.models import FileInfo, Floor, Seat, Ticket, TicketDetail
from agent_tui.domain.policy import Policy
from agent_tui.domain.presence import Presence
from agent_tui.domain.staffing import PackName
from agent_tui.errors import AgentTuiError
from agent_tui.wire import (
    Found,
    HelperIn,
    HelperMade,
    Me,
    MessagePage,
    Outcome,
    SharedEntries,
    SharedEntry,
)


class BackendError(AgentTuiError):
    """Something went wrong on the way to a helpdesk or in it."""


class Unavailable(BackendError):
    """Nobody answered, or asked to come back later: the engine tries again.

    `retry_after` is the number of seconds the helpdesk asked for, 0 when it named none.
    """

    def __init__(self, code: str, *, retry_after: float = 0.0, **values: str) -> None:
        super().__init__(code, **values)
        self.retry_after = retry_after


class Rejected(BackendError):
    """The helpdesk understood and said no: a person must look."""


class AuthExpired(BackendError):
    """The token is not (or no longer) good: ask for another."""


class CursorLost(BackendError):
    """The cursor cannot be resumed (410): take a new snapshot; after an epoch change hold the outbox."""


class Capabilities(Struct, frozen=True, kw_only=True):
    """What a helpdesk can do beyond what every one can; `shelf` and `staff` are asked for by being there.

    `exactly_once` says whether a command's id is remembered by the server; without it an unanswered send
    has to be looked up or asked about. `shared_knowledge` says whether `shelf` can be asked, `presence`
    whether colleagues learn who looks at a ticket.
    """

    exactly_once: bool = True
    shared_knowledge: bool = False
    presence: bool = False


class Arrived(Struct, frozen=True):
    """An event with the cursor behind it; `event` is None for a heartbeat or a line to pass over.

    A `presence` has no place in the feed: it comes with an empty cursor.
    """

    cursor: str
    event: Event | None
    presence: Presence | None = None


class Start(Struct, frozen=True, kw_only=True):
    """Where to start from: what a snapshot says besides its tickets; the feed goes on after `cursor`.

    `policy` are the team's rules, null where the helpdesk does not tell them.
    """

    cursor: str
    floor: Floor = Floor()
    seats: tuple[Seat, ...] = ()
    me: Me | None = None
    policy: Policy | None = None


class KnowledgeShelf(Protocol):
    """What colleagues share, and what was learned from all of them; raises as `Backend` does."""

    async def entries(self, after: int) -> SharedEntries:
        """The entries there are, or what changed after a revision."""

    async def put(self, id: str, kind: str, content: Mapping[str, Any]) -> SharedEntry:
        """Share an entry, or propose it where a lead has to nod."""

    async def share(self, id: str) -> SharedEntry:
        """A lead's nod."""

    async def revoke(self, id: str) -> SharedEntry:
        """Take an entry away from everyone."""

    async def model(self, known: str) -> bytes | None:
        """The learned weights; None while there are none, or when `known` is the digest of these."""


def digest_of(weights: bytes) -> str:
    """What learned weights are told apart by."""
    return sha256(weights).hexdigest()[:32]


class Staff(Protocol):
    """Helpers who come and go, as a lead decides; raises as `Backend` does."""

    async def packs(self) -> tuple[PackName, ...]:
        """The packs a helper can be given."""

    async def invite(self, form: HelperIn) -> HelperMade:
        """A token for a helper; it can be read only now."""

    async def revoke(self, helper: str) -> None:
        """End a helper's shift: their token ends, their customers go back to the queue."""


class Backend(Protocol):
    """What the engine asks of a helpdesk. Every method raises Unavailable, Rejected or AuthExpired."""

    capabilities: Capabilities

    @property
    def shelf(self) -> KnowledgeShelf | None:
        """What colleagues share; None for a helpdesk that has no such thing."""

    @property
    def staff(self) -> Staff | None:
        """Helpers who can be invited; None for a helpdesk that has no such thing."""

    @property
    def host(self) -> str:
        """Where files come from, as a person is shown it before one is opened."""

    async def me(self) -> Me:
        """Who the token is."""

    async def snapshot(self, take: Callable[[Ticket], None]) -> Start:
        """The state to start from; `take` gets its tickets one by one as they come, 100,000 are too much to
        hold. When it fails half-way, what was taken is worth nothing."""

    def events(self, cursor: str) -> AsyncGenerator[Arrived, None]:
        """The feed after `cursor`, without end; a heartbeat comes first, as soon as it is known to resume.

        Raises CursorLost when it cannot be resumed.
        """

    def epoch(self, cursor: str) -> str:
        """The epoch a cursor belongs to; otherwise a cursor is opaque."""

    async def send(self, commands: tuple[Command, ...]) -> tuple[Outcome, ...]:
        """One outcome a command, in order."""

    async def be_present(self, ticket: str | None, draft: str, *, writing: bool) -> None:
        """Say that one looks at `ticket`, at none when it is None, and that one writes there; a helper's
        buddy reads the `draft`. Asked only where `capabilities.presence` holds."""

    async def ticket(self, id: str) -> TicketDetail:
        """A ticket with its order and customer."""

    async def messages(self, ticket: str, before: str | None, limit: int) -> MessagePage:
        """A page of a conversation, oldest first, ending before message `before`."""

    async def search(self, query: str) -> Found:
        """Tickets that contain `query`, closed ones too."""

    async def pack(self, id: str) -> str:
        """The text of a knowledge pack's file."""

    async def fetch(self, file: str) -> bytes:
        """The bytes of a file."""

    async def upload(self, name: str, data: bytes, entry: str = "") -> FileInfo:
        """Store a file that a reply will carry; a helper's must belong to an `entry` of their pack."""

    async def aclose(self) -> None:
        """Let go of connections."""

    def use_token(self, token: str) -> None:
        """Ask with another token from now on."""
