"""The chats at hand on one line: number, customer, clock, unread; a digit in the queue or a click opens."""

from collections.abc import Callable

from rich.cells import cell_len

from agent_tui.desk import Desk
from agent_tui.i18n import texts
from agent_tui.tui.cells import cut, steady
from agent_tui.tui.clocks import row_clock
from agent_tui.tui.widgets.line import Line, Part, Span, width_of
from agent_tui.tui.workstation.open_chats import OpenChats

_NAME = 10


class Tabs(Line):
    """`1 王*敏 超时 0:12 ●3 │ 2 陈* 0:38 …`; the one on the screen stands out."""

    def __init__(
        self, desk: Desk, chats: OpenChats, clock: Callable[[], float], *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._desk = desk
        self._chats = chats
        self._clock = clock
        self.shown: str | None = None

    def choose(self, ticket: str | None) -> None:
        """Let `ticket` stand out."""
        self.shown = ticket
        self.say()

    def parts(self, width: int) -> list[Part]:
        """As many tabs as fit, the shown one always among them; the rest as a count."""
        tabs = [self._tab(n, id) for n, id in enumerate(self._chats.ids, 1)]
        at = self._chats.ids.index(self.shown) if self.shown in self._chats.ids else 0
        first = 0
        while first < at and sum(width_of(t) for t in tabs[first : at + 1]) > width - 6:
            first += 1
        kept: list[Part] = []
        for tab in tabs[first:]:
            if sum(width_of(t) for t in kept) + width_of(tab) > width - 6:
                break
            kept.append(tab)
        hidden = len(tabs) - len(kept)
        return [*kept, ("", [(f" +{hidden}", "calm")])] if hidden else kept

    def _tab(self, number: int, id: str) -> Part:
        row = self._desk.queue.row(id)
        if row is None:
            return id, [(f" {number} … ", "faint"), ("│", "faint")]
        clock, tone = row_clock(row, self._clock())
        name = cut(steady(row.customer), _NAME)
        spans: list[Span] = [
            (f" {number} ", "faint"),
            (name, "under" if id == self.shown else "strong" if row.unread else "calm"),
        ]
        if clock and cell_len(clock) > 1:
            spans.append((f" {clock}", tone.value))
        if row.unread:
            spans.append((f" ●{min(row.unread, 99)}", "accent"))
        if id in self._desk.drafts.tickets() and id != self.shown:
            spans.append((f" ✎{texts().common.unsent}", "warn"))
        return id, [*spans, (" ", "calm"), ("│", "faint")]
