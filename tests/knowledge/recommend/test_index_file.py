"""The words made ready on disk: the same answers as without, and never those of other content."""

from pathlib import Path

import pytest

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend.index_file import read_index
from agent_tui.knowledge.recommend.recommender import Recommender
from agent_tui.knowledge.recommend.situation import Guess, Situation
from agent_tui.knowledge.recommend.usage_log import Said

ENTRIES = (
    Entry(id="refund", kind="article", title="退款多久到账", text="三天", similar=("钱怎么还没退",)),
    Entry(id="fire", kind="snippet", title="安全", text="先断电", similar=("充电宝冒烟了",)),
)


def guess(recommender: Recommender) -> Guess:
    return recommender.guess(Situation(messages=(Said("退款什么时候到账"),)))


def test_a_second_start_reads_what_the_first_made(tmp_path: Path) -> None:
    file = tmp_path / "sub" / "advice.index"
    made = guess(Recommender(ENTRIES, file=file))
    written = file.stat().st_mtime_ns
    assert guess(Recommender(ENTRIES, file=file)) == made == guess(Recommender(ENTRIES))
    assert file.stat().st_mtime_ns == written


def test_other_content_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "advice.index"
    Recommender(ENTRIES[:1], file=file)
    assert guess(Recommender(ENTRIES, file=file)) == guess(Recommender(ENTRIES))


@pytest.mark.parametrize("damage", [b"", b"\x00\x01", b"\x83\xa6digest"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / "advice.index"
    file.write_bytes(damage)
    assert read_index(file, "") is None
    assert guess(Recommender(ENTRIES, file=file)) == guess(Recommender(ENTRIES))
