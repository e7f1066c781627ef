"""The training plan's content: three sets a pack that fit the pack, and whose right answers can be found."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_tui import i18n
from agent_tui.domain.names import is_known
from agent_tui.domain.text import fold
from agent_tui.drill.checking import fitting, problems_of
from agent_tui.drill.sets import (
    CUSTOMERS,
    PARTS,
    STAGES,
    DrillCustomer,
    DrillError,
    DrillStage,
    Turn,
    dates_of,
    drill_set,
    set_for,
    values_of,
)
from agent_tui.errors import BadSettings
from agent_tui.knowledge.content.sources import built_in, load
from agent_tui.knowledge.packs.resolved import ResolvedPack, load_pack, resolve
from agent_tui.knowledge.templates.fill import fill

PACKS = ("logistics", "returns", "promotion", "live", "basics-en")
DAY = date(2026, 11, 22)
OTHERS = {
    "customer.name": "王*",
    "agent.name": "小林",
    "shop.hours": "9:00-24:00",
    "shop.return_address": "杭州市余杭区仓前街道 1 号",
}

every_set = pytest.mark.parametrize("stage", STAGES)
every_pack = pytest.mark.parametrize("id", PACKS)


@cache
def resolved(id: str) -> ResolvedPack:
    """A pack beside the library's entries."""
    return resolve(load_pack(id), load([built_in()]).entries)


def turns(id: str, stage: DrillStage) -> Iterator[tuple[str, DrillCustomer, Turn]]:
    """Every turn of a set, with a name for messages."""
    for one in drill_set(id, stage).customers:
        for n, turn in enumerate(one.turns):
            yield f"{id}-{stage}/{one.id}/{n}", one, turn


@every_pack
@every_set
def test_a_set_has_fifteen_customers_in_the_parts_of_the_plan(id: str, stage: DrillStage) -> None:
    known = drill_set(id, stage)
    assert (known.pack, known.set) == (id, stage)
    assert len(known.parts) == PARTS[stage]
    assert len(known.customers) == CUSTOMERS
    assert all(part.name and part.told for part in known.parts)
    if stage == "scenes":
        assert [len(part.customers) for part in known.parts] == [5, 5, 5]
        assert all(any(one.then for one in part.customers) for part in known.parts)
    assert all(bool(part.every) == (stage == "live") for part in known.parts)


def test_no_two_customers_say_the_same() -> None:
    said = [turn.says for id in PACKS for stage in STAGES for _, _, turn in turns(id, stage)]
    assert len(said) == len(set(said)) >= len(PACKS) * len(STAGES) * CUSTOMERS


@every_pack
@every_set
def test_a_set_fits_its_pack(id: str, stage: DrillStage) -> None:
    assert problems_of(drill_set(id, stage), resolved(id)) == []
    for name, _, turn in turns(id, stage):
        assert turn.tone, name
        assert turn.find[:1] not in tuple("0123456789?"), f"{name}: a key in the empty field"
        assert turn.buddy or turn.response in ("answer", "card"), name


def test_every_mistake_of_a_set_is_told() -> None:
    known = drill_set("logistics", "skills")
    first, *others = known.parts[0].customers
    turn = Turn(says=(), tone="", right=("nobody", "parcel-urgent"), wrong=("parcel-urgent",), procedure="no")
    assert fitting(known, resolved("logistics")) == known
    bad = replace(first, response="card", card="none", values={"parcel.colour": "红"}, then=turn)
    part = replace(known.parts[0], customers=(bad, bad, *others))
    told = problems_of(replace(known, pack="other", parts=(part,)), resolved("logistics"))
    assert told[:4] == ["pack: other ≠ logistics", "part: 1 ≠ 7", "customer: 3 ≠ 15", "where: id ×2"]
    assert fitting(replace(known, parts=(part,)), resolved("logistics")).customers == tuple(others)
    assert {one.removeprefix("where: ") for one in told[4:]} == {
        "values.parcel.colour", "card none", "right nobody", "right = wrong parcel-urgent", "says",
        "procedure no",
    }  # fmt: skip


