"""The linter of content (`kb check`): names, needs, lengths, dates, link check, outgoing rules."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from agent_tui import i18n
from agent_tui.domain.conditions import BadCondition, parse
from agent_tui.domain.models import Category
from agent_tui.domain.names import KNOWN
from agent_tui.errors import BadSettings
from agent_tui.knowledge.content.articles import PlacedArticle
from agent_tui.knowledge.content.claimed_steps import claimed_steps
from agent_tui.knowledge.content.drafts import UNWRITTEN
from agent_tui.knowledge.content.duplicates import near_titles
from agent_tui.knowledge.content.entries import ContentProblem, Severity
from agent_tui.knowledge.content.problems import problem
from agent_tui.knowledge.content.snippets import PlacedSnippet
from agent_tui.knowledge.content.sources import Source, SourceFiles, built_in, find, shipped_synonyms
from agent_tui.knowledge.content.synonyms import check_synonyms
from agent_tui.knowledge.content.together import clashes
from agent_tui.knowledge.errors import FillError, RulesError
from agent_tui.knowledge.outgoing.rules import OutgoingContext, Rules
from agent_tui.knowledge.templates.fill import paths_of

SOON_DAYS = 30
_MOST_TITLE = {"zh": 30, "en": 80}
_LEAST_SIMILAR = 3
LONGEST_STEP = 80
_LANGUAGES = ("zh", "en")
_TONES = ("", "warm", "plain", "formal", "brief")
_CATEGORIES = tuple(category.value for category in Category)
_CHANNELS = ("web", "app", "miniprogram", "wechat", "live", "email", "phone", "social")

One = PlacedSnippet | PlacedArticle
_LINK = re.compile(r"\]\((?P<target>[^)\s]+)(?:\s+\"[^\"]*\")?\)")
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|#|\{\{")
CHANNEL_MOST = {"live": 60, "wechat": 500, "miniprogram": 500, "app": 500, "social": 280}
DEFAULT_MOST = 2_000
_OUTPUT = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
_STOP = re.compile(r"\$\{\d+:(?P<hint>[^}]*)\}")
_TYPICAL_VALUE = "八个字左右的值"
_SEVERITY: dict[str, Severity] = {"refuse": "error", "ask": "warning"}


def lint(sources: Iterable[Source], today: date | None = None) -> tuple[int, list[ContentProblem]]:
    """How many entries the sources hold, and every problem found in them, in file order."""
    day = today or date.today()  # noqa: DTZ011 - the author's calendar, not an instant
    count = 0
    problems: list[ContentProblem] = []
    files: list[SourceFiles] = []
    for source in sources:
        found = find(source)
        files.append(found)
        count += len(found.snippets) + len(found.articles) + len(found.titles) + len(source.entries)
        problems += [*faults_of(found, day), *_links(found)]
    problems += clashes(files)
    problems += check_synonyms([one for found in files for one in found.synonyms], shipped_synonyms())
    order = sorted(problems, key=lambda fault: (fault.file, fault.line, fault.field))
    return count, order


def faults_of(found: SourceFiles, day: date) -> Iterator[ContentProblem]:
    """Everything wrong with what was read, but for links: those can be followed only where the files lie."""
    yield from found.problems
    for one in found.snippets:
        yield from _snippet(one)
    for case in found.articles:
        yield from _article(case, day)
    yield from _together(found)


def _links(found: SourceFiles) -> Iterator[ContentProblem]:
    for one in found.snippets:
        snippet = one.snippet
        if snippet.file and not (Path(one.file).parent / snippet.file).is_file():
            yield problem("dead-link", one.file, one.line("file"), "file", target=snippet.file)
        yield from dead_links(snippet.body, one.file, one.line("body"), "body")
    for case in found.articles:
        for part in ("problem", "cause", "script", "result"):
            yield from dead_links(getattr(case.article, part), case.file, case.line(part), part)


def _snippet(one: PlacedSnippet) -> Iterator[ContentProblem]:
    snippet = one.snippet
    yield from _choices(one, ("category", snippet.category, _CATEGORIES))
    yield from _choices(one, ("language", snippet.language, _LANGUAGES), ("tone", snippet.tone, _TONES))
    yield from _choices(one, *(("channels", channel, _CHANNELS) for channel in snippet.channels))
    yield from _title(one, snippet.title, snippet.language)
    yield from _condition(one, snippet.true_when)
    yield from _step(one, snippet.does, "body", snippet.body)
    yield from _template(one, "body", snippet.body, snippet.needs)
    yield from _lengths(one, snippet.body, snippet.channels)
    yield from _outgoing(one, "body", snippet.body, snippet.channels)


def _article(case: PlacedArticle, day: date) -> Iterator[ContentProblem]:
    article = case.article
    yield from _choices(case, ("category", article.category, _CATEGORIES))
    yield from _choices(case, ("language", article.language, _LANGUAGES))
    yield from _title(case, article.title, article.language)
    yield from _condition(case, article.true_when)
    yield from _step(case, article.does, "script", article.script)
    yield from _template(case, "script", article.script, None)
    yield from _lengths(case, article.script, ())
    yield from _outgoing(case, "script", article.script, ())
    yield from _dates(case, day)
    if len(article.similar) < _LEAST_SIMILAR:
        line = case.line("similar")
        yield problem("few-similar", case.file, line, "similar", "warning", count=len(article.similar))


def _choices(one: One, *choices: tuple[str, str, Sequence[str]]) -> Iterator[ContentProblem]:
    for name, value, known in choices:
        if value not in known:
            listed = ", ".join(choice for choice in known if choice)
            yield problem("bad-choice", one.file, one.line(name), name, name=name, value=value, known=listed)


def _title(one: One, title: str, language: str) -> Iterator[ContentProblem]:
    most = _MOST_TITLE.get(language, 80)
    if len(title) > most:
        yield problem(
            "long-title", one.file, one.line("title"), "title", "warning", size=len(title), most=most
        )


def _condition(one: One, true_when: str) -> Iterator[ContentProblem]:
    if not true_when:
        return
    try:
        parse(true_when)
    except BadCondition as error:
        line = one.line("true_when")
        yield problem(error.code, one.file, line, "true_when", "error", **error.values)


def _step(one: One, does: str, field: str, body: str) -> Iterator[ContentProblem]:
    """Work that the words claim to be done must be a step that the sender is asked to do first; a draft has
    no words yet."""
    if UNWRITTEN in body:
        yield problem("unwritten", one.file, one.line(field), field)
    if not does:
        for claim in claimed_steps(body):
            yield problem("claim", one.file, one.line(field) + claim.line, field, words=claim.words)
    if len(does) > LONGEST_STEP or "\n" in does:
        yield problem("long-step", one.file, one.line("does"), "does", size=len(does), most=LONGEST_STEP)


def _template(one: One, field: str, body: str, needs: Sequence[str] | None) -> Iterator[ContentProblem]:
    """What is wrong with the placeholders; `needs` is None where they are not declared."""
    line = one.line(field)
    try:
        required = paths_of(body).required
    except FillError as error:
        at = line + max(error.line - 1, 0)
        if error.code == "unknown-name":
            yield problem("unknown-name", one.file, at, field, name=error.detail, known=KNOWN)
        else:
            yield problem("template", one.file, at, field, detail=i18n.words_of(error))
        return
    if needs is None:
        return
    written = one.lines.get("needs")
    for name in required:
        if name not in needs:
            severity: Severity = "error" if written else "warning"
            yield problem("needs-missing", one.file, written or line, "needs", severity, name=name)
    for name in needs:
        if name not in required:
            yield problem("needs-unused", one.file, one.line("needs"), "needs", name=name)


def _lengths(one: One, body: str, channels: Sequence[str]) -> Iterator[ContentProblem]:
    size = length(body)
    field = "body" if isinstance(one, PlacedSnippet) else "script"
    if size > DEFAULT_MOST and not channels:
        yield problem(
            "too-long", one.file, one.line(field), field, size=size, channel="web", most=DEFAULT_MOST
        )
    for channel in channels:
        most = CHANNEL_MOST.get(channel, DEFAULT_MOST)
        if size > most:
            yield problem("too-long", one.file, one.line(field), field, size=size, channel=channel, most=most)


def _dates(case: PlacedArticle, day: date) -> Iterator[ContentProblem]:
    article = case.article
    ends: tuple[tuple[str, date | None, Severity], ...] = (
        ("valid_until", article.valid_until, "error"),
        ("review", article.review, "warning"),
    )
    for name, end, severity in ends:
        if end is None:
            continue
        line = case.line(name)
        if end < day:
            yield problem("expired", case.file, line, name, severity, date=end)
        elif (end - day).days <= SOON_DAYS:
            days = (end - day).days
            yield problem("expiring", case.file, line, name, "warning", date=end, days=days)
    if article.valid_from and article.valid_until and article.valid_from > article.valid_until:
        yield problem("not-yet", case.file, case.line("valid_from"), "valid_from", date=article.valid_from)


def _outgoing(one: One, field: str, body: str, channels: Sequence[str]) -> Iterator[ContentProblem]:
    """Our own outgoing rules hold for content too."""
    for detail, start, remedy, severity in ruled(body, channels):
        at = one.line(field) + body.count("\n", 0, start)
        yield problem("outgoing", one.file, at, field, severity, detail=detail, remedy=remedy)


def _together(found: SourceFiles) -> Iterator[ContentProblem]:
    """What only shows when a source's entries stand beside each other."""
    places = [(one.snippet.title, one) for one in found.snippets]
    titled: list[tuple[str, One]] = [*places, *((case.article.title, case) for case in found.articles)]
    yield from near_titles([(title, one.file, one.line("title")) for title, one in titled])
    yield from _shortcuts(found.snippets)
    yield from _languages(found)


