"""Seats: availability, a helper's shift, buddy and leave to write, and how a drill went."""

from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from agent_tui.domain.commands.base import FloorCommand, Named, Need
from agent_tui.domain.events import DrillReported, SeatChanged
from agent_tui.domain.models import Availability, Id, Role, Ticket
from agent_tui.domain.roles import CORE, HELPERS, STAFF
from agent_tui.domain.ruling import Applied, Refused, Ruling, Scene, moment_of, person_of
from agent_tui.domain.shifts import AWAY, FINISHED, all_given_back, ended


class SetAvailability(FloorCommand, frozen=True, kw_only=True):
    """Say whether one takes chats."""

    availability: Availability

    roles = STAFF
    needs = frozenset({Need.LOAD, Need.CHATS})

    def rule(self, scene: Scene) -> Ruling:
        """Always, for oneself; a helper who goes away leaves no customer waiting."""
        seat = replace(scene.actor, availability=self.availability)
        label = AWAY.get(self.availability)
        if scene.actor.role is not Role.HELPER or label is None:
            return Applied((SeatChanged(seat=seat),))
        back = all_given_back(scene.chats, label, moment_of(scene))
        return Applied((*back, SeatChanged(seat=replace(seat, load=0))))


class Finish(FloorCommand, frozen=True, kw_only=True):
    """End one's shift: open customers go back to the queue, the token ends (helper)."""

    roles = HELPERS
    needs = frozenset({Need.LOAD, Need.CHATS})
    ends_access = True

    def rule(self, scene: Scene) -> Ruling:
        """Always, for oneself."""
        return Applied(ended(scene.actor, scene.chats, FINISHED, moment_of(scene)))


class Pair(FloorCommand, frozen=True, kw_only=True, omit_defaults=True):
    """Pair a helper with a core agent, or with nobody (lead)."""

    helper: Id
    buddy: Id | None = None

    def names(self, ticket: Ticket | None) -> Named:
        """The helper and the buddy."""
        return Named(target=self.helper, buddy=self.buddy)

    def rule(self, scene: Scene) -> Ruling:
        """A helper with a core agent."""
        if scene.target is None or scene.target.role is not Role.HELPER:
            return Refused("unknown-person")
        if self.buddy is None:
            return Applied((SeatChanged(seat=replace(scene.target, buddy=None, alone=True)),))
        if scene.buddy is None or scene.buddy.role not in CORE:
            return Refused("unknown-person")
        paired = replace(scene.target, buddy=person_of(scene.buddy), alone=False)
        return Applied((SeatChanged(seat=paired),))


class LetWrite(FloorCommand, frozen=True, kw_only=True):
    """Let a helper send words of their own, or no longer (lead)."""

    helper: Id
    allowed: bool

    def names(self, ticket: Ticket | None) -> Named:
        """The helper."""
        return Named(target=self.helper)

    def rule(self, scene: Scene) -> Ruling:
        """For a helper."""
        if scene.target is None or scene.target.role is not Role.HELPER:
            return Refused("unknown-person")
        return Applied((SeatChanged(seat=replace(scene.target, free_text=self.allowed)),))


class SendDrillResult(FloorCommand, frozen=True, kw_only=True):
    """Tell the lead how a drill went (helper)."""

    pack: Id
    right: Annotated[int, Meta(ge=0)]
    total: Annotated[int, Meta(ge=1, le=1000)]
    seconds: Annotated[float, Meta(ge=0)]

    roles = HELPERS

    def rule(self, scene: Scene) -> Ruling:
        """It is only told."""
        told = DrillReported(
            helper=person_of(scene.actor),
            pack=self.pack,
            right=self.right,
            total=self.total,
            seconds=self.seconds,
        )
        return Applied((told,))
