"""Liquid in a sandbox: allow-listed tags and filters, bounded work, gaps where a value is missing.

This module imports liquid; it is itself imported only when the first template is filled.
"""

import functools
import math
from collections.abc import Callable
from typing import Any

from liquid import Environment, Mode
from liquid.ast import Node
from liquid.builtin.content import Literal
from liquid.builtin.illegal import Illegal
from liquid.builtin.output import Output
from liquid.builtin.tags.assign_tag import AssignTag
from liquid.builtin.tags.case_tag import CaseTag
from liquid.builtin.tags.comment_tag import CommentTag
from liquid.builtin.tags.for_tag import BreakTag, ContinueTag, ForTag
from liquid.builtin.tags.if_tag import IfTag
from liquid.builtin.tags.unless_tag import UnlessTag
from liquid.template import BoundTemplate

from agent_tui.knowledge.errors import FillError
from agent_tui.knowledge.templates.nodes import (
    MAX_OUTPUT,
    DecidedCase,
    DecidedFor,
    DecidedIf,
    DecidedUnless,
    FillContext,
    Gap,
    TextNode,
    ValueNode,
)

MAX_TEMPLATE = 20_000
MAX_WORK = 20_000
MAX_ITERATIONS = 100
MAX_NESTING = 12
MAX_NUMBER = 10**15

_TEXT_FILTERS = {
    *("default", "upcase", "downcase", "capitalize", "strip", "lstrip", "rstrip", "squish", "truncate"),
    *("append", "prepend", "remove", "remove_first", "replace", "replace_first", "slice", "size"),
    *("split", "first", "last", "join"),
}
_NUMBER_FILTERS = {
    *("plus", "minus", "times", "divided_by", "modulo", "round", "ceil", "floor", "abs"),
    *("at_least", "at_most"),
}
FILTERS = frozenset(_TEXT_FILTERS | _NUMBER_FILTERS)


_TAGS: tuple[tuple[type[Any], type[Node] | None], ...] = (
    (Literal, TextNode),
    (Output, ValueNode),
    (IfTag, DecidedIf),
    (UnlessTag, DecidedUnless),
    (CaseTag, DecidedCase),
    (ForTag, DecidedFor),
    (Illegal, None),
    (AssignTag, None),
    (CommentTag, None),
    (BreakTag, None),
    (ContinueTag, None),
)


class Template(BoundTemplate):
    """A bound template that renders with our context."""

    context_class = FillContext


class Sandbox(Environment):
    """The one Liquid environment: allow-listed tags and filters with limits on everything."""

    template_class = Template
    block_nesting_limit = MAX_NESTING
    context_depth_limit = MAX_NESTING + 4
    loop_iteration_limit = MAX_WORK
    suppress_blank_control_flow_blocks = False

    def __init__(self) -> None:
        super().__init__(tolerance=Mode.STRICT)

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        self.tags = {}
        for tag, node in _TAGS:
            made = tag(self)
            if node is not None:
                made.node_class = node
            self.tags[tag.name] = made
        known = self.filters
        self.filters = {name: _guarded(name, known[name]) for name in FILTERS}


def _guarded(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that passes gaps on and refuses to make anything large."""

    @functools.wraps(work)
    def run(left: Any, *args: Any, **options: Any) -> Any:
        if name == "default":
            left = None if isinstance(left, Gap) else left
        else:
            for value in (left, *args, *options.values()):
                if isinstance(value, Gap):
                    return value
            _check_growth(name, left, args)
        return _bounded(work(left, *args, **options))

    return run


def _check_growth(name: str, left: Any, args: tuple[Any, ...]) -> None:
    """Refuse the two filters that multiply sizes before they run."""
    if name == "join" and isinstance(left, (list, tuple)):
        glue = len(str(args[0])) if args else 1
        size = sum(len(str(item)) + glue for item in left[: MAX_OUTPUT + 1])
    elif name in {"replace", "replace_first"} and args:
        old, new = str(args[0]), str(args[1]) if len(args) > 1 else ""
        text = str(left)
        size = len(text) + text.count(old) * len(new)
    else:
        return
    if size > MAX_OUTPUT:
        raise FillError("too-long", f"{name} makes more than {MAX_OUTPUT} characters")


def _bounded(value: Any) -> Any:
    if isinstance(value, (str, list, tuple)) and len(value) > 2 * MAX_OUTPUT:
        raise FillError("too-long", f"a filter makes more than {2 * MAX_OUTPUT} characters")
    if isinstance(value, float) and not math.isfinite(value):
        raise FillError("too-large", "a number without end")
    if isinstance(value, (int, float)) and abs(value) > MAX_NUMBER:
        raise FillError("too-large", f"a number above {MAX_NUMBER}")
    return value


SANDBOX = Sandbox()
