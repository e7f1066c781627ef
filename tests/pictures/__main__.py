"""`python -m tests.pictures` writes docs/pictures/*.svg, and *.png where `rsvg-convert` is installed."""

import asyncio
import re
import shutil
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

from msgspec import Struct

from agent_tui.backends.seeded import ME, seeded
from agent_tui.backends.world import World
from agent_tui.domain.views import View
from agent_tui.settings import Settings
from tests.driver import Agent, at_work

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
TICKETS = 140
Deed = Callable[[Agent], Awaitable[None]]


class Picture(Struct, frozen=True, kw_only=True):
    """What is to be seen, at which size, after which deeds."""

    name: str
    size: tuple[int, int]
    deed: Deed
    theme: str = "dark"
    language: str = "zh"


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
)


async def _rest(agent: Agent) -> None:
    """Until the other panes have followed the hand."""
    panes = agent.station.panes
    wanted = panes.queue.ticket
    for _ in range(50):
        await agent.pilot.pause(0.05)
        if agent.station.is_narrow or (
            agent.station.ticket == wanted and agent.desk.conversation(wanted or "").loaded
        ):
            break
    await agent.settle()


def _world(clock: Callable[[], float]) -> World:
    return seeded(TICKETS, 11, clock)


async def draw(picture: Picture) -> str:
    """The screen as SVG, its spaces kept."""
    settings = Settings(theme=picture.theme)  # type: ignore[arg-type]
    async with at_work(
        size=picture.size, world=_world, settings=settings, language=picture.language, seat=ME
    ) as agent:
        await picture.deed(agent)
        return keep_spaces(agent.app.export_screenshot(title="agent-tui"))


def keep_spaces(svg: str) -> str:
    """`svg` in which no viewer runs spaces together, and in fonts that hold Chinese in two cells."""
    svg = re.sub(r"<text ", '<text xml:space="preserve" ', svg)
    return svg.replace(
        "Fira Code, monospace", "Fira Code, DejaVu Sans Mono, Noto Sans Mono CJK SC, monospace"
    )


def main() -> None:
    """Draw all of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    convert = shutil.which("rsvg-convert")
    for picture in PICTURES:
        file = FOLDER / f"{picture.name}.svg"
        file.write_text(asyncio.run(draw(picture)), "utf-8")
        if convert:
            png = file.with_suffix(".png")
            subprocess.run([convert, "--zoom", "1", str(file), "-o", str(png)], check=True)


if __name__ == "__main__":
    main()
