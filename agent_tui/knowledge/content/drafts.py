"""Drafts of entries for an editor: a YAML file each, refused by `kb check` until its words are written."""

import re
from collections.abc import Iterable
from hashlib import blake2b

from agent_tui.domain.text import clean, one_line
from agent_tui.knowledge.content.entries import Snippet
from agent_tui.knowledge.content.snippets import write_snippets

UNWRITTEN = "【待写 to be written】"
_MOST_TITLE = {"zh": 30, "en": 80}
_TAKEN_OUT = re.compile(r"\[(?P<what>[\u4e00-\u9fff]{2,6})\]")


def draft_id(title: str) -> str:
    """An id that the same title always has."""
    return f"gap-{blake2b(title.encode(), digest_size=4).hexdigest()}"


def drafted(
    questions: tuple[str, ...],
    text: str,
    *,
    category: str,
    language: str,
    true_when: str = "",
) -> Snippet:
    """A snippet with the first question as its title and `text` as its words.

    Nothing of what customers and agents wrote is read as a template; what was taken out of it for privacy is
    a blank. Without a text it is one that has to be written.
    """
    asked = list(dict.fromkeys(" ".join(_TAKEN_OUT.sub(" ", _inert(one)).split()) for one in questions))
    title = one_line(asked[0] or draft_id(questions[0]), _MOST_TITLE[language])
    return Snippet(
        id=draft_id(title), title=title, category=category, language=language, true_when=true_when,
        similar=tuple(one for one in asked if one), body=_with_blanks(_inert(text)) or UNWRITTEN,
    )  # fmt: skip


def draft_file(snippet: Snippet, notes: Iterable[str]) -> str:
    """The draft as a file, with notes for the editor above it."""
    return "".join(f"# {one_line(clean(note), 200)}\n" for note in notes) + write_snippets([snippet])


def _inert(text: str) -> str:
    """`text` without anything that a template would obey."""
    return clean(text).replace("{{", "｛｛").replace("{%", "｛%").replace("${", "$｛").strip()


def _with_blanks(text: str) -> str:
    """`[单号]` as a blank that has to be filled."""
    numbers = iter(range(1, 1_000))
    return _TAKEN_OUT.sub(lambda found: f"${{{next(numbers)}:{found['what']}}}", text)