def test_a_teams_own_set_goes_before_the_built_in_one(tmp_path: Path) -> None:
    own = tmp_path / "drills" / "logistics-live.toml"
    own.parent.mkdir()
    own.write_text('pack = "logistics"\nset = "live"\npart = []\n', "utf-8")
    assert drill_set("logistics", "live", [tmp_path]).parts == ()
    assert drill_set("logistics", "skills", [tmp_path]) == drill_set("logistics", "skills")
    own.write_text('pack = "logistics"\nset = "never"\npart = []\n', "utf-8")
    with pytest.raises(BadSettings, match=r"logistics-live\.toml"):
        drill_set("logistics", "live", [tmp_path])
    with pytest.raises(FileNotFoundError):
        drill_set("ours", "live", [tmp_path])


def test_a_teams_own_pack_is_practised_with_the_customers_of_its_field() -> None:
    pack = resolved("returns").pack
    assert set_for(replace(pack, id="ours"), "skills") == replace(drill_set("returns", "skills"), pack="ours")
    assert set_for(pack, "skills") == drill_set("returns", "skills")
    with pytest.raises(FileNotFoundError):
        set_for(replace(pack, id="ours", field="gardening"), "skills")


@every_pack
def test_a_shift_has_what_a_day_has(id: str) -> None:
    customers = drill_set(id, "live").customers
    responses = [one.response for one in customers]
    assert {"answer", "card", "hand-over", "ask"} == set(responses)
    assert responses.count("card") >= 2
    assert any(resolved(id).card_for("\n".join(one.says)) for one in customers)


@every_pack
@every_set
def test_no_card_but_the_right_one_comes_by_itself(id: str, stage: DrillStage) -> None:
    for name, _, turn in turns(id, stage):
        card = resolved(id).card_for("\n".join(turn.says))
        assert card is None or card.id == turn.card, name
        assert card is not None or not turn.card or stage == "live", name


@every_pack
@every_set
def test_the_right_answer_needs_no_hand_and_is_kind(id: str, stage: DrillStage) -> None:
    language = resolved(id).pack.language
    for name, one, turn in turns(id, stage):
        values = values_of(one, DAY, language)
        assert all(is_known(path) for path in values), name
        answer = resolved(id).get(turn.right[0]) if turn.right else None
        if answer is not None and "${" not in answer.entry.text:
            filled = fill(answer.entry.text, {**OTHERS, **values}, language)
            assert filled.blanks == (), (name, answer.id)
            assert not turn.kind or any(fold(word) in fold(filled.text) for word in turn.kind), name


def test_dates_are_said_in_the_language_of_the_pack() -> None:
    waiting = drill_set("logistics", "skills").customers[7]
    assert values_of(waiting, DAY, "zh")["order.ship_by"] == "11月23日"
    assert values_of(waiting, DAY, "en")["order.ship_by"] == "23 Nov"
    assert dates_of(waiting, DAY, "zh")["order.ship_by"] == date(2026, 11, 23)
    english = drill_set("basics-en", "skills").customers
    told = "".join(value for one in english for value in values_of(one, DAY, "en").values())
    assert not any("\u4e00" <= character <= "\u9fff" for character in told)


def test_the_screen_is_tried_on_the_first_customers_of_five_skills() -> None:
    known = drill_set("logistics", "skills")
    tried = known.tried()
    assert tried.customers == tuple(part.customers[0] for part in known.parts[:5])
    assert not tried.parts[0].told


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", "part[0].customer[1] 里的 deed 现在叫 response，请把 deed = … 改写成 response = …"),
        ("en", "deed in part[0].customer[1] is called response now: write response = … instead of deed = …"),
    ],
)
def test_a_field_that_is_called_otherwise_now_is_told_with_what_to_write(
    tmp_path: Path, lang: str, words: str
) -> None:
    own = tmp_path / "drills" / "logistics-live.toml"
    own.parent.mkdir()
    customer = (
        '[[part.customer]]\nid = "{id}"\nsituation = "none"\nsays = ["在"]\ntone = ""\n{word} = "ask"\n'
    )
    rows = customer.format(id="a", word="response") + customer.format(id="b", word="deed")
    own.write_text(f'pack = "logistics"\nset = "live"\n[[part]]\nname = "一"\n{rows}', "utf-8")
    with pytest.raises(DrillError) as caught:
        drill_set("logistics", "live", [tmp_path])
    i18n.choose(lang)
    assert i18n.words_of(caught.value).endswith(words)
    assert str(own) in i18n.words_of(caught.value)
