"""One server for the commands, and a way to type them as somebody."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct
from typer.testing import CliRunner

from agent_tui.cli.commands import app_for
from tests.patience import WAIT
from tests.server.driver import Person, Server


class Ended(Struct):
    """How a command ended, and what it wrote where."""

    code: int
    out: str
    err: str


class Shell:
    """Types `agent-tui …` with a server's address and somebody's token, in a home of its own."""

    def __init__(self, server: Server, home: Path, patch: pytest.MonkeyPatch) -> None:
        self.server, self.home, self._patch = server, home, patch
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "HOME"):
            patch.setenv(name, str(home))

    def __call__(self, *words: object, who: Person | str = "", server: str = "", lang: str = "zh") -> Ended:
        token = who if isinstance(who, str) else who.token
        self._patch.setenv("AGENT_TUI_TOKEN", token)
        return self.local(*words, "--server", server or self.server.url, lang=lang)

    def local(self, *words: object, lang: str = "zh") -> Ended:
        """What needs no server."""
        result = CliRunner().invoke(app_for(str(words[0])), [*map(str, words), "--lang", lang])
        return Ended(result.exit_code, result.stdout, result.stderr)

    def process(self, *words: object, who: Person) -> Ended:
        """The same in a process of its own, as people have it."""
        typed = [sys.executable, "-m", "agent_tui", *map(str, words), "--server", self.server.url]
        ended = subprocess.run(
            [*typed, "--lang", "zh"],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=WAIT,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "AGENT_TUI_TOKEN": who.token},
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture(scope="session")
def desk_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("cli-server")).start()
    yield server
    server.end()


@pytest.fixture
def shell(desk_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(desk_server, tmp_path / "home", monkeypatch)


@pytest.fixture(scope="session")
def lead(desk_server: Server) -> Person:
    return desk_server.person("lead", "组长")


@pytest.fixture(scope="session")
def agent(desk_server: Server) -> Person:
    return desk_server.person("agent", "林", team="物流")
