"""Servers over both databases, one for the session and fresh ones."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.server.driver import Channel, Person, Receiver, Server
from tests.server.floor import Floor, floor_on, policy_file


@pytest.fixture(scope="session")
def server(
    backend: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """One server for the whole session; tests bring their own people, channels and customers."""
    server = _server(backend, request, tmp_path_factory.mktemp("data")).start()
    yield server
    server.end()


@pytest.fixture
def fresh(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Makes servers that nobody else talks to, each over its own database."""
    made: list[Server] = []

    def make(*options: str) -> Server:
        made.append(_server(backend, request, tmp_path / str(len(made)), *options).start())
        return made[-1]

    yield make
    for server in made:
        server.end()


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """As `fresh`, for what has nothing to do with the database."""
    made: list[Server] = []

    def make(*options: str) -> Server:
        made.append(Server(tmp_path / str(len(made)), None, *options).start())
        return made[-1]

    yield make
    for server in made:
        server.end()


def _server(backend: str, request: pytest.FixtureRequest, data: Path, *options: str) -> Server:
    database = request.getfixturevalue("postgres")() if backend == "postgres" else None
    return Server(data, database, *options)


@pytest.fixture(scope="session")
def channel(server: Server) -> Channel:
    return server.channel(name="web")


@pytest.fixture(scope="session")
def agent(server: Server) -> Person:
    return server.person("agent", "小林")


@pytest.fixture(scope="session")
def lead(server: Server) -> Person:
    return server.person("lead", "组长")


@pytest.fixture(scope="session")
def lent(
    backend: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """One server for all tests with helpers: what waits anywhere on a server is routed to them."""
    data = tmp_path_factory.mktemp("lent")
    server = _server(backend, request, data, "--policy", policy_file(data)).start()
    yield server
    server.end()


@pytest.fixture
def floor(lent: Server) -> Iterator[Floor]:
    with floor_on(lent) as floor:
        yield floor


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()
