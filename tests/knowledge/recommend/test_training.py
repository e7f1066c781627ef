"""The learner: held-out predictions are what they claim, and what can be learned is learned."""

import zlib
from functools import cache

import msgspec
import numpy as np
import pytest

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend import stacking as blend
from agent_tui.knowledge.recommend.features import GROUP_SHIFT, SHAPE, features
from agent_tui.knowledge.recommend.ridge import Classes, dual, primal
from agent_tui.knowledge.recommend.training import FOLDS, conversations_of, documents_of, train, whole
from agent_tui.knowledge.recommend.usage_log import Said, Usage
from agent_tui.knowledge.recommend.usage_model import UsageModel
from agent_tui.knowledge.recommend.vectors import START_WEIGHTS, FeatureCells, FeatureSpace, sparse, times_row

TOPICS = ("快递到哪里了", "退款什么时候到", "发票怎么开", "优惠券用不了")


def toy(count: int) -> list[Usage]:
    """Usages whose topic alone decides the entry."""
    return [
        Usage(
            entry=str(number % len(TOPICS)),
            messages=(Said(f"你好{number}"), Said("您好", "agent"), Said(TOPICS[number % len(TOPICS)])),
        )
        for number in range(count)
    ]


ENTRIES = tuple(Entry(id=str(number), kind="snippet", title="") for number in range(len(TOPICS)))


def lessons(count: int) -> tuple[FeatureCells, Classes]:
    usages = [one for one in toy(count) if int(one.messages[0].text[2:]) % 5]
    documents = documents_of(usages)
    space = FeatureSpace.spanned_by(documents, START_WEIGHTS)
    importance = np.random.default_rng(2).uniform(0.2, 1.5, len(usages))
    labels = np.array([int(one.entry) for one in usages])
    return space.weighed(space.cells(documents)), Classes.of(labels, len(TOPICS), importance)


def test_what_a_fold_would_get_unseen_equals_training_without_it() -> None:
    cells, classes = lessons(40)
    folds = np.arange(cells.height) % 4
    (fitted,) = dual(cells, classes, [0.7], np.arange(cells.height), folds)
    for fold in range(4):
        rest, inside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        (without,) = dual(cells.some(rest), classes.some(rest), [0.7], np.arange(len(rest)), folds[rest])
        np.testing.assert_allclose(
            fitted.unseen[inside], cells.some(inside).dense() @ without.pull, atol=2e-3
        )


def test_dual_and_primal_learn_the_same() -> None:
    cells, classes = lessons(40)
    rows = np.arange(0, cells.height, 3)
    folds = rows % 2
    by_dual, by_primal = (list(solve(cells, classes, [0.3, 2.0], rows, folds)) for solve in (dual, primal))
    for one, other in zip(by_dual, by_primal, strict=True):
        np.testing.assert_allclose(one.pull, other.pull, atol=1e-4)
        np.testing.assert_allclose(one.unseen, other.unseen, atol=1e-3)


def test_sparse_matrix_products_equal_dense_ones() -> None:
    random = np.random.default_rng(5)
    full = random.normal(size=(30, 5_000)) * (random.random((30, 5_000)) < 0.05)
    rows, cols = np.nonzero(full)
    own = np.flatnonzero(full[7])
    matrix = sparse(rows, cols, full[rows, cols], 30, 5_000)
    np.testing.assert_allclose(times_row(matrix, own, full[7, own]), full @ full[7], atol=1e-4)


def test_hashed_documents_keep_their_products() -> None:
    documents = documents_of(toy(12))
    space = FeatureSpace.spanned_by(documents, START_WEIGHTS)
    cells = space.weighed(space.cells(documents))
    dense = cells.dense()
    np.testing.assert_array_equal(dense[3:7], cells.dense(3, 7))
    cosines = dense @ dense.T
    np.testing.assert_allclose(np.diag(cosines), 1.0, atol=0.15)
    cols, values = space.encode(documents[5])
    np.testing.assert_allclose(times_row(space.matrix(cells), cols, values), cosines[5], atol=1e-4)


