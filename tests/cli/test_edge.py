"""What the system refuses ends a command in one line with the place and the remedy, never in a traceback."""

import re
import socket
import subprocess
from pathlib import Path

import pytest

from tests.cli.typed import command, environment, typed

FULL = Path("/dev/full")


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """A home whose folders cannot be made, whoever asks: a file stands where each would be."""
    home = tmp_path / "home"
    home.mkdir()
    for name in (".config", ".local", ".cache"):
        (home / name).write_text("in the way", "utf-8")
    return home


def check(done: subprocess.CompletedProcess[str], *said: str) -> None:
    """What is said and no more, and a status that is not 0; settings that cannot be read have a line more."""
    assert done.returncode != 0
    assert done.stdout == ""
    *before, _ = done.stderr.splitlines()
    assert all("config.toml" in line for line in before), done.stderr
    for words in said:
        assert words in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("serve", "token", "list"),
        ("serve", "token", "create", "--name", "林"),
        ("serve", "channel", "list"),
        ("serve", "--port", "0"),
        ("login", "--server", "http://127.0.0.1:9"),
        ("kb", "build"),
        ("web", "--server", "http://127.0.0.1:9", "--port", "0"),
    ],
    ids=" ".join,
)
def test_a_home_that_cannot_be_written_is_named_with_the_remedy(words: tuple[str, ...], sealed: Path) -> None:
    done = typed(sealed, *words)
    check(done, str(sealed), "：")
    assert "Errno" not in done.stderr


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("", "utf-8")
    check(typed(tmp_path, "serve", "token", "list", "--data", "data"), "data", "改名")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "agent-tui.db").write_text("no database at all" * 100, "utf-8")
    done = typed(tmp_path, "serve", "token", "list", "--data", "broken")
    check(done, "agent-tui.db", "不是数据库", "--database")


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize("words", [("kb", "stats"), ("kb", "stats", "--json"), ("--help",)], ids=" ".join)
def test_a_full_disk_under_the_output_is_said(words: tuple[str, ...], tmp_path: Path) -> None:
    with FULL.open("w") as full:
        done = subprocess.run(
            command(*words), env=environment(tmp_path), cwd=tmp_path, stdin=subprocess.DEVNULL,
            stdout=full, stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "磁盘满了，写不进 输出：腾出空间后再试\n"


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_a_full_disk_under_a_file_is_said_with_the_file(tmp_path: Path) -> None:
    done = typed(tmp_path, "kb", "import", "csv", str(_replies(tmp_path)), "--out", "/dev/full")
    check(done, "磁盘满了", "/dev/full")


def _replies(folder: Path) -> Path:
    file = folder / "replies.csv"
    file.write_text("title,body\n你好,在的\n", "utf-8")
    return file


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        at = f"127.0.0.1:{taken.getsockname()[1]}"
        for words in (("serve",), ("web", "--server", "http://127.0.0.1:9")):
            done = typed(tmp_path, *words, "--port", at.partition(":")[2])
            check(done, at, "已被另一个程序占用", "--port")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("serve", "token", "create", "--name", " "), "1 到 60 个字"),
        (("serve", "channel", "create", "--name", "a b", "--webhook", "http://x"), "渠道名「a b」"),
        (("serve", "channel", "create", "--name", "a", "--webhook", "x"), "回调地址"),
        (("serve", "token", "revoke", "none"), "没有编号是 none"),
        (("serve", "--web", "desk"), "--web"),
        (("serve", "--policy", "none.toml"), "none.toml"),
        (("web", "--server", "desk"), "https://desk.example.com"),
        (("sim", "--channel", "a:b:c"), "名称:令牌:密钥"),
        (("kb", "recommend", "--batch", "none"), "none"),
        (("kb", "search", "--batch", "none"), "none"),
        (("pack", "print", "logistics", "--out", "no/x.html"), "no/x.html"),
        (("pack", "list", "--server", "http://127.0.0.1:9"), "http://127.0.0.1:9"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_said_with_the_remedy(
    words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    done = typed(tmp_path, *words, AGENT_TUI_TOKEN="none")
    check(done, said)
    assert re.search("[\u4e00-\u9fff]", done.stderr)
    assert "No such file" not in done.stderr


def test_a_character_the_terminal_cannot_show_stops_nothing(tmp_path: Path) -> None:
    done = typed(tmp_path, "--help", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "agent-tui" in done.stdout


def test_settings_written_wrongly_are_said_with_the_place(tmp_path: Path) -> None:
    config = tmp_path / ".config" / "agent-tui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("theme = 'dark'\nserver ＝ 'http://127.0.0.1:9'\n", "utf-8")
    for words in (("pack", "list"), ("login",), ()):
        said = typed(tmp_path, *words).stderr.splitlines()[0]
        assert f"{config} 第 2 行第 8 列" in said
        assert "全角的「＝」，要用半角的 =" in said


def test_without_a_keyring_no_address_is_kept_that_nobody_listens_on(tmp_path: Path) -> None:
    config = tmp_path / ".config" / "agent-tui" / "config.toml"
    assert typed(tmp_path, "login", "--server", "http://127.0.0.1:9").returncode == 1
    assert "127.0.0.1:9" not in config.read_text("utf-8")


def test_rules_written_wrongly_are_said_with_the_place(tmp_path: Path) -> None:
    (tmp_path / "team.toml").write_text("[limits]\ncapacity = “5”\n", "utf-8")
    check(typed(tmp_path, "serve", "--policy", "team.toml"), "team.toml 第 2 行第 12 列", "「“」")
    check(typed(tmp_path, "serve", "--outgoing", "team.toml"), "team.toml 第 2 行第 12 列")


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("paid and shiped", "「shiped」不认识"),
        ("scan_hours", "「scan_hours」是数字，要写成比较"),
        ("paid > 3", "「paid」不是数字，不能比较"),
        ("paid and (", "「paid and (」看不懂"),
    ],
)
def test_a_rules_wrong_condition_is_said_with_the_rule_and_the_words_there_are(
    tmp_path: Path, condition: str, said: str
) -> None:
    rule = (
        f"id = 'early'\nkind = 'claim'\npatterns = ['已发货']\nzh = ''\nen = ''\ntrue_when = '{condition}'\n"
    )
    (tmp_path / "team.toml").write_text(f"[[rule]]\n{rule}", "utf-8")
    words = f"规则 early 的条件（true_when）不对，{said}"
    check(typed(tmp_path, "serve", "--outgoing", "team.toml"), words, "可用的词：", "overdue")
