"""The programs that benches look at: ours and what runs beside it. `python -m tests.bench.client WHICH …`."""

import sys
from pathlib import Path

READY = "READY"


def ours(count: int) -> None:
    """The workstation over `count` tickets in memory."""
    from agent_tui.desk import Desk
    from agent_tui.domain.views import View
    from agent_tui.tui.app import AgentApp
    from tests.bench.floor import SilentFloor

    floor = SilentFloor(count)
    desk = Desk(floor)
    desk.preferences.set("view", View.ALL)
    AgentApp(desk).run()


def from_disk(folder: Path) -> None:
    """The workstation over the snapshot that lies in `folder`, with a server that never answers."""
    from agent_tui.tui import collector

    collector.hold()
    from agent_tui.desk import Desk
    from agent_tui.sync.store import open_store
    from agent_tui.tui.app import AgentApp
    from tests.bench.floor import SilentFloor

    AgentApp(Desk(SilentFloor(0, silent=True), open_store(folder))).run()


def table(count: int) -> None:
    """The same rows in Textual's DataTable."""
    from rich.text import Text
    from textual.app import App, ComposeResult
    from textual.widgets import DataTable

    from tests.bench.floor import SilentFloor

    class Beside(App[None]):
        def compose(self) -> ComposeResult:
            yield DataTable(cursor_type="row")

        def on_mount(self) -> None:
            rows = self.query_one(DataTable)
            rows.add_columns("left", "", "number", "customer", "channel", "category", "words", "unread")
            for t in SilentFloor(count).tickets():
                words = t.last_message.text if t.last_message else ""
                clock = Text("0:38", style="red")
                rows.add_row(
                    clock,
                    "!",
                    str(t.number),
                    t.customer.name,
                    t.channel,
                    t.category.value,
                    words,
                    str(t.unread),
                )
            rows.focus()

    Beside().run()


def lines(count: int) -> None:
    """The plainest list that Textual's line API allows: what no list made with it can go below."""
    from rich.segment import Segment
    from rich.style import Style
    from textual.app import App, ComposeResult
    from textual.events import Key
    from textual.geometry import Region, Size
    from textual.scroll_view import ScrollView
    from textual.strip import Strip

    class Lines(ScrollView, can_focus=True):
        at = 0

        def on_mount(self) -> None:
            self.virtual_size = Size(120, count)
            self.focus()

        def render_line(self, y: int) -> Strip:
            index = y + self.scroll_offset.y
            text = f" 0:38 ! #{index:<8} 王敏  退款  到底退不退".ljust(100)
            return Strip([Segment(text, Style(reverse=index == self.at))])

        def on_key(self, event: Key) -> None:
            steps = {"down": 1, "up": -1, "pagedown": 30, "pageup": -30, "g": -count, "G": count}
            before, self.at = self.at, max(0, min(count - 1, self.at + steps.get(event.key, 0)))
            self.scroll_to_region(Region(0, self.at, 1, 1), animate=False)
            self.refresh_line(before)
            self.refresh_line(self.at)
            event.stop()
            event.prevent_default()

    class Beside(App[None]):
        def compose(self) -> ComposeResult:
            yield Lines()

    Beside().run()


def minimal() -> None:
    """The smallest Textual program that says something."""
    from textual.app import App, ComposeResult
    from textual.widgets import Static

    class Smallest(App[None]):
        def compose(self) -> ComposeResult:
            yield Static(READY)

    Smallest().run()


def main() -> None:
    """Run one of them."""
    which, *rest = sys.argv[1:]
    first = rest[0] if rest else "0"
    if which == "ours":
        ours(int(first))
    elif which == "table":
        table(int(first))
    elif which == "lines":
        lines(int(first))
    elif which == "disk":
        from_disk(Path(first))
    else:
        minimal()


if __name__ == "__main__":
    main()
