"""A server for a module's tests, and every helpdesk one after the other for what must hold on all of them."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.backends.contract import House
from tests.backends.houses import HttpHouse, MemoryHouse
from tests.server.driver import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the module; tests bring their own people and customers."""
    server = Server(tmp_path_factory.mktemp("http")).start()
    yield server
    server.end()


@pytest.fixture(params=["memory", "http"])
async def any_house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    """A helpdesk in memory, then one behind `agent-tui serve`."""
    if request.param == "memory":
        yield MemoryHouse()
        return
    house = HttpHouse(request.getfixturevalue("server"))
    yield house
    await house.leave()
