"""The rules of the page for browsers, without processes: who is ours, what is said, what is never said."""

import asyncio
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, make_mocked_request

from agent_tui import handshake, i18n
from agent_tui.desk import demo_desk
from agent_tui.handshake import Hello
from agent_tui.settings import Settings
from agent_tui.tui.browser.screen import BrowserApp, place_of
from agent_tui.web import page
from agent_tui.web.door import ServerClient, Slower
from agent_tui.web.gate import WRONG_CODES, RequestGuard
from agent_tui.web.host import Host as WebHost
from agent_tui.web.host import _size_of
from agent_tui.web.sessions import Guest, Sessions, key_of
from agent_tui.web.window import LAG, Close, Window
from tests.patience import WAIT
from tests.web.driver import Host, Team, Visitor, invite

WEB = files("agent_tui.web")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US,en;q=0.9,zh-CN;q=0.8", "en"),
        ("fr-FR,en;q=0.5,zh;q=0.7", "zh"),
        ("de", "zh"),
        ("en;q=x", "en"),
    ],
)
def test_the_readers_language(header: str, language: str) -> None:
    assert page.language_of(header) == language


def _asked(host: str, origin: str) -> Any:
    return make_mocked_request("GET", "/", headers={"Host": host, "Origin": origin})


@pytest.mark.parametrize(
    ("host", "origin", "is_ours"),
    [
        ("127.0.0.1:8480", "http://127.0.0.1:8480", True),
        ("[::1]:8480", "http://[::1]:8480", True),
        ("localhost:8480", "http://localhost:8480", True),
        ("10.1.2.3:8480", "http://10.1.2.3:8480", True),
        ("127.0.0.1:8480", "http://127.0.0.1:9999", False),
        ("127.0.0.1:8480", "https://127.0.0.1:8480", False),
        ("127.0.0.1:8480", "null", False),
        ("127.0.0.1:8480", "", False),
        ("rebound.example:8480", "http://rebound.example:8480", False),
        ("[bad", "http://[bad", False),
    ],
)
def test_our_own_page_is_told_from_others(host: str, origin: str, *, is_ours: bool) -> None:
    assert RequestGuard("127.0.0.1").is_ours(_asked(host, origin)) is is_ours


def test_behind_a_proxy_only_the_public_address_counts() -> None:
    gate = RequestGuard("127.0.0.1", "https://help.example.com")
    assert gate.is_secure
    assert gate.is_ours(_asked("help.example.com", "https://help.example.com"))
    assert not gate.is_ours(_asked("help.example.com", "http://help.example.com"))
    assert not gate.knows_host(_asked("127.0.0.1:8480", ""))


def test_wrong_codes_run_out_for_one_address_alone() -> None:
    gate = RequestGuard("127.0.0.1")
    for _ in range(WRONG_CODES):
        assert not gate.wait("a")
        gate.note_wrong("a")
    assert gate.wait("a") > 0
    assert not gate.wait("b")


async def test_who_is_slowed_down_is_told_for_how_long() -> None:
    gate = RequestGuard("127.0.0.1")
    for _ in range(WRONG_CODES):
        gate.note_wrong("")
    host = WebHost(gate, ServerClient("http://127.0.0.1:9"), cast(Sessions, None))
    headers = {"Host": "127.0.0.1:8480", "Origin": "http://127.0.0.1:8480"}
    answer = await host.post_session(make_mocked_request("POST", "/session", headers=headers))
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) >= 1


async def test_the_servers_own_limit_is_passed_on() -> None:
    async def refuse(request: web.Request) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": "7"})

    app = web.Application()
    app.router.add_post("/v1/invitations", refuse)
    async with TestServer(app) as server:
        door = ServerClient(str(server.make_url("")).rstrip("/"))
        await door.open()
        with pytest.raises(Slower) as slowed:
            await door.exchange("0000-0000-0000")
        await door.close()
    assert slowed.value.retry_after == "7"


def test_every_word_the_page_uses_is_there_in_both_languages() -> None:
    html, script = (WEB.joinpath(name).read_text("utf-8") for name in ("page.html", "page.js"))
    used = set(re.findall(r"{{(\w+)}}", html)) - {"language", "cookie", "static", "nonce", "words"}
    used |= set(re.findall(r"words\.(\w+)", script))
    ends = re.findall(r'44\d\d: "(\w+)"', script)
    used |= {word for end in ends if end != "nobody" for word in (end, f"{end}_note")}
    zh, en = (i18n.load(language).web.page for language in ("zh", "en"))
    assert used <= set(zh) == set(en)
    assert {int(code) for code in re.findall(r"\b(4[45]\d\d)\b", script)} <= {int(one) for one in Close}


