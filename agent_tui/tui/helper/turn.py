"""Whose turn it is: the one customer on the screen, kept until they are settled, wait, or go elsewhere."""

from agent_tui.desk import Desk
from agent_tui.domain.models import Availability, Status
from agent_tui.domain.views import View

_AT_WORK = frozenset({Availability.ONLINE, Availability.BUSY})
_OPEN = frozenset({Status.NEW, Status.OPEN})


def next_customer(desk: Desk, here: str | None) -> str | None:
    """The customer to show: whoever is here while they need something, else the most urgent of one's own.

    Nobody while one is away: the server gives them back to the queue.
    """
    if desk.team.me.availability not in _AT_WORK:
        return None
    mine = [
        id
        for id in desk.queue.ids(View.MINE)
        if (row := desk.queue.row(id)) is not None and row.status in _OPEN
    ]
    if here in mine:
        return here
    return mine[0] if mine else None
