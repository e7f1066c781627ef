"""What the helper's bottom line offers, now and here; the keys are those of the action table."""

from collections.abc import Sequence

from agent_tui.domain.models import Availability
from agent_tui.i18n import texts
from agent_tui.tui.helper.aside import Beside
from agent_tui.tui.helper.items import ANSWER, PROCEDURE, PackItem
from agent_tui.tui.helper.strips import KeyHint

_AT_WORK = (
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


def hints_at_work(
    said: Beside, typed: str, items: Sequence[PackItem], chosen: PackItem | None
) -> list[KeyHint]:
    """The bottom line while a customer is there; a draft comes first, then what becomes of a customer who has
    been answered. While words are `typed`, digits are letters; otherwise those that open one of `items`."""
    if typed:
        return [*_while_typing(chosen), *_draft(said)]
    answers, procedures = _digits(items, ANSWER), _digits(items, PROCEDURE)
    draft = _draft(said)
    opens = [] if draft else [("helper-open", texts().helper.do["open"])]
    numbered = [*_numbered("helper-answer", answers), *opens, *_numbered("helper-procedure", procedures)]
    return [*draft, *numbered, *_short(_AT_WORK)]


def _digits(items: Sequence[PackItem], kind: str) -> int:
    return sum(bool(one.digit) for one in items if one.kind == kind)


def _numbered(id: str, count: int) -> list[KeyHint]:
    return [(f"{id}:{count}", texts().actions.short[id])] if count else []


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
    if availability is Availability.BREAK:
        return [("helper-open", texts().helper.do["come_back"]), *_short(("helper-help",))]
    return _short(_AT_REST)