@pytest.mark.parametrize("name", ["page.html", "page.css", "page.js"])
def test_our_own_parts_name_nothing_outside(name: str) -> None:
    text = WEB.joinpath(name).read_text("utf-8")
    assert not re.search(r"(?:https?:)?//[\w.-]+\.\w+", text.replace("// ", ""))
    assert "@import" not in text


def test_what_must_not_be_shown_has_no_repr() -> None:
    told = Hello(server="http://s", token="att_secret", base="/b", profile="p")
    guest = Guest(person="p", token="att_secret", language="zh", width=80, height=24)
    assert "secret" not in f"{told!r} {told} {guest!r} {guest}"
    assert "secret" not in key_of("att_secret")


def test_the_first_line_ends_where_the_screens_begin() -> None:
    reader, writer = os.pipe()
    told = Hello(server="http://s", token="t", base="/b", profile="p", width=120)
    os.write(writer, handshake.say(told) + b"D\x00\x00\x00\x011")
    assert handshake.read(reader) == told
    assert os.read(reader, 10) == b"D\x00\x00\x00\x011"
    os.close(writer)
    assert handshake.read(reader) is None
    os.close(reader)


def test_an_error_is_told_by_its_place_alone() -> None:
    secret = {"customer": "王小明 13812345678"}
    with pytest.raises(KeyError) as failed:
        _ = secret["13812345678"]
    told = place_of(failed.value)
    assert told.startswith("KeyError test_rules.py:")
    assert "138" not in told


@pytest.mark.parametrize(
    ("said", "size"),
    [
        (("80", "24"), (80, 24)),
        (("", "x"), (80, 24)),
        (("99999", "1"), (80, 5)),
        (("9999", "9999"), (500, 200)),
    ],
)
def test_a_window_has_a_size_within_reason(said: tuple[str, str], size: tuple[int, int]) -> None:
    assert _size_of(*said) == size


class SlowSocket:
    """A browser that reads when the test says so."""

    def __init__(self) -> None:
        self.closed = False
        self.may_go = asyncio.Event()
        self.got: list[bytes] = []

    async def send_bytes(self, data: bytes) -> None:
        await self.may_go.wait()
        self.got.append(data)

    async def close(self, *, code: int) -> None:
        self.closed = True


async def test_a_slow_browser_holds_up_nobody_and_is_painted_anew() -> None:
    socket, repainted = SlowSocket(), asyncio.Event()

    async def repaint() -> None:
        repainted.set()

    window = Window(socket, repaint)  # type: ignore[arg-type]
    window.show(b"first")
    await asyncio.sleep(0)
    for _ in range(100):
        window.show(b"x" * (LAG // 50))
    assert not repainted.is_set()
    socket.may_go.set()
    async with asyncio.timeout(WAIT):
        await repainted.wait()
    assert sum(map(len, socket.got)) < LAG * 2
    await window.close(Close.OVER)
    assert socket.closed


def test_without_the_extra_one_line_says_what_to_do() -> None:
    blocked = "import sys; sys.modules['textual_serve'] = None; sys.argv = ['agent-tui', 'web', '--server', 'http://h']"
    run = f"{blocked}; from agent_tui.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", run], capture_output=True, text=True, env={**os.environ, "LC_ALL": "en_US"}
    )
    assert done.returncode == 2
    remedy = "pip install 'agent-tui-desk[web]' (textual_serve missing)"
    assert done.stderr.strip() == f"agent-tui web needs an extra: {remedy}"


def _certificate(folder: Path) -> tuple[str, str]:
    """A certificate for this machine, good for a day."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    chain = folder / "chain.pem"
    chain.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    kinds = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *kinds))
    return str(chain), str(folder / "key.pem")


@pytest.mark.xdist_group("web")
async def test_under_tls_the_cookie_stays_under_tls(team: Team, tmp_path: Path, hosting: Any) -> None:
    chain, key = _certificate(tmp_path)
    host: Host = hosting("--tls-cert", chain, "--tls-key", key)
    assert host.url.startswith("https://")
    async with Visitor(host) as visitor:
        body = {"code": invite(team.lead)["code"]}
        async with visitor.http.post(f"{host.url}/session", json=body, ssl=False) as answer:
            assert answer.status == 201
            assert json.loads(await answer.text())["name"]
            cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("__Host-agent-tui=att_")
        assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
        plain = host.url.replace("https", "http")
        with pytest.raises(aiohttp.ClientError):
            await visitor.http.get(plain)


async def test_a_screen_that_fails_tells_the_host_where_and_nothing_else() -> None:
    desk, _ = demo_desk(count=1)
    app, told = BrowserApp(desk, Settings()), []
    app._driver = SimpleNamespace(write_meta=told.append)  # type: ignore[assignment]
    for error in (KeyError("王小明"), ValueError("13812345678")):
        app._handle_exception(error)
    assert told == [{"type": "crashed", "at": "KeyError "}]
    assert app.return_code == handshake.CRASHED
    assert not app._exit_renderables
