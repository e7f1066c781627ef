"""The optional parts of a helpdesk, a small Protocol each; a screen asks for the part it needs.

Every method raises what `Backend` raises.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Protocol, TypeVar

from msgspec import Struct

from agent_tui.backends.errors import Rejected
from agent_tui.domain.models import FileInfo
from agent_tui.domain.staffing import PackName
from agent_tui.domain.team_content import ContentIn, ContentVersion, RollbackIn, TeamContent
from agent_tui.wire import Found, HelperIn, HelperMade, SharedEntries, SharedEntry

T = TypeVar("T")


class FileStore(Protocol):
    """Attachments: the bytes of files that messages carry."""

    @property
    def host(self) -> str:
        """Where files come from, as a person is shown it before one is opened."""

    async def fetch(self, file: str) -> bytes:
        """The bytes of a file."""

    async def upload(self, name: str, data: bytes, entry: str = "") -> FileInfo:
        """Store a file that a reply will carry; a helper's must belong to an `entry` of their pack."""


class SharedKnowledge(Protocol):
    """What colleagues share, and what was learned from all of them."""

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


class ContentStore(Protocol):
    """The content that a team publishes, in versions; only leads publish and roll back.

    Both raise Rejected: `content-changed` when another version has come since the form's `base`,
    `bad-content` for files that cannot be published, `unknown-version`.
    """

    async def current(self, known: str) -> TeamContent | None:
        """The content in force; None when `known` is its tag (`team_content.tag_of`)."""

    async def version(self, version: int) -> TeamContent:
        """An earlier version."""

    async def versions(self) -> tuple[ContentVersion, ...]:
        """The latest versions, the one in force first."""

    async def publish(self, form: ContentIn) -> ContentVersion:
        """Put files in force for everyone; what is in force already changes nothing."""

    async def roll_back(self, form: RollbackIn) -> ContentVersion:
        """Put an earlier version in force again, as a new one."""


class PackSource(Protocol):
    """The knowledge packs in force, which helpers answer from."""

    async def text(self, id: str) -> str:
        """The text of a pack's file."""


class PresenceChannel(Protocol):
    """Tells colleagues who looks at a ticket; what they tell comes with the feed."""

    async def look(self, ticket: str | None, draft: str, *, writing: bool) -> None:
        """Say that one looks at `ticket`, at none when it is None, and that one writes there; a helper's
        buddy reads the `draft`."""


class TicketSearch(Protocol):
    """Full-text search over all tickets."""

    async def find(self, query: str) -> Found:
        """Tickets that contain `query`, closed ones too."""


class Staff(Protocol):
    """Helpers who come and go, as a lead decides."""

    async def packs(self) -> tuple[PackName, ...]:
        """The packs a helper can be given."""

    async def invite(self, form: HelperIn) -> HelperMade:
        """A token for a helper; it can be read only now."""

    async def revoke(self, helper: str) -> None:
        """End a helper's shift: their token ends, their customers go back to the queue."""


class Capabilities(Struct, frozen=True, kw_only=True):
    """What a helpdesk can do beyond what every one can: the parts it has, None for those it has not.

    `exactly_once` says whether a command's id is remembered by the server; without it an unanswered send
    has to be looked up or asked about.
    """

    exactly_once: bool = True
    content: ContentStore | None = None
    files: FileStore | None = None
    knowledge: SharedKnowledge | None = None
    packs: PackSource | None = None
    presence: PresenceChannel | None = None
    search: TicketSearch | None = None
    staff: Staff | None = None


def required(part: T | None, code: str = "not-supported") -> T:
    """A part that is asked for now. Raises Rejected where the helpdesk has no such thing."""
    if part is None:
        raise Rejected(code)
    return part
