"""A team's content on a running desk: taken at once, nothing under the hand lost; the shop a lead edits."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.widgets import Input, OptionList

from agent_tui import i18n
from agent_tui.backends.memory import MemoryBackend, World
from agent_tui.backends.optional import ContentStore, required
from agent_tui.desk import Desk
from agent_tui.domain.models import CustomerRef, Role, Seat
from agent_tui.domain.team_content import SHOP_FILE, ContentFile, ContentIn, RollbackIn, TeamContent
from agent_tui.knowledge.content.shop import named, shop_in
from agent_tui.settings import Settings, Shop, profile
from agent_tui.sync.store import open_store
from agent_tui.tui.app import AgentApp
from agent_tui.tui.palette.assembly import library_for, speaker_of
from agent_tui.tui.palette.screen import PaletteScreen
from agent_tui.tui.workstation.answers import Unread
from tests.driver import ME, Agent, Clock, empty_world
from tests.patience import WAIT

LEAD = Seat(id="lead", name="许可", role=Role.LEAD)
SUN = CustomerRef(id="c-sun", name="孙莉")
LATE = ContentFile(
    path="snippets/team.yaml",
    text="- id: t-late\n  title: 晚到赔付口径\n  body: '{{ shop.name }}：今晚到不了就补券。'\n",
)
SHOP = ContentFile(path=SHOP_FILE, text="[shop]\nname = '云朵小店'\n")


def floor(clock: Callable[[], float]) -> World:
    world = empty_world(clock)
    world.put_seat(LEAD)
    world.receive(SUN, "你们今晚到不了怎么办")
    return world


@asynccontextmanager
async def at_desk(
    base: Path, seat: str = ME.id, settings: Settings | None = None, world: World | None = None
) -> AsyncIterator[Agent]:
    """Somebody at a workstation with the whole library and a folder of their own."""
    i18n.choose("zh")
    clock, told = Clock(), settings or Settings()
    folders = profile("test", base)
    line = MemoryBackend(world or floor(clock), seat)
    desk = Desk(line, open_store(folders.data_dir), clock=clock)
    app = AgentApp(desk, told, clock=clock, ticking=False, library=lambda: library_for(desk, told, folders))
    async with app.run_test(size=(120, 36)) as pilot:
        agent = Agent(app, pilot, desk, line, clock)
        await agent.until(lambda: desk.tickets.is_loaded)
        await soon(agent, lambda: not isinstance(agent.station.answering, Unread) and library(agent).is_ready)
        yield agent


async def soon(agent: Agent, holds: Callable[[], bool]) -> None:
    """Wait for the work beside the screen."""
    async with asyncio.timeout(WAIT):
        while not holds():
            await agent.settle()


def library(agent: Agent) -> Any:
    return agent.station.answering.library


def lead_of(agent: Agent) -> ContentStore:
    return required(MemoryBackend(agent.world, LEAD.id).capabilities.content)


async def publish(agent: Agent, *files: ContentFile) -> int:
    store = lead_of(agent)
    held = await store.current("")
    made = await store.publish(ContentIn(base=held.version if held else 0, files=files))
    return made.version


async def test_a_new_version_is_there_at_once_and_nothing_under_the_hand_is_lost(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as agent:
        ticket = await agent.take_next()
        await agent.type("half")
        await agent.press("ctrl+k")
        await agent.type("wdpf")
        version = await publish(agent, LATE)
        await soon(agent, lambda: library(agent).get("t-late") is not None)
        assert isinstance(agent.app.screen, PaletteScreen), "the open palette stays"
        await agent.press(*["backspace"] * 4)
        await agent.type("wdpfkj")
        await agent.sees(f"团队 v{version}")
        assert "晚到赔付口径" in agent.screen()
        await agent.press("escape")
        await lead_of(agent).roll_back(RollbackIn(base=version, to=0, note="口径作废"))
        await agent.hears("许可 更新了团队内容：口径作废")
        await soon(agent, lambda: library(agent).get("t-late") is None)
        assert (agent.station.ticket, agent.written) == (ticket, "half")


async def test_what_comes_with_the_product_and_what_is_ones_own_is_said(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as agent:
        await agent.take_next()
        await agent.press("ctrl+k")
        await agent.type("tkjd")
        await agent.sees("随产品")


async def followed(world: World, folder: Path) -> None:
    """A desk that has taken what is published, and is closed again."""
    desk = Desk(MemoryBackend(world, ME.id), open_store(folder))
    there = asyncio.Event()
    desk.changes.subscribe(lambda _: there.set() if desk.team_content.content.version else None)
    await desk.start()
    async with asyncio.timeout(WAIT):
        await there.wait()
    await desk.stop()


async def kept(world: World, folder: Path) -> TeamContent:
    """What a desk begins with before the network has answered."""
    line = MemoryBackend(world, ME.id)
    line.go_offline()
    desk = Desk(line, open_store(folder))
    await desk.read()
    await desk.stop()
    return desk.team_content.content


async def test_the_last_version_is_there_without_a_line_and_a_damaged_copy_is_nothing(tmp_path: Path) -> None:
    world = floor(Clock())
    store = required(MemoryBackend(world, LEAD.id).capabilities.content)
    await store.publish(ContentIn(base=0, files=(LATE,)))
    await followed(world, tmp_path)
    assert (await kept(world, tmp_path)).files == (LATE,)
    file = tmp_path / "content.json"
    file.write_bytes(file.read_bytes().replace("补券".encode(), "退款".encode()))
    assert (await kept(world, tmp_path)).version == 0


async def test_the_teams_values_fill_templates_and_ones_own_win(tmp_path: Path) -> None:
    own = Settings(shop=Shop(hours="全天"))
    async with at_desk(tmp_path, settings=own) as agent:
        await publish(agent, LATE, SHOP)
        await soon(agent, lambda: library(agent).get("t-late") is not None)
        entry = library(agent).get("t-late")
        assert library(agent).fill(entry, None).text == "云朵小店：今晚到不了就补券。"
        told = speaker_of(agent.desk, own).shop
        assert (told.name, told.hours, told.return_address) == ("云朵小店", "全天", "")


async def test_a_lead_changes_the_shop_for_everyone_and_keeps_the_entries(tmp_path: Path) -> None:
    async with at_desk(tmp_path, LEAD.id) as agent:
        await publish(agent, LATE, SHOP)
        await soon(agent, lambda: agent.desk.team_content.content.version == 1)
        agent.station.perform("edit-shop")
        await agent.settle()
        assert "云朵小店" in agent.screen()
        await agent.press("2")
        await fill_in(agent, "9:00-24:00")
        assert "* 9:00-24:00" in agent.screen()
        await choose(agent, "别的")
        await fill_in(agent, "nobody.knows")
        assert "contact.角色.name" in agent.screen(), "a name no template may use is refused"
        await fill_in(agent, "contact.warehouse.phone")
        await fill_in(agent, "6001")
        await choose(agent, "发布给所有人")
        await soon(agent, lambda: agent.desk.team_content.content.version == 2)
        found = agent.desk.team_content.content
        assert LATE in found.files
        assert named(shop_in(found.files)) == {
            "shop.name": "云朵小店",
            "shop.hours": "9:00-24:00",
            "contact.warehouse.phone": "6001",
        }


async def test_what_another_lead_publishes_meanwhile_costs_nothing_that_was_typed(tmp_path: Path) -> None:
    async with at_desk(tmp_path, LEAD.id) as agent:
        agent.station.perform("edit-shop")
        await agent.settle()
        await agent.press("1")
        await fill_in(agent, "云朵旗舰店")
        await publish(agent, LATE)
        await choose(agent, "发布给所有人")
        await agent.hears("又有了新版本")
        await soon(agent, lambda: "* 云朵旗舰店" in agent.screen())
        await choose(agent, "发布给所有人")
        await soon(agent, lambda: agent.desk.team_content.content.version == 2)
        assert LATE in agent.desk.team_content.content.files


async def test_without_a_line_nothing_is_published_and_what_was_typed_stays(tmp_path: Path) -> None:
    async with at_desk(tmp_path, LEAD.id) as agent:
        agent.station.perform("edit-shop")
        await agent.settle()
        await agent.press("1")
        await fill_in(agent, "云朵旗舰店")
        agent.line.go_offline()
        await choose(agent, "发布给所有人")
        await agent.hears("没有发布")
        await soon(agent, lambda: "* 云朵旗舰店" in agent.screen())
        assert not agent.world.content.versions


async def test_agents_are_not_offered_it(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as agent:
        assert "edit-shop" not in {one.id for one in agent.station.context.offered()}


async def fill_in(agent: Agent, value: str) -> None:
    field = agent.app.screen.query_one(Input)
    field.value = value
    await agent.press("enter")


async def choose(agent: Agent, words: str) -> None:
    listed = agent.app.screen.query_one(OptionList)
    prompts = [str(listed.get_option_at_index(n).prompt) for n in range(listed.option_count)]
    listed.highlighted = next(n for n, prompt in enumerate(prompts) if words in prompt)
    await agent.press("enter")
