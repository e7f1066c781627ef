"""First starts from the wheel in an empty home: with and without server, token and keyring."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.keys import key_to_character

from agent_tui.tui.actions.table import ACTIONS
from agent_tui.tui.keymap.keymap import Keymap
from tests.server.driver import Channel, Person, Server, ulid
from tests.terminal import KEYS, Terminal

pytestmark = [pytest.mark.torture, pytest.mark.timeout(600), pytest.mark.xdist_group("wheel")]

KEYRINGS = Path(__file__).parent / "keyrings"
NOBODY = "http://127.0.0.1:9"
WITHOUT = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
FORGETFUL = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
WITH = {"PYTHON_KEYRING_BACKEND": "file_keyring.FileKeyring", "PYTHONPATH": str(KEYRINGS)}

Type = Callable[..., Terminal]


class Home:
    """An empty home, and a way to type `agent-tui …` in it."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._program = str(programs / "agent-tui")
        self.folder = folder

    def environment(self, **more: str) -> dict[str, str]:
        """Nothing of the machine's own: no token, no other tree of ours, no folder but the home's."""
        ours = dict.fromkeys(("AGENT_TUI_TOKEN", "PYTHONPATH", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), "")
        return {
            **ours,
            "XDG_CACHE_HOME": "",
            "HOME": str(self.folder),
            "LANG": "zh_CN.UTF-8",
            **WITHOUT,
            **more,
        }

    def type(self, *words: str, **more: str) -> Terminal:
        """Type a command at a terminal of 100×30."""
        env = self.environment(**more)
        return Terminal([self._program, *words], env=env, cwd=self.folder, columns=100, rows=30)

    def redirected(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """The same with its output in a file and nobody at the keys."""
        env = {"PATH": "/usr/bin:/bin", **self.environment(**more)}
        return subprocess.run(
            [self._program, *words],
            env=env, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
        )  # fmt: skip


@pytest.fixture
def home(installed: Path, tmp_path: Path) -> Home:
    return Home(installed, tmp_path)


@pytest.fixture(scope="module")
def agent(team_server: Server) -> Person:
    return team_server.person("agent", "小林")


@pytest.fixture(scope="module")
def lead(team_server: Server) -> Person:
    return team_server.person("lead", "组长")


@pytest.fixture(scope="module")
def channel(team_server: Server) -> Channel:
    return team_server.channel()


def _is_typed(key: str) -> bool:
    return key in KEYS or key_to_character(key) is not None or re.fullmatch(r"ctrl\+[a-z]", key) is not None


def quit_from(terminal: Terminal) -> int:
    terminal.press("ctrl+q")
    if terminal.is_running:  # asked about the customers in hand
        terminal.press("ctrl+q")
    return terminal.wait_end()


@pytest.mark.parametrize("keyring", [WITHOUT, WITH], ids=["no keyring", "keyring"])
def test_the_first_start_asks_for_server_and_token(
    home: Home, team_server: Server, agent: Person, keyring: dict[str, str]
) -> None:
    with home.type(**keyring) as terminal:
        terminal.wait_for("欢迎使用")
        terminal.type("desk.example.com")
        terminal.press("enter")
        terminal.wait_for("http:// 或 https://")
        terminal.press("ctrl+u")
        terminal.type(team_server.url)
        terminal.press("enter")
        terminal.type(agent.token)
        terminal.press("enter")
        terminal.wait_for("小林")
        assert quit_from(terminal) == 0
        # In the shell, before the second screen: seen again once that has gone.
        said = terminal.output.decode()
        assert ("AGENT_TUI_TOKEN" if keyring is WITHOUT else "已保存") in said
        assert agent.token not in said
    with home.type(**keyring) as terminal:
        terminal.wait_for("输入新的令牌" if keyring is WITHOUT else "小林")


def test_leaving_the_first_question_begins_nothing(home: Home) -> None:
    with home.type() as terminal:
        terminal.wait_for("欢迎使用")
        assert quit_from(terminal) == 0
    assert not list(home.folder.rglob("config.toml"))


def test_a_server_that_is_away_and_a_token_nobody_knows(home: Home, team_server: Server) -> None:
    with home.type("--server", NOBODY, AGENT_TUI_TOKEN="none") as terminal:
        terminal.wait_for("连不上服务器")
        assert quit_from(terminal) == 0
    for token in ({}, {"AGENT_TUI_TOKEN": "none"}):
        with home.type("--server", team_server.url, **token) as terminal:
            terminal.wait_for("输入新的令牌")
            terminal.press("esc")
            assert quit_from(terminal) == 0


def test_a_new_token_that_cannot_be_kept_is_said_to_be_lost(
    home: Home, team_server: Server, agent: Person
) -> None:
    with home.type("--server", team_server.url) as terminal:
        terminal.wait_for("输入新的令牌")
        terminal.type(agent.token)
        terminal.press("enter")
        terminal.wait_for("钥匙串")
        terminal.wait_for("小林")


def test_every_action_of_the_workstation_opens(
    home: Home, team_server: Server, lead: Person, channel: Channel
) -> None:
    """Each key of the table once, over a chat: whatever it opens comes up, and Esc leaves it."""
    channel.say(ulid(), "我的快递到哪了")
    keymap = Keymap(ACTIONS)
    with home.type("--server", team_server.url, AGENT_TUI_TOKEN=lead.token) as terminal:
        terminal.wait_for("组长")
        terminal.press("ctrl+t")
        terminal.wait_for("回复")
        for action in ACTIONS:
            for key in filter(_is_typed, keymap.keys(action)):
                if action.id != "quit":
                    terminal.press(key_to_character(key) or key)
                    terminal.press("esc", "esc")
                    assert terminal.is_running, f"{action.id}:\n{terminal.text}"
        terminal.wait_for("组长")
        assert quit_from(terminal) == 0


def test_a_helpers_screen_to_try_needs_no_server(home: Home) -> None:
    with home.type("helper") as terminal:
        terminal.wait_for("支援 ·")
        assert quit_from(terminal) == 0


@pytest.mark.parametrize("stage", ["skills", "scenes", "live"])
def test_a_drill_needs_no_server(home: Home, stage: str) -> None:
    with home.type("drill", "--set", stage) as terminal:
        terminal.wait_for("Enter 开始")
        terminal.read()
        terminal.press("enter")
        terminal.wait_for("支援 ·")
        assert quit_from(terminal) == 0


def test_a_helpers_token_opens_the_helpers_screen(home: Home, team_server: Server, lead: Person) -> None:
    made = lead.http.post("/v1/helpers", json={"name": "小赵", "pack": "logistics"}).json()
    with home.type("--server", team_server.url, AGENT_TUI_TOKEN=made["token"]) as terminal:
        terminal.wait_for("支援 ·")
        terminal.press("?")
        terminal.press("esc")
        assert quit_from(terminal) == 0


@pytest.mark.parametrize(
    "words",
    [("demo",), ("serve",), ("serve", "token", "list"), ("sim",), ("web", "--server", NOBODY)],
    ids=lambda words: " ".join(words),
)
def test_what_needs_an_extra_says_which(home: Home, words: tuple[str, ...]) -> None:
    done = home.redirected(*words)
    assert done.returncode == 2
    assert "pip install 'agent-tui-desk[" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words", [(), ("--server", NOBODY), ("helper",), ("drill",)], ids=["first", "desk", "helper", "drill"]
)
def test_a_screen_without_a_terminal_ends_with_the_remedy(home: Home, words: tuple[str, ...]) -> None:
    done = home.redirected(*words)
    assert done.returncode == 2
    assert "终端" in done.stderr
    assert done.stdout == ""
    assert "terminal" in home.redirected(*words, "--lang", "en").stderr


