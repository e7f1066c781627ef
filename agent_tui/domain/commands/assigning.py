"""Assignment: claiming a ticket, claiming the next one, transferring one."""

from msgspec.structs import replace

from agent_tui.domain.assignment import can_take
from agent_tui.domain.calls import without_calls
from agent_tui.domain.commands.base import BaseCommand, Named, Need, Reason, TicketCommand, Version
from agent_tui.domain.models import Id, Part, Role, Status, Ticket
from agent_tui.domain.roles import LEADING
from agent_tui.domain.ruling import Applied, Refused, Ruling, Scene, person_of, returned, with_event

# What a customer's message alone changes: the words, and what is read from them.
_ONLY_WORDS = frozenset(
    {"messages", "mood", "category", "class", "priority", "customer", "order", "high_value"}
)


class Claim(TicketCommand, frozen=True, kw_only=True):
    """Take a waiting ticket; that its customer wrote on is no reason not to."""

    version: Version

    tolerates = _ONLY_WORDS

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """Nobody's ticket or one's own."""
        if ticket.assignee is not None and ticket.assignee.id != scene.actor.id:
            return Refused("already-assigned", ticket.assignee.name)
        return _taken(self.id, ticket, scene)


class ClaimNext(BaseCommand, frozen=True, kw_only=True):
    """Take the most urgent waiting ticket; the outcome names it."""

    needs = frozenset({Need.LOAD, Need.QUEUE})

    def rule(self, scene: Scene) -> Ruling:
        """For a seat that is online and has room."""
        cannot = can_take(scene.actor)
        if cannot is not None:
            return cannot
        if scene.ticket is None:
            return Refused("nothing-waits")
        return _taken(self.id, scene.ticket, scene)


def _taken(id: str, ticket: Ticket, scene: Scene) -> Applied:
    status = Status.OPEN if ticket.status is Status.NEW else ticket.status
    me = person_of(scene.actor)
    after = replace(ticket, assignee=me, status=status, snoozed_until=None)
    return with_event(id, after, scene, "claimed", {"by": me.name})


class Transfer(TicketCommand, frozen=True, kw_only=True, omit_defaults=True):
    """Give a ticket to a person or a team, with the reason."""

    version: Version
    reason: Reason
    assignee: Id | None = None
    team: Id | None = None

    def __post_init__(self) -> None:
        if self.assignee is None and self.team is None:
            raise ValueError("name an assignee or a team")

    @property
    def words(self) -> tuple[Part, ...]:
        """The reason."""
        return (Part(type="text", text=self.reason),)

    def names(self, ticket: Ticket | None) -> Named:
        """The person it is given to."""
        return Named(target=self.assignee)

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """To somebody who is offline or full only a lead gives."""
        assignee = None
        if self.assignee is not None:
            if scene.target is None or scene.target.role is Role.CHANNEL:
                return Refused("unknown-person")
            cannot = None if scene.actor.role in LEADING else can_take(scene.target)
            if cannot is not None and scene.target.id != scene.actor.id:
                return cannot
            assignee = person_of(scene.target)
        stays = assignee is not None and ticket.assignee is not None and assignee.id == ticket.assignee.id
        left, back = (ticket, ()) if stays else (without_calls(ticket), returned(scene.awaiting))
        after = replace(left, assignee=assignee, team=self.team or ticket.team, snoozed_until=None)
        values = {"to": assignee.name if assignee else self.team or ""}
        return with_event(self.id, after, scene, "transferred", values, self.reason, *back)
