"""What differs between two published contents, entry by entry, with the words before and after."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from functools import lru_cache
from typing import Any

import msgspec

from agent_tui.domain.team_content import ContentFile, EntryDifference
from agent_tui.knowledge.content.entries import Article, Snippet
from agent_tui.knowledge.content.published import holds_entries, read_files

Kept = Mapping[str, Snippet | Article]


def differences(before: Sequence[ContentFile], after: Sequence[ContentFile]) -> tuple[EntryDifference, ...]:
    """What `after` adds to `before`, changes and removes: entries by id, other files by path.

    Blocks for as long as reading both takes.
    """
    old, new = entries_by_id(before), entries_by_id(after)
    found = [_entry_difference(id, old.get(id), new.get(id)) for id in sorted({*old, *new})]
    return tuple([one for one in found if one is not None] + list(_files(before, after)))


def entries_by_id(files: Sequence[ContentFile]) -> Kept:
    """The snippets and articles of published files; what was asked for last is remembered."""
    return _entries(tuple(files))


@lru_cache(maxsize=2)
def _entries(files: tuple[ContentFile, ...]) -> Kept:
    found = read_files(files)
    snippets = {one.snippet.id: one.snippet for one in found.snippets}
    return {**snippets, **{one.article.id: one.article for one in found.articles}}


def _entry_difference(
    id: str, old: Snippet | Article | None, new: Snippet | Article | None
) -> EntryDifference | None:
    if old == new:
        return None
    source = new or old
    assert source is not None
    fields = _changed_fields(old, new)
    return EntryDifference(
        id=id,
        kind="snippet" if isinstance(source, Snippet) else "article",
        change="changed" if old and new else "added" if new else "removed",
        title=source.title,
        fields=fields,
        before=_said(old),
        after=_said(new),
    )


def _changed_fields(old: Snippet | Article | None, new: Snippet | Article | None) -> tuple[str, ...]:
    if old is None or new is None:
        return ()
    was, now = _plain(old), _plain(new)
    return tuple(name for name in dict.fromkeys((*was, *now)) if was.get(name) != now.get(name))


def _said(source: Snippet | Article | None) -> str:
    if source is None:
        return ""
    return source.body if isinstance(source, Snippet) else source.script


def _plain(source: Snippet | Article) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(source)
    return told


def _files(before: Sequence[ContentFile], after: Sequence[ContentFile]) -> Iterator[EntryDifference]:
    """Files that hold no entries: packs, synonyms, what is said of the shop."""
    old, new = (
        {one.path: one.text for one in files if not holds_entries(one.path)} for files in (before, after)
    )
    for path in sorted({*old, *new}):
        was, now = old.get(path, ""), new.get(path, "")
        if was != now:
            yield EntryDifference(
                id=path,
                kind="file",
                change="changed" if path in old and path in new else "added" if path in new else "removed",
                title=path,
                before=was,
                after=now,
            )


def diff_lines(one: EntryDifference, before: Kept, after: Kept) -> list[str]:
    """One difference as lines that begin with `-`, `+` or a space, three of context around each."""
    if one.kind == "file":
        old, new = one.before.splitlines(), one.after.splitlines()
    else:
        old, new = _rows(before.get(one.id)), _rows(after.get(one.id))
    return [line for line in unified_diff(old, new, n=3, lineterm="") if not line.startswith(("---", "+++"))]


def _rows(source: Snippet | Article | None) -> list[str]:
    """An entry as lines, a field each, longer ones below their name."""
    rows: list[str] = []
    for name, value in (_plain(source) if source else {}).items():
        said = "、".join(map(str, value)) if isinstance(value, list) else str(value)
        rows += [f"{name}: {said}"] if "\n" not in said else [f"{name}:", *said.strip().splitlines()]
    return rows
