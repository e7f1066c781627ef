"""What channels bring in: customers' messages by signature, customers and orders by token."""

import hmac
import re
import time
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
from agent_tui.server.house import House
from agent_tui.server.intake.arrivals import arrival, find_order_body
from agent_tui.server.intake.forms import CustomerRow, MessageIn, NamedCustomer, known_parts
from agent_tui.server.intake.watch import watch
from agent_tui.server.problems import Stop
from agent_tui.server.store import tables as t
from agent_tui.server.store.files import link_files
from agent_tui.server.store.writing import CORE, PERSON, Entry, Held, event_line, floor_of, hold, now, upsert
from agent_tui.wire import Taken, encode

WINDOW = 300
_TRIES = 5


async def find_channel(house: House, name: str) -> Any:
    """A channel's row; 404 when there is none."""
    async with house.database.reading() as conn:
        row = (await conn.execute(select(t.channels).where(t.channels.c.name == name))).first()
    if row is None:
        raise Stop(404, "unknown-channel")
    return row


def check_signature(secret: str, headers: Any, data: bytes) -> str:
    """The `webhook-id` of a body that the channel signed within the last five minutes, else 401."""
    id, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not id or not re.fullmatch(r"[0-9]{1,12}", at) or abs(time.time() - int(at)) > WINDOW:
        raise Stop(401, "bad-signature")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Stop(401, "bad-signature") from error
    wanted = Webhook(secret).sign(id, datetime.fromtimestamp(int(at), UTC), text)
    given = headers.get("webhook-signature", "").split(" ")
    if not any(hmac.compare_digest(wanted.encode(), one.encode("utf-8", "replace")) for one in given):
        raise Stop(401, "bad-signature")
    return str(id)


class Ingress:
    """Takes in what channels bring; each body is one transaction, so a repeat finds all of it or nothing."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def take(self, channel: str, body: MessageIn) -> Taken:
        """Put a customer's message into their conversation; the same id again changes nothing."""
        parts = known_parts(body.parts, "parts")
        body = replace(body, parts=parts)
        for left in reversed(range(_TRIES)):
            try:
                taken, told = await self._house.database.write(lambda conn: self._take(conn, channel, body))
            except IntegrityError:
                # Another first message of this customer opened the ticket: now there is one.
                if not left:
                    raise
                continue
            if told:
                self._house.committed()
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
        entry = Entry(conn, now())
        floor = await floor_of(conn)
        customer = await self._meet(entry, body.customer, floor, channel)
        taken = await self._converse(entry, channel, body, customer, floor)
        await conn.execute(update(t.inbound).where(this).values(ticket=taken.ticket, message=taken.message))
        await entry.close()
        return taken, True

    async def _converse(
        self, entry: Entry, channel: str, body: MessageIn, customer: CustomerRef, floor: Floor
    ) -> Taken:
        tickets = t.tickets.c
        where = (
            tickets.channel == channel,
            tickets.customer == customer.id,
            tickets.status != Status.CLOSED.value,
        )
        held = await hold(entry.conn, *where)
        ticket_id = held.ticket.id if held else str(ULID())
        message = customer_message(str(ULID()), ticket_id, customer, body.parts, entry.at)
        policy = self._house.policy
        known = held.ticket if held else None
        what = await arrival(entry.conn, known, message, customer, body.order, policy)
        if held is None:
            number = await entry.next_number()
            after = open_ticket(ticket_id, number, channel, what, floor, policy)
        else:
            after = receive(held.ticket, what, entry.at, floor, policy)
        if held is None:
            await entry.add_ticket(after, floor)
        await entry.add_message(await link_files(entry.conn, message, f"channel:{channel}"), after)
        if held is not None:
            then = await entry.change_ticket(held, after, floor, ("messages",))
            await watch(entry, held.ticket, then, floor, policy, message)
        return Taken(ticket=ticket_id, message=message.id)

    async def _meet(self, entry: Entry, named: NamedCustomer, floor: Floor, channel: str) -> CustomerRef:
        """Take over the name and tier that a message gives, as a PUT would."""
        known = await _find_customer(entry.conn, named.id)
        name = None if named.name is UNSET else named.name
        tier = None if named.tier is UNSET else named.tier
        after = introduced(known, named.id, name, tier)
        if after != known:
            await self._keep_customer(entry, after, floor, channel)
        return ref_of(after)

    async def put_customers(self, rows: tuple[CustomerRow, ...]) -> None:
        """Keep customers as their channel says they are."""

        async def write(conn: AsyncConnection) -> None:
            entry = Entry(conn, now())
            floor = await floor_of(conn)
            # In one order everywhere, so that two batches cannot wait for each other.
            for row in sorted(rows, key=lambda row: row.id):
                customer = Customer(**asdict(row))
                if await _find_customer(conn, row.id) != customer:
                    await self._keep_customer(entry, customer, floor)
            await entry.close()

        await self._house.database.write(write)
        self._house.committed()

    async def _keep_customer(
        self, entry: Entry, customer: Customer, floor: Floor, but: str | None = None
    ) -> None:
        """`but` is the channel whose ticket is about to change anyway."""
        body = encode(customer)
        row = upsert(entry.conn, t.customers).values(id=customer.id, body=body)
        await entry.conn.execute(row.on_conflict_do_update(index_elements=["id"], set_={"body": body}))
        line = encode(CustomerChanged(customer=customer))
        entry.tell(line, CORE)
        ref = ref_of(customer)
        for helper in await _helpers_with(entry.conn, t.tickets.c.customer == customer.id):
            entry.tell(line, PERSON, helper)
        for held in await _tickets(entry.conn, t.tickets.c.customer == customer.id):
            if held.ticket.channel != but:
                await self._recast(entry, held, ref, held.ticket.high_value, floor)

    async def put_orders(self, bodies: dict[str, bytes]) -> None:
        """Keep orders as their channel says they are; `bodies` are checked JSON by number."""

        async def write(conn: AsyncConnection) -> None:
            entry = Entry(conn, now())
            floor = await floor_of(conn)
            for number in sorted(bodies):
                if await find_order_body(conn, number) != bodies[number]:
                    await self._keep_order(entry, number, bodies[number], floor)
            await entry.close()

        await self._house.database.write(write)
        self._house.committed()

    async def _keep_order(self, entry: Entry, number: str, body: bytes, floor: Floor) -> None:
        order = msgspec.json.decode(body, type=Order)
        values = {"customer": order.customer, "body": body}
        row = upsert(entry.conn, t.orders).values(number=number, **values)
        await entry.conn.execute(row.on_conflict_do_update(index_elements=["number"], set_=values))
        line = event_line("order-changed", "order", body)
        entry.tell(line, CORE)
        names_it = t.tickets.c.order_number == number
        for helper in await _helpers_with(entry.conn, names_it):
            entry.tell(line, PERSON, helper)
        high = is_high_value(order, self._house.policy)
        for held in await _tickets(entry.conn, names_it):
            await self._recast(entry, held, held.ticket.customer, high, floor)

    async def _recast(
        self, entry: Entry, held: Held, customer: CustomerRef, high_value: bool, floor: Floor
    ) -> None:
        after = recast(held.ticket, customer, high_value, entry.at, floor, self._house.policy)
        if after is not held.ticket:
            then = await entry.change_ticket(held, after, floor, None)
            await watch(entry, held.ticket, then, floor, self._house.policy)


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
