"""The search field of the helper: while it is empty, digits and `?` are keys; everything else is typed."""

from textual.app import App
from textual.events import Key, Paste
from textual.message import Message as UiMessage
from textual.widgets import Input

from agent_tui.domain.text import clean, one_line
from agent_tui.i18n import texts
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.keymap.keymap import keymap_of
from agent_tui.tui.keymap.keys import plain


class HelperField(Input, inherit_bindings=True):
    """One line to search the pack with."""

    class KeyGiven(UiMessage):
        """A character that is a key while nothing is typed; `call` is what it means to the screen."""

        def __init__(self, call: str) -> None:
            super().__init__()
            self.call = call

    def __init__(self, placeholder: str, *, id: str) -> None:
        super().__init__(placeholder=placeholder, id=id, compact=True, select_on_focus=False)
        self._gave_away = ""
        self._may_write: bool | None = None

    def _post_register(self, app: App[object]) -> None:
        super()._post_register(app)
        self._keymap = keymap_of(app)

    @property
    def own(self) -> str:
        """The typed words where they may be sent as they are; empty where they may not."""
        return self.value.strip() if self._may_write else ""

    def allow(self, may_write: bool) -> str:
        """Say what can be typed here from now on; answers what to tell when that has changed."""
        before, self._may_write = self._may_write, may_write
        words = texts().helper
        self.placeholder = words.search_or_write if may_write else words.search
        if before is None or before == may_write:
            return ""
        return words.may_write if may_write else words.may_not_write

    async def _on_key(self, event: Key) -> None:
        if self._handled(event):
            event.stop()
            event.prevent_default()
            return
        self._gave_away = ""
        await super()._on_key(event)

    def _handled(self, event: Key) -> bool:
        if self.value:
            return False
        key = plain(event)
        found = self._keymap.answering(key.key, Place.HELPER) if key.is_printable else None
        if found is not None:
            action, number = found
            self._gave_away = event.character or ""
            self.post_message(self.KeyGiven(action.call(number if action.numbered else None)))
            return True
        if event.key == "backspace" and self._gave_away:
            self.value, self._gave_away = self._gave_away, ""
            self.cursor_position = 1
            return True
        return False

    def _on_paste(self, event: Paste) -> None:
        """Pasted text is data: one clean line, never a key."""
        event.stop()
        event.prevent_default()
        self.insert_text_at_cursor(one_line(clean(event.text)))
