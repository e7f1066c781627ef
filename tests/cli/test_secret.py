"""A secret is asked for only once the terminal shows nothing of what is typed."""

import sys
from pathlib import Path

import pytest

from tests.terminal import Terminal

if sys.platform == "win32":
    pytest.skip("pseudo-terminals", allow_module_level=True)

# Answers a question the moment it stands on the terminal, as fast hands and a paste do.
ANSWERING = """
import select
import sys

from agent_tui.cli.said import secret


class Answered:
    def __init__(self, stream):
        self.stream = stream

    def write(self, text):
        self.stream.write(text)
        self.stream.flush()
        if "?" in text:
            print("\\nasked", file=sys.__stdout__, flush=True)
            while not select.select([0], [], [], 90)[0]:
                pass

    def __getattr__(self, name):
        return getattr(self.stream, name)


sys.stdout = sys.stderr = Answered(sys.__stdout__)
print("got", len(secret("token?")), file=sys.__stdout__, flush=True)
"""


def test_what_is_typed_as_soon_as_it_is_asked_for_is_taken_and_not_shown(tmp_path: Path) -> None:
    with Terminal([sys.executable, "-c", ANSWERING], cwd=tmp_path) as terminal:
        terminal.wait_for("asked")
        terminal.type("s3cret\r")
        terminal.wait_for("got 6")
        assert "s3cret" not in terminal.output.decode()