def test_login_keeps_the_token_in_the_keyring(home: Home, team_server: Server, agent: Person) -> None:
    with home.type("login", "--server", team_server.url, **WITH) as terminal:
        terminal.wait_for("令牌")
        terminal.type(agent.token)
        terminal.press("enter")
        terminal.wait_for("已保存")
        assert agent.token not in terminal.output.decode()
        assert terminal.wait_end() == 0
    with home.type(**WITH) as terminal:
        terminal.wait_for("小林")


def test_login_without_a_keyring_says_what_works_before_it_asks(home: Home, team_server: Server) -> None:
    with home.type("login", "--server", team_server.url, **WITHOUT) as terminal:
        terminal.wait_for("export AGENT_TUI_TOKEN")
        assert terminal.wait_end() == 1
        assert "不显示" not in terminal.text
    with home.type() as terminal:
        # The address was kept.
        terminal.wait_for("输入新的令牌")


def test_login_with_a_keyring_that_forgets_says_so(home: Home, team_server: Server) -> None:
    with home.type("login", "--server", team_server.url, **FORGETFUL) as terminal:
        terminal.wait_for("不显示")
        terminal.type("a-token")
        terminal.press("enter")
        terminal.wait_for("export AGENT_TUI_TOKEN")
        assert "a-token" not in terminal.text
        assert terminal.wait_end() == 1


def test_login_leaves_a_token_in_the_environment_alone(
    home: Home, team_server: Server, agent: Person
) -> None:
    done = home.redirected("login", "--server", team_server.url, AGENT_TUI_TOKEN=agent.token)
    assert done.returncode == 0
    assert "AGENT_TUI_TOKEN" in done.stderr
    assert agent.token not in done.stderr + done.stdout


FINE = [
    ("--version",),
    ("--help",),
    ("kb", "stats"),
    ("kb", "search", "退货"),
    ("kb", "check"),
    ("pack", "check"),
]
NOT_FINE = [
    ("login", "--server", NOBODY),
    ("demo", "server", "stop"),
    ("serve", "token", "list"),
    ("web", "--server", NOBODY),
    ("sim",),
    ("kb", "recommend", "--batch", "none"),
    ("kb", "import", "csv", "none"),
    ("pack", "list", "--server", NOBODY),
    ("pack", "print", "none"),
    ("helper", "list", "--server", NOBODY),
    ("drill", "--pack", "none"),
]


@pytest.mark.parametrize("locale", ["C", "zh_CN.UTF-8"])
@pytest.mark.parametrize("is_sealed", [False, True], ids=["empty home", "home that cannot be written"])
def test_every_command_ends_in_words_and_with_the_right_status(
    home: Home, locale: str, is_sealed: bool
) -> None:
    if is_sealed:
        # A file in the way keeps everybody out, root too.
        for name in (".config", ".local", ".cache"):
            (home.folder / name).write_text("", "utf-8")
    for words in (*FINE, *NOT_FINE):
        done = home.redirected(*words, LANG=locale)
        assert (done.returncode == 0) is (words in FINE), (words, done.stderr)
        assert "Traceback" not in done.stderr, (words, done.stderr)
        assert done.stdout if words in FINE else done.stderr, words
