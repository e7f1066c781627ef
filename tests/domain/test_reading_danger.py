"""Danger is heard by thing, event and person, and not in what only sounds so."""

import tomllib
from pathlib import Path

import pytest

from agent_tui.domain.reading import Danger, Said, read, read_conversation
from agent_tui.domain.reading.danger import problems

SAID: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("reading_dangers.toml").read_text("utf-8")
)
HARMLESS = SAID.pop("harmless")


def heard(text: str) -> list[Danger]:
    return [found.danger for found in read([text]).dangers]


def test_the_table_names_only_ideas_that_have_words_and_no_idea_in_vain() -> None:
    assert problems() == ()


@pytest.mark.parametrize(("danger", "text"), [(kind, text) for kind, texts in SAID.items() for text in texts])
def test_danger_is_heard(danger: str, text: str) -> None:
    assert Danger(danger) in heard(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_sounds_dangerous_is_not(text: str) -> None:
    assert heard(text) == []


def test_it_says_by_which_words() -> None:
    (found,) = read(["插座起huo了"]).dangers
    assert "起火" in found.words


def test_two_messages_in_a_row_are_heard_together() -> None:
    (found,) = read(["我家小的把磁珠", "吞下去了"]).dangers
    assert (found.danger, found.at) == (Danger.SAFETY, 1)


def test_what_the_shop_says_is_no_danger() -> None:
    found = read_conversation([Said("您的充电宝冒烟了吗？", "agent"), Said("没有 就是充不进电")])
    assert found.dangers == ()
