"""What is read of a World: a ticket in detail, a search, a pack, and an event as a role may see it."""

from agent_tui.backends.base import Rejected
from agent_tui.backends.memory.line import MemoryLine
from agent_tui.backends.memory.state import WorldState
from agent_tui.domain.events import (
    CustomerChanged,
    Event,
    Gone,
    MessageAdded,
    MessageChanged,
    TicketChanged,
)
from agent_tui.domain.models import CustomerDetail, PastContact, Role, Seat, Ticket, TicketDetail
from agent_tui.domain.privacy import mask_customer, mask_message, mask_ticket
from agent_tui.domain.rules import may_see
from agent_tui.domain.text import fold
from agent_tui.wire import Found

_PAST, _FOUND = 5, 50


def detail_of(world: WorldState, ticket: Ticket) -> TicketDetail:
    """A ticket with its order and its customer."""
    fields = {name: getattr(ticket, name) for name in Ticket.__struct_fields__}
    order = world.orders.get(ticket.order or "")
    return TicketDetail(**fields, order_detail=order, customer_detail=_customer(world, ticket))


def _customer(world: WorldState, ticket: Ticket) -> CustomerDetail:
    who = world.customers.get(ticket.customer.id)
    orders = [o for o in world.orders.values() if o.customer == ticket.customer.id]
    past = [t for t in world.tickets.values() if t.customer.id == ticket.customer.id and t.id != ticket.id]
    return CustomerDetail(
        id=ticket.customer.id,
        name=ticket.customer.name,
        tier=ticket.customer.tier,
        phone=who.phone if who else None,
        address=who.address if who else None,
        orders=len(orders),
        spend=f"{sum(float(o.total) for o in orders):.2f}",
        contacts=tuple(
            PastContact(ticket=t.id, number=t.number, category=t.category, status=t.status, at=t.created_at)
            for t in past[-_PAST:]
        ),
    )


class MemorySearch:
    """Full-text search over one person's line."""

    def __init__(self, line: MemoryLine) -> None:
        self._line = line

    async def find(self, query: str) -> Found:
        """Tickets that contain `query`, closed ones too, the newest first."""
        await self._line.reach()
        world, seat, words = self._line.world, self._line.seat, fold(query).strip()
        seen = [t for t in world.tickets.values() if may_see(seat, t) and _contains(world, t, words)]
        newest = sorted(seen, key=lambda t: t.updated_at, reverse=True)[:_FOUND]
        return Found(tickets=tuple(self._line.masked(ticket) for ticket in newest))


class MemoryPacks:
    """The packs in force, over one person's line."""

    def __init__(self, line: MemoryLine) -> None:
        self._line = line

    async def text(self, id: str) -> str:
        """The text of a pack's file."""
        await self._line.reach()
        texts = self._line.world.pack_texts
        if id not in texts:
            raise Rejected("not-found", status="404")
        return texts[id]


def _contains(world: WorldState, ticket: Ticket, words: str) -> bool:
    texts = [str(ticket.number), ticket.customer.name, ticket.order or ""]
    texts += [p.text for m in world.talks.get(ticket.id, ()) for p in m.parts]
    return any(words in fold(text) for text in texts)


def as_seen(world: WorldState, event: Event, seat: Seat) -> Event | None:
    """An event as `seat` may read it, None for one that is not theirs."""
    if seat.role is not Role.HELPER:
        return event
    match event:
        case TicketChanged(ticket=ticket):
            if not may_see(seat, ticket):
                return Gone(ticket=ticket.id)
            return TicketChanged(ticket=mask_ticket(ticket))
        case MessageAdded(message=message) | MessageChanged(message=message):
            held = world.tickets.get(message.ticket)
            if held is None or not may_see(seat, held):
                return None
            return type(event)(message=mask_message(message, held.customer.name))
        case CustomerChanged(customer=customer):
            return CustomerChanged(customer=mask_customer(customer))
    return event
