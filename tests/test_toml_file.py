"""TOML that a person wrote wrongly: the file, the line, the column, the reason and the remedy in words."""

import pytest

from agent_tui.errors import BadSettings
from agent_tui.i18n import choose, words_of
from agent_tui.settings import Settings
from agent_tui.toml_file import read_toml

WRONG = [
    ("server ＝ 'x'", ("config.toml 第 1 行第 8 列", "全角的「＝」", "半角的 =")),
    ("# mine\nserver = “x”", ("第 2 行第 10 列", "全角的「“」", '半角的 "')),
    ('server = "x”', ("第 1 行", "全角的「”」")),
    ('content = ["a"，"b"]', ("第 1 行第 15 列", "全角的「，」", "半角的 ,")),
    ('[shop]\nname = "店，好："\nhours = 9点', ("第 3 行", "检查这里的引号")),
    ("server = ", ("第 1 行", "检查这里的引号")),
    ("theme = 'dark'\ntheme = 'light'", ("第 2 行", "theme = 'light'")),
    ("theme = 'dark'\nundo = 3", ("undo", "第 2 行", "检查拼写")),
    ("[shop]\nhour = 'x'", ("shop.hour", "第 2 行")),
    ("undo_seconds = 'soon'", ("undo_seconds", "数字", "第 1 行")),
    ("\nundo_seconds = 99", ("undo_seconds", "<= 15", "第 2 行")),
    ("theme = 'pink'", ("theme", "'pink'", "第 1 行")),
    ("server = 1", ("server", "文字，放在半角引号里")),
    ("content = 'x'", ("content", "列表")),
    ("shop = 1", ("shop", "一张表")),
]


@pytest.mark.parametrize(("written", "said"), WRONG, ids=[written for written, _ in WRONG])
def test_what_is_wrong_is_said_with_its_place(written: str, said: tuple[str, ...]) -> None:
    choose("zh")
    with pytest.raises(BadSettings) as caught:
        read_toml(written.encode(), Settings, "config.toml")
    words = words_of(caught.value)
    assert "config.toml" in words
    for one in said:
        assert one in words, words


def test_another_encoding_is_said() -> None:
    with pytest.raises(BadSettings) as caught:
        read_toml("[shop]\nname = '店'".encode("gbk"), Settings, "config.toml")
    assert (caught.value.code, caught.value.values["line"]) == ("toml-not-utf8", "2")


def test_a_mark_at_the_beginning_is_no_mistake() -> None:
    """Windows' own editor puts it there."""
    assert read_toml(b"\xef\xbb\xbftheme = 'light'", Settings, "config.toml").theme == "light"
