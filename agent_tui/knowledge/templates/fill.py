"""Template filling: Liquid and a ticket's values in, the text to send and the blanks left to fill out.

What is missing is decided from the template's paths before anything is rendered, and tab stops are read
from the template's source alone, so nothing in a customer's data can become a blank or a placeholder.
"""

import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from agent_tui.knowledge.errors import FillError
from agent_tui.knowledge.templates.blanks import Blank, TabStop, label, unnamed

__all__ = ["Blank", "FillError", "Filled", "Paths", "fill", "joined", "label", "paths_of"]


class Paths(Struct, frozen=True):
    """The names a template uses, in order of use: those it cannot do without, and those with a default."""

    required: tuple[str, ...]
    optional: tuple[str, ...]


class Filled(Struct, frozen=True):
    """A filled template; while `blanks` is not empty the text must not be sent."""

    text: str
    blanks: tuple[Blank, ...] = ()


def joined(answers: Iterable[Filled]) -> Filled:
    """Several filled texts as one, a line each; every blank keeps its place."""
    text, blanks = "", list[Blank]()
    for one in answers:
        text += "\n" if text else ""
        at = len(text)
        blanks += [replace(each, start=each.start + at, end=each.end + at) for each in one.blanks]
        text += one.text
    return Filled(text, tuple(blanks))


class _Compiled(Struct, frozen=True):
    template: Any
    paths: Paths


def paths_of(body: str) -> Paths:
    """The names `body` uses, wherever they stand: output, filters, conditions, loops.

    Raises FillError for a template that could not be filled.
    """
    return _compile(body).paths


def fill(body: str, values: Mapping[str, object], language: str = "zh") -> Filled:
    """`body` with `values` put in, nested (`{"order": {"number": …}}`) or dotted (`{"order.number": …}`).

    A path that has neither a value nor a default becomes a blank labelled in `language`. Empty text counts
    as no value. Raises FillError and nothing else.
    """
    compiled = _compile(body)
    known = _known_values(compiled.paths, values)
    return _render(compiled, known, language)


@lru_cache(maxsize=1024)
def _compile(body: str) -> _Compiled:
    from liquid.exceptions import LiquidError

    from agent_tui.knowledge.templates import sandbox, survey

    if len(body) > sandbox.MAX_TEMPLATE:
        raise FillError("too-big", f"{len(body)} characters")
    survey.check_markup(body)
    used = survey.Survey()
    try:
        template = sandbox.SANDBOX.from_string(body)
        used.run(template.nodes)
    except LiquidError as error:
        raise _syntax_error(error) from error
    except RecursionError as error:
        raise FillError("too-deep") from error
    optional = tuple(path for path in used.optional if path not in used.required)
    return _Compiled(template, Paths(tuple(used.required), optional))


def _syntax_error(error: Any) -> FillError:
    place = error.context() if error.token is not None else None
    if isinstance(error.__cause__, RecursionError):
        return FillError("too-deep")
    return FillError("syntax", str(error.message or ""), place[0] if place else 0)


def _known_values(paths: Paths, values: Mapping[str, object]) -> dict[str, object]:
    """The values the template may see, as plain text and numbers under their dotted names."""
    known: dict[str, object] = {}
    for path in (*paths.required, *paths.optional):
        value = _plain(_look_up(values, path))
        if value is not None:
            known[path] = value
    return known


def _look_up(values: Mapping[str, object], path: str) -> object:
    if path in values:
        return values[path]
    here: object = values
    parts = path.split(".")
    for position, part in enumerate(parts):
        if not isinstance(here, Mapping):
            return None
        rest = ".".join(parts[position:])
        if rest in here:
            return here[rest]
        here = here.get(part)
    return here


def _plain(value: object) -> object:
    """`value` as text or a number; None when there is nothing to say."""
    if value is None or isinstance(value, (bool, Mapping)):
        return None
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, int):
        return value if abs(value) <= 10**15 else None
    if isinstance(value, (list, tuple)):
        value = "、".join(str(item) for item in value)
    text = str(value)
    return text if text.strip() else None


def _render(compiled: _Compiled, known: dict[str, object], language: str) -> Filled:
    from liquid.exceptions import LiquidError

    from agent_tui.knowledge.templates import nodes

    prompts = _prompts(compiled.template.nodes, language)
    page = nodes.OutputBuffer(lambda what: _word(what, prompts, language))
    context = nodes.FillContext(compiled.template)
    context.values = known
    context.deadline = time.monotonic() + nodes.MAX_SECONDS
    try:
        compiled.template.render_with_context(context, page)
    except LiquidError as error:
        raise FillError("value", str(error.message or "")) from error
    except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError) as error:
        raise FillError("value", str(error)) from error
    except RecursionError as error:
        raise FillError("too-deep") from error
    text = page.getvalue()
    return Filled(text, _blanks(page.marks, text))


def _prompts(nodes: Any, language: str) -> dict[int, str]:
    """The prompt of each stop number: the first one its author wrote, else a plain request."""
    from agent_tui.knowledge.templates.survey import stops_in

    prompts: dict[int, str] = {}
    for stop in stops_in(nodes):
        if stop.prompt:
            prompts.setdefault(stop.number, stop.prompt)
    return prompts


def _word(what: Any, prompts: dict[int, str], language: str) -> str:
    if isinstance(what, TabStop):
        return what.prompt or prompts.get(what.number) or unnamed(language)
    return label(what.path, language)


def _blanks(marks: Any, text: str) -> tuple[Blank, ...]:
    """Blanks in order of place; gaps are numbered after the author's stops, one number a path."""
    numbers = {mark.what: mark.what.number for mark in marks if isinstance(mark.what, TabStop)}
    following = max(numbers.values(), default=0)
    for mark in marks:
        if mark.what not in numbers:
            following += 1
            numbers[mark.what] = following
    return tuple(
        Blank(mark.start, mark.end, text[mark.start : mark.end], numbers[mark.what]) for mark in marks
    )
