"""The first line: who I am and how busy, the phase of the day, and the line to the server."""

from collections.abc import Callable

from agent_tui.desk import Connection, Desk, Link, SendState
from agent_tui.domain.models import Availability, Floor, Phase, Seat
from agent_tui.i18n import texts
from agent_tui.tui.cells import steady
from agent_tui.tui.clocks import ago
from agent_tui.tui.widgets.line import Line, Part, Span, spread

_TROUBLE = frozenset({SendState.REFUSED, SendState.UNSURE, SendState.UNDELIVERED})
_AVAILABLE = {
    Availability.ONLINE: "good",
    Availability.BUSY: "warn",
    Availability.BREAK: "warn",
    Availability.OFFLINE: "late",
}
_LINKED = {Link.CONNECTING: "warn", Link.ONLINE: "good", Link.OFFLINE: "warn", Link.AUTH_EXPIRED: "late"}
_GAP: Span = ("   ", "calm")


class StatusLine(Line):
    """`agent-tui  林  在线 5/8   峰值期  应急 2 级        已连接 · 同步于 0.3 秒前   待发 1`."""

    def __init__(self, desk: Desk, clock: Callable[[], float], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._desk = desk
        self._clock = clock

    def parts(self, width: int) -> list[Part]:
        """Own state on the left, the line on the right; what needs a look is named first."""
        left: list[Part] = [("", [(" agent-tui", "faint"), _GAP])]
        if self._desk.team.me.id:
            left.append(("availability", self._me(self._desk.team.me)))
        left.append(("floor", self._floor(self._desk.team.floor)))
        unsent = self._unsent()
        link = self._link(self._desk.connection.state, brief=width < 78)
        right: list[Part] = [("outbox", [*unsent, ("  ", "calm")])] if unsent else []
        return spread(left, [*right, ("outbox", link)], width)

    def _me(self, me: Seat) -> list[Span]:
        words = texts()
        capacity = "∞" if me.capacity is None else str(me.capacity)
        load = str(me.load)
        if me.capacity is not None:
            load = words.status_line.load.format(load=me.load, capacity=capacity)
        state = words.common.availabilities[me.availability]
        return [
            (steady(me.name), "strong"),
            ("  ", "calm"),
            (f"{state} ", _AVAILABLE[me.availability]),
            (load, "calm"),
            _GAP,
        ]

    def _floor(self, floor: Floor) -> list[Span]:
        words = texts()
        loud = "warn" if floor.phase is Phase.PEAK else "calm"
        spans: list[Span] = [(words.common.phases[floor.phase], loud)]
        if floor.level:
            tone = "late" if floor.level >= 3 else "warn"
            spans += [("  ", "calm"), (words.status_line.level.format(n=floor.level), tone)]
        return spans

    def _unsent(self) -> list[Span]:
        words = texts().status_line
        items = self._desk.outbox.items()
        troubled = sum(item.state in _TROUBLE for item in items)
        waiting = len(items) - troubled
        spans: list[Span] = []
        if self._desk.disk.problem:
            spans += [(words.disk, "late"), ("  ", "calm")]
        if troubled:
            spans.append((words.troubled.format(n=troubled), "late"))
        if waiting:
            spans += [("  ", "calm")] if spans else []
            spans.append((words.unsent.format(n=waiting), "warn"))
        return spans

    def _link(self, connection: Connection, *, brief: bool) -> list[Span]:
        words = texts().status_line
        spans: list[Span] = [("● ", _LINKED[connection.link])]
        spans.append((words.links[connection.link], "calm" if connection.link is Link.ONLINE else "warn"))
        wait = connection.retry_at - self._clock()
        if connection.link is Link.OFFLINE and wait > 0:
            spans.append((" " + words.retry.format(n=int(wait) + 1), "calm"))
        elif not brief:
            spans.append((" · " + self._age(connection), "faint"))
        return [*spans, (" ", "calm")]

    def _age(self, connection: Connection) -> str:
        words = texts().status_line
        if not connection.synced_at:
            return words.never
        return words.synced.format(ago=ago(self._clock() - connection.synced_at))
