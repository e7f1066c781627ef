"""What every test begins with."""

import pytest
from hypothesis import HealthCheck, settings

from agent_tui import i18n

# Laws hold however slow the machine is.
settings.register_profile("laws", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("laws")


@pytest.fixture(autouse=True)
def chinese() -> None:
    """The language is chosen once a process: no test inherits another's choice."""
    i18n.choose("zh")
