"""What was learned is held to its file, and to text of any kind."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_tui.domain.models import Danger, Mood
from agent_tui.domain.reading.decisions import dangers_in, mood_of
from agent_tui.domain.reading.learned import ANGRY, HEADS, Head, Learned, decoded, encoded, grams, shipped
from agent_tui.domain.reading.spelling import spelled


def taught(features: dict[str, dict[str, int]], line: float = 1.0) -> Learned:
    """Weights that know only these features; what isn't named weighs nothing."""
    heads = [Head(name=one, bias=0.0, line=line, unit=1.0) for one in HEADS]
    table = [said.get(head, 0) for said in features.values() for head in HEADS]
    learned = decoded(encoded(heads, list(features), bytes(one % 256 for one in table)))
    assert learned is not None
    return learned


def file_of(**changed: object) -> bytes:
    heads = [{"name": one, "bias": 0.0, "line": 0.0, "unit": 1.0} for one in HEADS]
    whole = {"heads": heads, "features": ["火"], "weights": bytes(len(HEADS))}
    return msgspec.msgpack.encode(whole | changed)


def test_the_shipped_file_is_whole() -> None:
    assert shipped() is not None


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"\x00",
        b"{}",
        file_of()[:-2],
        file_of(weights=b"\x01"),
        file_of(heads=[]),
        file_of(heads=[{"name": "mood", "bias": 0.0, "line": 0.0, "unit": 1.0}]),
        file_of(features=[1]),
    ],
)
def test_a_damaged_file_is_no_file(packed: bytes) -> None:
    assert decoded(packed) is None


def test_a_whole_file_is_one() -> None:
    assert decoded(file_of()) is not None


def test_words_weigh_by_their_share() -> None:
    learned = taught({"火": {ANGRY: 2}, "不": {ANGRY: -1}})
    alone, beside = (learned.scores(text, ())[ANGRY] for text in ("火", "火不"))
    assert alone == pytest.approx(4 * 2 - 1)
    assert beside == pytest.approx(4 * (2 - 1) / 3**0.5 - 1)


def test_a_rule_weighs_beside_the_words() -> None:
    learned = taught({"=m angry": {ANGRY: 3}})
    assert learned.scores("火", ["m angry", "unknown"])[ANGRY] == pytest.approx(2)


def test_no_text_passes_for_a_rule() -> None:
    assert not any(gram.startswith("=") for gram in grams("=m angry =d any"))


def test_a_danger_that_no_rule_hears_says_by_which_words() -> None:
    learned = taught({"淌水": {"danger": 9, "safety": 9}, "淌": {"safety": 1}})
    (found,) = dangers_in("冰箱淌水", 3, learned)
    assert (found.danger, found.words, found.at) == (Danger.SAFETY, ("淌水",), 3)


def test_a_rule_is_outvoted_but_not_where_it_is_certain() -> None:
    learned = taught({})
    assert dangers_in(spelled("插座起火了"), 0, learned) == ()
    assert [found.danger for found in dangers_in(spelled("我不想活了"), 0, learned)] == [Danger.SELF_HARM]


def test_what_else_is_asked_drowns_no_danger() -> None:
    learned = taught({"=d any": {"danger": 4}, "发": {"danger": -9}, "货": {"danger": -9}})
    assert dangers_in("怎么还没发货 什么时候发货", 0, learned) == ()
    (found,) = dangers_in("充电宝冒烟了 怎么还没发货 什么时候发货", 0, learned)
    assert found.danger is Danger.SAFETY


def test_the_gravest_danger_stands_first() -> None:
    learned = taught({"火": {"danger": 9, "public": 9, "safety": 9}})
    assert [found.danger for found in dangers_in("火", 0, learned)] == [Danger.SAFETY, Danger.PUBLIC]


def test_who_is_angry_is_not_only_anxious() -> None:
    learned = taught({"哼": {ANGRY: 9, "upset": 9}, "唉": {"upset": 9}})
    moods = [mood_of(text, text, frozenset(), learned) for text in ("哼", "唉", "嗯")]
    assert moods == [Mood.ANGRY, Mood.ANXIOUS, Mood.CALM]


@given(st.text())
def test_any_text_is_scored_and_its_reasons_stand_in_it(text: str) -> None:
    learned = shipped()
    assert learned is not None
    read = spelled(text)
    assert set(learned.scores(read, [text])) == set(HEADS)
    assert all(word in read for word in learned.reasons(read, "danger"))
