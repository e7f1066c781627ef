"""The views of the queue on one line, with live counts; the chosen one stands out."""

from agent_tui.desk import Desk
from agent_tui.domain.views import View
from agent_tui.i18n import texts
from agent_tui.tui.widgets.line import Line, Part, width_of

ORDER = (View.MINE, View.WAITING, View.CLOSE, View.VIP, View.ON_HOLD, View.ALL)


class Views(Line):
    """`我的 5  待接 128  将超时 9 …`; a click chooses."""

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._desk = desk
        self.view = View.WAITING

    def choose(self, view: View) -> None:
        """Let `view` stand out."""
        self.view = view
        self.say()

    def beside(self, step: int) -> View:
        """The view `step` places further, around the ends."""
        return ORDER[(ORDER.index(self.view) + step) % len(ORDER)]

    def parts(self, width: int) -> list[Part]:
        """All views, closer together where there is little room; where that is too little, those around the
        chosen one."""
        counts = self._desk.queue.counts()
        # A number beside Chinese reads well without a space, beside letters it does not.
        tight = " " if texts().queue.views[View.ALL].isascii() else ""
        for gaps in ((" ", "  "), (tight, "  "), (tight, " ")):
            parts = [self._part(view, counts.get(view, 0), *gaps) for view in ORDER]
            if 1 + sum(width_of(p) for p in parts) - len(gaps[1]) <= width:
                return [("", [(" ", "calm")]), *parts]
        chosen = ORDER.index(self.view)
        first = 0
        while first < chosen and sum(width_of(p) for p in parts[first : chosen + 1]) > width - 1:
            first += 1
        return [("", [(" ", "calm")]), *parts[first:]]

    def _part(self, view: View, count: int, gap: str, after: str) -> Part:
        name, number = texts().queue.views[view], gap + _brief(count)
        if view is self.view:
            return view.value, [(name, "under"), (number, "strong"), (after, "calm")]
        loud = "warn" if view is View.CLOSE and count else "calm" if count else "faint"
        return view.value, [(name, "faint" if not count else "calm"), (number, loud), (after, "calm")]


def _brief(count: int) -> str:
    """Four cells at most: nobody counts on the hundreds of 12,345."""
    return str(count) if count < 10_000 else f"{count // 1000}k"
