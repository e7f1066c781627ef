"""Packs read, resolved and used: every problem has its line, words bring up cards, steps become notes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from agent_tui import i18n
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.content.sources import built_in, load
from agent_tui.knowledge.packs.reading import PackError, built_in_packs, parse_pack, read_packs
from agent_tui.knowledge.packs.resolved import Pack, card_for, load_pack, procedures_for, resolve, tick_note
from agent_tui.knowledge.packs.writing import write_pack

BUILT_IN = [placed.pack for placed in read_packs(built_in_packs())[0]]
FIELDS = Pack.__struct_fields__


@pytest.fixture(autouse=True)
def _chinese():
    i18n.choose("zh")


@pytest.fixture(scope="module")
def entries() -> tuple[Entry, ...]:
    return load([built_in()]).entries


def pack(id: str) -> Pack:
    return next(one for one in BUILT_IN if one.id == id)


def test_there_is_a_pack_for_every_field_and_one_in_english():
    assert {one.field for one in BUILT_IN if one.language == "zh"} == {
        "logistics", "returns", "promotion", "live",
    }  # fmt: skip
    assert [one.language for one in BUILT_IN].count("en") == 1


@pytest.mark.parametrize("one", BUILT_IN, ids=lambda one: one.id)
def test_a_pack_written_reads_back_the_same(one: Pack):
    placed, problems = parse_pack(write_pack(one), "again.yaml")
    assert not problems
    assert placed is not None
    assert placed.pack == one


def test_every_problem_is_reported_at_once_and_in_its_line():
    text = """id: a
title: ' '
version: x
field: space
valid_from: soon
answers:
  - entry: b
  - {entry: c, when: d, how: e}
procedures: none
emergency:
  - {id: f, title: g, words: h, stop: i, say: j, call: k, level: 9}
