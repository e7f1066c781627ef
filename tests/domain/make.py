"""Small makers of domain facts for tests: everything has a default, a test names what matters to it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from agent_tui.domain.intake import Arrival, open_ticket
from agent_tui.domain.models import (
    Author,
    CustomerRef,
    Floor,
    Message,
    MessageKind,
    MessageState,
    Part,
    Person,
    Role,
    Seat,
    Ticket,
    Tier,
)
from agent_tui.domain.policy import Policy
from agent_tui.domain.rules import Scene

NOON = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
IDS = (f"01HZ{n:022d}" for n in range(10_000))


def after(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def seat(name: str = "林", role: Role = Role.AGENT, **more: Any) -> Seat:
    """A person at work."""
    return Seat(id=f"p-{name}", name=name, role=role, **more)


def said(text: str, at: datetime = NOON, name: str = "王敏") -> Message:
    """A customer's message."""
    return Message(
        id=next(IDS),
        ticket="t1",
        kind=MessageKind.CUSTOMER,
        author=Author(kind="customer", id="c1", name=name),
        parts=(Part(type="text", text=text),),
        at=at,
        state=MessageState.RECEIVED,
    )


def ticket(
    text: str = "我的快递到哪了",
    tier: Tier = Tier.REGULAR,
    floor: Floor | None = None,
    owner: Seat | None = None,
    **more: Any,
) -> Ticket:
    """A ticket that a customer has just opened with `text`."""
    arrival = Arrival(message=said(text), customer=CustomerRef(id="c1", name="王敏", tier=tier), said=[text])
    made = open_ticket("t1", 1, "web", arrival, floor or Floor(), Policy())
    person = Person(id=owner.id, name=owner.name) if owner else None
    return replace(made, assignee=person, **more)


def scene(actor: Seat | None = None, about: Ticket | None = None, seconds: float = 30, **more: Any) -> Scene:
    """What a command is decided on, half a minute after noon."""
    return Scene(actor=actor or seat(), ticket=about, now=after(seconds), **more)
