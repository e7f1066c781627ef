"""What the pack linter accepts and refuses, one broken thing at a time."""

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.content.sources import built_in, folder, load
from agent_tui.knowledge.packs.format import Pack
from agent_tui.knowledge.packs.lint import lint_all, lint_pack, lint_packs, wide
from agent_tui.knowledge.packs.reading import PlacedPack, built_in_packs, parse_pack, read_packs
from agent_tui.knowledge.packs.writing import write_pack

DAY = date(2026, 11, 22)
ROLES = ("safety", "crisis", "pr", "tech", "director")
PACKS = {placed.pack.id: placed.pack for placed in read_packs(built_in_packs())[0]}
GOOD = PACKS["promotion"]


@pytest.fixture(scope="module")
def entries() -> dict[str, Entry]:
    return {entry.id: entry for entry in load([built_in()], DAY).entries}


def placed(pack: Pack) -> PlacedPack:
    found, problems = parse_pack(write_pack(pack), "p.yaml")
    assert not problems
    assert found is not None
    return found


def test_the_built_in_packs_are_clean():
    assert lint_packs([built_in()], DAY, ROLES) == []


def card(**changes: object) -> Pack:
    first, *others = GOOD.emergency
    return replace(GOOD, emergency=(replace(first, **changes), *others))


def procedure(**changes: object) -> Pack:
    first, *others = GOOD.procedures
    return replace(GOOD, procedures=(replace(first, **changes), *others))


def answer(**changes: object) -> Pack:
    *others, last = GOOD.answers
    return replace(GOOD, answers=(*others, replace(last, **changes)))


STEP = GOOD.procedures[0].steps[0]


@pytest.mark.parametrize(
    ("pack", "field", "says"),
    [
        (replace(GOOD, answers=GOOD.answers[1:]), "answers", "19"),
        (answer(overview=("presale",)), "answers[19].overview", "promo-deposit-refund"),
        (answer(asked=GOOD.answers[0].asked[:1]), "answers[19].asked[0]", "coupon-cannot-use"),
        (replace(GOOD, procedures=GOOD.procedures[:4]), "procedures", "4"),
        (replace(GOOD, emergency=()), "emergency", "0"),
        (replace(GOOD, id="a b"), "id", "a b"),
        (replace(GOOD, valid_until=date(2026, 11, 21)), "valid_until", "2026-11-21"),
        (replace(GOOD, valid_until=date(2026, 12, 1)), "valid_until", "9"),
        (replace(GOOD, valid_from=date(2028, 1, 1)), "valid_from", "2028"),
        (answer(entry="coupon-cannot-us"), "answers[19].entry", "coupon-cannot-us"),
        (answer(entry="coupon-cannot-use"), "answers[19].entry", "coupon-cannot-use"),
        (answer(entry="en-coupon"), "answers[19].entry", "en"),
        (answer(like="case-nothing"), "answers[19].like", "case-nothing"),
        (answer(when="长" * 31), "answers[19].when", "31"),
        (answer(when=GOOD.answers[0].when), "answers[19].when", GOOD.answers[0].when),
        (procedure(steps=(STEP,) * 3), "procedures[0].steps", "3"),
        (procedure(steps=(STEP,) * 8), "procedures[0].steps", "8"),
        (procedure(steps=(STEP, STEP, STEP, replace(STEP, check="长" * 61))),
         "procedures[0].steps[3].check", "61"),
        (procedure(categories=("invoice",)), "procedures[0].categories", GOOD.procedures[0].title),
        (procedure(id=GOOD.procedures[1].id), "procedures[1].id", GOOD.procedures[1].id),
        (card(say="长" * 121), "emergency[0].say", "121"),
        (card(say="您好 {{ customer.name }}"), "emergency[0].say", "say"),
        (card(words=()), "emergency[0]", GOOD.emergency[0].title),
        (card(words=("火",)), "emergency[0].words[0]", "火"),
        (card(call="找 人"), "emergency[0].call", "找 人"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_line(pack: Pack, field: str, says: str, entries: dict[str, Entry]):
    found = [fault for fault in lint_pack(placed(pack), entries, DAY) if fault.field == field]
    assert found
    assert says in found[0].detail
    assert found[0].line > 0
    assert found[0].remedy


def test_a_dead_reference_says_what_may_have_been_meant(entries: dict[str, Entry]):
    (fault,) = lint_pack(placed(answer(entry="promo-presale-ship-dat")), entries, DAY)
    assert "promo-presale-ship-date" in fault.remedy


def test_a_contact_that_is_not_set_is_a_warning_that_names_what_to_set(entries: dict[str, Entry]):
    packs = [placed(PACKS["logistics"]), placed(PACKS["returns"])]
    faults = list(lint_all(packs, entries, DAY, ("safety",)))
    assert [fault.severity for fault in faults] == ["warning", "warning"]
    assert all("[contact." in fault.remedy for fault in faults)


def test_two_packs_with_one_id_are_told_apart(entries: dict[str, Entry]):
    (fault,) = lint_all([placed(GOOD), placed(GOOD)], entries, DAY, ROLES)
    assert fault.field == "id"


def test_a_teams_pack_may_refer_to_built_in_entries(tmp_path: Path):
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "ours.yaml").write_text(write_pack(replace(GOOD, id="ours")), "utf-8")
    assert lint_packs([folder(tmp_path)], DAY, ROLES) == []


@pytest.mark.parametrize(("text", "size"), [("", 0), ("中文", 2), ("ab", 1), ("abc", 2), ("中a", 2)])
def test_two_latin_letters_count_as_one_wide_character(text: str, size: int):
    assert wide(text) == size
