"""A lone digit in a blank that asks for no number: a key meant for something else, asked about once."""

from collections.abc import Iterable, Iterator

from agent_tui.domain.text import BLANK
from agent_tui.i18n import texts
from agent_tui.knowledge.templates.blanks import Blank, is_slip, put_in
from agent_tui.knowledge.templates.fill import Filled
from agent_tui.tui.composer.marks import Level, Mark
from agent_tui.tui.widgets.message_lines import fill


def drafted(text: str) -> Filled:
    """Words with blanks between marks: a colleague's draft, or an answer as it was inserted."""
    found = list(BLANK.finditer(text))
    prompts = list(dict.fromkeys(one[1] for one in found))
    return Filled(text, tuple(Blank(*one.span(), one[1], prompts.index(one[1]) + 1) for one in found))


def slips(answers: Iterable[Filled], text: str) -> tuple[Mark, ...]:
    """A question for every lone digit in `text` that stands in a blank of one of `answers`."""
    return tuple(_mark(blank, text) for answer in answers for blank in _filled_by_slip(answer, text))


def _filled_by_slip(answer: Filled, text: str) -> Iterator[Blank]:
    if answer.blanks:
        filled = put_in(answer.text, answer.blanks, text)
        yield from (one for one in filled if is_slip(one.prompt, text[one.start : one.end]))


def _mark(blank: Blank, text: str) -> Mark:
    values = {"prompt": blank.prompt, "text": text[blank.start : blank.end]}
    words = fill(texts().outgoing.slip, values)
    return Mark(start=blank.start, end=blank.end, level=Level.ASK, words=words)
