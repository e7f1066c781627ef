"""The one rule set: `decide` rules on a command, `apply` folds an event; all its readers share them."""

from typing import Protocol, assert_never

from agent_tui.domain.assignment import can_take, is_waiting
from agent_tui.domain.commands import BaseCommand
from agent_tui.domain.events import (
    ContentPublished,
    CustomerChanged,
    DrillReported,
    EntryChanged,
    Event,
    FloorChanged,
    Gone,
    MessageAdded,
    MessageChanged,
    ModelChanged,
    OrderChanged,
    PackChanged,
    SeatChanged,
    TicketChanged,
)
from agent_tui.domain.models import Customer, Floor, Message, Order, Seat, Ticket
from agent_tui.domain.roles import CORE, LEADING, may_see
from agent_tui.domain.ruling import Applied, Conflict, Refused, Ruling, Scene, event_message, last_of

__all__ = [
    "CORE",
    "LEADING",
    "Applied",
    "Conflict",
    "Refused",
    "Replica",
    "Ruling",
    "Scene",
    "apply",
    "can_take",
    "decide",
    "event_message",
    "is_waiting",
    "last_of",
    "may_see",
]


def decide(command: BaseCommand, scene: Scene) -> Ruling:
    """Rule on `command` in `scene`. Pure: the same scene gives the same ruling everywhere."""
    if scene.actor.role not in command.roles:
        return Refused("not-allowed")
    return command.rule(scene)


class Replica(Protocol):
    """Where events are folded: the memory backend, the client's store, a test."""

    def put_ticket(self, ticket: Ticket) -> None:
        """Keep `ticket` as it is now."""

    def put_message(self, message: Message) -> None:
        """Keep `message`, new or changed, at its place by time."""

    def put_customer(self, customer: Customer) -> None:
        """Keep `customer` as they are now."""

    def put_order(self, order: Order) -> None:
        """Keep `order` as it is now."""

    def put_seat(self, seat: Seat) -> None:
        """Keep `seat` as it is now."""

    def put_floor(self, floor: Floor) -> None:
        """Keep the state of the floor."""

    def drop_ticket(self, ticket: str) -> None:
        """Forget a ticket and its messages."""


def apply(event: Event, replica: Replica) -> None:
    """Fold `event` into `replica`; folding the same event again changes nothing."""
    match event:
        case TicketChanged(ticket=ticket):
            replica.put_ticket(ticket)
        case MessageAdded(message=message) | MessageChanged(message=message):
            replica.put_message(message)
        case CustomerChanged(customer=customer):
            replica.put_customer(customer)
        case OrderChanged(order=order):
            replica.put_order(order)
        case SeatChanged(seat=seat):
            replica.put_seat(seat)
        case FloorChanged(floor=floor):
            replica.put_floor(floor)
        case PackChanged() | DrillReported() | EntryChanged() | ModelChanged() | ContentPublished():
            """Nothing to fold: knowledge is fetched, a drill's result is only told."""
        case Gone(ticket=ticket):
            replica.drop_ticket(ticket)
        case _:
            assert_never(event)
