"""The bank of openings: whole, varied, and settled by what a correct answer says, never by an evasion."""

from collections import Counter
from datetime import UTC, datetime

import msgspec
import pytest

from agent_tui.domain.models import Category
from agent_tui.sim.cast import make_case
from agent_tui.sim.openings import CHANNELS, Field, Opening, bank, facts, select
from agent_tui.sim.world import values
from tests.sim.desk import correct_answers, evasions, filled

NOW = datetime(2026, 11, 11, 12, tzinfo=UTC)


def case_values(opening: Opening) -> dict[str, tuple[str, ...]]:
    return dict(make_case(opening, 1, NOW).values)


def test_there_are_enough_and_each_is_its_own() -> None:
    assert len(bank()) >= 800
    assert len({opening.id for opening in bank()}) == len(bank())
    assert len({"".join(opening.messages) for opening in bank()}) == len(bank())
    assert all(1 <= len(opening.messages) <= 3 for opening in bank())
    assert sum(len(opening.messages) > 1 for opening in bank()) >= 50


def test_every_category_speaks_and_the_names_are_the_domains() -> None:
    assert {opening.category for opening in bank()} == {category.value for category in Category}


def test_a_fifth_is_english() -> None:
    share = sum(opening.language == "en" for opening in bank()) / len(bank())
    assert 0.15 <= share <= 0.22


@pytest.mark.parametrize("field", ["logistics", "returns", "promotion", "live"])
def test_each_pack_field_holds_out_sixty_in_chinese(field: Field) -> None:
    held = [one for one in select("only", field) if one.language == "zh"]
    assert len(held) >= 62


def test_the_fields_with_english_content_hold_out_fifty_five() -> None:
    held = [one for field in ("logistics", "returns") for one in select("only", field)]
    assert sum(one.language == "en" for one in held) >= 55


def test_more_than_a_third_is_held_out_in_every_category() -> None:
    assert sum(opening.held_out for opening in bank()) * 3 > len(bank())
    all_of = Counter(opening.category for opening in bank())
    held = Counter(opening.category for opening in bank() if opening.held_out)
    assert all(held[category] * 3 >= count for category, count in all_of.items())


def test_held_out_words_are_other_words() -> None:
    """No held-out opening shares most of its character pairs with one of the rest."""

    def pairs(opening: Opening) -> set[str]:
        text = "".join("".join(opening.messages).casefold().split())
        return {text[at : at + 2] for at in range(len(text) - 1)}

    rest = [pairs(opening) for opening in select("no")]
    close = [
        opening.id
        for opening in select("only")
        if any(len(mine & other) / len(mine | other) > 0.6 for other in rest if (mine := pairs(opening)))
    ]
    assert close == []


def test_selecting_splits_the_bank() -> None:
    parts = [*select("only"), *select("no")]
    assert sorted(one.id for one in parts) == sorted(one.id for one in select("both"))
    assert all(opening.field == "live" for opening in select("both", "live"))


def test_channels_are_the_domains() -> None:
    assert {channel for opening in bank() for channel in opening.channels} <= set(CHANNELS)


@pytest.mark.parametrize("category", sorted({opening.category for opening in bank()}))
def test_correct_answers_settle_and_evasions_do_not(category: str) -> None:
    empty = evasions()
    for opening in (one for one in bank() if one.category == category):
        known = case_values(opening)
        answers = correct_answers(opening)
        assert answers, f"{opening.id}: no answer in the customer's language"
        assert [text for text in answers if not opening.is_settled_by(filled(text, known), known)] == []
        assert [text for text in empty if opening.is_settled_by(text, known)] == []


def test_one_answer_does_not_settle_everything() -> None:
    """A reply on shipping, the most frequent, settles those who ask for it and nobody else."""
    reply = "亲，付款后48小时内安排发货，请放心"
    settled = [one for one in bank() if one.is_settled_by(reply, case_values(one))]
    assert settled
    assert all("ship-48h" in {fact.name for fact in one.facts} for one in settled)


def test_throwing_the_question_back_seldom_settles_it() -> None:
    echoed = [one for one in bank() if one.is_settled_by("\n".join(one.messages), case_values(one))]
    assert len(echoed) < 0.08 * len(bank())


def test_every_fact_is_used_and_can_be_asked_for_again() -> None:
    used = {fact.name for opening in bank() for fact in opening.facts}
    assert used == set(facts())
    assert all(fact.needs and all(fact.needs) and fact.again and fact.again_en for fact in facts().values())


def test_english_customers_want_english() -> None:
    opening = next(one for one in bank() if one.id == "logistics-46")
    assert opening.language == "en"
    assert not opening.is_settled_by("付款后48小时内发货", {})
    assert opening.is_settled_by("We ship within 48h of payment, order 202611110001", {})


def test_every_slot_of_a_fact_or_supply_exists() -> None:
    known = case_values(next(one for one in bank() if one.state == "refunded"))
    slots = {
        word.strip("{}")
        for fact in facts().values()
        for row in fact.needs
        for word in row
        if word.startswith("{") and not word.startswith("{shop.")
    }
    slots |= {
        value.strip("{}")
        for opening in bank()
        for value in opening.supplies.values()
        if value.startswith("{")
    }
    assert slots <= set(known)
    assert not any("{" in text for opening in bank() for text in opening.messages)


def test_a_file_that_does_not_fit_is_refused() -> None:
    from agent_tui.sim.openings import _BankFile

    bad = b'category = "returns"\nfield = "returns"\nopening = []\n'
    with pytest.raises(msgspec.ValidationError, match="category"):
        msgspec.toml.decode(bad, type=_BankFile)


def test_values_without_an_order_are_the_persons() -> None:
    case = make_case(next(one for one in bank() if one.state == "none"), 3, NOW)
    assert set(values(case.person, None)) == {"customer.name", "customer.phone", "customer.address"}
