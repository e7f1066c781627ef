"""What channels bring in: customers' messages by signature, customers and orders by token."""

import hmac
import re
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import UNSET
from msgspec.structs import asdict, replace
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from standardwebhooks import Webhook
from ulid import ULID

from agent_tui.domain.clockwork import recast
from agent_tui.domain.events import CustomerChanged
from agent_tui.domain.intake import customer_message, introduced, is_high_value, open_ticket, receive, ref_of
from agent_tui.domain.models import (
    Customer,
    CustomerRef,
    Floor,
    Order,
    Role,
    Status,
)
from agent_tui.domain.ruling import Moment
from agent_tui.server.context import ServerContext
from agent_tui.server.intake.arrivals import arrival
from agent_tui.server.intake.forms import CustomerRow, MessageIn, NamedCustomer, known_parts
from agent_tui.server.intake.helper_tickets import watch
from agent_tui.server.problems import HttpProblem
from agent_tui.server.store import tables as t
from agent_tui.server.store.files import link_files
from agent_tui.server.store.orders import find_order_body
from agent_tui.server.store.ticket_rows import Held, hold
from agent_tui.server.store.writing import CORE, PERSON, UnitOfWork, event_line, floor_of, now, upsert
from agent_tui.wire import Taken, encode

WINDOW = 300
_TRIES = 5


async def find_channel(context: ServerContext, name: str) -> Any:
    """A channel's row; 404 when there is none."""
    async with context.database.reading() as conn:
        row = (await conn.execute(select(t.channels).where(t.channels.c.name == name))).first()
    if row is None:
        raise HttpProblem(404, "unknown-channel")
    return row


def check_signature(secret: str, headers: Any, data: bytes, now: float) -> str:
    """The `webhook-id` of a body that the channel signed within five minutes of `now`, else 401."""
    id, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not id or not re.fullmatch(r"[0-9]{1,12}", at) or abs(now - int(at)) > WINDOW:
        raise HttpProblem(401, "bad-signature")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise HttpProblem(401, "bad-signature") from error
    wanted = Webhook(secret).sign(id, datetime.fromtimestamp(int(at), UTC), text)
    given = headers.get("webhook-signature", "").split(" ")
    if not any(hmac.compare_digest(wanted.encode(), one.encode("utf-8", "replace")) for one in given):
        raise HttpProblem(401, "bad-signature")
    return str(id)