def _shortcuts(snippets: Iterable[PlacedSnippet]) -> Iterator[ContentProblem]:
    seen: dict[str, str] = {}
    for one in snippets:
        shortcut = one.snippet.shortcut.lower()
        if shortcut and shortcut in seen:
            yield problem(
                "duplicate-shortcut", one.file, one.line("shortcut"), "shortcut",
                shortcut=shortcut, other=seen[shortcut],
            )  # fmt: skip
        seen.setdefault(shortcut, one.snippet.id)


def _languages(found: SourceFiles) -> Iterator[ContentProblem]:
    """A category that customers of the other language find nothing in, where both are served at all."""
    held: dict[str, set[str]] = {}
    shown = ""
    listed: list[One] = [*found.snippets, *found.articles]
    for one in listed:
        source = one.snippet if isinstance(one, PlacedSnippet) else one.article
        held.setdefault(source.category, set()).add(source.language)
        shown = shown or str(Path(one.file).parent)
    if {"zh", "en"} <= set().union(*held.values()):
        for category, languages in sorted(held.items()):
            for language in sorted({"zh", "en"} - languages):
                yield problem(
                    "no-language-pair", shown, 0, "", "warning", category=category, language=language
                )


def dead_links(text: str, file: str, line: int, field: str) -> Iterator[ContentProblem]:
    """Links of `text`, which begins at `line` of `file`, to files that do not exist beside it."""
    for found in _LINK.finditer(text):
        target = unquote(found["target"].partition("#")[0].removeprefix("file:"))
        if not target or (_ELSEWHERE.match(target) and not found["target"].startswith("file:")):
            continue
        if not (Path(file).parent / target).exists():
            at = line + text.count("\n", 0, found.start())
            yield problem("dead-link", file, at, field, target=target)


def length(body: str) -> int:
    """About how many characters `body` has when its placeholders and blanks are filled."""
    text = _STOP.sub(lambda found: found["hint"], _TAG.sub("", body))
    return len(_OUTPUT.sub(_TYPICAL_VALUE, text).strip())


@cache
def _rules() -> Rules | None:
    """Our own rules file; None where it is missing or broken, which its own test says."""
    for path in built_in().paths:
        file = path / "outgoing.toml"
        if file.is_file():
            try:
                return Rules.load(file)
            except (RulesError, BadSettings):
                return None
    return None


def ruled(body: str, channels: Sequence[str]) -> Iterator[tuple[str, int, str, Severity]]:
    """For each rule `body` breaks: its id and the words, the place, what it says, and how bad it is."""
    rules = _rules()
    if rules is None:
        return
    seen: set[tuple[str, int]] = set()
    for channel in channels or ("",):
        for found in rules.check(body, OutgoingContext(channel=channel)):
            severity = _SEVERITY.get(found.action)
            if severity is None or (found.rule, found.start) in seen:
                continue
            seen.add((found.rule, found.start))
            words = body[found.start : found.end]
            says = found.en if i18n.language() == "en" else found.zh
            yield f"{found.rule}「{words}」", found.start, says, severity
