"""Back-pressure of channels: one that takes everything and never answers."""

import asyncio
import select
import socket
from pathlib import Path

from agent_tui.domain.commands import SendReply
from agent_tui.domain.models import Part, Role
from agent_tui.server.admin import Admin
from agent_tui.server.commands.executor import CommandExecutor
from agent_tui.server.commands.outgoing import OutgoingFilter
from agent_tui.server.context import ServerContext
from agent_tui.server.delivery.webhooks import DeliveryWorker
from agent_tui.server.http.app import ServerOptions, open_house
from agent_tui.server.identity import Principal
from tests.patience import WAIT
from tests.server.driver import Receiver, ulid
from tests.server.test_after_commit import new_ticket


async def reply(house: ServerContext, agent: Principal, channel: str) -> str:
    """A customer asks on `channel` and is answered; gives the ticket."""
    ticket = await new_ticket(house, channel)
    command = SendReply(id=ulid(), ticket=ticket, parts=(Part(type="text", text="在的"),))
    outcome = await CommandExecutor(house, OutgoingFilter.load(None)).run(command, agent)
    assert outcome.outcome == "applied"
    return ticket


async def test_a_channel_that_hangs_holds_back_no_other(tmp_path: Path, receiver: Receiver) -> None:
    """Nothing that hangs ever times out here: whatever waited for it would wait for ever."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as mute:
        async with Admin(tmp_path) as admin:
            made = await admin.create_token("小林", Role.AGENT)
            await admin.create_channel("hanging", f"http://127.0.0.1:{mute.getsockname()[1]}/never")
            receiver.secret = (await admin.create_channel("quick", receiver.url)).secret
        agent = Principal("device", made.id, made.name, Role.AGENT)
        house = await open_house(ServerOptions(data=tmp_path))
        for _ in range(40):
            await reply(house, agent, "hanging")
        house.start(DeliveryWorker(house, timeout=None).run())
        assert (await asyncio.to_thread(select.select, [mute], [], [], WAIT))[0]
        ticket = await reply(house, agent, "quick")
        told = (await asyncio.to_thread(receiver.next))[1]["data"]
        await house.stop()
        await house.database.aclose()
    assert told["ticket"] == ticket