def test_learns_what_can_be_learned() -> None:
    model = UsageModel(ENTRIES).with_weights(train(ENTRIES, toy(200)))
    for number, topic in enumerate(TOPICS):
        assert int(model.pull((Said("在吗"), Said(topic))).logits.argmax()) == number


def test_training_is_deterministic_and_needs_enough() -> None:
    assert train(ENTRIES, toy(150)) == trained()
    assert train(ENTRIES, toy(59)) == b""
    assert train((), toy(150)) == b""


def test_whole_conversations_are_held_out() -> None:
    conversations = np.arange(300) // 3
    rows = whole(conversations, 60)
    assert 45 <= len(rows) <= 75
    assert all(np.isin(np.flatnonzero(conversations == one), rows).all() for one in conversations[rows])


@cache
def trained() -> bytes:
    return train(ENTRIES, toy(150))


def hostile(**changes: object) -> bytes:
    """A model file that is right but for some of its fields."""
    given = msgspec.msgpack.decode(trained())
    return msgspec.msgpack.encode({**given, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 1},
        {"entries": ["0"]},
        {"entries": ["0"] * 20_000},
        {"blend": [1.0]},
        {"blend": [1.0, 1.0, float("nan"), 1.0]},
        {"groups": [0.0] * 6},
        {"groups": [-1.0, 0.0, 0.0, 0.0, 0.0, 2.0]},
        {"counts": b"\x00\x00\xc0\x7f" * 4},
        {"counts": (-np.ones(4, "<f4")).tobytes()},
        {"scale": b"\x00\x00\x80\x7f" * 4},
        {"centre": b""},
        {"pull": b""},
        {"pull": zlib.compress(bytes(10_000_000))},
        {"rarity": zlib.compress(bytes(9))},
        {"rarity": "x"},
    ],
)
def test_a_hostile_model_file_changes_nothing(changes: dict[str, object]) -> None:
    model = UsageModel(ENTRIES)
    assert model.with_weights(hostile(**changes)) is model
    assert model.with_weights(hostile()) is not model


def test_features_do_not_depend_on_numbers_width_or_script() -> None:
    one = features((Said("訂單１２３什麼時候到？"),))
    other = features((Said("订单456什么时候到?"),))
    np.testing.assert_array_equal(one.ids, other.ids)


def test_who_spoke_matters() -> None:
    one, other = features((Said("好的", "customer"),)), features((Said("好的", "agent"),))
    shared = set(one.ids.tolist()) & set(other.ids.tolist())
    assert all(feature >> GROUP_SHIFT == SHAPE for feature in shared)


def test_stacking_trusts_the_opinion_that_is_right() -> None:
    random = np.random.default_rng(1)
    labels = random.integers(0, 6, 300)
    opinions = random.normal(size=(300, 6, 4)) * 0.01
    opinions[np.arange(300), labels, 3] += 0.5
    weights = blend.learn_weights(opinions, labels)
    chances = blend.probabilities(opinions, weights)
    assert (chances.argmax(axis=1) == labels).mean() > 0.99
    np.testing.assert_allclose(chances.sum(axis=1), 1.0)


def test_sends_of_one_conversation_share_a_fold() -> None:
    talk = [Said(f"这是第{number}句话了") for number in range(12)]
    whole = [Usage(entry="a", messages=tuple(talk[: end + 1])) for end in range(3, 12)]
    windows = [Usage(entry="a", messages=tuple(talk[end - 3 : end + 1])) for end in range(3, 12)]
    for usages in (whole, windows):
        assert len(set((conversations_of(usages) % FOLDS).tolist())) == 1
    strangers = [Usage(entry="a", messages=(Said(f"别的客户{number}说的话"),)) for number in range(40)]
    assert len(set((conversations_of(strangers) % FOLDS).tolist())) == 10