class Ingress:
    """Takes in what channels bring; each body is one transaction, so a repeat finds all of it or nothing."""

    def __init__(self, context: ServerContext) -> None:
        self._context = context

    async def take(self, channel: str, body: MessageIn) -> Taken:
        """Put a customer's message into their conversation; the same id again changes nothing."""
        parts = known_parts(body.parts, "parts")
        body = replace(body, parts=parts)
        for left in reversed(range(_TRIES)):
            try:
                taken, told = await self._context.database.write(lambda conn: self._take(conn, channel, body))
            except IntegrityError:
                # Another first message of this customer opened the ticket: now there is one.
                if not left:
                    raise
                continue
            if told:
                self._context.committed()
            return taken
        raise AssertionError("unreachable")

    async def _take(self, conn: AsyncConnection, channel: str, body: MessageIn) -> tuple[Taken, bool]:
        row = {"channel": channel, "external": body.id}
        first = await conn.execute(upsert(conn, t.inbound).values(**row).on_conflict_do_nothing())
        inbound = t.inbound.c
        this = (inbound.channel == channel) & (inbound.external == body.id)
        if not first.rowcount:
            kept = (await conn.execute(select(t.inbound).where(this))).one()
            return Taken(ticket=kept.ticket, message=kept.message), False
        unit = UnitOfWork(conn, now())
        floor = await floor_of(conn)
        customer = await self._meet(unit, body.customer, floor, channel)
        taken = await self._converse(unit, channel, body, customer, floor)
        await conn.execute(update(t.inbound).where(this).values(ticket=taken.ticket, message=taken.message))
        await unit.close()
        return taken, True

    async def _converse(
        self, unit: UnitOfWork, channel: str, body: MessageIn, customer: CustomerRef, floor: Floor
    ) -> Taken:
        tickets = t.tickets.c
        where = (
            tickets.channel == channel,
            tickets.customer == customer.id,
            tickets.status != Status.CLOSED.value,
        )
        held = await hold(unit.conn, *where)
        ticket_id = held.ticket.id if held else str(ULID())
        message = customer_message(str(ULID()), ticket_id, customer, body.parts, unit.at)
        policy = self._context.policy
        known = held.ticket if held else None
        what = await arrival(unit.conn, known, message, customer, body.order, policy)
        if held is None:
            number = await unit.next_number()
            after = open_ticket(ticket_id, number, channel, what, floor, policy)
        else:
            after = receive(held.ticket, what, unit.at, floor, policy)
        if held is None:
            await unit.add_ticket(after, floor)
        await unit.add_message(await link_files(unit.conn, message, f"channel:{channel}"), after)
        if held is not None:
            then = await unit.change_ticket(held, after, floor, ("messages",))
            await watch(unit, held.ticket, then, floor, policy, message)
        return Taken(ticket=ticket_id, message=message.id)

    async def _meet(self, unit: UnitOfWork, named: NamedCustomer, floor: Floor, channel: str) -> CustomerRef:
        """Take over the name and tier that a message gives, as a PUT would."""
        known = await _find_customer(unit.conn, named.id)
        name = None if named.name is UNSET else named.name
        tier = None if named.tier is UNSET else named.tier
        after = introduced(known, named.id, name, tier)
        if after != known:
            await self._keep_customer(unit, after, floor, channel)
        return ref_of(after)

    async def put_customers(self, rows: tuple[CustomerRow, ...]) -> None:
        """Keep customers as their channel says they are."""

        async def write(conn: AsyncConnection) -> None:
            unit = UnitOfWork(conn, now())
            floor = await floor_of(conn)
            # In one order everywhere, so that two batches cannot wait for each other.
            for row in sorted(rows, key=lambda row: row.id):
                customer = Customer(**asdict(row))
                if await _find_customer(conn, row.id) != customer:
                    await self._keep_customer(unit, customer, floor)
            await unit.close()

        await self._context.database.write(write)
        self._context.committed()

    async def _keep_customer(
        self, unit: UnitOfWork, customer: Customer, floor: Floor, but: str | None = None
    ) -> None:
        """`but` is the channel whose ticket is about to change anyway."""
        body = encode(customer)
        row = upsert(unit.conn, t.customers).values(id=customer.id, body=body)
        await unit.conn.execute(row.on_conflict_do_update(index_elements=["id"], set_={"body": body}))
        line = encode(CustomerChanged(customer=customer))
        unit.tell(line, CORE)
        ref = ref_of(customer)
        for helper in await _helpers_with(unit.conn, t.tickets.c.customer == customer.id):
            unit.tell(line, PERSON, helper)
        for held in await _tickets(unit.conn, t.tickets.c.customer == customer.id):
            if held.ticket.channel != but:
                await self._recast(unit, held, ref, held.ticket.high_value, floor)

    async def put_orders(self, bodies: dict[str, bytes]) -> None:
        """Keep orders as their channel says they are; `bodies` are checked JSON by number."""

        async def write(conn: AsyncConnection) -> None:
            unit = UnitOfWork(conn, now())
            floor = await floor_of(conn)
            for number in sorted(bodies):
                if await find_order_body(conn, number) != bodies[number]:
                    await self._keep_order(unit, number, bodies[number], floor)
            await unit.close()

        await self._context.database.write(write)
        self._context.committed()

    async def _keep_order(self, unit: UnitOfWork, number: str, body: bytes, floor: Floor) -> None:
        order = msgspec.json.decode(body, type=Order)
        values = {"customer": order.customer, "body": body}
        row = upsert(unit.conn, t.orders).values(number=number, **values)
        await unit.conn.execute(row.on_conflict_do_update(index_elements=["number"], set_=values))
        line = event_line("order-changed", "order", body)
        unit.tell(line, CORE)
        names_it = t.tickets.c.order_number == number
        for helper in await _helpers_with(unit.conn, names_it):
            unit.tell(line, PERSON, helper)
        high = is_high_value(order, self._context.policy)
        for held in await _tickets(unit.conn, names_it):
            await self._recast(unit, held, held.ticket.customer, high, floor)

    async def _recast(
        self, unit: UnitOfWork, held: Held, customer: CustomerRef, high_value: bool, floor: Floor
    ) -> None:
        at = Moment(unit.at, floor, self._context.policy)
        after = recast(held.ticket, customer, high_value, at)
        if after is not held.ticket:
            then = await unit.change_ticket(held, after, floor, None)
            await watch(unit, held.ticket, then, floor, self._context.policy)


async def _find_customer(conn: AsyncConnection, id: str) -> Customer | None:
    query = select(t.customers.c.body).where(t.customers.c.id == id)
    body = await conn.scalar(query.with_for_update())
    return None if body is None else msgspec.json.decode(body, type=Customer)


async def _helpers_with(conn: AsyncConnection, where: Any) -> list[str]:
    query = (
        select(t.people.c.id)
        .join(t.tickets, t.tickets.c.assignee == t.people.c.id)
        .where(where, t.people.c.role == Role.HELPER.value)
    )
    return list((await conn.scalars(query.distinct())).all())


async def _tickets(conn: AsyncConnection, where: Any) -> list[Held]:
    """Tickets not closed that fit, locked, in one order everywhere."""
    tickets = t.tickets.c
    query = select(tickets.body, tickets.guard, tickets.touched)
    query = query.where(where, tickets.status != Status.CLOSED.value).order_by(tickets.id)
    return [Held.of(row) for row in await conn.execute(query.with_for_update())]
