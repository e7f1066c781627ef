"""What the difference of two packs says, and that a pack does not differ from itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agent_tui import i18n
from agent_tui.knowledge.packs.diff import pack_diff
from agent_tui.knowledge.packs.format import Pack
from agent_tui.knowledge.packs.reading import built_in_packs, read_packs

PACKS = [placed.pack for placed in read_packs(built_in_packs())[0]]
OLD = next(pack for pack in PACKS if pack.id == "logistics")
FIRST, SECOND = OLD.procedures[:2]
CARD = OLD.emergency[0]


@pytest.fixture(autouse=True)
def _chinese():
    i18n.choose("zh")


@st.composite
def some_pack(draw: st.DrawFn) -> Pack:
    """A pack of some of the built-in answers, procedures and cards, in any order."""
    return replace(
        draw(st.sampled_from(PACKS)),
        answers=tuple(
            draw(st.permutations(OLD.answers))[: draw(st.integers(0, 20))],
        ),
        procedures=tuple(draw(st.permutations(OLD.procedures))[: draw(st.integers(0, 5))]),
        emergency=tuple(draw(st.permutations(OLD.emergency))[: draw(st.integers(0, 3))]),
    )


@given(some_pack())
def test_a_pack_does_not_differ_from_itself_whatever_its_version(pack: Pack):
    assert pack_diff(pack, replace(pack, version=pack.version + 1)) == ()


@given(some_pack(), some_pack())
def test_two_that_differ_are_told_apart_in_both_directions(one: Pack, other: Pack):
    is_same = replace(one, id="x", version=1) == replace(other, id="x", version=1)
    assert (pack_diff(one, other) == ()) == is_same
    assert (pack_diff(other, one) == ()) == is_same


def with_answer(**changes: object) -> Pack:
    return replace(OLD, answers=(replace(OLD.answers[0], **changes), *OLD.answers[1:]))


def with_procedure(**changes: object) -> Pack:
    return replace(OLD, procedures=(replace(FIRST, **changes), *OLD.procedures[1:]))


def with_card(**changes: object) -> Pack:
    return replace(OLD, emergency=(replace(CARD, **changes), *OLD.emergency[1:]))


STEPS = FIRST.steps


@pytest.mark.parametrize(
    ("new", "says"),
    [
        (replace(OLD, answers=OLD.answers[1:]), "去掉回答「包裹到哪了」"),
        (replace(OLD, answers=(replace(OLD.answers[0], when="问进度"), *OLD.answers[1:])), "→ 问进度"),
        (replace(OLD, answers=OLD.answers[::-1]), "回答的次序有调整"),
        (replace(OLD, answers=(replace(OLD.answers[0], like=""), *OLD.answers[1:])), "→ 无"),
        (with_answer(asked=("到哪了啊",)), "加 1 句，去 12 句"),
        (with_answer(orders=()), "适用的订单状态：shipped → 无"),
        (with_answer(overview=("stuck",)), "总览：shipped → stuck"),
        (replace(OLD, procedures=OLD.procedures[1:]), "去掉流程「催发货登记」"),
        (replace(OLD, procedures=(SECOND, FIRST, *OLD.procedures[2:])), "流程的次序有调整"),
        (with_procedure(title="催单"), "「催发货登记」改名为「催单」"),
        (with_procedure(categories=("order",)), "order、stock → order"),
        (with_procedure(steps=STEPS[:4]), "去掉原第 5 步"),
        (with_procedure(steps=(*STEPS, replace(STEPS[0], do="回访"))), "新增第 6 步：回访"),
        (with_procedure(steps=(replace(STEPS[0], check="看清"), *STEPS[1:])), "第 1 步改为"),
        (with_procedure(steps=(replace(STEPS[0], check="看清"), *STEPS[1:])), "查：看清"),
        (with_card(call="lead"), "找：lead（原为 safety）"),
        (with_card(level=4), "级别：无 → 4"),
        (with_card(words=(*CARD.words, "漏气")), "新增触发词：漏气"),
        (with_card(unless=()), "新增触发词：一起火锅"),
        (with_card(words=CARD.words[1:]), "去掉触发词：起火"),
        (replace(OLD, owner="仓库"), "负责：物流组 → 仓库"),
        (replace(OLD, valid_until=None), "到期日：2027-06-30 → 无"),
    ],
)
def test_each_change_is_said_in_words(new: Pack, says: str):
    (sentence, *more) = pack_diff(OLD, new, {"parcel-where-now": "包裹到哪了"})
    assert says in sentence
    assert not more


def test_it_is_said_in_the_language_asked_for():
    assert pack_diff(OLD, replace(OLD, owner="x"), language="en") == ("Owner: 物流组 → x",)
