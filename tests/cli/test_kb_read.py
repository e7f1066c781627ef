"""`agent-tui kb read`: a script gets what the screens and the server read."""

import json

import msgspec

from agent_tui.cli.kb_read import read_line
from agent_tui.domain.reading import Said, read_conversation


def told(**given: object) -> dict[str, object]:
    """The answer to one line, as JSON says it."""
    answer: dict[str, object] = json.loads(msgspec.json.encode(read_line(json.dumps(given).encode())))
    return answer


def test_it_says_what_the_screens_read() -> None:
    said = [Said("充电宝冒烟了"), Said("您好，请远离它", "agent"), Said("人呢")]
    found = read_conversation(said)
    messages = [{"from": one.side, "text": one.text} for one in said]
    answer = told(id=7, messages=messages)
    assert answer["id"] == 7
    assert (answer["category"], answer["class"], answer["mood"]) == (found.category, found.class_, found.mood)
    assert answer["risks"] == [{"risk": "safety", "words": list(found.dangers[0].words), "at": 0}]
    assert [one["kind"] for one in answer["messages"]] == ["question", "chasing"]  # type: ignore[attr-defined]
    assert answer["questions"] == [
        {"text": one.text, "at": one.at, "category": one.category} for one in found.questions
    ]


def test_a_text_alone_is_one_message_of_the_customer() -> None:
    assert told(text="发票怎么开")["category"] == "invoice"


def test_a_line_that_cannot_be_read_answers_as_if_nothing_was_said() -> None:
    assert read_line(b"{").messages == ()
