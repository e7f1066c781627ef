"""What is said outside the screens: in the shell and on the page for browsers."""

from agent_tui.i18n.section import Section


class StartTexts(Section, frozen=True):
    """What `agent-tui` says in the shell before and after the screen."""

    no_terminal: str
    no_extra: str
    no_keyring: str
    token_revoked: str
    token_ended: str
    channel_made: str
    login_no_keyring: str
    login_variable: str
    kept: str


class DemoTexts(Section, frozen=True):
    """What `agent-tui demo` says in the shell."""

    starting: str
    failed: str
    full: str
    left: str
    not_running: str
    server_stopped: str
    server_started: str


class WebTexts(Section, frozen=True):
    """The helper's screen in a browser: its page, and what the host says in the shell."""

    ready: str
    open_plain: str
    page: dict[str, str]
