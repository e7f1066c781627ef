"""What a server would keep in its database, and the log of events that is its feed."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from msgspec.structs import asdict, replace

from agent_tui.domain.calls import due_at
from agent_tui.domain.clockwork import wakes_at
from agent_tui.domain.events import Event, SeatChanged, TicketChanged
from agent_tui.domain.models import Customer, FileInfo, Floor, Message, Order, Seat, Ticket
from agent_tui.domain.policy import Policy
from agent_tui.domain.rules import apply
from agent_tui.domain.ruling import Moment
from agent_tui.domain.views import ACTIVE

_UNSEEN = frozenset(
    {"version", "updated_at", "urgency", "promises", "last_message", "unread", "waiting_since", "calls"}
)


class WorldState:
    """`log` is the feed, an event's place in it is its cursor; `replies` is what went out to customers.

    `touched` is what changed of each ticket, by version; `timed` are the tickets that time changes.
    """

    def __init__(self, clock: Callable[[], float], policy: Policy | None = None) -> None:
        self.clock = clock
        self.policy = policy or Policy()
        self.epoch = "m1"
        self.forgotten = 0
        self.floor = Floor()
        self.seats: dict[str, Seat] = {}
        self.tickets: dict[str, Ticket] = {}
        self.talks: dict[str, list[Message]] = {}
        self.customers: dict[str, Customer] = {}
        self.orders: dict[str, Order] = {}
        self.files: dict[str, tuple[FileInfo, bytes]] = {}
        self.packs: dict[str, frozenset[str]] = {}
        self.pack_texts: dict[str, str] = {}
        self.log: list[Event] = []
        self.on_log: list[Callable[[], None]] = []
        self.replies: list[Message] = []
        self.touched: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        self.timed: set[str] = set()
        self._loads: Counter[str] = Counter()
        self._ids = 0

    @property
    def now(self) -> datetime:
        """The moment, to the millisecond."""
        return datetime.fromtimestamp(round(self.clock(), 3), UTC)

    @property
    def moment(self) -> Moment:
        """Now, on this floor and under these rules."""
        return Moment(self.now, self.floor, self.policy)

    def fresh_id(self) -> str:
        """An id in the order of asking."""
        self._ids += 1
        return f"01M{self._ids:023d}"

    # -- rules.Replica
    def put_ticket(self, ticket: Ticket) -> None:
        """Keep `ticket` as it is now."""
        before = self.tickets.get(ticket.id)
        self.tickets[ticket.id] = ticket
        is_timed = wakes_at(ticket) is not None or due_at(ticket) is not None
        (self.timed.add if is_timed else self.timed.discard)(ticket.id)
        self._count_load(before, -1)
        self._count_load(ticket, +1)

    def _count_load(self, ticket: Ticket | None, by: int) -> None:
        if ticket is not None and ticket.assignee is not None and ticket.status in ACTIVE:
            self._loads[ticket.assignee.id] += by

    def put_message(self, message: Message) -> None:
        """Keep `message`, new or changed."""
        talk = self.talks.setdefault(message.ticket, [])
        places = [n for n, held in enumerate(talk) if held.id == message.id]
        if places:
            talk[places[0]] = message
        else:
            talk.append(message)

    def put_customer(self, customer: Customer) -> None:
        """Keep `customer` as they are now."""
        self.customers[customer.id] = customer

    def put_order(self, order: Order) -> None:
        """Keep `order` as it is now."""
        self.orders[order.number] = order

    def put_seat(self, seat: Seat) -> None:
        """Keep `seat` as it is now."""
        self.seats[seat.id] = seat

    def put_floor(self, floor: Floor) -> None:
        """Keep the state of the floor."""
        self.floor = floor

    def drop_ticket(self, ticket: str) -> None:
        """Forget a ticket and its messages."""
        self._count_load(self.tickets.pop(ticket, None), -1)
        self.talks.pop(ticket, None)
        self.timed.discard(ticket)

    # -- the log
    def cursor(self, at: int | None = None) -> str:
        """The cursor behind the first `at` events; behind all there are when none is named."""
        return f"{self.epoch}:{len(self.log) if at is None else at}"

    def commit(self, events: Iterable[Event]) -> None:
        """Make `events` true and tell every reader."""
        events = tuple(events)
        for event in events:
            if isinstance(event, TicketChanged):
                self._touch(event.ticket)
        self.commit_aside(events)

    def commit_aside(self, events: Iterable[Event]) -> None:
        """Make `events` true that no later command is out of date by, such as a whisper."""
        for event in events:
            apply(event, self)
            self.log.append(event)
        for seat in [s for s in self.seats.values() if s.load != self._loads[s.id]]:
            changed = SeatChanged(seat=replace(seat, load=self._loads[seat.id]))
            apply(changed, self)
            self.log.append(changed)
        for tell in tuple(self.on_log):
            tell()

    def _touch(self, after: Ticket) -> None:
        """Remember what a person must have seen: field by field, and whether there are new words."""
        before = self.tickets.get(after.id)
        names = ["messages"] if _last(before) != _last(after) else []
        if before is not None:
            old, new = asdict(before), asdict(after)
            names += [name.rstrip("_") for name in new if name not in _UNSEEN and old[name] != new[name]]
        self.touched.setdefault(after.id, []).append((after.version, tuple(names)))


def _last(ticket: Ticket | None) -> str:
    return "" if ticket is None or ticket.last_message is None else ticket.last_message.id
