"""The customer on the helper's screen, read from the desk."""

from agent_tui.desk import Desk, Shown
from agent_tui.domain.models import Order
from agent_tui.knowledge.recommend.situation import Situation, situation_of
from agent_tui.knowledge.recommend.usage_log import Said
from agent_tui.tui.palette.learning import said_in


def shown_of(desk: Desk, ticket: str | None) -> tuple[Shown, ...]:
    """What was said on `ticket`, as far as it is here."""
    return desk.conversations.get(ticket).shown if ticket else ()


def said_on(desk: Desk, ticket: str | None) -> tuple[Said, ...]:
    """What customer and shop said on `ticket`, as advice reads it."""
    return said_in(shown_of(desk, ticket))


def situation_on(desk: Desk, ticket: str | None) -> Situation:
    """What is to be answered on `ticket`."""
    known = (desk.tickets.detail(ticket) or desk.tickets.get(ticket)) if ticket else None
    return situation_of(known, said_on(desk, ticket), desk.team.floor)


def order_of(desk: Desk, ticket: str | None) -> Order | None:
    """The order that `ticket` is about."""
    detail = desk.tickets.detail(ticket) if ticket else None
    return detail.order_detail if detail else None


def category_of(desk: Desk, ticket: str | None) -> str:
    """What `ticket` is about; empty for none."""
    row = desk.queue.row(ticket) if ticket else None
    return row.category.value if row else ""
