"""The queue of what channels are to be told: rows that are written with what they tell of."""

from sqlalchemy import insert

from agent_tui.domain.models import Message, MessageKind, MessageState, Ticket
from agent_tui.server.store import tables as t
from agent_tui.server.store.database.transactions import mark
from agent_tui.server.store.writing import UnitOfWork
from agent_tui.wire import Outbound, OutboundCustomer, OutboundData, encode

# What a transaction is marked with that leaves something to send.
QUEUED = "deliveries"
_TOLD = (MessageState.SENT, MessageState.DELIVERED)
# Built once: making a statement costs more than running it.
_ADD = insert(t.deliveries)


async def post_reply(unit: UnitOfWork, message: Message, ticket: Ticket) -> None:
    """Queue a reply for the channel, in the transaction that makes it."""
    parts = message.parts
    data = OutboundData(
        id=message.id, ticket=ticket.id, customer=OutboundCustomer(id=ticket.customer.id), parts=parts
    )
    await _queue(unit, "message.created", message.id, data, ticket)


async def post_recall(unit: UnitOfWork, id: str, message: Message, ticket: Ticket) -> None:
    """Queue word of a recalled reply under the recall's own id: the message's id is taken by the reply."""
    if message.kind is not MessageKind.REPLY or message.state not in _TOLD:
        return
    data = OutboundData(id=message.id, ticket=ticket.id, customer=OutboundCustomer(id=ticket.customer.id))
    await _queue(unit, "message.recalled", id, data, ticket)


async def _queue(unit: UnitOfWork, type: str, id: str, data: OutboundData, ticket: Ticket) -> None:
    at = unit.at.timestamp()
    outbound = Outbound(type=type, timestamp=unit.at, data=data)
    row = {
        "id": id,
        "message": data.id,
        "ticket": ticket.id,
        "channel": ticket.channel,
        "customer": ticket.customer.id,
        # The ticket's row is locked: its version orders what its customer is told. Tickets of one customer
        # follow each other, so the number comes first.
        "pos": ticket.number * 1_000_000 + ticket.version,
        "kind": type,
        "payload": encode(outbound),
        "attempts": 0,
        "since": at,
        "next_at": at,
        "leased": 0.0,
    }
    await unit.conn.execute(_ADD, row)
    mark(unit.conn, QUEUED)
