"""Prints what differs from the recording: `python -m tests.replay [--server] [--lines]`.

In memory, or over a real server; `--lines` prints lines for `known.jsonl`.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tests.replay.compare import Difference, differences, known, told
from tests.replay.memory import play_memory
from tests.replay.server import POLICY, play_server
from tests.replay.steps import Stream, load
from tests.server.driver import Channel, Server


def in_memory() -> Iterator[tuple[Stream, Difference]]:
    """What differs in memory."""
    for stream in load():
        for found in differences(stream, "memory", stream.memory or [], play_memory(stream)):
            yield stream, found


def on_a_server() -> Iterator[tuple[Stream, Difference]]:
    """What differs on a server."""
    channels: dict[str, Channel] = {}
    with tempfile.TemporaryDirectory() as folder:
        policy = Path(folder, "policy.toml")
        policy.write_text(POLICY, "utf-8")
        server = Server(Path(folder, "data"), None, "--policy", str(policy)).start()
        try:
            for stream in load():
                if stream.server is not None:
                    after = play_server(server, channels, stream)
                    for found in differences(stream, "server", stream.server, after):
                        yield stream, found
        finally:
            server.end()


def main() -> None:
    """Print every difference that nobody has given a reason for."""
    wanted = {one.bare for one in known()}
    for stream, found in on_a_server() if "--server" in sys.argv else in_memory():
        if found not in wanted:
            line = msgspec.json.encode(found).decode() if "--lines" in sys.argv else told(stream, found)
            sys.stdout.write(line + "\n")


main()
