"""The one door for outside text, and the words on the wire."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_tui.domain.events import Event, FloorChanged
from agent_tui.domain.models import Floor
from agent_tui.domain.text import clean
from agent_tui.wire import CommandBatch, decode, decode_event, encode


@given(st.dictionaries(st.text(), st.text()), st.booleans())
def test_whatever_comes_in_is_clean(value: dict[str, str], escaped: bool) -> None:
    data = json.dumps(value, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    try:
        found = decode(data, dict[str, str])
    except msgspec.DecodeError:
        return
    except UnicodeDecodeError:
        return
    assert found == {clean(k): clean(v) for k, v in value.items()}


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not any(c < " " and c not in "\n\t" for c in once)


@pytest.mark.parametrize(
    ("raw", "left"),
    [
        ("\x1b[31m红\x1b[0m", "[31m红[0m"),
        ("a\u202eb", "ab"),
        ("\x9b31m", "31m"),
        ("一\r\n二\r三\u2028四", "一\n二\n三\n四"),
        ("👨\u200d👩\u200d👧 好", "👨\u200d👩\u200d👧 好"),
        ("\x00\x07\x7f", ""),
    ],
)
def test_what_is_taken_out(raw: str, left: str) -> None:
    assert clean(raw) == left


def test_a_bad_command_is_named_by_its_path() -> None:
    good = {"type": "claim-next", "id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}
    bad = {**good, "type": "set-status", "ticket": "t", "status": "gone", "version": 1}
    with pytest.raises(msgspec.ValidationError, match=r"\$.commands\[1\].status"):
        decode(encode({"commands": [good, bad]}), CommandBatch)


def test_an_event_of_another_version_is_passed_over() -> None:
    assert decode_event(msgspec.Raw(b'{"type":"moon-changed","moon":1}')) is None
    event: Event = FloorChanged(floor=Floor(level=2))
    assert decode_event(msgspec.Raw(encode(event))) == event
