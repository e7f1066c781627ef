"""The result of a drill: right or not, how long, what should have been said, and what to read again."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from agent_tui.domain.text import one_line
from agent_tui.i18n import texts
from agent_tui.tui.helper.coach import Judged, Result
from agent_tui.tui.helper.cover import Cover
from agent_tui.tui.helper.prose import Prose, Span
from agent_tui.tui.widgets.message_lines import fill


class ResultWords(Prose):
    """The result as text: the sum, what to read again, then customer by customer, the wrong ones first."""

    def show(self, result: Result) -> None:
        """Write it down."""
        words = texts().drill
        runs = [(f"{result.summary()}\n", "strong")]
        if result.reread:
            runs.append((fill(words.reread, {"titles": "、".join(result.reread)}) + "\n", "warn"))
        for one in sorted(result.customers, key=lambda judged: (judged.is_right, judged.is_safe)):
            runs += [("\n", "text"), *_customer(one)]
        self.tell(runs)


def _customer(one: Judged) -> Iterator[Span]:
    words = texts().drill
    mark, tone = ("✓", "good") if one.is_right else ("○", "warn") if one.is_safe else ("✗", "late")
    yield f"{mark} ", tone
    yield f"{one_line(one.said, 60)}\n", "strong"
    yield f"  {fill(words.done, {'done': one.done, 'n': f'{one.seconds:.0f}'})}\n", "calm"
    if not one.is_right:
        yield f"  {fill(words.should, {'should': one.should})}\n", "text"
        yield (f"  {one_line(one.say, 160)}\n" if one.say else ""), "calm"
    yield f"  {fill(words.tone, {'tone': one.tone})}\n", "faint"
    for remark in one.remarks:
        yield f"  {remark}\n", "warn"


class DrillResult(Cover[None]):
    """Shows a drill's result; one key tells the lead, where there is one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "page(-2)", show=False),
        Binding("down", "page(2)", show=False),
        Binding("pageup", "page(-12)", show=False),
        Binding("pagedown", "page(12)", show=False),
        Binding("1", "send", show=False),
        Binding("enter", "leave", show=False),
    ]

    def __init__(self, result: Result, send: Callable[[], Awaitable[str]] | None) -> None:
        super().__init__(None, fill(texts().drill.title, {"title": result.title}))
        self._result = result
        self._send = send
        self._words = ResultWords(classes="cover--words")
        self._said = Static("", classes="cover--warning", markup=False)

    def body(self) -> Iterable[Widget]:
        """The words, which scroll."""
        scroll = VerticalScroll(self._words, classes="cover--scroll")
        scroll.can_focus = False
        yield scroll
        yield self._said

    def on_mount(self) -> None:
        """Show it."""
        self._words.show(self._result)
        self._tell_keys()

    def _tell_keys(self) -> None:
        do = texts().helper.do
        send = [("send", "1", texts().drill.send)] if self._send is not None else []
        self.keys.tell([("page(2)", "↑↓", do["scroll"]), *send, ("leave", "Enter", do["close"])])

    def action_page(self, by: int) -> None:
        """Up and down."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)

    @work(group="drill", exclusive=True)
    async def action_send(self) -> None:
        """Tell the lead, once."""
        send, self._send = self._send, None
        if send is not None:
            self._tell_keys()
            self._said.update(await send())
            self._said.add_class("-shown")
