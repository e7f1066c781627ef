"""The table of what a helper can do: keys, bottom line and help all come from its rows."""

from collections.abc import Iterable

from msgspec import Struct
from textual.binding import Binding

from agent_tui.domain.models import Availability
from agent_tui.i18n import texts
from agent_tui.tui.helper.aside import Beside
from agent_tui.tui.helper.items import Item


class Deed(Struct, frozen=True, kw_only=True):
    """A row: `shown` is how its key is written, `keys` are bound to `action_<handler>`, `in_line` puts it on
    the bottom line while a customer is there, `at_rest` while none is."""

    id: str
    shown: str
    keys: str
    handler: str
    in_line: bool = False
    at_rest: bool = False

    @property
    def short(self) -> str:
        """For the bottom line."""
        return texts().helper.short[self.id]

    @property
    def name(self) -> str:
        """For the help."""
        return texts().helper.names[self.id]


DEEDS: tuple[Deed, ...] = (
    Deed(id="answer", shown="1-3", keys="1,2,3", handler="digit", in_line=True),
    Deed(id="procedure", shown="4-6", keys="4,5,6", handler="digit", in_line=True),
    Deed(id="ask", shown="0", keys="0", handler="digit", in_line=True),
    Deed(id="cards", shown="7", keys="7", handler="digit", in_line=True),
    Deed(id="leave", shown="8", keys="8", handler="digit", in_line=True, at_rest=True),
    Deed(id="hand-over", shown="9", keys="9", handler="digit", in_line=True),
    Deed(id="help", shown="?", keys="question_mark", handler="help", in_line=True, at_rest=True),
    Deed(id="choose", shown="↑↓ Enter", keys="enter", handler="open"),
    Deed(id="draft", shown="Tab", keys="tab", handler="draft"),
    Deed(id="ask-anywhere", shown="Ctrl+R F1", keys="ctrl+r,f1", handler="ask"),
    Deed(id="read", shown="PgUp PgDn", keys="pageup,pagedown", handler="read"),
    Deed(id="clear", shown="Esc", keys="escape", handler="clear"),
    Deed(id="quit", shown="Ctrl+Q", keys="ctrl+q", handler="quit"),
)  # fmt: skip
DIGITS = frozenset(key for deed in DEEDS if deed.handler == "digit" for key in deed.keys.split(","))
_NUMBERED = frozenset({"digit", "read"})


def bindings(deeds: Iterable[Deed] = DEEDS) -> Iterable[Binding]:
    """Textual's bindings; Ctrl and function keys go before what a text field does with them."""
    for deed in deeds:
        for key in deed.keys.split(","):
            call = f"{deed.handler}('{key}')" if deed.handler in _NUMBERED else deed.handler
            goes_first = key.startswith("ctrl+") or key == "f1"
            yield Binding(key, call, deed.name, show=False, priority=goes_first)


def keys_at_work(said: Beside, typed: str, chosen: Item | None) -> list[tuple[str, str, str]]:
    """The bottom line while a customer is there, as action, key and words; a draft comes first, then what
    becomes of a customer who has been answered. While words are `typed`, digits are letters."""
    if typed:
        return [*_while_typing(chosen), *_tab(said)]
    keys = [(one.id, one.shown, one.short) for one in DEEDS if one.in_line]
    return [*_tab(said), *keys] if _tab(said) else [*keys, ("choose", "Enter", texts().helper.do["open"])]


def _while_typing(chosen: Item | None) -> list[tuple[str, str, str]]:
    do = texts().helper.do
    open_it = [("choose", "Enter", do["open"]), ("", "↑↓", do["move"])] if chosen is not None else []
    return [*open_it, ("clear", "Esc", do["clear"]), ("ask-anywhere", "F1", do["ask"])]


def _tab(said: Beside) -> list[tuple[str, str, str]]:
    if said.draft is not None:
        return [("draft", "Tab", texts().helper.do["draft"])]
    return [("draft", "Tab", texts().helper.do["after"])] if said.answered else []


def keys_at_rest(availability: Availability) -> list[tuple[str, str, str]]:
    """The bottom line while no customer is there; whoever has finished can only close."""
    if availability is Availability.OFFLINE:
        return [("quit", "Ctrl+Q", texts().helper.do["close"])]
    keys = [(one.id, one.shown, one.short) for one in DEEDS if one.at_rest]
    if availability is Availability.BREAK:
        return [("choose", "Enter", texts().helper.do["come_back"]), *keys]
    return keys
