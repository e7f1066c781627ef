"""How soon a pack is open: `agent-tui helper --pack P` beside a minimal Textual program, with the
network taken away where the machine allows it."""

import shutil
import statistics
import subprocess
import sys
import tempfile

from agent_tui.knowledge.packs.resolved import load_pack
from tests.bench.client import READY
from tests.bench.helpers_people import PACKS
from tests.bench.pty import Measured

TARGETS = {"to_minimal": 3.0}


def _alone() -> list[str]:
    """What starts a program without any network; nothing where that is not allowed."""
    command = ["unshare", "--map-root-user", "--net"]
    if shutil.which(command[0]) is None:
        return []
    works = subprocess.run([*command, "true"], check=False, capture_output=True).returncode == 0
    return command if works else []


def _once(command: list[str], text: str) -> float:
    """Milliseconds from the start until `text` was painted."""
    program = Measured(command, columns=80, rows=24)
    try:
        return program.wait_for(text, 60) * 1000
    finally:
        program.close()


def run(*, quick: bool = False) -> dict[str, object]:
    """Medians in milliseconds, taken in turns so that a busy machine hurts all alike."""
    alone = _alone()
    taken: dict[str, list[float]] = {name: [] for name in ("minimal", *PACKS)}
    with tempfile.TemporaryDirectory() as base:
        for _ in range(1 if quick else 7):
            minimal = [sys.executable, "-m", "tests.bench.client", "minimal"]
            taken["minimal"].append(_once([*alone, *minimal], READY))
            for pack in PACKS:
                command = [sys.executable, "-m", "agent_tui", "helper", "--pack", pack, "--base", base]
                opened = load_pack(pack)
                command += ["--lang", opened.language]
                taken[pack].append(_once([*alone, *command], f"{opened.title} v{opened.version}"))
    ms = {name: round(statistics.median(rows), 1) for name, rows in taken.items()}
    return {
        "targets": TARGETS,
        "network": "none" if alone else "not taken away",
        "open_ms": ms,
        "to_minimal": {name: round(value / ms["minimal"], 2) for name, value in ms.items()},
    }
