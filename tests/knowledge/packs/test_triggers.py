"""The cards of the built-in packs against everything the articles say customers ask: no false alarm."""

import pytest

from agent_tui.knowledge.content.sources import built_in, load
from agent_tui.knowledge.packs.reading import built_in_packs, read_packs
from agent_tui.knowledge.packs.resolved import Pack, card_for

PACKS = [placed.pack for placed in read_packs(built_in_packs())[0]]
ENTRIES = load([built_in()]).entries
MEANT = frozenset({"complaint", "risk"})
CALLED = {
    "case-appliance-fault", "case-defective-product-en", "case-food-foreign-matter", "case-skin-reaction",
    "case-system-outage-level-4",
}  # fmt: skip


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_ordinary_questions_bring_up_no_card(pack: Pack):
    asked = [
        (entry.id, question)
        for entry in ENTRIES
        if entry.language == pack.language and entry.category not in MEANT
        for question in (entry.title, *entry.similar)
        if entry.id not in CALLED and entry.kind == "article"
    ]
    assert len(asked) > 50
    assert [pair for pair in asked if card_for(pack, pair[1]) is not None] == []


@pytest.mark.parametrize(
    ("id", "entry", "card"),
    [
        ("returns", "case-skin-reaction", "danger"),
        ("live", "case-minor-purchase", "minor"),
        ("logistics", "case-report-to-12315", "press"),
        ("promotion", "case-report-to-12315", "press"),
    ],
)
def test_most_of_what_customers_say_of_an_emergency_brings_its_card(id: str, entry: str, card: str):
    pack = next(one for one in PACKS if one.id == id)
    similar = next(one for one in ENTRIES if one.id == entry).similar
    called = [found.id for question in similar if (found := card_for(pack, question)) is not None]
    assert set(called) == {card}
    assert len(called) >= 0.8 * len(similar)
