"""The learner: held-out predictions are what they claim, and what can be learned is learned."""

import numpy as np

from agent_tui.knowledge.recommend import stacking as blend
from agent_tui.knowledge.recommend import training as learn
from agent_tui.knowledge.recommend.features import GROUP_SHIFT, SHAPE, features
from agent_tui.knowledge.recommend.ridge import held_out, reciprocal_rank, solve
from agent_tui.knowledge.recommend.training import folds_of
from agent_tui.knowledge.recommend.usage_log import Said, Usage
from agent_tui.knowledge.recommend.vectors import gram, sparse, times_row

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


def test_cross_validation_by_one_inverse_equals_training_without_the_fold() -> None:
    random = np.random.default_rng(3)
    points = random.normal(size=(40, 12)).astype(np.float32)
    kernel, targets = points @ points.T, random.normal(size=(40, 3)).astype(np.float32)
    weights, folds = random.uniform(0.2, 1.5, 40), np.arange(40) % 5
    predicted = held_out(kernel, targets, 0.7, weights, folds)
    for fold in range(5):
        rest, inside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        dual = solve(kernel[np.ix_(rest, rest)], targets[rest], 0.7, weights[rest])
        np.testing.assert_allclose(predicted[inside], kernel[np.ix_(inside, rest)] @ dual, atol=2e-3)


def test_sparse_matrix_products_equal_dense_ones() -> None:
    random = np.random.default_rng(5)
    full = random.normal(size=(30, 5_000)) * (random.random((30, 5_000)) < 0.05)
    rows, cols = np.nonzero(full)
    values = full[rows, cols]
    np.testing.assert_allclose(gram(rows, cols, values, 30, 5_000), full @ full.T, atol=1e-3)
    own = np.flatnonzero(full[7])
    matrix = sparse(rows, cols, values, 30, 5_000)
    np.testing.assert_allclose(times_row(matrix, own, full[7, own]), full @ full[7], atol=1e-4)


def test_learns_what_can_be_learned() -> None:
    usages = toy(200)
    labels = np.array([int(usage.entry) for usage in usages])
    trained, unseen = learn.train(usages, learn.documents_of(usages), labels, len(TOPICS))
    assert reciprocal_rank(unseen.learned, labels[unseen.rows]) == 1.0
    for number, topic in enumerate(TOPICS):
        similar = trained.similar(features((Said("在吗"), Said(topic))))
        assert int(np.argmax(trained.scores(similar))) == number


def test_training_is_deterministic() -> None:
    usages = toy(150)
    labels = np.array([int(usage.entry) for usage in usages])
    first, second = (learn.train(usages, learn.documents_of(usages), labels, 4)[0] for _ in range(2))
    np.testing.assert_array_equal(first.dual, second.dual)


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
        assert len(set(folds_of(usages).tolist())) == 1
    strangers = [Usage(entry="a", messages=(Said(f"别的客户{number}说的话"),)) for number in range(40)]
    assert len(set(folds_of(strangers).tolist())) == 10
