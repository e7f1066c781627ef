"""Presence over a line to a helpdesk in memory: what one person looks at and writes."""

from agent_tui.backends.memory.line import MemoryLine
from agent_tui.domain.models import Role, Seat, Ticket
from agent_tui.domain.presence import Around


class MemoryPresence:
    """Tells the other lines of the World."""

    def __init__(self, line: MemoryLine) -> None:
        self._line = line

    async def look(self, ticket: str | None, draft: str, *, writing: bool) -> None:
        """Say that one looks at `ticket` and writes there."""
        line = self._line
        await line.reach()
        held, around = None, Around()
        if ticket is not None:
            held = await line.visible(ticket)
            around = around_of(held, line.world.seats.get(held.assignee.id) if held.assignee else None)
        line.world.presence.look(line.device, line.seat, held, around, draft, writing)


def around_of(ticket: Ticket, owner: Seat | None) -> Around:
    """What decides who may know of presence at `ticket`, which `owner` has."""
    is_helpers = owner is not None and owner.role is Role.HELPER
    call = ticket.help
    return Around(
        helper=owner.id if owner is not None and is_helpers else "",
        buddy=owner.buddy.id if owner is not None and is_helpers and owner.buddy else "",
        stage=call.stage if call else "",
        called=call.to.id if call and call.to else "",
    )
