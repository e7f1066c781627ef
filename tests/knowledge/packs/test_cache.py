"""The pack that stays on a helper's machine: it comes back whole or not at all."""

from pathlib import Path

import pytest

from agent_tui.knowledge.content.sources import built_in, load
from agent_tui.knowledge.packs.cache import PackCache
from agent_tui.knowledge.packs.reading import built_in_packs
from agent_tui.knowledge.packs.resolved import ResolvedPack, load_pack, resolve

TEXT = (built_in_packs() / "live.yaml").read_text("utf-8")


@pytest.fixture(scope="module")
def live() -> ResolvedPack:
    return resolve(load_pack("live"), load([built_in()]).entries)


def test_it_comes_back_with_its_answers(tmp_path: Path, live: ResolvedPack) -> None:
    keeper = PackCache(tmp_path / "not" / "yet" / "pack")
    assert keeper.find() is None
    keeper.keep(TEXT, live)
    again = PackCache(tmp_path / "not" / "yet" / "pack")
    for id in ("", "live"):
        found = again.find(id)
        assert found is not None
        assert (found.pack, found.missing) == (live.pack, ())
        assert [(one.id, one.entry.text, one.similar) for one in found.answers] == [
            (one.id, one.entry.text, one.similar) for one in live.answers
        ]
    assert again.find("logistics") is None, "another pack is not this one"
    again.forget()
    assert (keeper.find(), list((tmp_path / "not" / "yet").iterdir())) == (None, [])


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data[:40],
        lambda data: b"",
        lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:],
    ],
)
def test_what_is_damaged_is_thrown_away(tmp_path: Path, live: ResolvedPack, damage) -> None:
    file = tmp_path / "pack"
    PackCache(file).keep(TEXT, live)
    file.write_bytes(damage(file.read_bytes()))
    assert PackCache(file).find() is None
    assert not file.exists()


def test_a_disk_that_cannot_be_written_stops_nobody(tmp_path: Path, live: ResolvedPack) -> None:
    (tmp_path / "file").write_text("in the way")
    keeper = PackCache(tmp_path / "file" / "pack")
    keeper.keep(TEXT, live)
    assert keeper.find() is None
