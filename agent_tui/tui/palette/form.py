"""The form that writes an entry: a few fields over the desk, saved with one key."""

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace
from rich.segment import Segment
from textual import events
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from agent_tui.domain.text import clean
from agent_tui.i18n import language, texts, words_of
from agent_tui.knowledge.content.entries import Article, Entry, Snippet
from agent_tui.knowledge.content.own import new_id
from agent_tui.knowledge.errors import FillError
from agent_tui.knowledge.templates.values import as_template
from agent_tui.tui.composer.checks import BLANK
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.keymap.keymap import KeyedScreen, bind
from agent_tui.tui.widgets.message_lines import fill
from agent_tui.tui.widgets.tones import Toned

Save = Callable[[dict[str, str]], str]

_LONG = frozenset({"body", "problem", "cause", "script", "result"})
_OPTIONAL = frozenset({"shortcut", "cause", "result"})


class Field(Struct, frozen=True):
    """One field: its name as in the texts, and what it begins with."""

    name: str
    value: str = ""


class CategoryLine(Toned, can_focus=True):
    """One category of all, changed with the left and right arrows."""

    DEFAULT_CSS = """
    CategoryLine { height: 1; width: 1fr; }
    """

    def __init__(self, value: str, id: str | None = None) -> None:
        super().__init__(id=id)
        self._names = texts().common.categories
        self.value = value if value in self._names else "other"

    def _post_register(self, app: App[object]) -> None:
        super()._post_register(app)
        bind(self, app, (Place.CATEGORY,))

    def action_step(self, by: int) -> None:
        """The next category."""
        ids = list(self._names)
        self.value = ids[(ids.index(self.value) + by) % len(ids)]
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click goes on by one."""
        self.action_step(1)

    def render_line(self, y: int) -> Strip:
        """The category between two arrows while it has the focus."""
        base = self.base() + (self.tone("cursor") if self.has_focus else self.tone("calm"))
        said = f"‹ {self._names[self.value]} ›" if self.has_focus else self._names[self.value]
        return Strip([Segment(said, base)]).adjust_cell_length(self.size.width, self.base())


class LinesField(TextArea):
    """Text of several lines that gives the arrows away at its ends and Ctrl+S to the form."""

    def __init__(self, value: str, id: str | None = None) -> None:
        super().__init__(
            value, id=id, soft_wrap=True, tab_behavior="focus", compact=True, highlight_cursor_line=False
        )

    async def _on_key(self, event: events.Key) -> None:
        at_top = event.key == "up" and self.cursor_location[0] == 0 and self.cursor_at_first_line
        at_end = event.key == "down" and self.cursor_at_last_line
        if at_top or at_end:
            event.stop()
            event.prevent_default()
            self.screen.focus_previous() if at_top else self.screen.focus_next()
            return
        await super()._on_key(event)


class EntryForm(KeyedScreen[str]):
    """Fields of an entry; answers what `save` answered, null when it was left. `save` may raise FillError,
    OSError and ValueError, which are said here while the words stay."""

    CSS_PATH = Path(__file__).with_name("form.tcss")
    PLACES: ClassVar[tuple[Place, ...]] = (Place.FORM,)

    def __init__(self, title: str, fields: tuple[Field, ...], save: Save) -> None:
        super().__init__()
        self._title = title
        self._fields = fields
        self._save = save
        self.wants_sharing = False
        self._wrong = Static("", id="form-wrong", markup=False)

    @classmethod
    def for_snippet(cls, title: str, entry: Entry, save: Save) -> "EntryForm":
        """A form for a snippet that begins as `entry`."""
        fields = (
            Field("title", entry.title),
            Field("shortcut", entry.shortcut),
            Field("category", entry.category),
            Field("body", entry.text),
        )
        return cls(title, fields, save)

    @classmethod
    def for_case(cls, title: str, article: Article, save: Save) -> "EntryForm":
        """A form for a case that begins as `article`."""
        names = ("title", "category", "problem", "cause", "script", "result")
        return cls(title, tuple(Field(name, getattr(article, name)) for name in names), save)

    def compose(self) -> ComposeResult:
        """A name and a field each, then what is wrong, then the keys."""
        words = texts().palette
        with VerticalScroll(id="form", can_focus=False) as box:
            box.border_title = self._title
            for field in self._fields:
                hint = words.hints.get(field.name, "")
                yield Static(
                    f"{words.fields[field.name]}  {hint}".rstrip(), classes="form--name", markup=False
                )
                yield from self._widget(field)
            yield self._wrong
            yield Static(words.form_keys, id="form-keys", markup=False)

    def _widget(self, field: Field) -> Iterator[Widget]:
        id = f"form-{field.name}"
        if field.name == "category":
            yield CategoryLine(field.value, id=id)
        elif field.name in _LONG:
            yield LinesField(field.value, id=id)
        else:
            yield Input(field.value, id=id, compact=True, select_on_focus=False)

    def on_mount(self) -> None:
        """Begin at the first field that has nothing in it."""
        empty = [f.name for f in self._fields if not f.value and f.name not in _OPTIONAL]
        self.query_one(f"#form-{(empty or ['title'])[0]}").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a line of its own goes on to the next field, as on the others."""
        event.stop()
        self.focus_next()

    def told(self) -> dict[str, str]:
        """What stands in the fields."""
        return {field.name: self._value(field.name) for field in self._fields}

    def _value(self, name: str) -> str:
        widget = self.query_one(f"#form-{name}")
        if isinstance(widget, TextArea):
            return clean(widget.text).strip()
        if isinstance(widget, Input | CategoryLine):
            return clean(widget.value).strip()
        return ""

    def action_save_and_share(self) -> None:
        """Ctrl+G: saved, and to be shared with every colleague; who opened the form sees to that."""
        self.wants_sharing = True
        self.action_save()

    def action_save(self) -> None:
        """Ctrl+S."""
        words, told = texts().palette, self.told()
        for name, value in told.items():
            if not value and name not in _OPTIONAL:
                self._complain(fill(words.form_empty, {"field": words.fields[name]}))
                self.query_one(f"#form-{name}").focus()
                return
        try:
            saved = self._save(told)
        except FillError as error:
            self._complain(fill(words.form_template, {"reason": words_of(error)}))
        except (OSError, ValueError) as error:
            self._complain(fill(words.form_failed, {"reason": str(error)}))
        else:
            self.dismiss(saved)

    def _complain(self, said: str) -> None:
        self._wrong.update(said)
        self._wrong.set_class(bool(said), "-shown")

    def action_leave(self) -> None:
        """Esc: nothing is kept."""
        self.dismiss(None)


def snippet_of(entry: Entry, told: dict[str, str], author: str) -> Snippet:
    """The own snippet that a form tells of; one that began as another keeps its id, and so replaces it."""
    return Snippet(
        id=entry.id or new_id("own"), title=told["title"], body=told["body"], tags=entry.tags,
        category=told["category"], channels=entry.channels, language=entry.language,
        shortcut=told["shortcut"], file=entry.path or entry.file, author=author,
    )  # fmt: skip


def article_of(begun: Article, told: dict[str, str]) -> Article:
    """The own case that a form tells of."""
    return replace(begun, id=begun.id or new_id("case-own"), **told)


def template_of(written: str, values: Mapping[str, str]) -> str:
    """A half-written reply as a template: its blanks are tab stops, this customer's values their names."""
    numbers = count(1)
    return BLANK.sub(lambda found: f"${{{next(numbers)}:{_prompt(found[1])}}}", as_template(written, values))


def _prompt(words: str) -> str:
    return words.replace("{", "").replace("}", "")


def snippet_entry(written: str, values: Mapping[str, str], category: str, title: str = "") -> Entry:
    """What a snippet made of a half-written reply begins as."""
    body = template_of(written, values)
    return Entry(id="", kind="snippet", title=title, text=body, category=category, language=language())
