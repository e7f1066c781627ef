"""What the pictures show: each a few deeds of a robot agent, buddy or helper on a clock that stands still."""

import os
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from textual.widgets import Input, TextArea

from agent_tui.backends.memory import World
from agent_tui.backends.memory.seeded import ME, seeded
from agent_tui.domain.commands import AskBuddy, HandDraft
from agent_tui.domain.events import SeatChanged, TicketChanged
from agent_tui.domain.models import CustomerRef, Person, Role, Seat
from agent_tui.domain.views import View
from agent_tui.settings import Contact, Settings
from tests.driver import Agent, Seated, at_work
from tests.patience import eventually
from tests.tui.helping import Robot, helping

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
TICKETS = 140
CONTACTS = {"safety": Contact(name="安全员 周工", phone="8110")}
STUCK = ("包裹三天没动了", "还能到吗")


class Picture(Struct, frozen=True, kw_only=True):
    """What is to be seen, at which size, after which deeds."""

    name: str
    size: tuple[int, int]
    deed: Callable[[Agent], Awaitable[None]] | None = None
    helper: Callable[[Robot], Awaitable[None]] | None = None
    theme: str = "dark"
    language: str = "zh"


# -- an agent


async def queue(agent: Agent) -> None:
    """The list, the hand on the third row."""
    await agent.look_at(View.WAITING)
    await agent.press("down", "down")
    await _rest(agent)


async def chat(agent: Agent) -> None:
    """An open chat with an answer half written."""
    await agent.look_at(View.MINE)
    await agent.press("down", "enter")
    await _rest(agent)
    agent.station.panes.composer.field.insert("您好,看到您的订单了,我马上帮您核实,")
    await agent.settle()


async def transfer(agent: Agent) -> None:
    """To whom, and why."""
    await chat(agent)
    await agent.press("ctrl+f")


async def keys(agent: Agent) -> None:
    """What works here."""
    await queue(agent)
    await agent.press("question_mark")


async def why(agent: Agent) -> None:
    """Why a ticket is on top."""
    await queue(agent)
    await agent.press("w")
    # The line of keys below is painted after the box.
    await agent.sees("接下一位")


async def buddy(agent: Agent) -> None:
    """A helper asks, and the buddy is beside them."""
    agent.world.commit((SeatChanged(seat=_helper_of(agent.desk.team.me)),))
    await agent.until(lambda: agent.desk.team.seat("zhao") is not None)
    ticket = agent.world.receive(CustomerRef(id="c-chen", name="陈静"), "地址写错了", "能改吗", channel="app")
    with_helper = replace(ticket, assignee=Person(id="zhao", name="小赵"), version=ticket.version + 1)
    agent.world.commit((TicketChanged(ticket=with_helper),))
    asked = AskBuddy(id=agent.world.fresh_id(), ticket=ticket.id, text="已经出库了还能改吗")
    (outcome,) = agent.world.carry_out("zhao", (asked,))
    assert outcome.outcome == "applied", outcome
    await agent.until(lambda: bool(agent.desk.queue.calls()))
    await agent.press("ctrl+right_square_bracket")
    await agent._done("action", "open")
    await agent.wait(24)
    await agent.settle()


# -- a helper


async def answering(helper: Robot) -> None:
    """One customer, three answers, three procedures."""
    await helper.meets("陈静", *STUCK)


async def preview(helper: Robot) -> None:
    """The filled answer, once before it goes."""
    await helper.meets("陈静", *STUCK)
    await helper.press("1")


async def draft(helper: Robot) -> None:
    """The buddy has written something."""
    ticket = await helper.meets("陈静", *STUCK)
    await helper.press("0")
    await helper.until(lambda: helper.kept(ticket).help is not None)
    text = "您好，我已经请圆通核实，今晚八点前给您准信。"
    await helper.buddy(HandDraft(id=helper.id(), ticket=ticket, text=text))
    await helper.until(lambda: "按 Tab" in helper.seen)


async def card(helper: Robot) -> None:
    """An emergency card that came by itself."""
    await helper.meets("陈静", "你好，充电宝在我包里冒烟了！！")
    await helper.until(lambda: "安全员 周工" in helper.seen)


