"""The seam between the engine and a helpdesk: what every helpdesk must have, a small Protocol.

What not every helpdesk has is in `optional`, what goes wrong in `errors`.
"""

from collections.abc import AsyncGenerator, Callable
from typing import Protocol

from msgspec import Struct

from agent_tui.backends.errors import AuthExpired as AuthExpired
from agent_tui.backends.errors import BackendError as BackendError
from agent_tui.backends.errors import CursorLost as CursorLost
from agent_tui.backends.errors import Rejected as Rejected
from agent_tui.backends.errors import Unavailable as Unavailable
from agent_tui.backends.optional import Capabilities as Capabilities
from agent_tui.domain.commands import Command
from agent_tui.domain.events import Event
from agent_tui.domain.models import Floor, Seat, Ticket, TicketDetail
from agent_tui.domain.policy import Policy
from agent_tui.domain.presence import Presence
from agent_tui.wire import Me, MessagePage, Outcome


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


class Backend(Protocol):
    """What the engine asks of every helpdesk. Every method raises Unavailable, Rejected or AuthExpired."""

    @property
    def capabilities(self) -> Capabilities:
        """What this helpdesk can do beyond that."""

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

    async def ticket(self, id: str) -> TicketDetail:
        """A ticket with its order and customer."""

    async def messages(self, ticket: str, before: str | None, limit: int) -> MessagePage:
        """A page of a conversation, oldest first, ending before message `before`."""

    def use_token(self, token: str) -> None:
        """Ask with another token from now on."""

    async def aclose(self) -> None:
        """Let go of connections."""
