"""The first frame does not wait for heavy libraries."""

import subprocess
import sys

HEAVY = (
    "httpx",
    "numpy",
    "pypinyin",
    "opencc",
    "liquid",
    "litestar",
    "sqlalchemy",
    "keyring",
    "yaml",
    "rapidfuzz",
)
PROGRAM = f"""
import sys
from agent_tui import i18n
i18n.choose("zh")
from agent_tui.desk import demo_desk
from agent_tui.tui.app import AgentApp
print(*[m for m in {HEAVY!r} if m in sys.modules])
"""


def test_no_heavy_import_before_the_first_frame() -> None:
    """httpx alone costs as much as half a frame's time."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
