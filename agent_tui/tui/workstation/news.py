"""What a lead is told as it happens: how a helper's drill went."""

from agent_tui.domain.events import DrillReported, Event
from agent_tui.domain.models import Role
from agent_tui.domain.rules import LEADING
from agent_tui.i18n import texts


def news_of(event: Event | None, role: Role) -> str:
    """What to tell somebody with `role` about `event`; empty when it is nothing to them."""
    if not isinstance(event, DrillReported) or role not in LEADING:
        return ""
    clock = f"{int(event.seconds) // 60}:{int(event.seconds) % 60:02d}"
    return texts().buddy.drilled.format(
        helper=event.helper.name, pack=event.pack, right=event.right, total=event.total, clock=clock
    )
