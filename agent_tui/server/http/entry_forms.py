"""What colleagues send to share: the forms of snippets and articles, and what is checked of their words."""

from datetime import date
from typing import Annotated, Any

from msgspec import Meta, Struct
from msgspec.structs import asdict, replace

from agent_tui.domain.names import KNOWN
from agent_tui.domain.text import SEEN
from agent_tui.knowledge.content.entries import Article, Snippet
from agent_tui.knowledge.content.parsing import is_id
from agent_tui.knowledge.errors import FillError
from agent_tui.knowledge.outgoing.rules import OutgoingContext, Rules, strictest
from agent_tui.knowledge.templates.fill import paths_of
from agent_tui.server.problems import HttpProblem
from agent_tui.wire import FieldError

Visible = Annotated[str, Meta(min_length=1, max_length=200, pattern=SEEN)]
Script = Annotated[str, Meta(min_length=1, max_length=10_000, pattern=SEEN)]
Word = Annotated[str, Meta(max_length=60)]
Line = Annotated[str, Meta(max_length=200)]
Words = Annotated[tuple[Word, ...], Meta(max_length=40)]
Lines = Annotated[tuple[Line, ...], Meta(max_length=40)]
Prose = Annotated[str, Meta(max_length=10_000)]


class SnippetIn(Struct, frozen=True, kw_only=True, tag_field="kind", tag="snippet"):
    """A snippet as it is shared; its id stands in the address, its author is who sends it."""

    title: Visible
    body: Script
    tags: Words = ()
    category: Word = "other"
    channels: Words = ()
    language: Word = "zh"
    tone: Word = ""
    shortcut: Word = ""


class ArticleIn(Struct, frozen=True, kw_only=True, tag_field="kind", tag="article"):
    """A case as it is shared; `script` is what can be said to a customer."""

    title: Visible
    script: Script
    similar: Lines = ()
    category: Word = "other"
    language: Word = "zh"
    review: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    problem: Prose = ""
    cause: Prose = ""
    result: Prose = ""


EntryIn: Any = SnippetIn | ArticleIn


def checked(id: str, form: SnippetIn | ArticleIn, author: str, rules: Rules) -> Snippet | Article:
    """The entry that `form` tells of. Raises HttpProblem (400), naming each field that cannot stay."""
    field, said = ("body", form.body) if isinstance(form, SnippetIn) else ("script", form.script)
    wrong = [] if is_id(id) else [FieldError(at="id", detail="1 to 80 of A-Z a-z 0-9 . _ -")]
    try:
        needs = paths_of(said).required
    except FillError as error:
        wrong.append(FieldError(at=field, detail=_told(error)))
        needs = ()
    channels = form.channels if isinstance(form, SnippetIn) else ()
    wrong += _ruled(form.title, "title", channels, rules) + _ruled(said, field, channels, rules)
    if wrong:
        raise HttpProblem(400, "bad-request", f"{wrong[0].at}: {wrong[0].detail}", tuple(wrong))
    if isinstance(form, SnippetIn):
        return replace(Snippet(id=id, **asdict(form)), author=author, needs=needs)
    return Article(id=id, owner=author, **asdict(form))


def _told(error: FillError) -> str:
    if error.code == "unknown-name":
        return f"no such name: {error.detail}; known: {KNOWN}"
    return f"{error.code}: {error.detail} (line {error.line})"


def _ruled(said: str, at: str, channels: tuple[str, ...], rules: Rules) -> list[FieldError]:
    """What may not be sent has no place in an entry either."""
    for channel in channels or ("",):
        found = rules.check(said, OutgoingContext(channel=channel))
        if strictest(found) == "refuse":
            rule = next(one.rule for one in found if one.action == "refuse")
            return [FieldError(at=at, detail=f"outgoing rule {rule}")]
    return []
