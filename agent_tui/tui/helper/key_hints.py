"""What the helper's bottom line offers, now and here; the keys are those of the action table."""

from agent_tui.domain.models import Availability
from agent_tui.i18n import texts
from agent_tui.tui.helper.aside import Beside
from agent_tui.tui.helper.items import PackItem
from agent_tui.tui.helper.strips import KeyHint

_AT_WORK = (
    "helper-answer",
    "helper-procedure",
    "helper-ask",
    "helper-cards",
    "helper-leave",
    "helper-hand-over",
    "helper-help",
)
# What goes first where not all keys fit: digits that stand in the list, what is seldom needed, what comes by
# itself. Answering, sending, asking and the help stay.
SPARE_AT_WORK = ("helper-procedure", "helper-leave", "helper-cards", "helper-hand-over")
_AT_REST = ("helper-leave", "helper-help")


def hints_at_work(said: Beside, typed: str, chosen: PackItem | None) -> list[KeyHint]:
    """The bottom line while a customer is there; a draft comes first, then what becomes of a customer who has
    been answered. While words are `typed`, digits are letters."""
    if typed:
        return [*_while_typing(chosen), *_draft(said)]
    keys = _short(_AT_WORK)
    draft = _draft(said)
    return [*draft, *keys] if draft else [keys[0], ("helper-open", texts().helper.do["open"]), *keys[1:]]


def _short(ids: tuple[str, ...]) -> list[KeyHint]:
    return [(id, texts().actions.short[id]) for id in ids]


def _while_typing(chosen: PackItem | None) -> list[KeyHint]:
    do = texts().helper.do
    rows = [("helper-open", do["open"]), ("helper-up helper-down", do["move"])] if chosen is not None else []
    return [*rows, ("helper-clear", do["clear"]), ("helper-ask-anywhere", do["ask"])]


def _draft(said: Beside) -> list[KeyHint]:
    if said.draft is not None:
        return [("helper-draft", texts().helper.do["draft"])]
    return [("helper-draft", texts().helper.do["after"])] if said.answered else []


def hints_at_rest(availability: Availability) -> list[KeyHint]:
    """The bottom line while no customer is there; whoever has finished can only close."""
    if availability is Availability.OFFLINE:
        return [("quit", texts().helper.do["close"])]
    keys = _short(_AT_REST)
    if availability is Availability.BREAK:
        return [("helper-open", texts().helper.do["come_back"]), *keys]
    return keys
