"""A notice: what happened and what to do next, in the middle of where something else would be."""

from rich.text import Text
from textual.widgets import Static

from agent_tui.desk import Desk, Link
from agent_tui.domain.views import View
from agent_tui.i18n import texts
from agent_tui.tui.widgets.tones import Toned


class Notice(Toned, Static):
    """Two lines, the first says what is, the second what to do."""

    DEFAULT_CSS = """
    Notice { height: 1fr; content-align: center middle; text-align: center; padding: 0 2; display: none; }
    """

    _said: tuple[str, str] | None = None

    def tell(self, words: tuple[str, str] | None) -> None:
        """Show `words`, or nothing for None."""
        if words == self._said:
            return
        self.display = words is not None
        if words is not None:
            text = Text(justify="center")
            text.append(words[0], self.tone("text")).append("\n\n").append(words[1], self.tone("faint"))
            self.update(text)
        self._said = words


def of_connection(desk: Desk) -> tuple[str, str] | None:
    """What to say while there is no state to show at all."""
    if desk.tickets.is_loaded:
        return None
    words = texts().notice
    if desk.connection.state.link is Link.AUTH_EXPIRED:
        return words.expired, words.expired_next
    if desk.connection.state.link is Link.OFFLINE:
        return words.offline, words.offline_next
    return words.connecting, words.connecting_next


def of_list(view: View, query: str) -> tuple[str, str]:
    """What to say when a view is empty, or a filter finds nothing."""
    words = texts().queue
    if query:
        return words.nothing_found.format(query=query), words.nothing_found_next
    return words.empty[view], words.empty_next
