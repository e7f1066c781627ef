"""A ticket's status, and putting it away for a while."""

from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from agent_tui.domain.calls import without_calls
from agent_tui.domain.commands.base import TicketCommand, Version
from agent_tui.domain.models import Status, Ticket
from agent_tui.domain.roles import STAFF
from agent_tui.domain.ruling import Refused, Ruling, Scene, returned, with_event
from agent_tui.domain.urgency import SETTLED, promise_on_status


class SetStatus(TicketCommand, frozen=True, kw_only=True):
    """Change a ticket's status, based on the version the sender saw."""

    status: Status
    version: Version

    roles = STAFF

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """Any status may follow any other but `closed`."""
        after = promise_on_status(ticket, self.status, scene.now, scene.policy)
        danger = None if self.status in SETTLED else ticket.danger
        after = replace(after, status=self.status, snoozed_until=None, danger=danger)
        # Nothing follows `closed`: what awaits could never be approved any more.
        is_last = self.status is Status.CLOSED
        after, back = (without_calls(after), returned(scene.awaiting)) if is_last else (after, ())
        values = {"from": ticket.status.value, "to": self.status.value}
        return with_event(self.id, after, scene, "status-changed", values, "", *back)


class Snooze(TicketCommand, frozen=True, kw_only=True):
    """Put a ticket away until a moment; a customer's message wakes it earlier."""

    version: Version
    until: Annotated[datetime, Meta(tz=True)]

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """The moment must lie in the future."""
        if self.until <= scene.now:
            return Refused("not-in-future")
        until = self.until.astimezone(UTC)
        after = replace(ticket, snoozed_until=until)
        return with_event(self.id, after, scene, "snoozed", {"until": until.isoformat()})
