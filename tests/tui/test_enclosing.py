"""An answer with an attachment at the workstation: shown, stored once, and never left behind unasked."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_tui.domain.models import Message
from tests.knowledge.samples import ENTRIES
from tests.tui.answering_app import Seat, seated

TITLE = "什么时候发货"


def give_file(seat: Seat, path: str) -> None:
    """Every answer of the library carries a file from now on."""
    seat.library._sources.entries = tuple(  # type: ignore[attr-defined]
        replace(one, file="尺码表.png", path=path) for one in ENTRIES
    )
    seat.library.refresh()


def sent(seat: Seat) -> list[Message]:
    return seat.backend.world.replies


async def take(seat: Seat) -> None:
    """The answer from the palette into the composer."""
    await seat.press("ctrl+k")
    await seat.type(TITLE)
    await seat.press("enter")
    seat.read()


async def test_an_answer_goes_with_its_file_stored_once(tmp_path: Path) -> None:
    picture = tmp_path / "尺码表.png"
    picture.write_bytes(b"\x89PNG")
    async with seated() as seat:
        give_file(seat, str(picture))
        await seat.meet("在吗")
        for count in (1, 2):
            await take(seat)
            await seat.until(lambda: bool(seat.app.station.panes.composer.attached))
            assert "尺码表.png" in str(seat.app.station.panes.composer.border_subtitle)
            await seat.send()
            await seat.until(lambda n=count: len(sent(seat)) == n)  # type: ignore[misc]
            words, file = sent(seat)[-1].parts
            assert (words.text, file.type) == ("付款后 48 小时内发货，请放心。", "image")
        assert len(seat.backend.world.files) == 1


@pytest.mark.parametrize("path", ["", "/nowhere/尺码表.png"])
async def test_without_its_file_it_goes_only_after_a_question(path: str) -> None:
    async with seated() as seat:
        give_file(seat, path)
        await seat.meet("在吗")
        await take(seat)
        await seat.send()
        assert not sent(seat)
        assert seat.written
        await seat.send()
        await seat.until(lambda: bool(sent(seat)))
        assert [part.type for part in sent(seat)[-1].parts] == ["text"]


async def test_a_draft_that_comes_back_wants_its_file_too(tmp_path: Path) -> None:
    picture = tmp_path / "尺码表.png"
    picture.write_bytes(b"\x89PNG")
    async with seated() as seat:
        give_file(seat, str(picture))
        ticket = await seat.meet("在吗")
        await take(seat)
        composer = seat.app.station.panes.composer
        await seat.until(lambda: bool(composer.attached))
        composer.show(None)
        composer.show(ticket)
        assert not composer.attached
        seat.read()
        await seat.send()
        assert not sent(seat)
        await seat.until(lambda: bool(composer.attached))
        await seat.send()
        await seat.until(lambda: bool(sent(seat)))
        assert [part.type for part in sent(seat)[-1].parts] == ["text", "image"]


async def test_the_palette_names_the_attachment() -> None:
    async with seated() as seat:
        give_file(seat, "")
        await seat.meet("在吗")
        await seat.press("ctrl+k")
        await seat.type(TITLE)
        strips = seat.app.screen._compositor.render_strips()
        assert any("附件 尺码表.png" in strip.text for strip in strips)
