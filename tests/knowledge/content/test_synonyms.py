"""Synonym files: what they hold, what a team's changes, and what they must not merge."""

from pathlib import Path

import pytest

from agent_tui.domain.team_content import TeamContent
from agent_tui.knowledge.content.lint import lint
from agent_tui.knowledge.content.published import PublishedSource, folder_files
from agent_tui.knowledge.content.sources import CombinedSources, built_in, folder, load
from agent_tui.knowledge.content.synonyms import FILE_NAME, check_synonyms, read_synonyms
from agent_tui.knowledge.text.synonyms import Synonyms

SHIPPED = next(file for path in built_in().paths if (file := path / FILE_NAME).is_file())
LEAST_GROUPS = 120


def written(tmp_path: Path, text: str) -> Path:
    """A team's folder with this file of synonyms."""
    (tmp_path / FILE_NAME).write_text(text, "utf-8")
    return tmp_path


def faults(tmp_path: Path, text: str) -> list[tuple[int, str, str]]:
    """Line, field and words of what `kb check` finds in a team's file."""
    _, problems = lint([folder(written(tmp_path, text))])
    return [(fault.line, fault.field, fault.detail) for fault in problems]


def test_the_shipped_groups_are_many_and_merge_nothing_that_must_stay_apart() -> None:
    shipped = read_synonyms(SHIPPED)
    assert not shipped.problems
    assert len(shipped.groups) >= LEAST_GROUPS
    assert not list(check_synonyms([shipped], shipped))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("退款", "还款"),
        ("付款", "退款"),
        ("换货", "退货"),
        ("运费", "运费险"),
        ("价保", "保价"),
        ("定金", "订金"),
        ("refund", "return"),
    ],
)
def test_a_group_that_merges_what_must_stay_apart_is_named(tmp_path: Path, one: str, two: str) -> None:
    found = faults(tmp_path, f'fine = ["甲", "乙"]\nodd = ["{one}", "{two}"]\n')
    assert (2, "odd") in [(line, field) for line, field, _ in found]
    assert any(one in said and two in said for _, _, said in found)


def test_a_merge_over_several_groups_is_named_with_all_of_them(tmp_path: Path) -> None:
    found = faults(tmp_path, 'one = ["退我钱", "花呗的钱"]\ntwo = ["花呗的钱", "还花呗"]\n')
    said = [words for line, _, words in found if "「退款」" in words and "「还款」" in words]
    assert len(said) == 1
    assert "refund → one → two → repay" in said[0]


def test_a_direction_merges_one_way_only(tmp_path: Path) -> None:
    assert faults(tmp_path, 'odd = { from = ["退款"], to = ["还款"] }\n')
    assert not faults(
        tmp_path, 'one = { from = ["拿回来"], to = ["退款"] }\ntwo = { from = ["拿回来"], to = ["还款"] }\n'
    )


def test_a_teams_own_rows_of_words_that_stay_apart_count_too(tmp_path: Path) -> None:
    assert faults(tmp_path, 'apart = [["甲", "丙"]]\none = ["甲", "乙"]\ntwo = ["乙", "丙"]\n')


@pytest.mark.parametrize(
    "text",
    [
        'odd = "退款"\n',
        "odd = [1]\n",
        'odd = { word = ["退款"] }\n',
        'odd = { from = ["退款"] }\n',
        'odd = ["退款"\n',
        'odd = ["！"]\n',
        'apart = ["退款"]\n',
    ],
)
def test_what_cannot_be_read_is_named_and_the_rest_is_kept(tmp_path: Path, text: str) -> None:
    _, problems = lint([folder(written(tmp_path, text))])
    assert [fault.severity for fault in problems] == ["error"]
    assert problems[0].file.endswith(FILE_NAME)


def test_a_teams_group_takes_the_place_of_ours_with_its_name_or_takes_it_away(tmp_path: Path) -> None:
    team = folder(written(tmp_path, 'refund = ["退款", "退米"]\ncoupon = []\nours = ["盲盒", "福盒"]\n'))
    words = Synonyms(load([built_in(), team]).synonyms)
    assert words.normalized("退米") == words.normalized("退款")
    assert words.normalized("退钱") != words.normalized("退款")
    assert words.normalized("代金券") == "代金券"
    assert words.normalized("盲盒") == words.normalized("福盒")


def test_published_groups_come_after_ours_and_before_this_machines_folders(tmp_path: Path) -> None:
    made = written(tmp_path, 'boxes = ["盲盒", "福盒"]\n')
    (made / "kb").mkdir()
    (made / "kb" / FILE_NAME).write_text('refund = ["退款", "退米"]\n', "utf-8")
    files, problems = folder_files(made)
    assert not problems
    assert [file.path for file in files] == ["kb/synonyms.toml", "synonyms.toml"]
    published = PublishedSource(lambda: TeamContent(digest="1", files=files))
    (machine := tmp_path / "machine").mkdir()
    (machine / FILE_NAME).write_text('boxes = ["盲盒", "惊喜盒"]\n', "utf-8")
    words = Synonyms(CombinedSources([folder(machine)], published=published).read().synonyms)
    assert words.normalized("退米") == "退款"
    assert words.normalized("惊喜盒") == "盲盒"
    assert words.normalized("福盒") == "福盒"


def test_a_changed_file_of_synonyms_changes_the_fingerprint(tmp_path: Path) -> None:
    sources = CombinedSources([folder(written(tmp_path, 'a = ["甲", "乙"]\n'))])
    before = sources.fingerprint()
    written(tmp_path, 'a = ["甲", "乙", "丙"]\n')
    assert sources.fingerprint() != before
