"""The typed structs of knowledge: snippets, articles, and the entry that search and recommendation see."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

Kind = Literal["snippet", "article", "title"]
Severity = Literal["error", "warning", "notice"]


class ContentProblem(Struct, frozen=True, kw_only=True):
    """Something wrong with a content file, said so that its author can mend it.

    `line` counts from 1 and is 0 when the problem belongs to the whole file; `field` is a path such as
    `[3].needs[0]`; `remedy` is a sentence that says what to write instead.
    """

    file: str
    line: int
    field: str
    detail: str
    remedy: str
    severity: Severity = "error"


class Snippet(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A quick reply (快捷短语): one item of the list in a `snippets/*.yaml` file.

    `body` is Liquid with tab stops (`${1:预计到货时间}`); `needs` names the paths without which the body has
    a blank; `channels` empty means every channel; `file` is an attachment beside the YAML file. `similar` are
    questions as customers put them; `true_when` is the condition (`domain.conditions`) under which it is true
    of an order, nothing where it always is; `does` is the step that what it says rests on, to be done before
    it is sent.
    """

    id: str
    title: str
    body: str
    tags: tuple[str, ...] = ()
    category: str = "other"
    channels: tuple[str, ...] = ()
    language: str = "zh"
    tone: str = ""
    shortcut: str = ""
    needs: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()
    true_when: str = ""
    does: str = ""
    file: str = ""
    author: str = ""


class Article(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case of the knowledge base: one Markdown file with front matter and four headed parts.

    `script` is what can be said to the customer; it is Liquid with tab stops like a snippet's body, and true
    when `true_when` holds and the step `does` was done.
    """

    id: str
    title: str
    similar: tuple[str, ...] = ()
    true_when: str = ""
    does: str = ""
    category: str = "other"
    language: str = "zh"
    owner: str = ""
    review: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    problem: str = ""
    cause: str = ""
    script: str = ""
    result: str = ""


class Entry(Struct, frozen=True, kw_only=True):
    """What search and recommendation see of a snippet, an article or a bare title.

    `text` is what would be inserted (a snippet's body, an article's script, empty for a bare title);
    `extra` is further text worth searching (problem, cause); `origin` is the source it came from
    (`built-in`, `published`, `team`, `server`, `own`, or a folder), `version` the published version;
    `path` is where the attachment `file` lies on this machine, empty where it does not.
    """

    id: str
    kind: Kind
    title: str
    text: str = ""
    extra: str = ""
    similar: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    category: str = "other"
    channels: tuple[str, ...] = ()
    language: str = "zh"
    shortcut: str = ""
    needs: tuple[str, ...] = ()
    true_when: str = ""
    does: str = ""
    file: str = ""
    author: str = ""
    origin: str = ""
    version: int = 0
    path: str = ""


def entry_of(source: Snippet | Article, origin: str) -> Entry:
    """The entry that stands for a snippet or an article from `origin`."""
    if isinstance(source, Snippet):
        return Entry(
            id=source.id, kind="snippet", title=source.title, text=source.body, tags=source.tags,
            category=source.category, channels=source.channels, language=source.language,
            shortcut=source.shortcut, needs=source.needs, similar=source.similar, true_when=source.true_when,
            does=source.does, file=source.file, author=source.author, origin=origin,
        )  # fmt: skip
    return Entry(
        id=source.id, kind="article", title=source.title, text=source.script,
        extra=f"{source.problem}\n{source.cause}", similar=source.similar, category=source.category,
        language=source.language, true_when=source.true_when, does=source.does, author=source.owner,
        origin=origin,
    )  # fmt: skip


class Tally(Struct, frozen=True, kw_only=True):
    """Entries by kind, category, language and source, the most first, and problems by severity."""

    entries: int
    kinds: dict[str, int]
    categories: dict[str, int]
    languages: dict[str, int]
    origins: dict[str, int]
    problems: dict[str, int]


def tally(entries: Sequence[Entry], problems: Sequence[ContentProblem]) -> Tally:
    """Count what the sources hold."""
    severities = Counter(problem.severity for problem in problems)
    return Tally(
        entries=len(entries),
        kinds=_counted(entry.kind for entry in entries),
        categories=_counted(entry.category for entry in entries),
        languages=_counted(entry.language for entry in entries),
        origins=_counted(entry.origin or "titles" for entry in entries),
        problems={"error": severities["error"], "warning": severities["warning"]},
    )


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))
