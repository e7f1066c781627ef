"""The sentence encoder: what means the same lies close, and nothing that is typed can upset it."""

import numpy as np
import pytest

from agent_tui.knowledge.text.encoder import BUCKETS, encoder, ngrams


def closeness(one: str, other: str) -> float:
    return float(encoder().encode(one) @ encoder().encode(other))


def test_vectors_have_length_one() -> None:
    assert np.linalg.norm(encoder().encode("我的快递到哪了")) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("asked", "same", "different"),
    [
        ("钱啥时候能退回来", "退款多久到账", "能开专票吗"),
        ("包裹卡着不动弹了", "物流一直没更新", "这件有没有大一号的"),
        ("where is my stuff", "my parcel has not come yet", "can I have a VAT invoice"),
        ("我的包裹到哪裡了", "我的包裹到哪里了", "怎么换货"),
    ],
)
def test_what_means_the_same_is_nearer(asked: str, same: str, different: str) -> None:
    assert closeness(asked, same) > closeness(asked, different)


@pytest.mark.parametrize("text", ["", " \n", "，。！", "\x1b[31m", "🎉🎉"])
def test_texts_without_letters_are_near_nothing(text: str) -> None:
    assert np.isfinite(encoder().encode(text)).all()


def test_a_very_long_text_is_read_from_its_beginning() -> None:
    assert len(ngrams("退" * 100_000)) < 2_000
    assert max(ngrams("退款 refund 12 元")) < BUCKETS


def test_many_texts_are_the_rows_of_one_array() -> None:
    rows = encoder().encode_all(["退款", "发票"])
    assert rows.shape == (2, encoder().width)
    assert np.allclose(rows[1], encoder().encode("发票"))
    assert encoder().encode_all([]).shape == (0, encoder().width)
