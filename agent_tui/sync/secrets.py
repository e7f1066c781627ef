"""The person's token: from the environment where there is no keyring, else from the system's keyring."""

import os

from msgspec import Struct

from agent_tui.settings import APP

VARIABLE = "AGENT_TUI_TOKEN"


class Token(Struct, frozen=True, kw_only=True):
    """A token, and why the keyring could not be asked; both may be empty. Never shown: it has no repr."""

    value: str = ""
    problem: str = ""

    def __repr__(self) -> str:
        return f"Token(problem={self.problem!r})"


def is_from_environment() -> bool:
    """Whether the environment names the token: it wins over the keyring's."""
    return bool(os.environ.get(VARIABLE, "").strip())


def find_token(server: str) -> Token:
    """The token for `server`. Asking the keyring may take a second or wait for the person: use a thread."""
    if is_from_environment():
        return Token(value=os.environ[VARIABLE].strip())
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as error:
        return Token(problem=type(error).__name__)
    try:
        return Token(value=keyring.get_password(APP, server) or "")
    except (KeyringError, RuntimeError, OSError) as error:
        return Token(problem=type(error).__name__)


def keep_token(server: str, value: str) -> Token:
    """Put the token for `server` into the keyring; `problem` says why it could not."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as error:
        return Token(value=value, problem=type(error).__name__)
    try:
        keyring.set_password(APP, server, value)
        # A keyring that is switched off takes everything and keeps nothing.
        is_kept = keyring.get_password(APP, server) == value
    except (KeyringError, RuntimeError, OSError) as error:
        return Token(value=value, problem=type(error).__name__)
    return Token(value=value, problem="" if is_kept else "NotKept")
