"""The command line speaks the person's language: help pages, errors, `--lang` wherever it stands."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from agent_tui.cli.commands import COMMANDS, app_for
from agent_tui.cli.help_page import key_of_parameter
from agent_tui.cli.said import cells
from agent_tui.cli.usage import name_of
from agent_tui.settings import version
from tests.cli.typed import typed

WORDS = tomllib.loads((Path(__file__).parents[2] / "agent_tui/cli/help_words.toml").read_text("utf-8"))
# What the library under the command line says by itself.
FOREIGN = re.compile(
    r"Usage:|Options|Arguments|Commands|Error|Try |Missing|No such|Got unexpected|Invalid|default\b.*\]"
    r"|required|Show this message|Aborted|Did you mean|Input should"
)


def commands(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, one in getattr(command, "commands", {}).items():
        yield from commands(one, f"{path} {name}".strip())


ALL = dict(commands(get_command(app_for())))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_command_and_parameter_has_words_and_no_words_are_left_over(language: str) -> None:
    table = WORDS[language]["parameters"]
    needed = {"--lang", "--help"}
    for path, command in ALL.items():
        names = [name_of(one) for one in command.params]
        needed |= {key_of_parameter(path, name, table) for name in names}
    assert set(table) == needed
    assert set(WORDS[language]["commands"]) == {path or "agent-tui" for path in ALL}


@pytest.mark.parametrize("path", [path for path, one in ALL.items() if not one.hidden])
def test_a_help_page_is_in_the_language_asked_for_and_fits_the_terminal(path: str) -> None:
    page = CliRunner(env={"COLUMNS": "80"}).invoke(app_for(), [*path.split(), "--help", "--lang", "zh"])
    assert (page.exit_code, page.stderr) == (0, "")
    assert page.stdout.startswith(f"用法：agent-tui {path}".rstrip())
    assert not FOREIGN.search(page.stdout)
    assert max(map(cells, page.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("words", "locale", "beginning"),
    [
        (("--lang", "en", "kb", "--help"), "zh_CN.UTF-8", "Usage: agent-tui kb"),
        (("kb", "--lang=en", "--help"), "zh_CN.UTF-8", "Usage: agent-tui kb"),
        (("kb", "--help", "--lang", "zh"), "en_US.UTF-8", "用法：agent-tui kb"),
        (("kb", "--help"), "en_US.UTF-8", "Usage: agent-tui kb"),
        (("kb", "--help"), "C", "用法：agent-tui kb"),
    ],
)
def test_the_language_is_asked_for_before_or_after_a_command_or_is_the_systems(
    words: tuple[str, ...], locale: str, beginning: str, tmp_path: Path
) -> None:
    assert typed(tmp_path, *words, locale=locale).stdout.startswith(beginning)


@pytest.mark.parametrize("words", [("--lang", "en", "kb", "stats"), ("kb", "stats", "--lang", "en")])
def test_a_command_answers_in_the_language_asked_for(words: tuple[str, ...], tmp_path: Path) -> None:
    assert typed(tmp_path, *words).stdout.startswith("kind: ")


@pytest.mark.parametrize("words", [(), ("kb", "check"), ("login",)])
def test_a_language_there_is_not_is_refused_with_those_there_are(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    for typed_words in (("--lang", "fr", *words), (*words, "--lang=fr")):
        done = typed(tmp_path, *typed_words)
        assert (done.returncode, done.stdout) == (2, "")
        assert "zh 或 en" in done.stderr


def test_the_settings_language_is_spoken_unless_another_is_asked_for(tmp_path: Path) -> None:
    config = tmp_path / ".config" / "agent-tui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('language = "en"\n', "utf-8")
    assert typed(tmp_path, "kb", "--help").stdout.startswith("Usage")
    assert typed(tmp_path, "kb", "--help", "--lang", "zh").stdout.startswith("用法")


MISTAKES = [
    (
        ("kb", "chek"),
        "没有 chek 这个命令，是不是想用 check？",
        "there is no command chek, did you mean check?",
    ),
    (
        ("kb", "search", "x", "--limt", "3"),
        "没有 --limt 这个选项，是不是想用 --limit？",
        "there is no option --limt",
    ),
    (("serve", "token", "create"), "缺少 --name", "--name is missing"),
    (("kb", "import"), "缺少 KIND（可选：chatwoot, zendesk, csv）", "KIND is missing"),
    (("kb", "search", "--batch"), "--batch 后面要写一个值", "--batch takes a value"),
    (("pack", "list", "--json=1"), "--json 后面不能写值", "--json takes no value"),
    (("pack", "list", "a", "b"), "多写了 a b", "a b is too much"),
    (("serve", "--port", "99999"), "--port 的值不对：要在 0 到 65535 之间", "0 to 65535"),
    (("sim", "--seed", "x"), "--seed 的值不对：要写整数", "a whole number"),
    (("sim", "--fast", "0"), "--fast 的值不对：要至少 0.1", "at least 0.1"),
    (("drill", "--set", "no"), "可选：skills, scenes, live", "one of skills, scenes, live"),
    (("kb", "import", "csv", "none.csv"), "FILE 的值不对：没有这个文件", "there is no such file"),
    (("--theme", "pink"), "没有这种配色", "no such colours"),
]


@pytest.mark.parametrize(("words", "zh", "en"), MISTAKES, ids=[" ".join(words) for words, *_ in MISTAKES])
def test_what_is_typed_wrong_is_said_in_the_language_asked_for(
    words: tuple[str, ...], zh: str, en: str
) -> None:
    for language, said in (("zh", zh), ("en", en)):
        ended = CliRunner().invoke(app_for(), ["--lang", language, *words])
        assert (ended.exit_code, ended.stdout) == (2, "")
        assert said in ended.stderr
        assert not FOREIGN.search(ended.stderr if language == "zh" else "")


def test_a_mistake_is_said_in_the_systems_language(tmp_path: Path) -> None:
    done = typed(tmp_path, "serve", "token", "create")
    assert (done.returncode, done.stderr.splitlines()[1]) == (2, "错误：缺少 --name")
    assert "--name is missing" in typed(tmp_path, "serve", "token", "create", locale="en_US.UTF-8").stderr
    assert "没有这种配色" in typed(tmp_path, "--theme", "pink").stderr


def test_the_version_is_told(tmp_path: Path) -> None:
    done = typed(tmp_path, "--version")
    assert (done.returncode, done.stdout) == (0, f"agent-tui {version()}\n")


def test_every_listed_command_is_known() -> None:
    assert set(COMMANDS) == {path for path in ALL if path and " " not in path}
