"""Keywords: what means the same is one word, and what tells nothing apart is none."""

import pytest

from agent_tui.knowledge.text.keywords import fold_same, pieces


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("啥时候发货", "几时寄出"),
        ("包裹到哪里了", "快递到哪儿了"),
        ("when was it dispatched", "When was it shipped"),
    ],
)
def test_synonyms_are_one_keyword(one: str, other: str) -> None:
    assert fold_same(one).split() == fold_same(other).split()


def test_numbers_and_endings_do_not_tell_questions_apart() -> None:
    assert pieces("order 1234 lasting") == pieces("order 99 lasted")