"""
    placed, problems = parse_pack(text, "bad.yaml")
    assert placed is None
    assert {(problem.line, problem.field) for problem in problems} >= {
        (2, "title"),
        (3, "version"),
        (4, "field"),
        (5, "valid_from"),
        (7, "answers[0].when"),
        (8, "answers[1].how"),
        (9, "procedures"),
        (11, "emergency[0].words"),
        (11, "emergency[0].level"),
    }
    assert all(problem.remedy and problem.file == "bad.yaml" for problem in problems)
    assert {problem.field for problem in problems} >= {"owner", "categories"}


@given(st.text(max_size=300))
def test_any_text_is_read_without_raising(text: str):
    placed, problems = parse_pack(text, "any.yaml")
    assert placed is not None or problems


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5),
    max_leaves=12,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, VALUES)))
def test_any_yaml_is_read_without_raising(value: dict[str, object]):
    placed, problems = parse_pack(yaml.safe_dump(value, allow_unicode=True), "any.yaml")
    assert placed is not None or problems


def test_one_bad_pack_never_hides_the_good_ones(tmp_path: Path):
    (tmp_path / "a.yaml").write_text("id: [", "utf-8")
    (tmp_path / "b.yaml").write_text(write_pack(pack("live")), "utf-8")
    packs, problems = read_packs(tmp_path)
    assert [placed.pack.id for placed in packs] == ["live"]
    assert [Path(problem.file).name for problem in problems] == ["a.yaml"]
    assert load_pack("live", tmp_path) == pack("live")


def test_a_pack_is_found_by_id_or_file_and_a_wrong_name_says_so(tmp_path: Path):
    assert load_pack("returns") == pack("returns")
    assert load_pack(built_in_packs() / "returns.yaml") == pack("returns")
    with pytest.raises(PackError, match="no-pack"):
        load_pack("nothing")
    with pytest.raises(PackError, match="bad-pack") as error:
        load_pack(str(tmp_path / "gone.yaml"))
    assert error.value.problems


@pytest.mark.parametrize("one", BUILT_IN, ids=lambda one: one.id)
def test_every_answer_is_there_and_found_by_its_title_and_its_when_line(
    one: Pack, entries: tuple[Entry, ...]
):
    resolved = resolve(one, entries)
    assert resolved.missing == ()
    assert len(resolved.answers) == 20
    for answer in resolved.answers:
        assert resolved.search(answer.title)[0].id == answer.id
        assert answer.id in [hit.id for hit in resolved.search(answer.when, 3)]


def test_nothing_typed_gives_the_pack_in_its_order(entries: tuple[Entry, ...]):
    resolved = resolve(pack("logistics"), entries)
    assert [hit.id for hit in resolved.search("")] == [answer.entry for answer in resolved.pack.answers]


@pytest.mark.parametrize(
    ("typed", "entry"),
    [
        ("柜子里给我塞的，要送上门", "parcel-station-no-notice"),
        ("地址填成老家了能换吗", "order-address-before-ship"),
        ("驿站", "parcel-station-no-notice"),
    ],
)
def test_what_customers_say_finds_an_answer_where_no_title_says_it(
    typed: str, entry: str, entries: tuple[Entry, ...]
):
    assert entry in [hit.id for hit in resolve(pack("logistics"), entries).search(typed, 3)]


def test_nonsense_finds_nothing(entries: tuple[Entry, ...]):
    assert resolve(pack("logistics"), entries).search("鑫森淼焱 zqxj") == []


def test_an_article_about_the_same_matter_lends_its_questions(entries: tuple[Entry, ...]):
    answer = resolve(pack("logistics"), entries).get("parcel-station-no-notice")
    article = next(entry for entry in entries if entry.id == "case-left-at-station")
    assert answer is not None
    assert set(article.similar) <= set(answer.similar)


def test_a_missing_entry_costs_its_answer_only(entries: tuple[Entry, ...]):
    kept = [entry for entry in entries if entry.id != "parcel-where-now"]
    resolved = resolve(pack("logistics"), kept)
    assert resolved.missing == ("parcel-where-now",)
    assert len(resolved.answers) == 19


def test_of_recommended_entries_only_the_packs_are_offered(entries: tuple[Entry, ...]):
    resolved = resolve(pack("logistics"), entries)
    offered = resolved.only(["greet-no-order", "parcel-urgent", "parcel-urgent", "parcel-where-now"])
    assert [answer.id for answer in offered] == ["parcel-urgent", "parcel-where-now"]


def test_procedures_are_offered_by_category_the_one_that_names_it_first_first():
    one = pack("logistics")
    assert [procedure.id for procedure in procedures_for(one, "order")] == [
        "urge-shipping", "redirect-parcel", "log-missing",
    ]  # fmt: skip
    assert procedures_for(one, "invoice") == ()
    assert len(procedures_for(one, "logistics", limit=2)) == 2


def test_ticks_become_a_note():
    procedure = pack("logistics").procedures[0]
    note = tick_note(procedure, {1, 3, 99})
    assert note.splitlines()[0] == "流程「催发货登记」：完成 2/5 步"
    assert [line[0] for line in note.splitlines()[1:]] == ["✓", "○", "✓", "○", "○"]
    assert "2 of 5 steps" in tick_note(procedure, {1, 3}, "en")


@pytest.mark.parametrize(
    ("said", "card"),
    [
        ("充电的时候着火了", "danger"),
        ("打开就冒 烟", "danger"),
        ("我不想活了", "self-harm"),
        ("自 杀", "self-harm"),
        ("自.殺", "self-harm"),
        ("自\u200b杀", "self-harm"),
        ("我想死你们管不管", "self-harm"),
        ("我要找记者曝光你们", "press"),
        ("打１２３１５了", "press"),
        ("12 315 见", "press"),
        ("律師函", "press"),
        ("着火了，我要自杀", "danger"),
        ("快递到哪了", None),
        ("大家一起火锅，吃着火锅等快递", None),
        ("想死你了", None),
        ("单号 2024123159", None),
        ("送到某某律师事务所", None),
        ("", None),
    ],
)
def test_words_bring_up_the_card_however_they_are_written(said: str, card: str | None):
    found = card_for(pack("logistics"), said)
    assert (found.id if found else None) == card


@pytest.mark.parametrize(
    ("said", "card"),
    [
        ("My house is on FIRE", "danger"),
        ("I can’t breathe", "danger"),
        ("k i l l  myself", "self-harm"),
        ("self-harm", "self-harm"),
        ("I will sue you", "press"),
        ("campfire mug", None),
        ("an issue you know", None),
        ("fire sale", None),
    ],
)
def test_words_of_letters_count_only_where_they_stand_alone(said: str, card: str | None):
    found = card_for(pack("basics-en"), said)
    assert (found.id if found else None) == card


def test_the_emergency_level_brings_up_its_card_and_words_come_before_it():
    one = pack("promotion")
    assert [card and card.id for card in (card_for(one, "", level) for level in range(5))] == [
        None, None, None, None, "outage",
    ]  # fmt: skip
    found = card_for(one, "自杀", 4)
    assert found is not None
    assert found.id == "danger"


@given(st.text(max_size=200), st.integers(min_value=0, max_value=4))
def test_no_words_make_the_cards_fail(said: str, level: int):
    for one in BUILT_IN:
        card_for(one, said, level)


@given(st.data())
def test_a_trigger_is_seen_within_any_words_and_with_blanks_in_it(data: st.DataObject):
    one = pack("returns")
    card = data.draw(st.sampled_from(one.emergency))
    word = data.draw(st.sampled_from([word for word in card.words if not word.isascii()]))
    gap = data.draw(st.sampled_from(["", " ", ".", "*", " - ", "\u200b"]))
    found = card_for(one, f"你们，{gap.join(word)}，怎么办")
    assert found is not None


def test_shares_do_not_depend_on_the_order_of_a_set() -> None:
    program = (
        "from agent_tui.knowledge.content.sources import built_in, load\n"
        "from agent_tui.knowledge.packs.resolved import load_pack, resolve\n"
        "pack = resolve(load_pack('basics-en'), load([built_in()]).entries)\n"
        "print([(hit.id, hit.score) for hit in pack.search('Complaint to 12315 or the platform')])\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1
