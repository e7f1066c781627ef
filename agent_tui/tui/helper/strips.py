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
from agent_tui.tui.widgets.line import Line, Part, Piece, Span, fitting, squeezed, width_of

_TONES = {Link.CONNECTING: "warn", Link.ONLINE: "good", Link.OFFLINE: "warn", Link.AUTH_EXPIRED: "late"}
# What gives way first where the head is too long, lowest first: one knows one's own name and that one is a
# helper; who can help, what has not gone out and whether the line holds stay longest.
NAME, TITLE, PACK, LOOKING, UNSENT, BUDDY, LINK = range(7)
STEP, BEHIND, PROGRESS, HERE = range(7, 11)
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
        left = [self._title(), *self._pack()]
        if self.progress is not None:
            return squeezed([*left, *_practising(self.progress)], width)
        pieces = [*left, self._own_name(), *self._buddy()]
        right = [*self._unsent(), self._link()]
        room = width - sum(width_of(one.part) for one in (*pieces, *right))
        gap = [Piece(("", [(" " * room, "calm")]), NAME)] if room > 0 else []
        return squeezed([*pieces, *gap, *right], width)

    def _title(self) -> Piece:
        return Piece(("", [(f" {texts().helper.title}", "faint")]), TITLE)

    def _pack(self) -> list[Piece]:
        pack = self._handbook.pack
        if pack is None:
            return []
        named = texts().helper.pack.format(title=pack.pack.title, version=pack.pack.version)
        return [Piece(("", [(f" · {named}", "text")]), PACK, least=12)]

    def _own_name(self) -> Piece:
        return Piece(("", [("    ", "calm"), (steady(self._desk.team.me.name), "text")]), NAME)

    def _buddy(self) -> list[Piece]:
        """The buddy, and who reads along."""
        buddy = self._desk.team.me.buddy
        here = self._desk.presence.lookers(self.ticket) if self.ticket else ()
        others = [steady(one.person.name) for one in here if buddy is None or one.person.id != buddy.id]
        named = self._named_buddy(len(here) > len(others))
        pieces = [Piece(("", [("   ", "calm"), named]), BUDDY, least=12)]
        if others:
            looking = texts().helper.looking.format(name="、".join(others))
            pieces.append(Piece(("", [(f"  {looking}", "accent")]), LOOKING))
        return pieces

    def _named_buddy(self, is_here: bool) -> Span:
        words, buddy = texts().helper, self._desk.team.me.buddy
        if buddy is None:
            return words.no_buddy, "faint"
        if is_here:
            return words.buddy_looking.format(name=steady(buddy.name)), "accent"
        seat = next((seat for seat in self._desk.team.seats() if seat.id == buddy.id), None)
        return words.buddy.format(name=steady(buddy.name), state=_state(seat)), "calm"

    def _unsent(self) -> list[Piece]:
        items = self._desk.outbox.items()
        if self._desk.disk.problem:
            words = (texts().status_line.disk, "late")
        elif any(item.state in _TROUBLE for item in items):
            words = (texts().helper.troubled, "late")
        elif items:
            words = (texts().helper.unsent.format(n=len(items)), "warn")
        else:
            return []
        return [Piece(("", [("   ", "calm"), words]), UNSENT, least=10)]

    def _link(self) -> Piece:
        link = self._desk.connection.state.link
        spans = [("   ", "calm"), ("● ", _TONES[link]), (f"{texts().helper.links[link]} ", "calm")]
        return Piece(("", spans), LINK, least=16)


def _practising(progress: Progress) -> list[Piece]:
    words = texts().drill
    done = texts().helper.progress.format(done=progress.done, total=progress.total)
    pieces = [Piece(("", [("   ", "calm"), (done, "accent")]), PROGRESS)]
    if progress.part:
        pieces.append(Piece(("", [(f" · {progress.part}", "text")]), STEP, least=10))
    if progress.here is not None:
        here = words.here.format(clock=span(progress.here))
        behind = words.behind.format(n=progress.behind, clock=span(progress.longest))
        pieces.append(Piece(("", [("   ", "calm"), (here, "strong")]), HERE))
        said = behind if progress.behind else words.nobody_behind
        pieces.append(Piece(("", [(f" · {said}", "calm")]), BEHIND, least=10))
    return pieces


def _state(seat: Seat | None) -> str:
    if seat is None or not seat.connected:
        return texts().common.availabilities["offline"]
    return texts().common.availabilities[seat.availability]


class KeysLine(Line):
    """What the keys do now; a click does it. Where not all fit, those named `spare` go first, in turn."""

    _said: tuple[KeyHint, ...] = ()

    def __init__(self, *, id: str, spare: Sequence[str] = ()) -> None:
        super().__init__(id=id)
        self._spare = spare

    def tell(self, keys: Sequence[KeyHint]) -> None:
        """Show the keys of these rows and what they do from now on."""
        self._said = tuple(keys)
        self.say()

    def on_part_pressed(self, event: PartPressed) -> None:
        """A click: a span of digits means its first."""
        event.stop()
        row = keymap_of(self.app).row(event.name)
        self.screen.call_later(self.screen.run_action, row.call(1 if row.numbered else None))

    def parts(self, width: int) -> list[Part]:
        """Wide gaps while there is room for them."""
        loose = self._made(self._said, "   ")
        if sum(map(width_of, loose)) <= width:
            return loose
        kept, spare = list(self._said), list(self._spare)
        while spare and sum(map(width_of, self._made(kept, "  "))) > width:
            gone = spare.pop(0)
            kept = [one for one in kept if one[0].partition(":")[0] != gone]
        return fitting(self._made(kept, "  "), width)

    def _made(self, keys: Sequence[KeyHint], gap: str) -> list[Part]:
        return [
            (
                ids.split()[-1].partition(":")[0],
                [(" " if n == 0 else gap, "calm"), (self._keys(ids), "strong"), (f" {words}", "calm")],
            )
            for n, (ids, words) in enumerate(keys)
        ]

    def _keys(self, ids: str) -> str:
        keymap = keymap_of(self.app)
        split = (one.partition(":") for one in ids.split())
        return "".join(keymap.shown_first(id, int(most or 0)) for id, _, most in split)
