"""Sources: layouts, their order, what is left out, and how a change shows."""

from datetime import date
from pathlib import Path

import pytest

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.content.sources import CombinedSources, Source, built_in, fingerprint, folder, load
from agent_tui.knowledge.search import cache
from agent_tui.knowledge.search.search import search


def write(path: Path, text: str) -> Path:
    """A file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def snippet(id: str, title: str) -> str:
    """One item of a snippets file."""
    return f"- {{id: {id}, title: {title}, body: 正文}}\n"


def ids(*sources: Source) -> list[str]:
    """The ids the sources hold."""
    return [entry.id for entry in load(sources).entries]


def test_reads_every_layout(tmp_path: Path) -> None:
    write(tmp_path / "snippets" / "a.yaml", snippet("in-folder", "甲"))
    write(tmp_path / "b.yaml", snippet("beside", "乙"))
    write(tmp_path / "deep" / "er" / "c.md", "---\nid: case\ntitle: 丙\n---\n## 话术\n好\n")
    write(tmp_path / "README.md", "# not an article\n")
    write(tmp_path / "titles.txt", "第一\n\n第三\n")
    assert ids(folder(tmp_path)) == ["beside", "in-folder", "case", "1", "3"]
    assert ids(folder(tmp_path / "titles.txt")) == ["1", "3"]


def test_later_sources_override_by_id(tmp_path: Path) -> None:
    team = folder(write(tmp_path / "t.yaml", snippet("a", "团队") + snippet("b", "只有团队")), "team")
    server = Source(origin="server", entries=(Entry(id="a", kind="snippet", title="共享"),))
    content = load([team, server])
    assert {entry.id: entry.title for entry in content.entries} == {"a": "共享", "b": "只有团队"}


def test_one_bad_file_does_not_hide_the_others(tmp_path: Path) -> None:
    write(tmp_path / "bad.yaml", "- [\n")
    write(tmp_path / "good.yaml", snippet("a", "甲") + snippet("a", "重复"))
    content = load([folder(tmp_path)])
    assert [entry.title for entry in content.entries] == ["甲"]
    assert [Path(fault.file).name for fault in content.problems] == ["bad.yaml", "good.yaml"]


def test_articles_outside_their_dates_are_left_out(tmp_path: Path) -> None:
    front = "---\nid: a\ntitle: 甲\nvalid_from: 2026-06-01\nvalid_until: 2026-06-20\n---\n## 话术\n好\n"
    source = folder(write(tmp_path / "a.md", front))
    days = [date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 20), date(2026, 6, 21)]
    assert [len(load([source], day).entries) for day in days] == [0, 1, 1, 0]


def test_the_fingerprint_changes_with_the_files(tmp_path: Path) -> None:
    shelf = CombinedSources([folder(tmp_path)])
    seen = {shelf.fingerprint()}
    file = write(tmp_path / "a.yaml", snippet("a", "甲"))
    seen.add(shelf.fingerprint())
    file.write_text(snippet("a", "甲乙"), "utf-8")
    seen.add(shelf.fingerprint())
    file.unlink()
    assert len(seen) == 3
    assert shelf.fingerprint() in seen


def test_our_own_content_has_no_problems() -> None:
    content = load([built_in()])
    assert content.problems == ()
    assert len(content.entries) > 230


def test_a_folder_that_is_missing_or_empty_is_a_problem(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        content = load([folder(path)])
        assert len(content.problems) == 1


@pytest.mark.parametrize("count", [3, 7_000])
def test_a_cached_index_is_used_while_fresh_and_rebuilt_when_damaged(tmp_path: Path, count: int) -> None:
    titles = write(tmp_path / "titles.txt", "".join(f"退货流程{n}\n" for n in range(count)))
    sources, kept = [folder(titles)], tmp_path / "cache"
    built, file = cache.keep(sources, kept)
    before = search(built.index, "tuihuo")
    assert search(cache.open_index(sources, kept).index, "tuihuo") == before

    whole = file.read_bytes()
    for damaged in (b"", whole[:-1], whole[:40] + b"\x00" + whole[41:]):
        file.write_bytes(damaged)
        assert search(cache.open_index(sources, kept).index, "tuihuo") == before

    file.write_bytes(whole)
    titles.write_text("发票抬头\n", "utf-8")
    assert search(cache.open_index(sources, kept).index, "tuihuo") == []


def test_the_fingerprint_of_nothing_is_steady() -> None:
    assert fingerprint([]) == fingerprint([])
