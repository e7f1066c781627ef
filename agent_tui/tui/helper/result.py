"""The result of a drill: the sums, then customer by customer what was done and what should have been said."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import ClassVar, Literal

from rich.cells import cell_len
from textual import work
from textual.containers import VerticalScroll
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Static

from agent_tui.domain.text import one_line
from agent_tui.drill.coach import Grade, Judged, PartSum, Reported, Result, Step
from agent_tui.i18n import texts
from agent_tui.tui.cells import cut, fit
from agent_tui.tui.helper.cover import Cover
from agent_tui.tui.helper.prose import Prose, Span, laid_out
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.widgets.message_lines import fill

GO_ON: Literal["go-on"] = "go-on"
_MARKS: dict[Grade, Span] = {"right": ("✓", "good"), "passed-on": ("○", "warn"), "wrong": ("✗", "late")}
_WORST_FIRST: tuple[Grade, ...] = ("wrong", "passed-on", "right")
_QUOTE = 52
_NAME = 34


class ResultWords(Prose):
    """The result as text; the customer who is looked at is unfolded."""

    def __init__(self, result: Result, *, classes: str) -> None:
        super().__init__(classes=classes)
        self._result = result
        self.customers = sorted(result.customers, key=lambda one: _WORST_FIRST.index(one.grade))
        self.at = -1

    def on_mount(self) -> None:
        """The sums first."""
        self.look_at(-1)

    def look_at(self, at: int) -> None:
        """Unfold a customer; -1 unfolds nobody."""
        self.at = max(-1, min(at, len(self.customers) - 1))
        self.tell([*self._head(), *(run for n in range(len(self.customers)) for run in self._row(n))])

    def lines_of(self, width: int) -> tuple[int, int]:
        """At which line the unfolded customer begins, and how many lines they take in `width` cells."""
        if self.at < 0:
            return 0, 1
        before = [*self._head(), *(run for n in range(self.at) for run in self._row(n))]
        begins = len(laid_out(before, width)) - 1
        return begins, len(laid_out(list(self._row(self.at)), width)) - 1

    def _head(self) -> Iterator[Span]:
        words, result = texts().drill, self._result
        yield f"{result.summary()}\n", "strong"
        yield f"{result.verdict}\n", "good" if result.is_passed else "warn"
        yield "\n", "text"
        yield from _sums(result.parts)
        if result.reread:
            yield fill(words.reread, {"titles": words.between.join(result.reread)}) + "\n", "warn"
        yield "\n", "text"

    def _row(self, n: int) -> Iterator[Span]:
        one = self.customers[n]
        mark, tone = _MARKS[one.grade]
        is_open = n == self.at
        yield ("▌" if is_open else " "), "accent"
        yield f"{mark} {fit(texts().drill.grades[one.grade], 9)}", tone
        yield f"{texts().drill.seconds.format(n=f'{one.seconds:.0f}'):>6}  ", "calm"
        yield f"{cut(one_line(one.steps[0].said, _QUOTE), _QUOTE)}\n", "strong" if is_open else "text"
        if is_open:
            yield from _unfolded(one)


def _sums(parts: Iterable[PartSum]) -> Iterator[Span]:
    named = [part for part in parts if part.name]
    for n, part in enumerate(named):
        tone = "good" if part.right == part.of else "warn"
        ends = n % 2 == 1 or n == len(named) - 1
        yield f"{part.right}/{part.of} ", tone
        yield (f"{part.name}\n" if ends else fit(part.name, _NAME)), "text"


def _unfolded(one: Judged) -> Iterator[Span]:
    for n, step in enumerate(one.steps):
        yield from _step(step, is_first=n == 0)
    yield "\n", "text"


def _step(step: Step, *, is_first: bool) -> Iterator[Span]:
    words = texts().drill
    if not is_first:
        yield f"   {fill(words.came_back, {'said': step.said})}\n", "strong"
    elif cell_len(one_line(step.said)) > _QUOTE:
        yield f"   “{step.said}”\n", "text"
    mark, tone = _MARKS[step.grade]
    yield f"   {mark} ", tone
    yield fill(words.done, {"done": step.done, "n": f"{step.seconds:.0f}"}) + "\n", "text"
    if step.grade != "right":
        yield f"   {fill(words.should, {'should': step.should})}\n", "strong"
        if step.say:
            yield f"   “{step.say}”\n", "calm"
        if step.find:
            yield f"   {fill(words.find, {'find': step.find})}\n", "text"
    yield f"   {fill(words.tone, {'tone': step.tone})}\n", "calm"
    for remark in step.remarks:
        yield f"   {remark}\n", "warn"


class DrillResult(Cover[str]):
    """Shows a drill's result; one key tells the lead, where there is one, another goes on practising."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.PAGE, Place.CALL, Place.RESULT)

    def __init__(self, result: Result, send: Callable[[], Awaitable[Reported]] | None) -> None:
        super().__init__(None, fill(texts().drill.title, {"title": result.title}))
        self._result = result
        self._send = send
        self.words = ResultWords(result, classes="cover--words")
        self._said = Static("", classes="cover--warning", markup=False)

    def body(self) -> Iterable[Widget]:
        """The words, which scroll."""
        scroll = VerticalScroll(self.words, classes="cover--scroll")
        scroll.can_focus = False
        yield scroll
        yield self._said

    def on_mount(self) -> None:
        """Say what the keys do."""
        self._tell_keys()

    def _tell_keys(self) -> None:
        words = texts().drill
        send = [("result-send", words.send)] if self._send is not None else []
        go_on = [("result-go-on", self._result.go_on)] if self._result.go_on else []
        self.keys.tell(
            [("result-up result-down", words.look), *send, *go_on, ("leave", texts().helper.do["close"])]
        )

    def action_look(self, by: int) -> None:
        """The customer before or after; at the end it stays."""
        self.words.look_at(self.words.at + by)
        self.call_after_refresh(self._into_sight)

    def _into_sight(self) -> None:
        begins, lines = self.words.lines_of(self.words.content_size.width)
        region = Region(0, begins, self.words.content_size.width, lines)
        self.query_one(VerticalScroll).scroll_to_region(region, animate=False)

    def action_page(self, by: int) -> None:
        """A page up or down."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)

    def action_go_on(self) -> None:
        """Practise on."""
        if self._result.go_on:
            self.dismiss(GO_ON)

    @work(group="drill", exclusive=True)
    async def action_send(self) -> None:
        """Tell the lead, once; what did not arrive can be tried again."""
        send, self._send = self._send, None
        if send is not None:
            self._tell_keys()
            told = await send()
            self._said.update(told.words)
            self._said.add_class("-shown")
            self._send = None if told.is_told else send
            self._tell_keys()
