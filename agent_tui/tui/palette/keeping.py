"""What the palette does with entries themselves: share one, edit one, keep a half-written reply as one."""

from collections.abc import Callable

from textual.screen import Screen

from agent_tui.i18n import texts
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.library import Library
from agent_tui.knowledge.search.filters import SearchScope, read_query
from agent_tui.tui.palette.finding import PaletteOpening
from agent_tui.tui.palette.form import EntryForm, snippet_entry, snippet_of
from agent_tui.tui.palette.sharing import ShareStep, Sharing
from agent_tui.tui.palette.taken import Taken
from agent_tui.tui.widgets.message_lines import fill
from agent_tui.tui.working import run_beside


class Keeping:
    """Shares, edits and keeps. `tell` says a word in the palette; `listed` is called with the id of an entry
    that was kept, `shared` when one was shared."""

    def __init__(
        self,
        screen: Screen[Taken | None],
        library: Library,
        opened: PaletteOpening,
        author: str,
        sharing: Sharing | None,
        *,
        tell: Callable[[str], None],
        listed: Callable[[str], None],
        shared: Callable[[], None],
    ) -> None:
        self._screen = screen
        self._library = library
        self._opened = opened
        self._author = author
        self._sharing = sharing
        self._tell = tell
        self._listed = listed
        self._shared = shared
        self._asked = ""

    def standing(self, entry: Entry) -> str:
        """How an entry stands with the colleagues, in words."""
        return self._sharing.standing(entry) if self._sharing is not None else ""

    # -- sharing

    def share(self, entry: Entry | None) -> None:
        """To everyone what is mine; as a lead nod at a case; taking it back asks once."""
        if entry is None or self._sharing is None:
            return
        words, step = texts().palette.sharing, self._sharing.step(entry)
        asked, self._asked = self._asked, entry.id
        if step is ShareStep.NONE:
            self._tell(words["none"])
        elif step is ShareStep.REVOKE and asked != entry.id:
            self._tell(words["sure"])
        else:
            self._asked = ""
            self._share(self._sharing, step, entry)

    def _share(self, sharing: Sharing, step: ShareStep, entry: Entry) -> None:
        async def share() -> None:
            said = await sharing.do(step, entry)
            self._screen.app.notify(said, timeout=4, markup=False)
            self._shared()

        run_beside(self._screen.app, share, "share")

    # -- writing

    def edit(self, entry: Entry | None) -> None:
        """A snippet, as an own copy."""
        if entry is not None and entry.kind == "snippet":
            self._open_form(texts().palette.form_edit, entry)

    def save_reply(self, typed: str) -> None:
        """The half-written reply as a snippet, under the title that was `typed` to find one."""
        if not self._opened.written.strip():
            self._tell(texts().palette.nothing_to_save)
            return
        query, detail = read_query(typed), self._opened.detail
        entry = snippet_entry(
            self._opened.written,
            self._library.values(detail),
            detail.category.value if detail else "other",
            query.text if query.mode is SearchScope.ALL else "",
        )
        self._open_form(texts().palette.form_new, entry)

    def _open_form(self, title: str, entry: Entry) -> None:
        form = EntryForm.for_snippet(title, entry, lambda told: self._save(entry, told))
        self._screen.app.push_screen(form, lambda saved: self._on_saved(saved, form.wants_sharing))

    def _save(self, entry: Entry, told: dict[str, str]) -> str:
        return self._library.save_snippet(snippet_of(entry, told, self._author)).id

    def _on_saved(self, saved: str | None, wants_sharing: bool) -> None:
        if not saved:
            return
        self._listed(saved)
        kept = self._library.get(saved)
        if kept is not None and wants_sharing and self._sharing is not None:
            self._share(self._sharing, self._sharing.step(kept), kept)
            return
        said = fill(texts().palette.form_saved, {"title": kept.title if kept else ""})
        self._screen.notify(said, markup=False)
