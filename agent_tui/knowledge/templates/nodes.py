"""Liquid nodes that write blanks: a value that is missing becomes a gap in the output, a tab stop a mark.

This module imports liquid; it is itself imported only when the first template is filled.
"""

import io
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TextIO

from liquid import RenderContext
from liquid.ast import ConditionalBlockNode, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import (
    Path,
)
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.case_tag import CaseNode, MultiExpressionBlockNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.expression import Expression
from liquid.stringify import to_liquid_string
from msgspec import Struct

from agent_tui.domain.names import NAMES
from agent_tui.knowledge.errors import FillError
from agent_tui.knowledge.templates.blanks import TabStop, pieces

MAX_OUTPUT = 20_000
MAX_SECONDS = 1.0
NOUNS = frozenset(NAMES) | {"contact", "policy"}


class Gap(Struct, frozen=True):
    """What a path without a value evaluates to; filters pass it on, `default` replaces it."""

    path: str


class SourceText(str):
    """Text written by the template's author inside an expression: tab stops count in it."""

    __slots__ = ()


class OutputMark(Struct, frozen=True):
    """Where a gap or a tab stop stands in the output."""

    start: int
    end: int
    what: Gap | TabStop


class OutputBuffer(io.StringIO):
    """The output: text that may grow to `MAX_OUTPUT` code points, and the marks in it."""

    def __init__(self, word: Callable[[Gap | TabStop], str]) -> None:
        super().__init__()
        self.marks: list[OutputMark] = []
        self._word = word
        self._length = 0

    def write(self, text: str) -> int:
        self._length += len(text)
        if self._length > MAX_OUTPUT:
            raise FillError("too-long", f"more than {MAX_OUTPUT} characters")
        return super().write(text)

    def mark(self, what: Gap | TabStop) -> None:
        """Put a blank here, showing its word."""
        start = self._length
        self.write(self._word(what))
        self.marks.append(OutputMark(start, self._length, what))

    def source(self, parts: Iterable[str | TabStop]) -> int:
        """Write template text, its tab stops as blanks."""
        start = self._length
        for part in parts:
            if isinstance(part, str):
                self.write(part)
            else:
                self.mark(part)
        return self._length - start


class FillContext(RenderContext):
    """A render context that knows the ticket's values as flat paths and answers gaps for the rest."""

    deadline: float = 0.0
    values: dict[str, object]

    def get(self, path: list[object], *, token: Any, default: object = None) -> object:
        if path[0] not in NOUNS:
            return super().get(path, token=token)
        self.check_time()
        dotted = ".".join(map(str, path))
        value = self.values.get(dotted)
        return Gap(dotted) if value is None else value

    def check_time(self) -> None:
        """Stop what runs too long, whatever kept it busy."""
        if time.monotonic() > self.deadline:
            raise FillError("too-slow", f"more than {MAX_SECONDS} s")

    def first_gap(self, expressions: Iterable[Expression]) -> Gap | None:
        """The first path in `expressions` that has no value now."""
        for expression in expressions:
            for path in paths_in(expression):
                value = path.evaluate(self)
                if isinstance(value, Gap):
                    return value
        return None


class TextNode(ContentNode):
    """Template text, its tab stops found when it is parsed."""

    __slots__ = ("parts",)

    def __init__(self, token: Any, text: str) -> None:
        super().__init__(token, text)
        self.parts = pieces(text)

    def render_to_output(self, _: RenderContext, buffer: TextIO) -> int:
        assert isinstance(buffer, OutputBuffer)
        return buffer.source(self.parts)


class ValueNode(OutputNode):
    """An output statement: a value as data, or a blank where it is missing."""

    __slots__ = ()

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        assert isinstance(buffer, OutputBuffer)
        value = self.expression.evaluate(context)
        if isinstance(value, Gap):
            buffer.mark(value)
            return 1
        if isinstance(value, SourceText):
            return buffer.source(pieces(value))
        return buffer.write(to_liquid_string(value, autoescape=False))


class _Decided:
    """A node whose course depends on conditions: while one of them is a gap, the whole is a blank."""

    __slots__ = ()

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        assert isinstance(context, FillContext)
        assert isinstance(buffer, OutputBuffer)
        gap = context.first_gap(conditions(self))  # type: ignore[arg-type]
        if gap is None:
            return super().render_to_output(context, buffer)  # type: ignore[misc,no-any-return]
        buffer.mark(gap)
        return 1


class DecidedIf(_Decided, IfNode):
    """`if`, a blank while its condition has no value."""

    __slots__ = ()


class DecidedUnless(_Decided, UnlessNode):
    """`unless`, a blank while its condition has no value."""

    __slots__ = ()


class DecidedCase(_Decided, CaseNode):
    """`case`, a blank while its subject has no value."""

    __slots__ = ()


class DecidedFor(_Decided, ForNode):
    """`for`, a blank while what it runs over has no value."""

    __slots__ = ()


def conditions(node: Node) -> Iterator[Expression]:
    """Every expression that decides what `node` prints."""
    yield from node.expressions()
    for child in node.children(None):  # type: ignore[arg-type]
        if isinstance(child, (ConditionalBlockNode, MultiExpressionBlockNode)):
            yield from child.expressions()


def expressions_in(expression: Expression) -> Iterator[Expression]:
    """`expression` and everything inside it, outermost first."""
    yield expression
    for child in expression.children():
        yield from expressions_in(child)


def paths_in(expression: Expression) -> Iterator[Path]:
    """Every variable path inside `expression`."""
    for inner in expressions_in(expression):
        if isinstance(inner, Path):
            yield inner
