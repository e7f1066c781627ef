"""Where a helper's pack comes from, and what is noticed while they work."""

import asyncio
import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_tui import i18n
from agent_tui.domain.team_content import ContentFile, TeamContent
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.content.published import PublishedSource
from agent_tui.knowledge.packs.cache import PackCache
from agent_tui.knowledge.packs.reading import load_pack
from agent_tui.knowledge.packs.resolved import PackError
from agent_tui.knowledge.packs.writing import write_pack
from agent_tui.settings import Settings
from agent_tui.tui.helper import handbook
from agent_tui.tui.helper.bookcase import Bookcase
from agent_tui.tui.helper.handbook import Handbook
from agent_tui.tui.helper.items import Advised, found, offered
from agent_tui.waiting import is_set_within
from tests.patience import WAIT


def write(file: Path, **changed: object) -> str:
    """Write our livestream pack with something changed."""
    text = write_pack(replace(load_pack("live"), **changed))
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.stat().st_mtime_ns if file.exists() else 0
    file.write_text(text, "utf-8")
    os.utime(file, ns=(before + 1_000_000_000, before + 1_000_000_000))
    return text


def test_the_servers_text_then_what_was_kept_then_the_team_then_ours(tmp_path: Path) -> None:
    write(tmp_path / "team" / "kb" / "packs" / "live.yaml", title="团队的")
    settings = Settings(content=(str(tmp_path / "team"),))
    packs = Bookcase(settings, keeper=PackCache(tmp_path / "kept"))
    assert packs.read("live").pack.title == "团队的"
    assert Bookcase(Settings()).read("live").pack.title == "直播间"
    text = write(tmp_path / "else.yaml", title="服务器的")
    assert packs.read("live", text).pack.title == "服务器的"
    for id in ("live", ""):
        assert packs.read(id).pack.title == "服务器的", "kept, for a start without a network"
    assert packs.read("returns").pack.id == "returns"
    packs.forget()
    assert packs.read("live").pack.title == "团队的"


def test_a_pack_that_is_none_is_said(tmp_path: Path) -> None:
    packs = Bookcase(Settings(), keeper=PackCache(tmp_path / "kept"))
    for id, text in (("nothing", ""), ("live", "id: [")):
        with pytest.raises(PackError):
            packs.read(id, text)
    assert not (tmp_path / "kept").exists()


def test_shared_entries_are_answers_too(tmp_path: Path) -> None:
    pack = load_pack("live")
    first = replace(pack.answers[0], entry="shared-one")
    text = write(tmp_path / "own.yaml", answers=(first, *pack.answers[1:]))
    shared: list[Entry] = []
    packs = Bookcase(Settings(), live=lambda: shared)
    before = packs.state()
    assert packs.read("live", text).missing == ("shared-one",)
    shared.append(Entry(id="shared-one", kind="snippet", title="共享的", text="您好。"))
    assert packs.read("live", text).missing == ()
    assert packs.state() != before


def test_published_entries_are_answers_too_and_a_new_version_is_noticed(tmp_path: Path) -> None:
    pack = load_pack("live")
    first = replace(pack.answers[0], entry="team-one")
    text = write(tmp_path / "own.yaml", answers=(first, *pack.answers[1:]))
    content = [TeamContent()]
    packs = Bookcase(Settings(), published=PublishedSource(lambda: content[0]))
    before = packs.state()
    assert packs.read("live", text).missing == ("team-one",)
    entry = ContentFile(path="a.yaml", text="- id: team-one\n  title: 团队的\n  body: 您好。\n")
    content[0] = TeamContent(version=1, digest="x", files=(entry,))
    assert packs.read("live", text).missing == ()
    assert packs.state() != before


async def test_an_edited_pack_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handbook, "LOOK_SECONDS", 0.01)
    file = tmp_path / "mine.yaml"
    write(file)
    packs = Bookcase(Settings(), str(file))
    book, changed = Handbook(packs.read, state=packs.state), asyncio.Event()
    await book.open("")
    follower = asyncio.create_task(book.follow(changed.set))
    write(file, title="改过的")
    assert await is_set_within(changed, WAIT)
    opened = await book.open("")
    follower.cancel()
    assert (opened.is_newer, opened.words.splitlines()[0]) == (True, "知识包有新版本")
    assert "改过的" in opened.words


async def test_of_a_withdrawn_pack_the_emergency_cards_stay(tmp_path: Path) -> None:
    packs = Bookcase(Settings(), keeper=PackCache(tmp_path / "kept"))
    book = Handbook(packs.read, state=packs.state, forget=packs.forget)
    text = write(tmp_path / "live.yaml")
    await book.open("live", text)
    opened = await book.open("live", None)
    assert book.pack is not None
    assert (opened.is_withdrawn, book.pack.answers, len(book.pack.pack.emergency)) == (True, (), 3)
    rows = (*offered(book.pack, Advised(), "logistics"), *found(book.pack, "改地址"))
    assert {row.title for row in rows} == {i18n.texts().helper.withdrawn}
    assert not (tmp_path / "kept").exists()
    again = await book.open("live", text)
    assert (again.is_newer, again.changes, len(book.pack.answers)) == (True, (), 20)
