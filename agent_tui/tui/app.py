"""The application: starts the desk after the first frame, passes its changes on, and leaves in good order."""

import asyncio
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path, PurePath
from typing import Any

from textual import work
from textual.app import App
from textual.events import Event, Key, Paste, Resize
from textual.geometry import Offset
from textual.widgets import Input, TextArea

from agent_tui.desk import Change, Desk, Topic
from agent_tui.domain.models import Role
from agent_tui.i18n import name_keys, texts
from agent_tui.settings import Settings
from agent_tui.tui import collector
from agent_tui.tui.actions.table import ACTIONS
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.keymap.keymap import Keymap
from agent_tui.tui.keymap.keys import plain
from agent_tui.tui.messages import DeskChanged
from agent_tui.tui.quitting import Quitting
from agent_tui.tui.signing_in import SigningIn
from agent_tui.tui.terminal import has_terminal
from agent_tui.tui.theme import THEMES, after
from agent_tui.tui.typeahead import TypeAhead, Typed
from agent_tui.tui.workstation.answers import MakeLibrary
from agent_tui.tui.workstation.screen import Workstation

READ_SECONDS = 0.5
_STYLES: list[str | PurePath] = [
    Path(__file__).with_name("app.tcss"),
    Path(__file__).with_name("workstation") / "screen.tcss",
    # The palette opens often and at once: read here, its styles do not make Textual read all again then.
    Path(__file__).with_name("palette") / "screen.tcss",
]
_WIDTHS = [(0, "-narrow"), (100, "-middle"), (120, "-wide"), (170, "-roomy")]
THEME_SETTING = "theme"
# Makes the helper's screen; its modules are imported only where a helper sits down.
MakeHelper = Callable[[], Any]


