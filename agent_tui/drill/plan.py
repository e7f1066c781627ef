"""How far a person has come in the training plan: the sets passed, in a small file of the profile."""

import os
from pathlib import Path

import msgspec

from agent_tui.drill.sets import STAGES, DrillStage

_FILE = "drills.json"
Passed = dict[str, tuple[DrillStage, ...]]


def next_set(folder: Path, pack: str) -> DrillStage:
    """The first set of `pack` that is not passed yet; the shift again, once all are."""
    passed = _read(folder).get(pack, ())
    return next((stage for stage in STAGES if stage not in passed), STAGES[-1])


def after(stage: DrillStage) -> DrillStage | None:
    """The set that comes after this one; None after the last."""
    at = STAGES.index(stage) + 1
    return STAGES[at] if at < len(STAGES) else None


def keep_passed(folder: Path, pack: str, stage: DrillStage) -> None:
    """Remember a passed set, also after a crash in the middle of writing. Raises OSError."""
    known = _read(folder)
    if stage in known.get(pack, ()):
        return
    known[pack] = (*known.get(pack, ()), stage)
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{_FILE}.{os.getpid()}"
    fresh.write_bytes(msgspec.json.encode(known))
    fresh.replace(folder / _FILE)


def _read(folder: Path) -> Passed:
    """What is remembered; a file that cannot be read is as good as none."""
    try:
        return msgspec.json.decode((folder / _FILE).read_bytes(), type=Passed)
    except (OSError, msgspec.DecodeError):
        return {}
