"""From what is typed to the palette's rows; knows the library and the ticket, and no widget."""

from collections.abc import Sequence

from msgspec import Struct

from agent_tui.domain.conditions import ALWAYS, Fit, fit_of
from agent_tui.domain.models import TicketDetail
from agent_tui.domain.order_facts import OrderFacts
from agent_tui.i18n import texts
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.library import Library
from agent_tui.knowledge.recommend.advisor import Advice
from agent_tui.knowledge.search.filters import (
    Categories,
    FilteredQuery,
    SearchScope,
    is_every_category,
    read_query,
)
from agent_tui.knowledge.search.index import SearchIndex
from agent_tui.knowledge.search.search import Hit, Keep, Ranges, search
from agent_tui.tui.palette.rows import OfferedAction, PaletteRow, row_of, row_of_category, row_of_command

SHOWN = 50


class PaletteOpening(Struct, frozen=True, kw_only=True):
    """Where the palette was opened: for which ticket, over which half-written reply, by which character.

    `facts` are those of the ticket's order, None without a ticket. `typed` is the character that a Backspace
    gives back, empty when a Ctrl key opened it; `begin` is what the query starts with.
    """

    detail: TicketDetail | None = None
    channel: str = ""
    facts: OrderFacts | None = None
    advice: tuple[Advice, ...] = ()
    commands: tuple[OfferedAction, ...] = ()
    written: str = ""
    typed: str = ""
    begin: str = ""
    can_insert: bool = True


def fit_in(opened: PaletteOpening, entry: Entry) -> Fit:
    """Whether an entry is true of the order that the palette was opened for."""
    return ALWAYS if opened.facts is None else fit_of(entry.true_when, opened.facts)


class Finder:
    """Finds rows for one opening of the palette; use counts are those of its first moment, so that the order
    of two equals never changes while a person types."""

    def __init__(self, library: Library, opened: PaletteOpening) -> None:
        self._library = library
        self._opened = opened
        self._weights = library.weights()
        self._fits_of: dict[str, Fit] = {}
        self._categories = Categories(texts().common.categories)
        self._commands = {command.id: command for command in opened.commands}
        self._command_index = SearchIndex.build(
            Entry(
                id=command.id, kind="title", title=command.name,
                similar=tuple(filter(None, (command.short, command.id.replace("-", " ")))),
            )
            for command in opened.commands
        )  # fmt: skip

    def renew(self) -> None:
        """Take the use counts again, after the entries have changed."""
        self._weights = self._library.weights()
        self._fits_of.clear()

    def rows(self, typed: str) -> list[PaletteRow]:
        """What `typed` may mean, best first."""
        asked = read_query(typed)
        if asked.mode is SearchScope.COMMANDS:
            return self._command_rows(asked.text)
        if asked.mode is SearchScope.CATEGORY and is_every_category(asked.category):
            return self._category_rows(asked.category)
        if asked.mode is SearchScope.ALL and not asked.text.strip():
            return self._at_rest()
        hits = self._library.search(
            asked.text, weights=self._weights, keep=self._keep(asked), truth=self._truth, limit=SHOWN
        )
        return [self._row(hit) for hit in hits]

    def _truth(self, entry: Entry) -> bool | None:
        """Whether an entry is true of this order; None where it doesn't depend on one."""
        return self._fit(entry).holds if entry.true_when else None

    def _fit(self, entry: Entry) -> Fit:
        found = self._fits_of.get(entry.id)
        if found is None:
            found = self._fits_of[entry.id] = fit_in(self._opened, entry)
        return found

    def _row(self, hit: Hit) -> PaletteRow:
        entry = self._library.get(hit.id)
        if entry is None:
            return PaletteRow(id=hit.id, kind=hit.kind, title=hit.title, matched=hit.matched)
        return self._row_of(entry, hit.matched)

    def _row_of(self, entry: Entry, matched: Ranges = ()) -> PaletteRow:
        is_untrue = self._fit(entry).holds is False
        return row_of(entry, self._library.uses(entry.id), matched, is_untrue=is_untrue)

    def _keep(self, asked: FilteredQuery) -> Keep:
        if asked.mode is SearchScope.CATEGORY:
            meant = self._categories.meant(asked.category)
            return lambda entry: entry.category in meant and self._fits(entry)
        if asked.mode is SearchScope.ARTICLES:
            return lambda entry: entry.kind == "article" and self._fits(entry)
        return self._fits

    def _fits(self, entry: Entry) -> bool:
        channel = self._opened.channel
        return not entry.channels or not channel or channel in entry.channels

    def _at_rest(self) -> list[PaletteRow]:
        """Nothing typed: what this ticket probably needs, then what this person uses most."""
        needed = [advice.entry for advice in self._opened.advice]
        ids = {entry.id for entry in needed}
        detail = self._opened.detail
        used = self._library.most_used(self._weights, detail.category.value if detail else "")
        most = [entry for entry in used if entry.id not in ids and self._fits(entry)]
        most.sort(key=lambda entry: self._fit(entry).holds is False)
        rows = [row_of(entry, self._library.uses(entry.id), is_needed=True) for entry in needed]
        return [*rows, *map(self._row_of, most)][:SHOWN]

    def _command_rows(self, text: str) -> list[PaletteRow]:
        if not text:
            return [row_of_command(command) for command in self._commands.values()]
        hits: Sequence[Hit] = search(self._command_index, text, SHOWN)
        found = [row_of_command(self._commands[hit.id], hit.matched) for hit in hits]
        return [*found, *self._category_rows(text)]

    def _category_rows(self, typed: str) -> list[PaletteRow]:
        """The categories that `typed` names, those that hold something."""
        held = self._library.counted(self._fits)
        return [row_of_category(id, held[id]) for id in self._categories.named(typed) if held.get(id)]
