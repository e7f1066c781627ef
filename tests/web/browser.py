"""A real browser, driven over the DevTools protocol: Debian's Chromium without a window."""

import asyncio
import base64
import contextlib
import itertools
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Self

import aiohttp
import psutil

from agent_tui.tui.helper.cover import GUARD_SECONDS
from tests.eyes import Eyes
from tests.patience import LOOK, WAIT, eventually

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_KEYS = {"Enter": 13, "Escape": 27, "ArrowDown": 40, "ArrowUp": 38}


def installed() -> str | None:
    """Where a browser is; None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One page. What its socket brings is read as a terminal would, for nothing can be read off a canvas."""

    def __init__(self, folder: Path, width: int = 1280, height: int = 800) -> None:
        self._folder = folder
        self._size = (width, height)
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._changed = asyncio.Event()
        self._eyes = Eyes(10, 10)
        self.asked: list[str] = []
        self.complaints: list[str] = []

    async def __aenter__(self) -> Self:
        command = [str(installed()), *FLAGS, f"--user-data-dir={self._folder}", "--remote-debugging-port=0"]
        command += [f"--window-size={self._size[0]},{self._size[1]}", "about:blank"]
        self._log = (self._folder.parent / "browser.log").open("wb")
        self.process = await asyncio.to_thread(self._start, command)
        self._http = aiohttp.ClientSession()
        try:
            self._socket = await self._http.ws_connect(await self._page(), max_msg_size=0)
        except BaseException:
            await self._end()
            raise
        self._reading = asyncio.create_task(self._read())
        for domain in ("Page", "Runtime", "Network", "Log"):
            await self.call(f"{domain}.enable")
        await self.call("Network.setExtraHTTPHeaders", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
        await self.resize(*self._size)
        return self

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, stdout=self._log, stderr=self._log)

    async def _page(self) -> str:
        """The socket of the one page, once the browser has said where it listens."""
        said = self._folder / "DevToolsActivePort"

        def is_there() -> bool:
            assert self.process.poll() is None, "the browser ended"
            return said.exists() and bool(said.read_text().strip())

        await eventually(is_there, "the browser's port")
        port = said.read_text().split()[0]
        async with self._http.get(f"http://127.0.0.1:{port}/json/list") as answer:
            pages = [one for one in await answer.json() if one["type"] == "page"]
        return str(pages[0]["webSocketDebuggerUrl"])

    async def __aexit__(self, *error: object) -> None:
        await self._socket.close()
        await self._reading
        await self._end()

    async def _end(self) -> None:
        self.process.terminate()
        await asyncio.to_thread(self.process.wait, WAIT)
        self._log.close()
        await self._http.close()

    # -- the protocol

    async def _read(self) -> None:
        async for message in self._socket:
            told = message.json()
            if "id" in told:
                self._answers.pop(told["id"]).set_result(told)
            else:
                self._heard(told["method"], told["params"])
            self._changed.set()

    def _heard(self, method: str, told: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self.asked.append(told["request"]["url"])
        elif method == "Network.webSocketCreated":
            self.asked.append(told["url"])
            columns, rows = map(int, re.findall(r"=(\d+)", told["url"]))
            self._eyes.resize(columns, rows)
            self._eyes.forget()
        elif method == "Network.webSocketFrameReceived" and told["response"]["opcode"] == 2:
            self._eyes.take(base64.b64decode(told["response"]["payloadData"]))
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(told["exceptionDetails"]))
        elif method == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.complaints.append(told["entry"]["text"])

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Ask the browser."""
        number = next(self._ids)
        self._answers[number] = answer = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        async with asyncio.timeout(WAIT):
            told = await answer
        assert "error" not in told, told
        result: dict[str, Any] = told["result"]
        return result

    async def value(self, expression: str) -> Any:
        """What an expression of the page is."""
        asked = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        told = await self.call("Runtime.evaluate", **asked)
        return told["result"].get("value")

    async def picture(self) -> bytes:
        """The window as PNG."""
        return base64.b64decode((await self.call("Page.captureScreenshot", format="png"))["data"])

    # -- a person

    async def resize(self, width: int, height: int) -> None:
        """Another size of the window."""
        size = {"width": width, "height": height, "deviceScaleFactor": 0, "mobile": False}
        await self.call("Emulation.setDeviceMetricsOverride", **size)

    async def go(self, url: str) -> None:
        """Open an address."""
        await self.call("Page.navigate", url=url)
        await self.until("document.readyState === 'complete'")

    async def until(self, expression: str) -> None:
        """Wait until the page says so."""
        async with asyncio.timeout(WAIT):
            while not await self.value(expression):  # noqa: ASYNC110 - the page tells nobody
                await asyncio.sleep(LOOK)

    async def read(self) -> None:
        """Look at a page until it takes Enter: its time began before it could be seen."""
        await asyncio.sleep(GUARD_SECONDS)

    async def click(self, element: str) -> None:
        """Click in the middle of an element."""
        box = f"document.getElementById('{element}').getBoundingClientRect()"
        x = await self.value(f"{box}.x + {box}.width / 2")
        y = await self.value(f"{box}.y + {box}.height / 2")
        for kind in ("mousePressed", "mouseReleased"):
            await self.call(
                "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=1, clickCount=1
            )

    async def press(self, key: str) -> None:
        """A key of the keyboard."""
        code = _KEYS.get(key, ord(key[0].upper()))
        told = {"key": key, "code": key if key in _KEYS else f"Digit{key}", "windowsVirtualKeyCode": code}
        text = "\r" if key == "Enter" else "" if key in _KEYS else key
        await self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **told)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **told)

    async def compose(self, spelled: str, meant: str) -> None:
        """Write with an input method: letters that become characters."""
        at = len(spelled)
        await self.call("Input.imeSetComposition", text=spelled, selectionStart=at, selectionEnd=at)
        await self.call("Input.insertText", text=meant)

    @property
    def text(self) -> str:
        """What the terminal shows."""
        return self._eyes.text

    async def see(self, words: str) -> None:
        """Wait until the terminal shows `words`."""
        try:
            async with asyncio.timeout(WAIT):
                while words not in self.text:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError as error:
            raise AssertionError(f"{words!r} is not on the screen:\n{self.text}") from error

    def forget(self) -> None:
        """Look with fresh eyes."""
        self._eyes.forget()

    def strangers(self) -> set[str]:
        """The addresses beyond this machine that any of the browser's processes is connected to."""
        family = [psutil.Process(self.process.pid)]
        family += family[0].children(recursive=True)
        found = set()
        for one in family:
            with contextlib.suppress(psutil.Error):
                found |= {c.raddr.ip for c in one.net_connections("inet") if c.raddr}
        return {ip for ip in found if not ip.startswith(("127.", "::1", "::ffff:127."))}
