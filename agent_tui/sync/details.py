"""What tickets are about: orders and customers spelled out, and which tickets are a customer's."""

from collections.abc import Iterable

from msgspec.structs import replace

from agent_tui.domain.models import Customer, CustomerDetail, Order, Ticket, TicketDetail
from agent_tui.sync.shapes import Row

TICKET_FIELDS = tuple(Ticket.__struct_fields__)


class TicketDetails:
    """A cache of the order and customer of each ticket that was read in full."""

    def __init__(self) -> None:
        self._of: dict[str, tuple[Order | None, CustomerDetail | None]] = {}

    def keep(self, ticket: TicketDetail) -> None:
        """Keep what was read with `ticket`."""
        self._of[ticket.id] = (ticket.order_detail, ticket.customer_detail)

    def put_customer(self, ticket: str, customer: Customer) -> None:
        """Take a changed customer over, where theirs is spelled out."""
        order, detail = self._of.get(ticket, (None, None))
        if detail is not None:
            phone, address = customer.phone, customer.address
            known = replace(detail, name=customer.name, tier=customer.tier, phone=phone, address=address)
            self._of[ticket] = (order, known)

    def put_order(self, ticket: str, order: Order) -> None:
        """Take an order over."""
        self._of[ticket] = (order, self._of.get(ticket, (None, None))[1])

    def drop(self, ticket: str) -> None:
        """Forget what is known of a ticket."""
        self._of.pop(ticket, None)

    def spelled_out(self, ticket: Ticket) -> TicketDetail | None:
        """`ticket` with order and customer, when that has been read; another order than its own is not."""
        known = self._of.get(ticket.id)
        if known is None:
            return None
        order, customer = known
        if order is not None and order.number != ticket.order:
            order = None
        fields = {name: getattr(ticket, name) for name in TICKET_FIELDS}
        return TicketDetail(**fields, order_detail=order, customer_detail=customer)


class CustomerTickets:
    """The tickets of each customer: one id as itself, several as a tuple, for nearly every customer has one
    ticket, and sets are large."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._of: dict[str, tuple[str, ...] | str] = {}
        for row in rows:
            self.note(row)

    def note(self, row: Row) -> None:
        """`row` is a ticket of its customer."""
        held = self._of.get(row.customer_id)
        if held is None:
            self._of[row.customer_id] = row.id
        elif held != row.id and (isinstance(held, str) or row.id not in held):
            self._of[row.customer_id] = (*((held,) if isinstance(held, str) else held), row.id)

    def of(self, customer: str) -> tuple[str, ...]:
        """The tickets that are or were a customer's."""
        held = self._of.get(customer, ())
        return (held,) if isinstance(held, str) else held
