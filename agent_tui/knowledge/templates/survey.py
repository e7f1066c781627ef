"""Static analysis of a template: the names it uses, its tab stops, and its cost, without running it.

This module imports liquid; it is itself imported only when the first template is filled.
"""

import re
from collections.abc import Iterable, Iterator

from liquid.ast import Node
from liquid.builtin.expressions import FilteredExpression, Path, StringLiteral
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.builtin.tags.for_tag import ForNode
from liquid.expression import Expression

from agent_tui.domain.names import is_known
from agent_tui.knowledge.errors import FillError
from agent_tui.knowledge.templates.blanks import TabStop, is_broken
from agent_tui.knowledge.templates.nodes import NOUNS, SourceText, TextNode
from agent_tui.knowledge.templates.sandbox import FILTERS, MAX_ITERATIONS, MAX_WORK

_OPENING = re.compile(r"(\{\{|\{%)(?:-?\s*([a-z]+))?")
_RAW_TAGS = frozenset({"raw", "doc"})


def check_markup(source: str) -> None:
    """Refuse markup that is never closed, and raw blocks, before the lexer's patterns meet them.

    The lexer needs quadratic time for text such as ten thousand opening braces; this needs one pass.
    """
    at = 0
    while (found := _OPENING.search(source, at)) is not None:
        end = source.find("}}" if found[1] == "{{" else "%}", found.start() + 2)
        if end < 0 or found[2] in _RAW_TAGS:
            raise FillError("syntax", found[0].strip(), source.count("\n", 0, found.start()) + 1)
        at = end + 2


class Survey:
    """What a template uses, found without running it: paths, with or without a default, and its cost."""

    def __init__(self) -> None:
        self.required: dict[str, None] = {}
        self.optional: dict[str, None] = {}
        self._locals: set[str] = {"forloop"}
        self._used: set[str] = set()

    def run(self, nodes: Iterable[Node]) -> None:
        """Walk all `nodes`; refuse unknown names, unknown filters, broken stops and too much work."""
        work = sum(self._node(node) for node in nodes)
        if work > MAX_WORK:
            raise FillError("too-complex", f"up to {work} steps")
        unknown = sorted(self._used - self._locals)
        if unknown:
            raise FillError("unknown-name", unknown[0])

    def _node(self, node: Node) -> int:
        if isinstance(node, TextNode) and is_broken(node.text):
            raise FillError("broken-stop", node.text.strip()[:40])
        for name in (*node.template_scope(), *node.block_scope()):
            if str(name) in NOUNS:
                raise FillError("reserved-name", str(name))
            self._locals.add(str(name))
        work = 1 + sum(self._expression(expression, has_default=False) for expression in node.expressions())
        inside = 0
        for child in node.children(None):  # type: ignore[arg-type]
            inside += self._node(child)
        return work + inside * (MAX_ITERATIONS if isinstance(node, ForNode) else 1)

    def _expression(self, expression: Expression, *, has_default: bool) -> int:
        if isinstance(expression, FilteredExpression):
            return self._filtered(expression)
        if isinstance(expression, Path):
            self._path(expression, has_default=has_default)
        if isinstance(expression, StringLiteral):
            if is_broken(expression.value):
                raise FillError("broken-stop", expression.value[:40])
            expression.value = SourceText(expression.value)
        if isinstance(expression, RangeLiteral):
            self._range(expression)
        return 1 + sum(self._expression(child, has_default=has_default) for child in expression.children())

    def _filtered(self, expression: FilteredExpression) -> int:
        filters = expression.filters or []
        names = [one.name for one in filters]
        for name in names:
            if name not in FILTERS:
                raise FillError("unknown-filter", name)
        work = 1 + len(filters) + self._expression(expression.left, has_default="default" in names)
        for position, one in enumerate(filters):
            later = "default" in names[position + 1 :]
            work += sum(self._expression(child, has_default=later) for child in one.children())
        return work

    @staticmethod
    def _range(over: RangeLiteral) -> None:
        """Refuse ranges that cannot be read here or are longer than a loop may run."""
        first, last = (getattr(end, "value", None) for end in (over.start, over.stop))
        if not (isinstance(first, int) and isinstance(last, int) and last - first < MAX_ITERATIONS):
            raise FillError("too-complex", str(over)[:40])

    def _path(self, path: Path, *, has_default: bool) -> None:
        root = path.path[0]
        if root not in NOUNS:
            self._used.add(str(root))
            return
        if not all(isinstance(part, str) for part in path.path):
            raise FillError("dynamic-path", str(path)[:40])
        dotted = ".".join(str(part) for part in path.path)
        if not is_known(dotted):
            raise FillError("unknown-name", dotted[:40])
        (self.optional if has_default else self.required)[dotted] = None


def stops_in(nodes: Iterable[Node]) -> Iterator[TabStop]:
    """Every tab stop in the text of `nodes`."""
    for node in nodes:
        if isinstance(node, TextNode):
            yield from (part for part in node.parts if isinstance(part, TabStop))
        yield from stops_in(node.children(None))  # type: ignore[arg-type]
