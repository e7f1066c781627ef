"""What is said while no customer is there: connecting, offline, waiting, on a break, finished."""

from agent_tui.desk import Desk, Link
from agent_tui.domain.models import Availability
from agent_tui.i18n import counted, texts


def rest_words(desk: Desk, is_finished: bool, after: tuple[str, str] | None = None) -> tuple[str, str]:
    """What is, and what to do next; `after` stands in place of waiting where nobody comes any more."""
    words = texts().helper
    rest = words.rest
    if is_finished:
        return rest["finished"], rest["finished_next"]
    link = desk.connection.state.link
    if link is Link.AUTH_EXPIRED:
        return texts().notice.expired, texts().notice.expired_next
    if not desk.tickets.is_loaded:
        key = "offline" if link is Link.OFFLINE else "connecting"
        return rest[key], rest[f"{key}_next"]
    if desk.team.me.availability is Availability.OFFLINE:
        return rest["finished"], rest["finished_next"]
    if desk.team.me.availability is Availability.BREAK:
        return rest["break"], rest["break_next"]
    if link is Link.OFFLINE:
        return rest["offline"], rest["offline_next"]
    return after or (rest["waiting"], counted(rest["waiting_next"], desk.team.me.replies))
