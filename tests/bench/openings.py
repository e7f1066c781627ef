"""The labelled openings as situations: customers' first messages with their orders, at their moment."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from agent_tui.domain.models import Floor, Order, Tier
from agent_tui.knowledge.recommend.situation import Situation
from agent_tui.knowledge.recommend.usage_log import said_of


class Opening(Struct, frozen=True):
    """An opening: what a right answer must say stands in `wants`."""

    id: str
    situation: Situation
    category: str
    language: str
    wants: str


def read_openings(file: Path) -> list[Opening]:
    """The openings of one file."""
    return [opening_of(json.loads(line)) for line in file.read_text("utf-8").splitlines() if line.strip()]


def opening_of(row: dict[str, Any]) -> Opening:
    """One line of the file."""
    order = row.get("order")
    situation = Situation(
        messages=said_of(row["messages"]),
        channel=row.get("channel", ""),
        order=msgspec.convert({"customer": "", **order}, Order) if order else None,
        tier=Tier(row["customer"]["tier"]),
        floor=msgspec.convert(row["floor"], Floor),
        now=datetime.fromisoformat(row["now"]),
    )
    return Opening(row["id"], situation, row["category"], row["language"], row["wants"])
