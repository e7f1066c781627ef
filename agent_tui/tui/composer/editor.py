"""Writing a long text in the person's own editor."""

import asyncio
import contextlib
import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from textual.app import App, SuspendNotSupported

from agent_tui.domain.text import clean
from agent_tui.errors import AgentTuiError
from agent_tui.i18n import words_of
from agent_tui.tui.composer.field import ComposerField


class EditorFailed(AgentTuiError):
    """The editor could not be used; `code` is `no-editor` or `failed`."""


def editor_command() -> list[str]:
    """The person's editor as an argument list. Raises EditorFailed when none is set or found."""
    wanted = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    words = shlex.split(wanted, posix=os.name != "nt")
    if not words or shutil.which(words[0]) is None:
        raise EditorFailed("no-editor")
    return words


async def edit_in_editor(app: App[None], field: ComposerField) -> str:
    """Let the person write what is in `field` in their editor; why that did not go well, else nothing."""
    try:
        text = await _edited(app, field.text)
    except EditorFailed as error:
        return words_of(error)
    field.put_text(text)
    return ""


async def _edited(app: App[None], text: str) -> str:
    """`text` as the person left it in their editor. Raises EditorFailed.

    The sync goes on meanwhile: the editor is waited for in a thread, and nothing is painted over it.
    """
    words = editor_command()
    with tempfile.TemporaryDirectory(prefix="agent-tui-") as folder:
        file = Path(folder) / "reply.txt"
        file.write_text(text, "utf-8")
        try:
            with app.suspend(), app.batch_update():
                code = await asyncio.to_thread(subprocess.call, [*words, str(file)])
        except (SuspendNotSupported, OSError) as error:
            raise EditorFailed("failed") from error
        if code != 0:
            raise EditorFailed("failed")
        with contextlib.suppress(OSError, UnicodeDecodeError):
            return clean(file.read_text("utf-8")).rstrip("\n")
        raise EditorFailed("failed")
