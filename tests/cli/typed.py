"""Types `agent-tui …` as a process of its own, in an empty home and in a language of the system."""

import os
import subprocess
import sys
from pathlib import Path

OURS = ("LC_ALL", "LC_MESSAGES", "AGENT_TUI_TOKEN", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")


def command(*words: str) -> list[str]:
    """What is run."""
    return [sys.executable, "-m", "agent_tui", *words]


def environment(home: Path, locale: str = "zh_CN.UTF-8", **more: str) -> dict[str, str]:
    """A person's environment: their home, their language, nothing of ours."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return {**kept, "HOME": str(home), "LANG": locale, "COLUMNS": "80", **more}


def typed(
    home: Path, *words: str, locale: str = "zh_CN.UTF-8", **more: str
) -> subprocess.CompletedProcess[str]:
    """How the command ended and what it wrote; nothing is piped in."""
    return subprocess.run(
        command(*words),
        env=environment(home, locale, **more),
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
    )
