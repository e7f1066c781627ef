"""The views of the queue: which tickets belong in each, and in what order."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from agent_tui.domain.models import Status, Tier


class View(StrEnum):
    """A named part of the queue (mine, waiting, close to breach, VIP, on hold, all)."""

    MINE = "mine"
    WAITING = "waiting"
    CLOSE = "close"
    VIP = "vip"
    ON_HOLD = "on_hold"
    ALL = "all"


class Listed(Protocol):
    """What a view needs to know of a ticket; times are epoch seconds, 0 when there is none."""

    @property
    def status(self) -> Status:
        """Where the ticket stands."""

    @property
    def tier(self) -> Tier:
        """The customer's tier."""

    @property
    def assignee_id(self) -> str:
        """Whose ticket it is, empty for nobody's."""

    @property
    def promise_due(self) -> float:
        """When the next running promise breaks."""

    @property
    def snoozed_until(self) -> float:
        """Until when the ticket is put away."""


ACTIVE = frozenset({Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD})
QUEUED = frozenset({Status.NEW, Status.OPEN})


def views_of(row: Listed, me: str, now: float, close_seconds: float) -> frozenset[View]:
    """The views that `row` belongs to for the person `me` at `now`."""
    if row.status not in ACTIVE:
        return frozenset({View.ALL}) if row.status is Status.SOLVED else frozenset()
    views = {View.ALL}
    awake = row.snoozed_until <= now
    if row.assignee_id == me:
        views.add(View.MINE)
    if not row.assignee_id and row.status in QUEUED and awake:
        views.add(View.WAITING)
    if awake and 0 < row.promise_due <= now + close_seconds:
        views.add(View.CLOSE)
    if row.tier is Tier.VIP:
        views.add(View.VIP)
    if row.status is Status.ON_HOLD:
        views.add(View.ON_HOLD)
    return frozenset(views)


def timestamp(moment: datetime | None) -> float:
    """Epoch seconds of `moment`, 0 for none."""
    return 0.0 if moment is None else moment.timestamp()
