"""A real host process, and somebody at its page: over HTTP and a socket, with a terminal's eyes."""

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import aiohttp
import psutil

from agent_tui.tui.helper.cover import GUARD_SECONDS
from tests.eyes import Eyes
from tests.patience import WAIT, until
from tests.server.driver import Person, Server, ulid

PACK = "logistics"


class Host:
    """`agent-tui web` before a server; what it prints goes into `log`."""

    def __init__(self, server: str, folder: Path, *options: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.data, self.log = folder / "data", folder / "host.log"
        command = [sys.executable, "-m", "agent_tui", "web", "--server", server, "--port", "0"]
        command += ["--data", str(self.data), "--lang", "en", *options]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        self.url = self._ready()

    def _ready(self) -> str:
        def said() -> str:
            return self.log.read_text("utf-8")

        until(lambda: "\n" in said() or self.process.poll() is not None, "the host's address")
        line, _, rest = said().partition("\n")
        assert "http" in line, line + rest
        return line.split()[-1]

    def screens(self) -> list[psutil.Process]:
        """The processes of the people at work."""
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def end(self, how: int = signal.SIGTERM) -> int:
        """End the host; the answer is its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(WAIT)


class Visitor:
    """Somebody with a browser: a jar for the cookie, a socket, a screen."""

    def __init__(self, host: Host, language: str = "zh-CN", **headers: str) -> None:
        self.host = host
        said = {"Origin": host.url, "Accept-Language": language} | headers
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers=said)
        self.socket: Any = None
        self.closed: int | None = None
        self._eyes = Eyes(100, 30)
        self.raw = b""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.http.close()

    async def get(self, path: str = "/", **headers: str) -> tuple[int, str]:
        async with self.http.get(self.host.url + path, headers=headers) as answer:
            return answer.status, await answer.text()

    async def exchange(self, code: str, **headers: str) -> int:
        """Press the button; the answer is the status."""
        url = f"{self.host.url}/session"
        async with self.http.post(url, json={"code": code}, headers=headers) as answer:
            await answer.read()
            return answer.status

    @property
    def token(self) -> str:
        """What the cookie holds."""
        return next((one.value for one in self.http.cookie_jar if one.key.endswith("agent-tui")), "")

    def hold(self, token: str) -> None:
        """Come with that cookie."""
        self.http.cookie_jar.update_cookies({"agent-tui": token}, aiohttp.client.URL(self.host.url))

    async def open(self, **headers: str) -> Self:
        """Open the socket, with an empty screen."""
        self._eyes.forget()
        self.closed, self.raw = None, b""
        url = f"{self.host.url}/socket?width=100&height=30"
        self.socket = await self.http.ws_connect(url, headers=headers, max_msg_size=0)
        return self

    @property
    def text(self) -> str:
        return self._eyes.text

    @property
    def cursor_line(self) -> str:
        """The line the terminal's cursor stands on, where an input method opens its window."""
        return self._eyes.lines[self._eyes.cursor[0]]

    async def see(self, words: str) -> str:
        """The screen, once it shows `words`."""
        try:
            async with asyncio.timeout(WAIT):
                while words not in self.text:
                    assert await self._hear(), f"closed with {self.closed} before {words!r}:\n{self.text}"
        except TimeoutError as error:
            raise AssertionError(f"{words!r} is not on the screen:\n{self.text}") from error
        return self.text

    async def see_gone(self, words: str) -> None:
        """Wait until `words` are on the screen no longer."""
        try:
            async with asyncio.timeout(WAIT):
                while words in self.text:
                    assert await self._hear(), f"closed with {self.closed}:\n{self.text}"
        except TimeoutError as error:
            raise AssertionError(f"{words!r} is still on the screen:\n{self.text}") from error

    async def see_close(self) -> int:
        """The code the host closes the socket with."""
        async with asyncio.timeout(WAIT):
            while await self._hear():
                pass
        assert self.closed is not None
        return self.closed

    async def _hear(self) -> bool:
        message = await self.socket.receive()
        if message.type is aiohttp.WSMsgType.BINARY:
            self.raw += message.data
            self._eyes.take(message.data)
        elif message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING):
            self.closed = self.socket.close_code
            return False
        return True

    async def press(self, keys: str) -> None:
        await self.socket.send_str(json.dumps(["stdin", keys]))

    async def read(self) -> None:
        """Look at a page until it takes Enter: its time began before it could be seen."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GUARD_SECONDS):
                while await self._hear():
                    pass

    async def answer(self, words: str) -> None:
        """Find the one answer that `words` name, and send it."""
        await self.press(words)
        await self.see("找到 1 条")
        await self.press("\r")
        await self.see("这样发给")
        await self.read()
        await self.press("\r")
        await self.see_gone("这样发给")

    async def leave(self) -> None:
        """Close the tab."""
        await self.socket.close()


def invite(lead: Person, name: str = "", **more: Any) -> dict[str, Any]:
    """A helper with a code."""
    form = {"name": name or f"赵{ulid()[-6:]}", "pack": PACK, **more}
    answer = lead.http.post("/v1/helpers", json=form)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


class Team:
    """A server, its lead, its channel, and a host before it."""

    def __init__(self, server: Server, host: Host) -> None:
        self.server, self.host = server, host
        self.lead = server.person("lead")
        self.agent = server.person("agent")
        self.channel = server.channel()

    def ask(self, words: str = "我的快递到哪了") -> str:
        """A customer asks whose parcel is known, so that one answer is sure and has no blank."""
        customer, order, now = ulid(), ulid(), datetime.now(UTC)
        parcel = {"number": "SF1234567890", "carrier": "顺丰速运", "status": "in_transit"}
        parcel |= {
            "last_event": "已到达杭州转运中心",
            "last_event_at": (now - timedelta(hours=1)).isoformat(),
        }
        parcel |= {"eta": (now + timedelta(days=2)).isoformat()}
        row = {"customer": customer, "status": "shipped", "total": "1.00", "parcels": [parcel]}
        assert self.channel.http.put(f"/v1/orders/{order}", json=row).status_code == 200
        return self.channel.say(customer, words, order=order)["ticket"]

    def give(self, ticket: str, helper: str) -> None:
        """Hand a ticket to a helper, so that no other test's gets it."""
        while (self.lead.ticket(ticket)["assignee"] or {}).get("id") != helper:
            version = self.lead.ticket(ticket)["version"]
            self.lead.do("transfer", ticket=ticket, assignee=helper, reason="请接", version=version)

    def replies(self, ticket: str) -> list[str]:
        """What was answered."""
        messages = self.lead.get(f"/v1/tickets/{ticket}/messages")["messages"]
        return [m["parts"][0]["text"] for m in messages if m["kind"] == "reply"]

    def close(self, ticket: str) -> None:
        """Nobody else's test shall meet this customer."""
        version = self.lead.ticket(ticket)["version"]
        self.lead.applied("set-status", ticket=ticket, status="closed", version=version)

    def revoke(self, helper: str) -> None:
        """End a shift."""
        assert self.lead.http.delete(f"/v1/helpers/{helper}").status_code == 200
