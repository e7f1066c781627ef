"""Sharing one's own words with every colleague, from the form and from the palette."""

from pathlib import Path

from agent_tui.knowledge.content.own import OwnFolder
from agent_tui.tui.palette.form import EntryForm
from agent_tui.wire import SharedEntry
from tests.tui.answering_app import Seat, seated


def shared(seat: Seat) -> list[SharedEntry]:
    return list(seat.backend.world.shared.entries.values())


async def test_a_reply_saved_with_ctrl_g_is_shared_and_taken_back_with_two_more(tmp_path: Path) -> None:
    async with seated(own=OwnFolder(tmp_path)) as seat:
        await seat.meet("退款呢")
        await seat.type("冬衣清仓不退运费")
        await seat.press("ctrl+k", "ctrl+o")
        assert isinstance(seat.app.screen, EntryForm)
        await seat.type("清仓运费")
        await seat.press("ctrl+g")
        await seat.until(lambda: bool(shared(seat)))
        one = shared(seat)[0]
        assert (one.state, one.content["title"], one.author.name) == (
            "shared",
            "清仓运费",
            seat.desk.team.me.name,
        )
        await seat.press("ctrl+g")
        assert shared(seat)[0].state == "shared", "taking it away from everyone asks once"
        await seat.press("ctrl+g")
        await seat.until(lambda: shared(seat)[0].state == "revoked")


async def test_what_is_not_mine_cannot_be_shared(tmp_path: Path) -> None:
    async with seated(own=OwnFolder(tmp_path)) as seat:
        await seat.meet("退款呢")
        await seat.press("ctrl+k", *"tkjd", "ctrl+g", "ctrl+g")
        assert not shared(seat)


async def test_a_saved_case_is_proposed_to_the_lead(tmp_path: Path) -> None:
    async with seated(own=OwnFolder(tmp_path)) as seat:
        ticket = await seat.meet("发票抬头写错了怎么办")
        await seat.solve(ticket)
        seat.app.station.answering.write_case(ticket)
        await seat.settle()
        seat.app.screen.query_one("#form-script").text = "已为您重开。"  # type: ignore[attr-defined]
        await seat.press("ctrl+s")
        await seat.until(lambda: bool(shared(seat)))
        assert (shared(seat)[0].kind, shared(seat)[0].state) == ("article", "proposed")
