"""The whole house as a person uses it: a terminal, a server process, and customers who hear the answer."""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from agent_tui.sim.engine import play
from agent_tui.sim.settings import ChannelKey, DaySettings
from tests.patience import WAIT
from tests.ports import free_port
from tests.server.driver import Channel, Person, Receiver, Server
from tests.sim.test_day import Oracle
from tests.terminal import Terminal

pytestmark = pytest.mark.timeout(400)
ASKED = "再按一次 Enter 发送"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "server", None, "--port", str(free_port())).start()
    yield server
    server.end()


def workstation(
    server: Server, agent: Person, folder: Path, *, columns: int = 120, rows: int = 36
) -> Terminal:
    command = [sys.executable, "-m", "agent_tui", "--server", server.url, "--lang", "zh"]
    command += ["--profile", agent.id, "--base", str(folder)]
    environment = {**os.environ, "AGENT_TUI_TOKEN": agent.token, "HOME": str(folder)}
    return Terminal(command, env=environment, cwd=folder, columns=columns, rows=rows)


def send(terminal: Terminal, then: str) -> None:
    """Enter, and once more where it is asked whether what has just come was read."""
    terminal.press("enter")
    terminal.wait_until(lambda screen: then in screen or ASKED in screen, what=then)
    if then not in terminal.text:
        terminal.press("enter")
        terminal.wait_for(then)


def test_a_customer_is_taken_answered_and_thanks(server: Server, tmp_path: Path) -> None:
    port = free_port()
    made = server.channel(f"http://127.0.0.1:{port}/hooks/web", "web")
    token = made.http.headers["Authorization"].removeprefix("Bearer ")
    key = ChannelKey("web", token, made.secret)
    day = DaySettings(server=server.url, channels=(key,), listen=f"127.0.0.1:{port}", customers=1, waiting=1,
                   minutes=1, fast=20, patience=50, linger=2000, seed=3)  # fmt: skip
    agent = server.person(name="林晓")
    heard: list[object] = []
    customer = Thread(target=lambda: heard.append(asyncio.run(play(day))), daemon=True)
    with workstation(server, agent, tmp_path) as terminal:
        terminal.wait_for("林晓")
        customer.start()
        terminal.wait_for("待接 1")
        terminal.press("n")
        terminal.wait_for("领取了会话")
        ticket = agent.get("/v1/snapshot")["tickets"][0]
        asked = agent.get(f"/v1/tickets/{ticket['id']}/messages")["messages"][0]["parts"][0]["text"]
        terminal.wait_for(asked[:8])
        terminal.type(Oracle(day)({"customer": ticket["customer"]}))
        send(terminal, "已送达")
        customer.join(WAIT)
        shown = agent.get(f"/v1/tickets/{ticket['id']}/messages")["messages"]
        thanks = [m for m in shown if m["kind"] == "customer"][-1]["parts"][0]["text"]
        terminal.wait_for(thanks[:8])
    assert heard[0].total.helped == 1  # type: ignore[attr-defined]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


def test_a_reply_written_while_the_server_is_down_goes_out_once(
    server: Server, receiver: Receiver, tmp_path: Path
) -> None:
    channel: Channel = server.channel(receiver.url, "web")
    receiver.secret = channel.secret
    agent = server.person(name="林晓")
    channel.say("c1", "我的快递三天没动了")
    with workstation(server, agent, tmp_path, columns=80, rows=24) as terminal:
        terminal.wait_for("快递")
        terminal.press("n")
        terminal.wait_for("三天没动了")
        server.end()
        terminal.wait_for("断线")
        terminal.type("您好,已联系快递加急处理,今晚前回复您")
        terminal.wait_for("加急处理")
        send(terminal, "待发")
        server.start()
        terminal.wait_for("已送达")
    _, told = receiver.next()
    assert told["data"]["parts"][0]["text"].startswith("您好,已联系快递")
    # A second time would come before what is said after it.
    agent = server.known(vars(agent))
    agent.reply(agent.get("/v1/snapshot")["tickets"][0]["id"], "还在吗")
    _, told = receiver.next()
    assert told["data"]["parts"][0]["text"] == "还在吗"
