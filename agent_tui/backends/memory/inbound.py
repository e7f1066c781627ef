"""What channels and the shop tell a helpdesk in memory: messages, orders, customers, delivery receipts."""

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from agent_tui.backends.memory.lending import WorldLending
from agent_tui.backends.memory.state import WorldState
from agent_tui.domain.clockwork import recast
from agent_tui.domain.events import (
    CustomerChanged,
    MessageAdded,
    MessageChanged,
    OrderChanged,
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
from agent_tui.domain.models import (
    Customer,
    CustomerRef,
    Message,
    MessageKind,
    MessageState,
    Order,
    Part,
    Status,
    Ticket,
)


class WorldInbound:
    """Takes in what comes from outside, each message once (deduplication by channel and id)."""

    def __init__(self, state: WorldState, lending: WorldLending) -> None:
        self._state, self._lending = state, lending
        self._taken: dict[tuple[str, str], str] = {}
        self._current: dict[tuple[str, str], str] = {}
        self._number = 10_000

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
        state = self._state
        id = id or state.fresh_id()
        taken = self._taken.get((channel, id))
        if taken is not None:
            return state.tickets[taken]
        at, held = at or state.now, self._held(channel, customer)
        ticket_id = held.id if held else state.fresh_id()
        said = tuple(Part(type="text", text=p) if isinstance(p, str) else p for p in parts)
        self._meet(customer, channel)
        message = customer_message(state.fresh_id(), ticket_id, customer, said, at)
        arrival = self._arrival(message, customer, held, order)
        if held is None:
            self._number += 1
            ticket = open_ticket(ticket_id, self._number, channel, arrival, state.floor, state.policy)
        else:
            ticket = receive(held, arrival, at, state.floor, state.policy)
        self._taken[channel, id] = self._current[channel, customer.id] = ticket.id
        state.commit((MessageAdded(message=message), TicketChanged(ticket=ticket)))
        if held is not None:
            self._lending.watch(held, message)
        self._lending.settle()
        return state.tickets[ticket.id]

    def _held(self, channel: str, customer: CustomerRef) -> Ticket | None:
        """The ticket that a customer's message belongs to."""
        held = self._state.tickets.get(self._current.get((channel, customer.id), ""))
        return None if held is None or held.status is Status.CLOSED else held

    def _arrival(
        self, message: Message, customer: CustomerRef, ticket: Ticket | None, order: str | None
    ) -> Arrival:
        talk = self._state.talks.get(message.ticket, ())
        earlier = [m for m in talk if m.kind is MessageKind.CUSTOMER]
        known = self._state.orders.get(order_of(order, ticket) or "")
        return arrival_of(message, customer, earlier, order, known, self._state.policy)

    def _meet(self, customer: CustomerRef, channel: str) -> None:
        """Take over the name and tier that a message gives; `channel`'s ticket is about to change anyway."""
        known = self._state.customers.get(customer.id)
        met = introduced(known, customer.id, customer.name, customer.tier)
        if met != known:
            self._keep_customer(met, channel)

    def deliver(self, message: Message, error: str = "") -> None:
        """The channel took a reply, or would not have it (`error`)."""
        state = MessageState.UNDELIVERED if error else MessageState.DELIVERED
        ticket = self._state.tickets[message.ticket]
        changed = MessageChanged(message=replace(message, state=state, error=error))
        moved = TicketChanged(ticket=replace(ticket, version=ticket.version + 1))
        self._state.commit_aside((changed, moved))

    def set_order(self, order: Order) -> None:
        """The shop says how an order stands; the tickets about it read it."""
        self._state.commit((OrderChanged(order=order),))
        high = is_high_value(order, self._state.policy)
        for ticket in self._open(lambda t: t.order == order.number):
            self._recast(ticket, ticket.customer, high)

    def set_customer(self, customer: Customer) -> None:
        """The shop says who a customer is; their tickets read it."""
        self._keep_customer(customer)

    def _keep_customer(self, customer: Customer, but: str | None = None) -> None:
        self._state.commit((CustomerChanged(customer=customer),))
        for ticket in self._open(lambda t: t.customer.id == customer.id and t.channel != but):
            self._recast(ticket, ref_of(customer), ticket.high_value)

    def _open(self, fits: Callable[[Ticket], bool]) -> list[Ticket]:
        return [t for t in self._state.tickets.values() if t.status is not Status.CLOSED and fits(t)]

    def _recast(self, ticket: Ticket, customer: CustomerRef, high_value: bool) -> None:
        after = recast(ticket, customer, high_value, self._state.moment)
        if after is not ticket:
            self._state.commit_aside((TicketChanged(ticket=after),))
            self._lending.watch(ticket)
