"""What every test begins with."""

import pytest

from agent_tui import i18n


@pytest.fixture(autouse=True)
def chinese() -> None:
    """The language is chosen once a process: no test inherits another's choice."""
    i18n.choose("zh")
