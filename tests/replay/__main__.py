"""Prints what differs from the recording in memory; with `--lines` as lines for `known.jsonl`."""

import sys

import msgspec

from tests.replay.compare import differences, known, told
from tests.replay.memory import play_memory
from tests.replay.steps import load


def main() -> None:
    """Print every difference that nobody has given a reason for."""
    wanted = {one.bare for one in known()}
    for stream in load():
        for found in differences(stream, "memory", stream.memory or [], play_memory(stream)):
            if found not in wanted:
                line = msgspec.json.encode(found).decode() if "--lines" in sys.argv else told(stream, found)
                sys.stdout.write(line + "\n")


main()
