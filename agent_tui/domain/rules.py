"""The one rule set: `decide` rules on a command, `apply` folds an event; all its readers share them."""

from datetime import UTC, datetime
from typing import Protocol, assert_never

from msgspec.structs import replace

from agent_tui.domain.approval import awaiting, may_write, needs_approval, spelled_out
from agent_tui.domain.commands import (
    AddNote,
    Claim,
    ClaimNext,
    Command,
    Finish,
    LetWrite,
    Pair,
    Recall,
    SendDrillResult,
    SendReply,
    SetAvailability,
    SetEmergency,
    SetPhase,
    SetStatus,
    Snooze,
    Transfer,
)
from agent_tui.domain.events import (
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
from agent_tui.domain.helping import HELPER_DEEDS, HelpingDeed, decide_helping
from agent_tui.domain.models import (
    Availability,
    Customer,
    Floor,
    HelpCall,
    Message,
    MessageKind,
    MessageState,
    Order,
    Role,
    Seat,
    Status,
    Ticket,
)
from agent_tui.domain.ruling import (
    Applied,
    Conflict,
    Refused,
    Ruling,
    Scene,
    applied,
    event_message,
    last_of,
    message_of,
    person_of,
    with_event,
)
from agent_tui.domain.urgency import promise_on_reply, promise_on_status

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

CORE = frozenset({Role.AGENT, Role.LEAD, Role.ADMIN})
LEADING = frozenset({Role.LEAD, Role.ADMIN})
FloorDeed = SetAvailability | SetPhase | SetEmergency | Finish | Pair | LetWrite | SendDrillResult
HELPER_MAY = (SendReply, SetStatus, SetAvailability, Finish, SendDrillResult, *HELPER_DEEDS)


def decide(command: Command, scene: Scene) -> Ruling:
    """Rule on `command` in `scene`. Pure: the same scene gives the same ruling everywhere."""
    if isinstance(command, FloorDeed):
        return _decide_floor(command, scene)
    if scene.actor.role not in CORE and not isinstance(command, HELPER_MAY):
        return Refused("not-allowed")
    if isinstance(command, ClaimNext):
        return _claim_next(command, scene)
    ticket = scene.ticket
    if ticket is None or not may_see(scene.actor, ticket):
        return Refused("unknown-ticket")
    if ticket.status is Status.CLOSED:
        return Refused("ticket-closed")
    version = getattr(command, "version", None)
    if version is not None and not scene.guard <= version <= ticket.version:
        return Conflict(scene.changed or ("version",))
    return _decide_ticket(command, ticket, scene)


def may_see(seat: Seat, ticket: Ticket) -> bool:
    """Whether `seat` may read `ticket`: helpers see what is assigned to them, nothing else."""
    if seat.role in CORE:
        return True
    return seat.role is Role.HELPER and ticket.assignee is not None and ticket.assignee.id == seat.id


def _decide_floor(command: FloorDeed, scene: Scene) -> Ruling:
    actor = scene.actor
    match command:
        case SetAvailability() if actor.role is not Role.CHANNEL:
            return Applied((SeatChanged(seat=replace(actor, availability=command.availability)),))
        case Finish() if actor.role is Role.HELPER:
            gone = replace(actor, availability=Availability.OFFLINE, load=0)
            return Applied((SeatChanged(seat=gone),))
        case SendDrillResult() if actor.role is Role.HELPER:
            return Applied((_drill(command, actor),))
        case SetPhase() if actor.role in LEADING:
            return Applied((FloorChanged(floor=replace(scene.floor, phase=command.phase)),))
        case SetEmergency() if actor.role in LEADING:
            return Applied((FloorChanged(floor=replace(scene.floor, level=command.level)),))
        case Pair() if actor.role in LEADING:
            return _pair(command, scene)
        case LetWrite() if actor.role in LEADING:
            return _let_write(command, scene)
        case _:
            return Refused("not-allowed")


def _drill(command: SendDrillResult, actor: Seat) -> DrillReported:
    return DrillReported(
        helper=person_of(actor),
        pack=command.pack,
        right=command.right,
        total=command.total,
        seconds=command.seconds,
    )


def _pair(command: Pair, scene: Scene) -> Ruling:
    if scene.target is None or scene.target.role is not Role.HELPER:
        return Refused("unknown-person")
    if command.buddy is None:
        return Applied((SeatChanged(seat=replace(scene.target, buddy=None)),))
    if scene.buddy is None or scene.buddy.role not in CORE:
        return Refused("unknown-person")
    return Applied((SeatChanged(seat=replace(scene.target, buddy=person_of(scene.buddy))),))


def _let_write(command: LetWrite, scene: Scene) -> Ruling:
    if scene.target is None or scene.target.role is not Role.HELPER:
        return Refused("unknown-person")
    return Applied((SeatChanged(seat=replace(scene.target, free_text=command.allowed)),))


def _decide_ticket(
    command: SendReply | AddNote | SetStatus | Claim | Transfer | Snooze | Recall | HelpingDeed,
    ticket: Ticket,
    scene: Scene,
) -> Ruling:
    match command:
        case SendReply():
            return _reply(command, ticket, scene)
        case AddNote():
            return _note(command, ticket, scene)
        case SetStatus():
            return _set_status(command, ticket, scene)
        case Claim():
            return _claim(command, ticket, scene)
        case Transfer():
            return _transfer(command, ticket, scene)
        case Snooze():
            return _snooze(command, ticket, scene)
        case Recall():
            return _recall(command, ticket, scene)
        case _:
            return decide_helping(command, ticket, scene)


def can_take(seat: Seat) -> Refused | None:
    """Why `seat` cannot be given another ticket now, or None when it can."""
    if seat.availability is not Availability.ONLINE:
        return Refused("not-online")
    if seat.capacity is not None and seat.load >= seat.capacity:
        return Refused("at-capacity")
    return None


def is_waiting(ticket: Ticket, now: datetime) -> bool:
    """Whether `ticket` is in the queue: nobody's, not put away, and not settled."""
    awake = ticket.snoozed_until is None or ticket.snoozed_until <= now
    return ticket.assignee is None and ticket.status in (Status.NEW, Status.OPEN) and awake


def _claim_next(command: ClaimNext, scene: Scene) -> Ruling:
    cannot = can_take(scene.actor)
    if cannot is not None:
        return cannot
    if scene.ticket is None:
        return Refused("nothing-waits")
    return _taken(command.id, scene.ticket, scene)


def _claim(command: Claim, ticket: Ticket, scene: Scene) -> Ruling:
    if ticket.assignee is not None and ticket.assignee.id != scene.actor.id:
        return Refused("already-assigned", ticket.assignee.name)
    return _taken(command.id, ticket, scene)


def _taken(id: str, ticket: Ticket, scene: Scene) -> Applied:
    status = Status.OPEN if ticket.status is Status.NEW else ticket.status
    me = person_of(scene.actor)
    after = replace(ticket, assignee=me, status=status, snoozed_until=None)
    return with_event(id, after, scene, "claimed", {"by": me.name})


def _reply(command: SendReply, ticket: Ticket, scene: Scene) -> Ruling:
    if not may_write(command, scene):
        return Refused("free-text")
    if needs_approval(command, ticket, scene):
        return awaiting(command, ticket, scene)
    parts = spelled_out(command, scene)
    message = message_of(command.id, ticket, scene, MessageKind.REPLY, MessageState.SENT, parts)
    answered = promise_on_reply(ticket, scene.now)
    reopened = ticket.status in (Status.NEW, Status.SOLVED)
    after = replace(
        answered,
        assignee=ticket.assignee or person_of(scene.actor),
        status=Status.OPEN if reopened else ticket.status,
        last_message=last_of(message),
        unread=0,
        waiting_since=None,
        snoozed_until=None,
        help=_still_called(ticket, scene),
    )
    return applied(after, message, scene)


def _still_called(ticket: Ticket, scene: Scene) -> HelpCall | None:
    """An answer ends a call for help; an emergency card calls until somebody else has come, since the safety
    words the helper sends promise just that."""
    call = ticket.help
    return call if call is not None and call.reason == "card" and call.by.id == scene.actor.id else None


def _note(command: AddNote, ticket: Ticket, scene: Scene) -> Ruling:
    message = message_of(command.id, ticket, scene, MessageKind.NOTE, MessageState.KEPT, command.parts)
    return applied(ticket, message, scene)


def _set_status(command: SetStatus, ticket: Ticket, scene: Scene) -> Ruling:
    after = promise_on_status(ticket, command.status, scene.now, scene.policy)
    after = replace(after, status=command.status, snoozed_until=None)
    values = {"from": ticket.status.value, "to": command.status.value}
    return with_event(command.id, after, scene, "status-changed", values)


def _transfer(command: Transfer, ticket: Ticket, scene: Scene) -> Ruling:
    assignee = None
    if command.assignee is not None:
        if scene.target is None or scene.target.role is Role.CHANNEL:
            return Refused("unknown-person")
        cannot = None if scene.actor.role in LEADING else can_take(scene.target)
        if cannot is not None and scene.target.id != scene.actor.id:
            return cannot
        assignee = person_of(scene.target)
    after = replace(ticket, assignee=assignee, team=command.team or ticket.team, snoozed_until=None)
    values = {"to": assignee.name if assignee else command.team or ""}
    return with_event(command.id, after, scene, "transferred", values, command.reason)


def _snooze(command: Snooze, ticket: Ticket, scene: Scene) -> Ruling:
    if command.until <= scene.now:
        return Refused("not-in-future")
    until = command.until.astimezone(UTC)
    after = replace(ticket, snoozed_until=until)
    return with_event(command.id, after, scene, "snoozed", {"until": until.isoformat()})


def _recall(command: Recall, ticket: Ticket, scene: Scene) -> Ruling:
    message = scene.message
    if message is None or message.ticket != ticket.id:
        return Refused("unknown-message")
    own = message.author.kind == "agent" and message.author.id == scene.actor.id
    if not own or message.kind not in (MessageKind.REPLY, MessageKind.NOTE):
        return Refused("not-allowed")
    if message.recalled:
        return Refused("already-recalled")
    recalled = replace(message, recalled=True, parts=())
    last = ticket.last_message
    if last is not None and last.id == message.id:
        # The list must not go on showing words that were taken back.
        ticket = replace(ticket, last_message=last_of(recalled))
    ruling = with_event(command.id, ticket, scene, "recalled", {"message": message.id})
    return Applied((MessageChanged(message=recalled), *ruling.events))


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
        case PackChanged() | DrillReported() | EntryChanged() | ModelChanged():
            """Nothing to fold: packs, entries and weights are fetched, a drill's result is only told."""
        case Gone(ticket=ticket):
            replica.drop_ticket(ticket)
        case _:
            assert_never(event)