async def procedure(helper: Robot) -> None:
    """A procedure, two steps ticked."""
    await helper.meets("陈静", *STUCK)
    await helper.press("4", "enter", "enter")


PICTURES = (
    Picture(name="queue-80x24", size=(80, 24), deed=queue),
    Picture(name="chat-80x24", size=(80, 24), deed=chat),
    Picture(name="workstation-120x36", size=(120, 36), deed=chat),
    Picture(name="workstation-120x36-light", size=(120, 36), deed=chat, theme="light"),
    Picture(name="workstation-200x50", size=(200, 50), deed=chat),
    Picture(name="workstation-120x36-en", size=(120, 36), deed=queue, language="en"),
    Picture(name="contrast-120x36", size=(120, 36), deed=queue, theme="contrast"),
    Picture(name="transfer-120x36", size=(120, 36), deed=transfer),
    Picture(name="why-80x24", size=(80, 24), deed=why),
    Picture(name="keys-120x36", size=(120, 36), deed=keys),
    Picture(name="buddy-120x36", size=(120, 36), deed=buddy),
    Picture(name="helper-80x24", size=(80, 24), helper=answering),
    Picture(name="helper-120x36-light", size=(120, 36), helper=answering, theme="light"),
    Picture(name="helper-preview-80x24", size=(80, 24), helper=preview),
    Picture(name="helper-draft-80x24", size=(80, 24), helper=draft),
    Picture(name="helper-card-80x24", size=(80, 24), helper=card),
    Picture(name="helper-procedure-80x24", size=(80, 24), helper=procedure),
)


async def draw(picture: Picture) -> str:
    """The screen as SVG, its spaces kept."""
    with _time_of_shanghai():
        return keep_spaces(await _drawn(picture))


async def _drawn(picture: Picture) -> str:
    settings = Settings(theme=picture.theme)  # type: ignore[arg-type]
    if picture.helper is not None:
        async with helping(picture.size, picture.language, contacts=CONTACTS, settings=settings) as helper:
            await picture.helper(helper)
            await _still(helper)
            return helper.app.export_screenshot(title="agent-tui")
    async with at_work(
        size=picture.size, world=_world, settings=settings, language=picture.language, seat=ME
    ) as agent:
        if picture.deed is not None:
            await picture.deed(agent)
        await _still(agent)
        return agent.app.export_screenshot(title="agent-tui")


async def _still(agent: Seated) -> None:
    """The cursor is seen, in whichever half of its blinking the picture is taken."""
    focused = agent.app.screen.focused
    if isinstance(focused, Input | TextArea):
        focused.cursor_blink = False
        focused._cursor_visible = True
        await agent.settle()


def keep_spaces(svg: str) -> str:
    """`svg` in which no viewer runs spaces together, and in fonts that hold Chinese in two cells."""
    svg = re.sub(r"<text ", '<text xml:space="preserve" ', svg)
    return svg.replace(
        "Fira Code, monospace", "Fira Code, DejaVu Sans Mono, Noto Sans Mono CJK SC, monospace"
    )


@contextmanager
def _time_of_shanghai() -> Iterator[None]:
    """Times of day are shown as where the machine stands."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Asia/Shanghai"
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ")
        os.environ.update({"TZ": before} if before is not None else {})
        time.tzset()


async def _rest(agent: Agent) -> None:
    """Until the other panes have followed the hand."""
    panes = agent.station.panes
    wanted = panes.queue.ticket

    def followed() -> bool:
        conversation = agent.desk.conversations.get(wanted or "")
        return agent.station.context.hand.is_narrow or (
            agent.station.ticket == wanted and bool(conversation.loaded)
        )

    await eventually(followed, "the conversation of the row")
    await agent.settle()


def _world(clock: Callable[[], float]) -> World:
    return seeded(TICKETS, 11, clock)


def _helper_of(me: Seat) -> Seat:
    return Seat(
        id="zhao", name="小赵", role=Role.HELPER, buddy=Person(id=me.id, name=me.name), pack="logistics"
    )
