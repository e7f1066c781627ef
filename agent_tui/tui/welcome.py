"""The first start: where the server is and who I am, asked before there is a desk to show."""

from pathlib import Path

from textual import work
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from agent_tui.i18n import name_keys, texts
from agent_tui.settings import Settings
from agent_tui.tui.actions.table import ACTIONS
from agent_tui.tui.dialogs.dialog import Dialog
from agent_tui.tui.keymap.keymap import Keymap
from agent_tui.tui.theme import THEMES

Answer = tuple[str, str]


class WelcomeDialog(Dialog[Answer]):
    """Two fields; Enter goes on to the next one, and from the last one begins."""

    def __init__(self) -> None:
        words = texts().dialog
        super().__init__(words.welcome_title, words.keys_welcome)
        self.server = Input(placeholder=words.welcome_server, compact=True)
        self.token = Input(placeholder=words.welcome_token, password=True, compact=True)

    def body(self) -> ComposeResult:
        """What is missing, and the two fields."""
        yield Vertical(Static(texts().dialog.welcome_body, markup=False), classes="dialog--body")
        yield self.server
        yield self.token

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """On to the next field, or done."""
        event.stop()
        words = texts().dialog
        server, token = self.server.value.strip().rstrip("/"), self.token.value.strip()
        if not server.startswith(("http://", "https://")):
            self.complain(words.welcome_bad_server)
            self.server.focus()
        elif not token:
            self.complain(words.token_wrong if event.input is self.token else "")
            self.token.focus()
        else:
            self.dismiss((server, token))


class WelcomeApp(App[Answer], inherit_bindings=False):
    """Asks, and answers the address and the token, or nothing when the person leaves."""

    CSS_PATH = Path(__file__).with_name("app.tcss")
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.person_keys = Keymap(ACTIONS, settings.keys)
        name_keys(self.person_keys.shown_first)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = settings.theme

    @work
    async def on_mount(self) -> None:
        """Ask at once."""
        self.exit(await self.push_screen_wait(WelcomeDialog()))

    def action_leave(self) -> None:
        """Ctrl+Q."""
        self.exit(None)
