"""A whole helpdesk in memory, under the same rules as the server: tickets, messages, a log of events."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import asdict, replace

from agent_tui.backends.memory_presence import WorldPresence
from agent_tui.backends.memory_shelf import SharedWorld
from agent_tui.backends.world_clock import WorldClock
from agent_tui.backends.world_lending import Lending
from agent_tui.backends.world_scene import Touched, scene_of
from agent_tui.domain.assignment import is_waiting, queue_order
from agent_tui.domain.clockwork import recast
from agent_tui.domain.commands import Command, Need
from agent_tui.domain.events import (
    CustomerChanged,
    Event,
    MessageAdded,
    MessageChanged,
    OrderChanged,
    SeatChanged,
    TicketChanged,
)
from agent_tui.domain.intake import (
    Arrival,
    arrival_of,
    customer_message,
    introduced,
    is_high_value,
    open_ticket,
    order_of,
    receive,
    ref_of,
)
from agent_tui.domain.lending import PackRules
from agent_tui.domain.models import (
    Customer,
    CustomerRef,
    FileInfo,
    Floor,
    Message,
    MessageKind,
    MessageState,
    Order,
    Part,
    Seat,
    Status,
    Ticket,
)
from agent_tui.domain.policy import Policy
from agent_tui.domain.rules import Applied, Refused, apply, decide
from agent_tui.domain.shifts import goes_out
from agent_tui.domain.views import ACTIVE
from agent_tui.wire import PROBLEM_BASE, Outcome, Problem

_UNSEEN = frozenset(
    {"version", "updated_at", "urgency", "promises", "last_message", "unread", "waiting_since", "calls"}
)


class _Answered(Struct, frozen=True):
    actor: str
    command: Command
    outcome: Outcome


class World:
    """What a server would keep in its database; `log` is the feed, an event's place in it is its cursor."""

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
        self.lending = Lending(self)
        self.timer = WorldClock(self)
        self.shared = SharedWorld(lambda event: self.commit((event,)), clock)
        self.presence = WorldPresence()
        self.log: list[Event] = []
        self.replies: list[Message] = []
        self.on_log: list[Callable[[], None]] = []
        self._answered: dict[str, _Answered] = {}
        self._taken: dict[tuple[str, str], str] = {}
        self.touched: Touched = {}
        self._current: dict[tuple[str, str], str] = {}
        self._loads: Counter[str] = Counter()
        self._number = 10_000
        self._ids = 0

    @property
    def now(self) -> datetime:
        """The moment, to the millisecond."""
        return datetime.fromtimestamp(round(self.clock(), 3), UTC)

    def fresh_id(self) -> str:
        """An id in the order of asking."""
        self._ids += 1
        return f"01M{self._ids:023d}"

    # -- rules.Replica
    def put_ticket(self, ticket: Ticket) -> None:
        """Keep `ticket` as it is now."""
        before = self.tickets.get(ticket.id)
        self.tickets[ticket.id] = ticket
        self.lending.note(ticket)
        self.timer.note(ticket)
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

    # -- commands
    def carry_out(self, actor: str, commands: Iterable[Command]) -> tuple[Outcome, ...]:
        """Rule on commands in order; later ones of a ticket that failed are not tried."""
        failed: set[str] = set()
        outcomes = []
        self.tick()
        for command in commands:
            if command.ticket is not None and command.ticket in failed:
                outcomes.append(Outcome(id=command.id, outcome="not-tried", ticket=command.ticket))
                continue
            outcome = self._once(actor, command)
            if outcome.outcome != "applied" and command.ticket is not None:
                failed.add(command.ticket)
            outcomes.append(outcome)
        self.timer.tick()
        self.lending.settle()
        return tuple(outcomes)

    # -- time
    def tick(self) -> None:
        """Do what is due by now: snoozes end, calls for help go on."""
        self.timer.tick()
        self.lending.tick()

    def next_in(self) -> float | None:
        """Seconds until something is due; None while nothing is."""
        dues = (self.timer.next_in(), self.lending.next_in())
        return min((due for due in dues if due is not None), default=None)

    def _once(self, actor: str, command: Command) -> Outcome:
        known = self._answered.get(command.id)
        if known is not None:
            if known.actor == actor and known.command == command:
                return known.outcome
            return _refused(command, Refused("id-taken"))
        outcome = self._rule(self.seats[actor], command)
        self._answered[command.id] = _Answered(actor, command, outcome)
        return outcome

    def _rule(self, actor: Seat, command: Command) -> Outcome:
        ticket = self._most_urgent() if Need.QUEUE in command.needs else None
        if command.ticket is not None:
            ticket = self.tickets.get(command.ticket)
        ruling = decide(command, scene_of(self, actor, command, ticket))
        lost = next((p.file.id for p in command.words if p.file and p.file.id not in self.files), None)
        if lost is not None and isinstance(ruling, Applied):
            ruling = Refused("unknown-file", lost)
        if isinstance(ruling, Refused):
            return _refused(command, ruling)
        if not isinstance(ruling, Applied):
            version = ticket.version if ticket else None
            return Outcome(
                id=command.id,
                outcome="conflict",
                ticket=command.ticket,
                version=version,
                problem=_problem("conflict", 409),
                changed=ruling.changed,
            )
        if command.touches is None:
            self.commit_aside(ruling.events)
        else:
            self.commit(ruling.events)
        self._send_out(ruling.events)
        outcome = self._applied(command, ticket)
        if command.ends_access:
            self.lending.ended.add(actor.id)
        return outcome

    def _applied(self, command: Command, ticket: Ticket | None) -> Outcome:
        after = self.tickets[ticket.id] if ticket else None
        return Outcome(
            id=command.id,
            outcome="applied",
            ticket=after.id if after else None,
            version=after.version if after else None,
            cursor=self.cursor(),
        )

    def publish(self, pack: PackRules) -> None:
        """Put a pack in force: helpers with it are given what it is for, and watched."""
        self.lending.packs[pack.id] = pack
        self.packs[pack.id] = pack.entries
        self.lending.settle()

    def _most_urgent(self) -> Ticket | None:
        waiting = (t for t in self.tickets.values() if is_waiting(t, self.now))
        return min(waiting, key=queue_order, default=None)

    def _send_out(self, events: Iterable[Event]) -> None:
        for event in events:
            if isinstance(event, MessageAdded | MessageChanged) and goes_out(event.message):
                self.replies.append(event.message)

    # -- what comes from outside
    def receive(
        self,
        customer: CustomerRef,
        *parts: Part | str,
        channel: str = "web",
        id: str | None = None,
        order: str | None = None,
        at: datetime | None = None,
    ) -> Ticket:
        """A customer's message, to their ticket or a new one; the same id again changes nothing."""
        id = id or self.fresh_id()
        taken = self._taken.get((channel, id))
        if taken is not None:
            return self.tickets[taken]
        held = self.tickets.get(self._current.get((channel, customer.id), ""))
        if held is not None and held.status is Status.CLOSED:
            held = None
        at = at or self.now
        ticket_id = held.id if held else self.fresh_id()
        said = tuple(Part(type="text", text=p) if isinstance(p, str) else p for p in parts)
        self._meet(customer, channel)
        message = customer_message(self.fresh_id(), ticket_id, customer, said, at)
        arrival = self._arrival(message, customer, held, order)
        if held is None:
            self._number += 1
            ticket = open_ticket(ticket_id, self._number, channel, arrival, self.floor, self.policy)
        else:
            ticket = receive(held, arrival, at, self.floor, self.policy)
        self._taken[channel, id] = ticket.id
        self._current[channel, customer.id] = ticket.id
        self.commit((MessageAdded(message=message), TicketChanged(ticket=ticket)))
        if held is not None:
            self.lending.watch(held, message)
        self.lending.settle()
        return self.tickets[ticket.id]

    def _arrival(
        self, message: Message, customer: CustomerRef, ticket: Ticket | None, order: str | None
    ) -> Arrival:
        earlier = [m for m in self.talks.get(message.ticket, ()) if m.kind is MessageKind.CUSTOMER]
        known = self.orders.get(order_of(order, ticket) or "")
        return arrival_of(message, customer, earlier, order, known, self.policy)

    def _meet(self, customer: CustomerRef, channel: str) -> None:
        """Take over the name and tier that a message gives; `channel`'s ticket is about to change anyway."""
        known = self.customers.get(customer.id)
        met = introduced(known, customer.id, customer.name, customer.tier)
        if met != known:
            self._keep_customer(met, channel)

    def deliver(self, message: Message, error: str = "") -> None:
        """The channel took a reply, or would not have it (`error`)."""
        state = MessageState.UNDELIVERED if error else MessageState.DELIVERED
        ticket = self.tickets[message.ticket]
        changed = MessageChanged(message=replace(message, state=state, error=error))
        apply(changed, self)
        self.log.append(changed)
        moved = replace(ticket, version=ticket.version + 1)
        self.tickets[ticket.id] = moved
        self.log.append(TicketChanged(ticket=moved))
        for tell in tuple(self.on_log):
            tell()

    def set_order(self, order: Order) -> None:
        """The shop says how an order stands; the tickets about it read it."""
        self.commit((OrderChanged(order=order),))
        high = is_high_value(order, self.policy)
        for ticket in self._open(lambda t: t.order == order.number):
            self._recast(ticket, ticket.customer, high)

    def set_customer(self, customer: Customer) -> None:
        """The shop says who a customer is; their tickets read it."""
        self._keep_customer(customer)

    def _keep_customer(self, customer: Customer, but: str | None = None) -> None:
        self.commit((CustomerChanged(customer=customer),))
        for ticket in self._open(lambda t: t.customer.id == customer.id and t.channel != but):
            self._recast(ticket, ref_of(customer), ticket.high_value)

    def _open(self, fits: Callable[[Ticket], bool]) -> list[Ticket]:
        return [t for t in self.tickets.values() if t.status is not Status.CLOSED and fits(t)]

    def _recast(self, ticket: Ticket, customer: CustomerRef, high_value: bool) -> None:
        after = recast(ticket, customer, high_value, self.timer.moment())
        if after is not ticket:
            self.commit_aside((TicketChanged(ticket=after),))
            self.lending.watch(ticket)

    # -- reads
    def cursor(self, at: int | None = None) -> str:
        """The cursor behind the first `at` events; behind all there are when none is named."""
        return f"{self.epoch}:{len(self.log) if at is None else at}"


def _last(ticket: Ticket | None) -> str:
    return "" if ticket is None or ticket.last_message is None else ticket.last_message.id


def _problem(code: str, status: int, detail: str = "") -> Problem:
    return Problem(type=PROBLEM_BASE + code, title=code, status=status, detail=detail)


def _refused(command: Command, ruling: Refused) -> Outcome:
    problem = _problem(ruling.code, 403, ruling.detail)
    return Outcome(id=command.id, outcome="refused", ticket=command.ticket, problem=problem)
