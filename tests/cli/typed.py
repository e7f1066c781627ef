"""Types `agent-tui …` as a process of its own, in an empty home and in a language of the system."""

import os
import subprocess
import sys
from pathlib import Path

OURS = ("LC_ALL", "LC_MESSAGES", "AGENT_TUI_TOKEN", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")


def typed(
    home: Path, *words: str, locale: str = "zh_CN.UTF-8", **more: str
) -> subprocess.CompletedProcess[str]:
    """How the command ended and what it wrote; nothing is piped in."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(
        [sys.executable, "-m", "agent_tui", *words],
        env={**kept, "HOME": str(home), "LANG": locale, "COLUMNS": "80", **more},
        cwd=home, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
    )  # fmt: skip
