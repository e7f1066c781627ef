"""What was recorded before the rules moved into one place holds after it."""

from tests.replay.compare import differences, known, told
from tests.replay.memory import play_memory
from tests.replay.steps import load


def test_recorded_commands_bring_the_same_events_in_memory() -> None:
    wanted = {one.bare for one in known() if one.where == "memory"}
    met = set()
    for stream in load():
        for found in differences(stream, "memory", stream.memory or [], play_memory(stream)):
            assert found in wanted, told(stream, found)
            met.add(found)
    assert met == wanted, "a known difference is none any more"
