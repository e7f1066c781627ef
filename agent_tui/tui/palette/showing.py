"""The preview of the chosen row: how its entry would read, or why there is nothing to see."""

from collections.abc import Callable

from agent_tui.i18n import texts, words_of
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.errors import FillError
from agent_tui.knowledge.library import Library
from agent_tui.tui.palette.finding import PaletteOpening, fit_in
from agent_tui.tui.palette.preview import Lines, preview, wrap
from agent_tui.tui.palette.rows import PaletteRow, doubt_of
from agent_tui.tui.widgets.message_lines import fill


class Showing:
    """Fills entries for this customer. `standing` says how an entry stands with the colleagues."""

    def __init__(self, library: Library, opened: PaletteOpening, standing: Callable[[Entry], str]) -> None:
        self._library = library
        self._opened = opened
        self._standing = standing

    def lines(self, row: PaletteRow | None, query: str, width: int, height: int) -> Lines:
        """The lines for `row`; for none, that `query` found nothing."""
        entry = self.entry(row)
        if row is None:
            return wrap(self._nothing(query), width)
        if entry is None:
            return wrap([(row.title, "text")], width)
        return self._read(entry, width, height)

    def entry(self, row: PaletteRow | None) -> Entry | None:
        """The entry of a row; a command or a category has none."""
        return None if row is None or row.kind in ("command", "category") else self._library.get(row.id)

    def _nothing(self, query: str) -> list[tuple[str, str]]:
        words = texts().palette
        said = fill(words.nothing, {"query": query.strip()})
        return [(said, "text"), ("\n" + words.nothing_next, "faint")] if self._library.is_ready else []

    def _read(self, entry: Entry, width: int, height: int) -> Lines:
        try:
            filled = self._library.fill(entry, self._opened.detail)
        except FillError as error:
            said = fill(texts().palette.broken, {"reason": words_of(error)})
            return wrap([(said, "warn")], width)
        known = self._library.known(entry, self._opened.detail)
        doubt = doubt_of(fit_in(self._opened, entry))
        return preview(entry, filled, known, width, height, self._standing(entry), doubt)