class AgentApp(App[None], inherit_bindings=False):
    """The workstation over a desk, or for a helper's token the helper's screen and nothing else.

    `keep_token` stores a newly typed token where the next start finds it, or answers why it could not;
    `helper` makes the helper's screen where it is not the usual one.
    """

    CSS_PATH = _STYLES
    TITLE = "agent-tui"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = _WIDTHS

    def __init__(
        self,
        desk: Desk,
        settings: Settings | None = None,
        *,
        clock: Callable[[], float] = time.time,
        hand: Callable[[], float] = time.monotonic,
        keep_token: Callable[[str], str] | None = None,
        ticking: bool = True,
        library: MakeLibrary | None = None,
        helper: MakeHelper | None = None,
    ) -> None:
        self._settings = settings or Settings()
        self.person_keys = Keymap(ACTIONS, _own_keys(self._settings))
        name_keys(self.person_keys.shown_first)
        super().__init__()
        self._bindings = self.person_keys.bindings((Place.PROGRAM,))
        self.desk = desk
        self._clock = clock
        self._signing_in = SigningIn(self, desk, keep_token)
        self._quitting = Quitting(self, desk)
        self._ticking = ticking
        self._unsubscribe: Callable[[], None] | None = None
        self._reading: asyncio.Task[None]
        self._make_helper = helper
        self._is_seated = False
        self._had_terminal = False
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = self._settings.theme
        self.station = Workstation(desk, self._settings, self.person_keys, clock, library, hand)
        self.front: Any = self.station
        self.typeahead = TypeAhead(self, self._forward, self._takes_text, self.station.typed)

    @property
    def cursor_position(self) -> Offset:
        """Where the cursor stands in this very frame: the input method's window hangs on it, and a field
        remembers the place it had before the last layout."""
        focused = self.focused if self._running else None
        return focused.cursor_screen_offset if isinstance(focused, Input | TextArea) else self._placed

    @cursor_position.setter
    def cursor_position(self, place: Offset) -> None:
        self._placed = place

    # -- life

    async def on_load(self) -> None:
        """Read what is on disk before anything is painted, so that the first frame is the queue; a disk that
        takes longer is not waited for."""
        self._reading = asyncio.create_task(self.desk.read())
        await asyncio.wait({self._reading}, timeout=READ_SECONDS)
        self.station.set_class(not self.desk.team.me.id, "-unknown", update=False)

    def get_default_screen(self) -> Workstation:
        """There is no screen below the workstation."""
        return self.station

    def refresh_css(self, animate: bool = True) -> None:
        """Before the first frame there is nothing to style anew: the sheets are read once, in our colours."""
        if self.station.is_running:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def on_mount(self) -> None:
        """Paint first; the desk asks the network right after."""
        self._unsubscribe = self.desk.changes.subscribe(self._pass_on)
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        collector.release()
        self._had_terminal = has_terminal()
        self._run_desk()
        if self._ticking:
            self._schedule_tick()

    @work(group="desk")
    async def _run_desk(self) -> None:
        await self._reading
        await self.desk.start()
        if self.desk.disk.aside is not None:
            said = texts().toast.store_damaged.format(file=self.desk.disk.aside)
            self.notify(said, severity="warning", timeout=15, markup=False)
        self._pass_on(Change(topics=frozenset(Topic)))

    @work(group="answering")
    async def _begin_answering(self) -> None:
        await self.station.begin_answering()

    def _pass_on(self, change: Change) -> None:
        if not self._is_seated and self.desk.team.me.id:
            self._is_seated = True
            self._sit_down(self.desk.team.me.role)
        self.front.post_message(DeskChanged(change))

    def _sit_down(self, role: Role) -> None:
        """Nobody's screen becomes somebody's, once it is known whose."""
        if role is Role.HELPER:
            self._sit_as_helper()
        else:
            self.station.remove_class("-unknown")
            self.call_after_refresh(self._begin_answering)

    @work(group="desk")
    async def _sit_as_helper(self) -> None:
        await asyncio.to_thread(import_module, "agent_tui.tui.helper.screen")
        assembly = import_module("agent_tui.tui.helper.assembly")
        make = self._make_helper or (lambda: assembly.helper_screen(self.desk, self._settings, self._clock))
        self.front = make()
        await self.push_screen(self.front)

    def _schedule_tick(self) -> None:
        # On the second, so that all clocks on the screen turn in one frame.
        self.set_timer(1.0 - self._clock() % 1.0 + 0.005, self._tick)

    def _tick(self) -> None:
        if self._had_terminal and not has_terminal():
            # A window that was closed takes no answer; what is unsent lies on disk.
            self.exit()
            return
        self.front.tick()
        self._schedule_tick()

    async def on_unmount(self) -> None:
        """Write what is unwritten."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        await self.desk.stop()

    def on_resize(self, event: Resize) -> None:
        """Paint everything, even in a window back at its old size: what it held is gone."""
        self.call_after_refresh(self.screen.refresh)

    # -- keys

    async def on_event(self, event: Event) -> None:
        """Keys and pasted text keep their order, however fast they come."""
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            await self.typeahead.take(event)
        else:
            await super().on_event(event)

    async def _forward(self, event: Typed) -> None:
        """Outside text fields a full-width character is the key it stands for; said here and nowhere else."""
        if isinstance(event, Key) and not self._takes_text():
            event = plain(event)
        await super().on_event(event)

    def _takes_text(self) -> bool:
        focused = self.focused
        return focused is not None and focused.check_consume_key("x", "x")

    # -- actions of every screen

    def action_say_how_to_quit(self) -> None:
        """Ctrl+C copies in text fields; elsewhere a hand may expect it to quit."""
        quit = self.person_keys.row("quit")
        self.notify(f"{self.person_keys.shown(quit)} {quit.name}", timeout=2)

    def action_next_theme(self) -> None:
        """Dark, light, high contrast, and around."""
        self.theme = after(self.theme)
        self.notify(texts().toast.theme.format(name=texts().common.themes[self.theme]), timeout=2)

    @work(group="leave", exclusive=True)
    async def action_leave(self) -> None:
        """Quit, in good order."""
        await self._quitting.ask(is_practice=self.front.is_practice)

    @work(group="token")
    async def action_ask_token(self) -> None:
        """A new token, asked once however many requests found the old one expired."""
        await self._signing_in.ask()


def _own_keys(settings: Settings) -> dict[str, str]:
    """The person's keys; where Enter does not send, it breaks the line."""
    if settings.send_key == "enter" or "send" in settings.keys:
        return settings.keys
    return {"send": settings.send_key, "new-line": "enter,ctrl+j,shift+enter", **settings.keys}
