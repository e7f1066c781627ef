"""The palette's overlay: type a few letters, see the words filled for this customer, take them."""

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message as UiMessage
from textual.widgets import Input, Static

from agent_tui.i18n import texts, words_of
from agent_tui.knowledge.errors import FillError
from agent_tui.knowledge.library import Library
from agent_tui.knowledge.search.filters import SearchScope, read_query
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.keymap.keymap import KeyedScreen
from agent_tui.tui.palette.finding import SHOWN, Finder, PaletteOpening
from agent_tui.tui.palette.keeping import Keeping
from agent_tui.tui.palette.listing import EntryPreview, Listing
from agent_tui.tui.palette.sharing import Sharing
from agent_tui.tui.palette.showing import Showing
from agent_tui.tui.palette.taken import Give, Put, Run, Taken
from agent_tui.tui.widgets.message_lines import fill

WIDE = 100


class PaletteInput(Input):
    """The palette's own line; a Backspace with nothing left to delete closes."""

    class Emptied(UiMessage):
        """Backspace in the empty line."""

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "backspace" and not self.value:
            event.stop()
            event.prevent_default()
            self.post_message(self.Emptied())
            return
        await super()._on_key(event)


class PaletteScreen(KeyedScreen[Taken]):
    """The lower part of the screen, over the composer; answers what was taken, null when Esc closed it."""

    CSS_PATH = Path(__file__).with_name("screen.tcss")
    AUTO_FOCUS = "PaletteInput"
    PLACES: ClassVar[tuple[Place, ...]] = (Place.PALETTE,)

    def __init__(
        self, library: Library, opened: PaletteOpening, author: str = "", sharing: Sharing | None = None
    ) -> None:
        super().__init__()
        self._library = library
        self._opened = opened
        self._keeping = Keeping(
            self,
            library,
            opened,
            author,
            sharing,
            tell=self._tell,
            listed=self._find,
            shared=self._look,
        )
        self._showing = Showing(library, opened, self._keeping.standing)
        self._finder = Finder(library, opened)
        self._input = PaletteInput(opened.begin, compact=True, select_on_focus=False, id="palette-query")
        self._input.cursor_blink = False
        self._count = Static("", id="palette-count", markup=False)
        self._list = Listing(id="palette-list")
        self._preview = EntryPreview(id="palette-preview")
        self._foot = Static("", id="palette-foot", markup=False)
        self._stop: Callable[[], None] = lambda: None

    def compose(self) -> ComposeResult:
        """The line that is typed into, what it finds beside how that would read, the keys."""
        with Vertical(id="palette") as box:
            box.border_title = texts().palette.title
            with Horizontal(id="palette-top"):
                yield Static("›", id="palette-prompt", markup=False)
                yield self._input
                yield self._count
            with Horizontal(id="palette-middle"):
                yield self._list
                yield self._preview
            yield self._foot

    def on_mount(self) -> None:
        """Show what there is before anything is typed."""
        self._stop = self._library.subscribe(self._on_library)
        self._find()

    def on_unmount(self) -> None:
        """Let go of the library."""
        self._stop()

    def on_resize(self, event: events.Resize) -> None:
        """Side by side where there is room."""
        self.set_class(event.size.width >= WIDE, "-wide")
        self.set_class(event.size.height < 20, "-low")
        self.call_after_refresh(self._look)

    # -- finding

    def on_input_changed(self, event: Input.Changed) -> None:
        """Results follow every key."""
        event.stop()
        self._find()

    def _find(self, keep: str = "") -> None:
        self._list.show(self._finder.rows(self._input.value), keep)
        self._say_count()
        self._look()

    def _on_library(self) -> None:
        chosen = self._list.chosen
        self._finder.renew()
        self._find(chosen.id if chosen else "")

    def _say_count(self) -> None:
        words = texts().palette
        asked = read_query(self._input.value)
        count = len(self._list.rows)
        if not self._library.is_ready and asked.mode is not SearchScope.COMMANDS:
            said = words.loading
        elif asked.mode is SearchScope.ALL and not asked.text.strip() and self._opened.advice:
            said = words.count_empty
        else:
            said = fill(words.count, {"n": f"{count}+" if count >= SHOWN else str(count)})
        self._tell(said)
        self._say(self._foot, self._keys(asked.mode))

    def _tell(self, said: str) -> None:
        self._say(self._count, said)

    def _say(self, line: Static, said: str) -> None:
        # Both lines have a width of their own: a new text is no reason to lay the screen out again.
        if line.content != said:
            line.update(said, layout=False)

    def _keys(self, mode: SearchScope) -> str:
        words = texts().palette
        if mode is SearchScope.COMMANDS:
            return words.keys_commands
        return words.keys if self.size.width >= WIDE else words.keys_short

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        """The preview follows the choice."""
        event.stop()
        self._look()

    def _look(self) -> None:
        """Show how the chosen entry would read."""
        width, height = self._preview.content_size
        if width > 0 and height > 0:
            self._preview.show(self._showing.lines(self._list.chosen, self._input.value, width, height))

    # -- taking

    def action_take(self) -> None:
        """Enter: into the composer, or do it."""
        self._take(send=False)

    def action_take_and_send(self) -> None:
        """Ctrl+S: into the composer and off, if nothing stands against it there."""
        self._take(send=True)

    def on_listing_clicked(self, event: Listing.Clicked) -> None:
        """A click on the chosen row is Enter."""
        event.stop()
        self._take(send=False)

    def _take(self, *, send: bool) -> None:
        row = self._list.chosen
        if row is None:
            return
        if row.kind == "command":
            self.dismiss(Run(row.id))
            return
        if row.kind == "category":
            self._write(f"#{row.title} ")
            return
        entry = self._showing.entry(row)
        if entry is None:
            return
        if not self._opened.can_insert:
            self._tell(texts().palette.no_ticket)
            return
        try:
            filled = self._library.fill(entry, self._opened.detail)
        except FillError as error:
            self._tell(fill(texts().palette.broken, {"reason": words_of(error)}))
            return
        self.dismiss(Put(entry.id, filled, send))

    # -- leaving and moving

    def action_leave(self) -> None:
        """Esc: back to what was being written."""
        self.dismiss(None)

    def on_palette_input_emptied(self, event: PaletteInput.Emptied) -> None:
        """Backspace in the empty line."""
        event.stop()
        self.dismiss(Give(self._opened.typed) if self._opened.typed else None)

    def action_move(self, by: int) -> None:
        """Another row."""
        self._list.move(by)

    def action_page(self, direction: int) -> None:
        """Rows a screenful on."""
        self._list.page(direction)

    def action_commands(self) -> None:
        """Ctrl+P: what can be done here."""
        self._write(">")

    def _write(self, query: str) -> None:
        """Put a query into the line, as if it had been typed."""
        self._input.value = query
        self._input.cursor_position = len(query)

    def action_stay(self) -> None:
        """Tab does nothing here, so that the cursor stays in the line."""

    # -- entries themselves

    def action_share(self) -> None:
        """Ctrl+G: to everyone what is mine; as a lead nod at a case; taking it back asks once."""
        self._keeping.share(self._showing.entry(self._list.chosen))

    def action_edit(self) -> None:
        """Ctrl+E: this entry, as an own copy."""
        self._keeping.edit(self._showing.entry(self._list.chosen))

    def action_save_reply(self) -> None:
        """Ctrl+O: the half-written reply as a snippet."""
        self._keeping.save_reply(self._input.value)
