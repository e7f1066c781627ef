"""Opening what a customer sent: files from the desk's private copy, links in the browser."""

import asyncio
import webbrowser
from pathlib import Path

from agent_tui.desk import BackendError, Desk
from agent_tui.i18n import texts
from agent_tui.tui.widgets.message_lines import Target
from agent_tui.tui.wording import failure


async def open_target(desk: Desk, target: Target) -> str:
    """Open `target` with the system's own program; answers what there is to say about it."""
    words = texts().conversation
    if target.file is None:
        opened = await asyncio.to_thread(webbrowser.open, target.url)
        return "" if opened else words.open_failed.format(reason=target.host)
    try:
        path: Path = await desk.files.fetch(target.file)
    except BackendError as error:
        return words.open_failed.format(reason=failure(error))
    opened = await asyncio.to_thread(webbrowser.open, path.as_uri())
    return "" if opened else words.saved.format(path=path)
