"""The state of the whole floor, which leads set: the phase of the day and the emergency level."""

from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from agent_tui.domain.commands.base import FloorCommand
from agent_tui.domain.events import FloorChanged
from agent_tui.domain.models import Phase
from agent_tui.domain.ruling import Applied, Ruling, Scene


class SetPhase(FloorCommand, frozen=True, kw_only=True):
    """Say which part of the promotion day it is (lead)."""

    phase: Phase

    def rule(self, scene: Scene) -> Ruling:
        """Every phase may follow every other."""
        return Applied((FloorChanged(floor=replace(scene.floor, phase=self.phase)),))


class SetEmergency(FloorCommand, frozen=True, kw_only=True):
    """Set the emergency level of the floor, 0 to 4 (lead)."""

    level: Annotated[int, Meta(ge=0, le=4)]

    def rule(self, scene: Scene) -> Ruling:
        """Every level may follow every other."""
        return Applied((FloorChanged(floor=replace(scene.floor, level=self.level)),))
