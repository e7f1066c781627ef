"""Submitting a command from a screen: what is refused here, or cannot be kept, is said and never lost."""

from collections.abc import Callable

from agent_tui.desk import Desk, RefusedHere, StoreError
from agent_tui.domain.commands import Command
from agent_tui.tui.wording import untaken


def submit(desk: Desk, command: Command, complain: Callable[[str], None]) -> bool:
    """Submit `command`; False when it was refused or could not be kept, which `complain` is told."""
    try:
        desk.submit(command)
    except (RefusedHere, StoreError) as error:
        complain(untaken(error))
        return False
    return True
