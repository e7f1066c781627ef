"""Roles: who is core staff, who leads, and who may read a ticket."""

from agent_tui.domain.models import Role, Seat, Ticket

LEADING = frozenset({Role.LEAD, Role.ADMIN})
CORE = LEADING | {Role.AGENT}
HELPERS = frozenset({Role.HELPER})
STAFF = CORE | HELPERS


def may_see(seat: Seat, ticket: Ticket) -> bool:
    """Whether `seat` may read `ticket`: helpers see what is assigned to them, nothing else."""
    if seat.role in CORE:
        return True
    return seat.role is Role.HELPER and ticket.assignee is not None and ticket.assignee.id == seat.id
