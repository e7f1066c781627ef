"""The first and the last line of the helper's screen: where one stands, and what the keys do now."""

from collections.abc import Sequence

from agent_tui.desk import Desk, Link, SendState
from agent_tui.domain.models import Seat
from agent_tui.drill.coach import Progress
from agent_tui.i18n import texts
from agent_tui.tui.cells import steady
from agent_tui.tui.clocks import span
from agent_tui.tui.helper.handbook import Handbook
from agent_tui.tui.keymap.keymap import keymap_of
from agent_tui.tui.messages import PartPressed
from agent_tui.tui.widgets.line import Line, Part, Span, fitting, spread, width_of

_TONES = {Link.CONNECTING: "warn", Link.ONLINE: "good", Link.OFFLINE: "warn", Link.AUTH_EXPIRED: "late"}
_TROUBLE = frozenset({SendState.REFUSED, SendState.UNSURE, SendState.UNDELIVERED})


# The ids of one or more rows of the action table, and what their keys do here; a click does the last. An id
# may say how many of its row's keys there are: `step-number:5`.
KeyHint = tuple[str, str]


class HeadLine(Line):
    """`支援 · 物流与发货 v1    小赵   搭档 林(在线)        ● 连接正常`."""

    progress: Progress | None = None
    ticket: str | None = None

    def __init__(self, desk: Desk, handbook: Handbook, *, id: str) -> None:
        super().__init__(id=id)
        self._desk = desk
        self._handbook = handbook

    def parts(self, width: int) -> list[Part]:
        """Pack and people on the left, the line on the right."""
        words, pack = texts().helper, self._handbook.pack
        left: list[Part] = [("", [(f" {words.title}", "faint")])]
        if pack is not None:
            named = words.pack.format(title=pack.pack.title, version=pack.pack.version)
            left.append(("", [(f" · {named}", "text")]))
        if self.progress is not None:
            return spread([*left, ("", [("   ", "calm"), *_practising(self.progress)])], [], width)
        left.append(("", [("    ", "calm"), (steady(self._desk.team.me.name), "text")]))
        left.append(("", [("   ", "calm"), *self._buddy()]))
        return spread(left, [("", [*self._unsent(), *self._link()])], width)

    def _buddy(self) -> list[Span]:
        """The buddy, and who reads along."""
        buddy = self._desk.team.me.buddy
        here = self._desk.presence.lookers(self.ticket) if self.ticket else ()
        others = [steady(one.person.name) for one in here if buddy is None or one.person.id != buddy.id]
        spans = [self._named_buddy(len(here) > len(others))]
        if others:
            spans.append(("  " + texts().helper.looking.format(name="、".join(others)), "accent"))
        return spans

    def _named_buddy(self, is_here: bool) -> Span:
        words, buddy = texts().helper, self._desk.team.me.buddy
        if buddy is None:
            return words.no_buddy, "faint"
        if is_here:
            return words.buddy_looking.format(name=steady(buddy.name)), "accent"
        seat = next((seat for seat in self._desk.team.seats() if seat.id == buddy.id), None)
        return words.buddy.format(name=steady(buddy.name), state=_state(seat)), "calm"

    def _unsent(self) -> list[Span]:
        items = self._desk.outbox.items()
        if self._desk.disk.problem:
            return [(texts().status_line.disk, "late"), ("  ", "calm")]
        if any(item.state in _TROUBLE for item in items):
            return [(texts().helper.troubled, "late"), ("  ", "calm")]
        if not items:
            return []
        return [(texts().helper.unsent.format(n=len(items)), "warn"), ("  ", "calm")]

    def _link(self) -> list[Span]:
        link = self._desk.connection.state.link
        return [("● ", _TONES[link]), (f"{texts().helper.links[link]} ", "calm")]


def _practising(progress: Progress) -> list[Span]:
    words = texts().drill
    spans = [(texts().helper.progress.format(done=progress.done, total=progress.total), "accent")]
    if progress.part:
        spans.append((f" · {progress.part}", "text"))
    if progress.here is not None:
        spans.append((f"   {words.here.format(clock=span(progress.here))}", "strong"))
        behind = words.behind.format(n=progress.behind, clock=span(progress.longest))
        spans.append((f" · {behind if progress.behind else words.nobody_behind}", "calm"))
    return spans


def _state(seat: Seat | None) -> str:
    if seat is None or not seat.connected:
        return texts().common.availabilities["offline"]
    return texts().common.availabilities[seat.availability]


class KeysLine(Line):
    """What the keys do now; a click does it."""

    _said: tuple[KeyHint, ...] = ()

    def tell(self, keys: Sequence[KeyHint]) -> None:
        """Show the keys of these rows and what they do from now on, as many as fit."""
        self._said = tuple(keys)
        self.say()

    def on_part_pressed(self, event: PartPressed) -> None:
        """A click: a span of digits means its first."""
        event.stop()
        row = keymap_of(self.app).row(event.name)
        self.screen.call_later(self.screen.run_action, row.call(1 if row.numbered else None))

    def parts(self, width: int) -> list[Part]:
        """Wide gaps while there is room for them."""
        loose = self._made("   ")
        return loose if sum(map(width_of, loose)) <= width else fitting(self._made("  "), width)

    def _made(self, gap: str) -> list[Part]:
        return [
            (
                ids.split()[-1].partition(":")[0],
                [(" " if n == 0 else gap, "calm"), (self._keys(ids), "strong"), (f" {words}", "calm")],
            )
            for n, (ids, words) in enumerate(self._said)
        ]

    def _keys(self, ids: str) -> str:
        keymap = keymap_of(self.app)
        split = (one.partition(":") for one in ids.split())
        return "".join(keymap.shown_first(id, int(most or 0)) for id, _, most in split)
