"""Marks: what in a reply may not go out as it stands, shown while typing and held to when sending."""

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct
from rich.style import Style
from textual.timer import Timer

from agent_tui.tui.composer.field import ComposerField

SETTLE_SECONDS = 0.15


class Level(StrEnum):
    """How much stands against sending: a hint nothing, an ask one question, a refuse everything."""

    HINT = "hint"
    ASK = "ask"
    REFUSE = "refuse"


_LOUDEST = (Level.REFUSE, Level.ASK, Level.HINT)
_COLOURS = {Level.HINT: "warning", Level.ASK: "warning", Level.REFUSE: "error"}


class Mark(Struct, frozen=True, kw_only=True):
    """A place in the text (code points, half-open), how loud it is, why, and the rule that says so."""

    start: int
    end: int
    level: Level
    words: str
    rule: str = ""

    @property
    def key(self) -> str:
        """What makes it the same question when asked again."""
        return f"mark:{self.words}"


Checks = Callable[[str], tuple[Mark, ...]]


def no_checks(text: str) -> tuple[Mark, ...]:
    """Nothing stands against anything."""
    return ()


class Marking:
    """Checks a field shortly after the last key and marks what it finds; `say` shows the loudest
    sentence, and hears of an empty one when nothing is found any more."""

    def __init__(self, field: ComposerField, checks: Checks, say: Callable[[str], None]) -> None:
        self._field = field
        self._say = say
        self.checks = checks
        self._timer: Timer | None = None
        self._marks: tuple[Mark, ...] = ()

    @property
    def confirmed(self) -> tuple[str, ...]:
        """The rules whose question is answered when the field's text goes out now."""
        return confirmed(self.checks(self._field.text))

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What was found last."""
        return self._marks

    def changed(self) -> None:
        """The text is another: look again when the hand rests."""
        if self._timer is not None:
            self._timer.stop()
        if not self._field.text:
            self._show(())
        elif self._field.is_attached:
            self._timer = self._field.set_timer(SETTLE_SECONDS, self.look)

    def look(self) -> None:
        """Look now."""
        self._show(self.checks(self._field.text))
        self._say(loudest(self._marks).words if self._marks else "")

    def clear(self) -> None:
        """Nothing is marked: a note, or another ticket."""
        if self._timer is not None:
            self._timer.stop()
        self._show(())

    def _show(self, marks: tuple[Mark, ...]) -> None:
        if marks != self._marks:
            self._marks = marks
            colours = self._field.app.theme_variables
            spans = [(m.start, m.end, _style(m.level, colours[_COLOURS[m.level]])) for m in marks]
            self._field.underline(spans)


def refusal(marks: tuple[Mark, ...]) -> str:
    """Why the text cannot be sent at all; empty when it can."""
    return next((mark.words for mark in marks if mark.level is Level.REFUSE), "")


def questions(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """What has to be asked before sending, one mark a sentence."""
    return tuple({mark.key: mark for mark in marks if mark.level is Level.ASK}.values())


def confirmed(marks: tuple[Mark, ...]) -> tuple[str, ...]:
    """The rules whose question was answered when a text with these marks goes out."""
    return tuple(dict.fromkeys(mark.rule for mark in questions(marks) if mark.rule))


def loudest(marks: tuple[Mark, ...]) -> Mark:
    """The mark that matters most."""
    return min(marks, key=lambda mark: (_LOUDEST.index(mark.level), mark.start))


def _style(level: Level, colour: str) -> Style:
    return Style(color=colour, underline=True, bold=level is not Level.HINT)
