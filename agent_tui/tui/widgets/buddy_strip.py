"""My helpers on one line: who waits for help, on what, how long; nothing at all while there is nobody."""

from collections.abc import Callable, Iterable, Sequence

from agent_tui.desk import Change, Desk, Row, Topic
from agent_tui.domain.models import Availability, HelpCall, Role, Seat
from agent_tui.domain.rules import CORE, LEADING
from agent_tui.domain.views import timestamp
from agent_tui.i18n import texts
from agent_tui.tui.cells import cut, steady
from agent_tui.tui.clocks import span
from agent_tui.tui.widgets.line import Line, Part, Span, width_of

LATE_SECONDS = 30
_NAME, _WORDS = 12, 18
_SEATS = frozenset({Topic.SEATS, Topic.SNAPSHOT})
_WRITING = frozenset({Topic.PRESENCE, Topic.CONNECTION})


def helpers_of(me: Seat, seats: Iterable[Seat]) -> tuple[Seat, ...]:
    """Whose buddy `me` is, without those who have finished."""
    return tuple(
        seat
        for seat in seats
        if seat.role is Role.HELPER
        and seat.buddy is not None
        and seat.buddy.id == me.id
        and seat.availability is not Availability.OFFLINE
    )


def is_for(me: Seat, call: HelpCall, helpers: Sequence[Seat]) -> bool:
    """Whether `call` is one that `me` is asked to answer: one's own helper's at any stage, anybody's from the
    stage on that reaches one's role."""
    if any(seat.id == call.by.id for seat in helpers) or (call.to is not None and call.to.id == me.id):
        return True
    reached = {"core": CORE, "lead": LEADING}.get(call.stage, frozenset())
    return me.role in reached


def calls_for(me: Seat, rows: Iterable[Row], helpers: Sequence[Seat]) -> tuple[Row, ...]:
    """The tickets on which `me` is asked for help: emergency cards, then the rest in the order given."""
    asked = [row for row in rows if row.help is not None and is_for(me, row.help, helpers)]
    return tuple(sorted(asked, key=lambda row: row.help is None or row.help.reason != "card"))


def strip_parts(
    calls: Sequence[Row],
    helpers: Sequence[Seat],
    now: float,
    width: int,
    key: str = "",
    writing: frozenset[str] = frozenset(),
) -> list[Part]:
    """The line: first the calls, with the key that goes to the next, then the helpers who get along; what
    does not fit is a count. `writing` are the ids of those who are writing a reply."""
    words = texts().buddy
    callers = {row.help.by.id for row in calls if row.help is not None}
    parts = [_call(row, row.help, now, writing) for row in calls if row.help is not None]
    parts += [_resting(seat, seat.id in writing) for seat in helpers if seat.id not in callers]
    head: Part = ("", [(f" {words.strip} ", "warn" if calls else "faint")])
    if calls and key:
        head[1].append((f"{key} ", "faint"))
    kept, used = [head], width_of(head)
    for part in parts:
        if used + width_of(part) > width - 5 and len(kept) > 1:
            return [*kept, ("", [(f" +{len(parts) - len(kept) + 1}", "warn")])]
        kept.append(part)
        used += width_of(part)
    return kept


def _call(row: Row, call: HelpCall, now: float, writing: frozenset[str]) -> Part:
    words, waited = texts().buddy, max(0.0, now - timestamp(call.at))
    tone = "late" if call.reason == "card" or call.stage != "buddy" or waited >= LATE_SECONDS else "warn"
    what = words.reasons.get(call.reason, words.reasons["asked"])
    spans: list[Span] = [
        ("● ", tone),
        (cut(steady(call.by.name), _NAME), "strong"),
        (f" {what} ", tone),
        (words.waited.format(clock=span(waited)), tone),
        (" · " + cut(steady(row.customer), _NAME), "text"),
    ]
    said = call.text or row.last_text
    if said:
        spans.append((f" {cut(steady(said), _WORDS)}", "calm"))
    if call.stage in words.stages:
        spans.append((f" {words.stages[call.stage]}", tone))
    if call.by.id in writing:
        spans.append((f" {words.writing}", "accent"))
    return row.id, [*spans, ("  ", "calm")]


def _resting(seat: Seat, is_writing: bool) -> Part:
    words = texts()
    if not seat.connected:
        state = words.common.availabilities["offline"]
    elif seat.availability is not Availability.ONLINE:
        state = words.common.availabilities[seat.availability]
    else:
        state = words.buddy.writing if is_writing else words.buddy.busy if seat.load else words.buddy.free
    tone = "accent" if is_writing else "faint"
    return "", [("○ ", "faint"), (cut(steady(seat.name), _NAME), "calm"), (f" {state}  ", tone)]


class BuddyStrip(Line):
    """`搭档  ● 小赵 求助 已等 0:42 · 陈静 改地址  ○ 小钱 接待中`; hidden while there is nothing to say."""

    DEFAULT_CSS = """
    BuddyStrip { display: none; background: $raised; }
    BuddyStrip.-shown { display: block; }
    """

    def __init__(self, desk: Desk, clock: Callable[[], float], key: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._key = key
        self._desk = desk
        self._clock = clock
        self.helpers: tuple[Seat, ...] = ()
        self.calls: tuple[Row, ...] = ()

    def refresh_from_desk(self, change: Change) -> None:
        """Look again when seats or tickets have changed; the seats are walked only when they have."""
        if change.topics & _SEATS:
            self.helpers = helpers_of(self._desk.team.me, self._desk.team.seats())
        elif not change.tickets:
            if change.topics & _WRITING:
                self.tick()
            return
        self.calls = calls_for(self._desk.team.me, self._desk.queue.calls(), self.helpers)
        is_shown = bool(self.calls or self.helpers)
        if is_shown != self.has_class("-shown"):
            self.set_class(is_shown, "-shown")
        self.tick()

    def tick(self) -> None:
        """A second has passed."""
        if self.calls or self.helpers:
            self.say()

    def parts(self, width: int) -> list[Part]:
        """Calls, then helpers."""
        return strip_parts(
            self.calls, self.helpers, self._clock(), width, self._key, self._desk.presence.writers()
        )

    def next_call(self, shown: str | None) -> str | None:
        """The ticket of the longest call, going on from the one on the screen."""
        ring = [row.id for row in self.calls]
        if shown in ring:
            at = ring.index(shown)
            ring = ring[at + 1 :] + ring[:at]
        return ring[0] if ring else None
