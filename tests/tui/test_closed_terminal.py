"""A terminal that is closed without a word takes the program with it."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import WAIT


@pytest.mark.torture
def test_the_program_ends_when_its_terminal_is_gone(tmp_path: Path) -> None:
    """No hang-up signal reaches a program in another session: it has to look for itself."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "agent_tui", "helper", "--pack", "logistics", "--base", str(tmp_path)]
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=env, start_new_session=True
    )
    os.close(theirs)
    seen = b""
    while "可以这样回答".encode() not in seen and b"You can answer" not in seen:
        seen += os.read(ours, 65536)
    os.close(ours)
    try:
        process.wait(timeout=WAIT)
    finally:
        process.kill()
    assert process.returncode is not None
