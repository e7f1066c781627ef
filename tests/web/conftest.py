"""One server and one host for all; tests bring their own people."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.server.driver import Server
from tests.web.driver import Host, Team


@pytest.fixture(scope="session")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """For the whole session."""
    folder = tmp_path_factory.mktemp("web")
    server = Server(folder / "server").start()
    host = Host(server.url, folder / "host")
    yield Team(server, host)
    host.end()
    server.end()


@pytest.fixture
def hosting(team: Team, tmp_path: Path) -> Iterator[Callable[..., Host]]:
    """Makes hosts of a test's own before the session's server."""
    made: list[Host] = []

    def make(*options: str, server: str = "") -> Host:
        made.append(Host(server or team.server.url, tmp_path / f"host-{len(made)}", *options))
        return made[-1]

    yield make
    for host in made:
        host.end()


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Callable[[], Server]]:
    """Starts a server of a test's own, again on the same port and data."""
    port = str(free_port())
    made: list[Server] = []

    def start() -> Server:
        made.append(Server(tmp_path / "server", None, "--port", port).start())
        return made[-1]

    yield start
    for server in made:
        server.end()
