"""One person's process: reads who it is from its input, then is the helper's screen until the shift ends."""

import os
import sys
from pathlib import Path
from typing import Any, NoReturn

from agent_tui import handshake, i18n
from agent_tui.handshake import BUSY, LEFT, UNUSABLE, Hello


def main() -> NoReturn:
    """Be the screen that the first line asks for."""
    # Whatever a library prints there might hold a customer's words, and the host's terminal is a log.
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    told = handshake.read(0)
    if told is None:
        sys.exit(UNUSABLE)
    i18n.choose(told.language)
    sys.exit(sit_down(told))


def sit_down(told: Hello) -> int:
    """Run the screen; the answer says why it ended."""
    from agent_tui.desk import ProfileInUse, StoreError, open_desk
    from agent_tui.errors import BadSettings
    from agent_tui.settings import profile, read_settings

    folders = profile(told.profile, Path(told.base))
    try:
        settings = read_settings(folders.config_file)
        desk = open_desk(folders, settings, told.server, told.token)
    except ProfileInUse:
        return BUSY
    except (BadSettings, StoreError):
        return UNUSABLE
    app = _screen(desk, settings)
    app.run(size=(told.width, told.height))
    return int(app.return_code or LEFT)


def _screen(desk: Any, settings: Any) -> Any:
    from agent_tui.tui.browser.screen import BrowserApp

    return BrowserApp(desk, settings)


if __name__ == "__main__":
    main()
