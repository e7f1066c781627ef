"""The door replies leave by: a reply that breaks a rule with the action `refuse` does not go out."""

from datetime import timedelta, timezone
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.models import Customer, Order, Part, Role, Ticket
from agent_tui.domain.rules import Refused
from agent_tui.domain.text import one_line
from agent_tui.errors import BadSettings, reason_of
from agent_tui.knowledge.errors import RulesError
from agent_tui.knowledge.outgoing.rules import Finding, OutgoingContext, Rules
from agent_tui.server.store import tables as t
from agent_tui.server.store.orders import find_order
from agent_tui.server.store.writing import now

_KEPT, _QUOTED = 4096, 40
_LAST_ZONE = timezone(timedelta(hours=-12))


class OutgoingFilter:
    """Holds one team's rules against replies; a harmless text is believed the next time."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._refusing = lru_cache(maxsize=256)(rules.refusing)
        # Most replies come from snippets: the same words for the same channel are not read twice.
        self._suspects = lru_cache(maxsize=_KEPT)(self._finds)
        self._claiming = rules.claiming()
        self._claims = lru_cache(maxsize=_KEPT)(self._claiming.may_claim)
        self._finds("", "", "", "", "")

    @classmethod
    def load(cls, file: Path | None) -> "OutgoingFilter":
        """The rules of `file`, ours without one. Raises BadSettings for a file that cannot be used."""
        try:
            return cls(Rules.load(file) if file is not None else Rules.built_in())
        except OSError as error:
            raise BadSettings("bad-outgoing", file=str(file), reason=reason_of(error)) from error
        except RulesError as error:
            code = "bad-outgoing-condition" if error.code == "condition" else "bad-outgoing"
            place = str(file or "outgoing.toml")
            raise BadSettings(code, file=place, reason=error.code, **error.values) from error

    async def refuse(
        self, conn: AsyncConnection, said: tuple[Part, ...], ticket: Ticket, role: Role
    ) -> Refused | None:
        """Why a reply of these parts must not go out, naming the rule; None when it may.

        What is looked up of the customer and the order only ever excuses, so that it is looked up only for a
        reply that something speaks against.
        """
        texts = [part.text for part in said if part.text]
        known = (ticket.channel, role.value, ticket.customer.name, ticket.order or "")
        suspects = [text for text in texts if self._suspects(text, *known)]
        if not suspects:
            return None
        context = await _context(conn, ticket, role)
        rules = self._refusing(ticket.channel, role.value)
        broken = next((found for text in suspects for found in rules.check(text, context)), None)
        return None if broken is None else Refused("outgoing", broken.rule)

    async def contradiction(
        self,
        conn: AsyncConnection,
        said: tuple[Part, ...],
        ticket: Ticket,
        role: Role,
        confirmed: tuple[str, ...],
    ) -> Refused | None:
        """Why words that the order denies must not go out before the sender has seen it; None when they may.

        The order is looked up only for words that claim something of one.
        """
        claiming = [part.text for part in said if part.text and self._claims(part.text)]
        if not claiming or ticket.order is None:
            return None
        order = await find_order(conn, ticket.order)
        # A day has passed where it has passed for every sender: theirs may begin half a day after ours.
        context = OutgoingContext(
            channel=ticket.channel, role=role.value, order=order, now=now().astimezone(_LAST_ZONE)
        )
        found = [(one, text) for text in claiming for one in self._claiming.check(text, context)]
        if refused := next((one for one, _ in found if one.action == "refuse"), None):
            return Refused("outgoing", refused.rule)
        asked = ((one, text) for one, text in found if one.action == "ask" and one.rule not in confirmed)
        denied = next(asked, None)
        return None if denied is None else Refused("contradicts-order", _place(*denied))

    def _finds(self, text: str, channel: str, role: str, customer: str, order: str) -> bool:
        context = OutgoingContext(
            channel=channel, role=role, customer=customer, numbers=(order,) if order else ()
        )
        return bool(self._refusing(channel, role).check(text, context))


def _place(finding: Finding, text: str) -> str:
    """The rule and the words it is about, for a sender whose own rules may not know it."""
    return f"{finding.rule}: {one_line(text[finding.start : finding.end], _QUOTED)}"


async def _context(conn: AsyncConnection, ticket: Ticket, role: Role) -> OutgoingContext:
    """What the rules may know of the ticket: its own numbers, phone and sums are no findings."""
    body = await conn.scalar(select(t.customers.c.body).where(t.customers.c.id == ticket.customer.id))
    phone = msgspec.json.decode(body, type=Customer).phone if body else None
    body = await conn.scalar(select(t.orders.c.body).where(t.orders.c.number == ticket.order))
    order = msgspec.json.decode(body, type=Order) if body else None
    parcels = tuple(parcel.number for parcel in order.parcels) if order else ()
    amounts = (order.total, order.refund.amount if order.refund else "") if order else ()
    return OutgoingContext(
        channel=ticket.channel,
        role=role.value,
        customer=ticket.customer.name,
        numbers=tuple(filter(None, (ticket.order, *parcels))),
        phones=(phone,) if phone else (),
        amounts=tuple(_plain(amount) for amount in amounts if amount),
    )


def _plain(amount: str) -> str:
    try:
        return f"{Decimal(amount):f}"
    except InvalidOperation:
        return ""
