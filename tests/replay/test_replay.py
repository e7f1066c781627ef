"""What was recorded before the rules moved into one place holds after it."""

from collections.abc import Iterator

import pytest

from tests.replay.compare import Difference, differences, known, told
from tests.replay.memory import play_memory
from tests.replay.server import POLICY, play_server
from tests.replay.steps import Lines, Stream, load
from tests.server.driver import Channel, Server

STREAMS = load()
SERVED = [stream for stream in STREAMS if stream.server is not None]


def check(stream: Stream, where: str, before: list[Lines], after: list[Lines]) -> None:
    """Hold a play to the recording; what is known to differ must differ exactly so."""
    wanted = {one.bare for one in known() if (one.stream, one.where) == (stream.name, where)}
    met: set[Difference] = set()
    for found in differences(stream, where, before, after):
        assert found in wanted, told(stream, found)
        met.add(found)
    assert met == wanted, "a known difference is none any more"


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_recorded_commands_bring_the_same_events_in_memory(stream: Stream) -> None:
    check(stream, "memory", stream.memory or [], play_memory(stream))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, Channel]]]:
    """One server for all streams, with its channels."""
    folder = tmp_path_factory.mktemp("replay")
    policy = folder / "policy.toml"
    policy.write_text(POLICY, "utf-8")
    server = Server(folder / "data", None, "--policy", str(policy)).start()
    yield server, {}
    server.end()


@pytest.mark.torture
@pytest.mark.xdist_group("replay")
@pytest.mark.parametrize("stream", SERVED, ids=lambda stream: stream.name)
def test_recorded_commands_bring_the_same_events_on_a_server(
    stream: Stream, server: tuple[Server, dict[str, Channel]]
) -> None:
    check(stream, "server", stream.server or [], play_server(*server, stream))
