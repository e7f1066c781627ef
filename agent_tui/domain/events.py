"""Events: facts the backend states, each carrying the whole new state of what changed."""

from msgspec import Struct

from agent_tui.domain.models import Customer, Floor, Message, Order, Person, Seat, Ticket


def _kebab(name: str) -> str:
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")


class BaseEvent(Struct, frozen=True, kw_only=True, tag_field="type", tag=_kebab):
    """What every event has; its `type` on the wire is the class name in kebab case."""


class TicketChanged(BaseEvent, frozen=True, kw_only=True):
    """A ticket is new or different."""

    ticket: Ticket


class MessageAdded(BaseEvent, frozen=True, kw_only=True):
    """A conversation has one message more."""

    message: Message


class MessageChanged(BaseEvent, frozen=True, kw_only=True):
    """A message was delivered, could not be delivered, or was recalled."""

    message: Message


class CustomerChanged(BaseEvent, frozen=True, kw_only=True):
    """A customer is new or different."""

    customer: Customer


class OrderChanged(BaseEvent, frozen=True, kw_only=True):
    """An order or one of its parcels is new or different."""

    order: Order


class Gone(BaseEvent, frozen=True, kw_only=True):
    """A ticket left the reader's sight."""

    ticket: str


class SeatChanged(BaseEvent, frozen=True, kw_only=True):
    """A person's availability, connection or load changed."""

    seat: Seat


class FloorChanged(BaseEvent, frozen=True, kw_only=True):
    """The phase or the emergency level changed."""

    floor: Floor


class PackChanged(BaseEvent, frozen=True, kw_only=True):
    """A knowledge pack has a new version, or was revoked; its text is to be had by its id."""

    pack: str
    version: int
    revoked: bool = False


class DrillReported(BaseEvent, frozen=True, kw_only=True):
    """A helper has practised."""

    helper: Person
    pack: str
    right: int
    total: int
    seconds: float


class EntryState(Struct, frozen=True, kw_only=True):
    """How a shared knowledge entry stands: `state` is proposed, shared or revoked."""

    id: str
    state: str
    revision: int


class EntryChanged(BaseEvent, frozen=True, kw_only=True):
    """A shared knowledge entry is new, different or revoked; its words are to be had by its revision."""

    entry: EntryState


class ModelChanged(BaseEvent, frozen=True, kw_only=True):
    """What the usages teach has been learned anew; the weights are to be had from the server."""

    version: int


class ContentPublished(BaseEvent, frozen=True, kw_only=True):
    """The team's content has a new version; its files are to be had from the server."""

    version: int


Event = (
    TicketChanged
    | MessageAdded
    | MessageChanged
    | CustomerChanged
    | OrderChanged
    | Gone
    | SeatChanged
    | FloorChanged
    | PackChanged
    | DrillReported
    | EntryChanged
    | ModelChanged
    | ContentPublished
)
