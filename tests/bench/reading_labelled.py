"""How well danger, kinds, closing words and moods are read, on lines that others wrote and labelled.

Each figure is right, of how many, and the 95 % interval. `precision` is over what was called so, `recall`
over what is so. The tuning half is what the tables were fitted to; the held half says what they are worth.
"""

import json
from pathlib import Path
from typing import Any

from agent_tui.domain.reading import MessageReading, Said, read, read_conversation
from tests.bench.shares import precision_and_recall

LABELLED = Path(__file__).parent / "labelled"

Figures = dict[str, dict[str, list[object]]]


def lines_of(name: str) -> list[dict[str, Any]]:
    """The labelled lines of one half of a set."""
    return [json.loads(line) for line in (LABELLED / f"{name}.jsonl").read_text("utf-8").splitlines()]


def danger(half: str) -> Figures:
    """Any danger at all, then each kind of it."""
    pairs = [
        (one["danger"], {found.danger.value for found in read([one["text"]]).dangers})
        for one in lines_of(f"danger_{half}")
    ]
    figures = {"any": precision_and_recall((meant is not None, bool(heard)) for meant, heard in pairs)}
    for kind in ("safety", "public", "fraud", "self-harm"):
        figures[kind] = precision_and_recall((meant == kind, kind in heard) for meant, heard in pairs)
    return figures


def messages(half: str) -> Figures:
    """Closing words, upset and angry customers, then each kind of message."""
    lines = lines_of(f"kinds_{half}")
    found = [_last(one) for one in lines]
    moods = [read([one["text"]]).mood.value for one in lines]
    meant = [str(one["mood"]) for one in lines]
    figures = {
        "closing": precision_and_recall(
            (bool(one["closing"]), got.is_closing) for one, got in zip(lines, found, strict=True)
        ),
        "upset": precision_and_recall(
            (is_ != "calm", got != "calm") for is_, got in zip(meant, moods, strict=True)
        ),
        "angry": precision_and_recall(
            (is_ == "angry", got == "angry") for is_, got in zip(meant, moods, strict=True)
        ),
    }
    for kind in sorted({str(one["kind"]) for one in lines}):
        figures[kind] = precision_and_recall(
            (one["kind"] == kind, got.kind == kind) for one, got in zip(lines, found, strict=True)
        )
    return figures


def _last(one: dict[str, Any]) -> MessageReading:
    before = [Said(one["before"], "agent")] if one["before"] else []
    last = read_conversation([*before, Said(one["text"])]).messages[-1]
    assert last is not None
    return last
