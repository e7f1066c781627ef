"""The host over real processes: who comes in, what survives, and when it ends."""

import asyncio
import os
import re
import signal
from collections.abc import Callable
from typing import Any

import aiohttp
import psutil
import pytest

from tests.patience import until
from tests.server.driver import Server
from tests.web.driver import Host, Team, Visitor, invite

pytestmark = [pytest.mark.xdist_group("web"), pytest.mark.timeout(400)]

CHOICE, ANSWER = "❶", "包裹到哪了"


async def at_work(team: Team, visitor: Visitor, *, customer: bool = True) -> dict[str, Any]:
    """A helper who has come in, with a customer on the screen."""
    made = invite(team.lead)
    assert await visitor.exchange(made["code"]) == 201
    await visitor.open()
    await visitor.see("支援")
    if customer:
        made["ticket"] = team.ask()
        team.give(made["ticket"], made["id"])
        await visitor.see(CHOICE)
    return made


async def gone(process: psutil.Process) -> None:
    await asyncio.to_thread(until, lambda: not process.is_running() or _is_dead(process), "the screen's end")


def _is_dead(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def answered(team: Team, ticket: str) -> list[str]:
    found: list[str] = await asyncio.to_thread(until, lambda: team.replies(ticket), "the reply")
    return found


# -- coming in


async def test_a_code_is_spent_by_the_button_alone_and_once(team: Team) -> None:
    code = invite(team.lead)["code"]
    async with Visitor(team.host) as visitor, Visitor(team.host) as other:
        for _ in range(3):
            assert (await visitor.get("/"))[0] == 200
        async with visitor.http.head(team.host.url) as answer:
            assert answer.status == 200
        assert (await visitor.get(f"/session?code={code}"))[0] == 404
        assert await visitor.exchange(code.lower().replace("-", " ")) == 201
        assert await other.exchange(code) == 404
        assert not other.token


async def test_the_page_needs_nothing_from_elsewhere(team: Team) -> None:
    async with Visitor(team.host) as visitor, Visitor(team.host, "en-GB,en;q=0.8") as english:
        async with visitor.http.get(team.host.url) as answer:
            policy, text = answer.headers["Content-Security-Policy"], await answer.text()
            assert answer.headers["Cache-Control"] == "no-store"
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in policy
        assert 'lang="zh"' in text
        assert "开始上班" in text
        assert "Start my shift" in (await english.get("/"))[1]
        named = re.findall(r'(?:src|href|data-script)="([^"]*)"', text)
        assert all(one.startswith(("static/", "data:,")) for one in named)
        for one in named[1:]:
            assert (await visitor.get(f"/{one}"))[0] == 200
        assert (await visitor.get("/static/x/../host.py"))[0] == 404
        assert (await visitor.get("/static/x/child.py"))[0] == 404


async def test_no_process_before_the_server_knows_a_helper(team: Team) -> None:
    before = {one.pid for one in team.host.screens()}
    agent = team.agent
    async with Visitor(team.host) as visitor:
        await visitor.get("/")
        assert await (await visitor.open()).see_close() == 4401
        visitor.hold("att_nobody")
        assert await (await visitor.open()).see_close() == 4410
        visitor.hold(agent.token)
        assert await (await visitor.open()).see_close() == 4403
        assert {one.pid for one in team.host.screens()} <= before


async def test_only_our_own_page_is_listened_to(team: Team) -> None:
    made = invite(team.lead)
    port = team.host.url.rsplit(":", 1)[1]
    async with Visitor(team.host) as visitor:
        evil = [{"Origin": "http://evil.example"}, {"Host": f"evil.example:{port}"}, {"Origin": "null"}]
        for strange in evil:
            assert await visitor.exchange(made["code"], **strange) == 403
        assert await visitor.exchange(made["code"]) == 201
        for strange in evil:
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await visitor.open(**strange)
            assert refused.value.status == 403
        assert (await visitor.get("/", Host=f"evil.example:{port}"))[0] == 421
        url = f"{team.host.url}/session"
        async with visitor.http.post(url, data={"code": made["code"]}) as form:
            assert form.status == 404


async def test_guessing_is_slowed_down(hosting: Callable[..., Host]) -> None:
    host = hosting()
    async with Visitor(host) as visitor:
        answers = [await visitor.exchange("0000-0000-0000") for _ in range(11)]
        assert answers == [404] * 10 + [429]


# -- at work


async def test_a_reload_resumes_the_same_screen(team: Team) -> None:
    async with Visitor(team.host) as visitor:
        await at_work(team, visitor)
        assert "打字" in visitor.cursor_line
        await visitor.press(ANSWER)
        before = await visitor.see("找到 1 条")
        pids = {one.pid for one in team.host.screens()}
        await visitor.leave()
        await visitor.open()
        after = await visitor.see("找到 1 条")
        assert b"\x1b[?1006h" in visitor.raw
        assert b"\x1b[?2004h" in visitor.raw
        assert before.splitlines()[:3] == after.splitlines()[:3]
        assert ANSWER in after
        assert {one.pid for one in team.host.screens()} == pids


async def test_another_window_takes_over(team: Team) -> None:
    async with Visitor(team.host) as visitor, Visitor(team.host) as second:
        await at_work(team, visitor)
        pids = {one.pid for one in team.host.screens()}
        second.hold(visitor.token)
        await second.open()
        assert await visitor.see_close() == 4409
        await second.see(CHOICE)
        assert {one.pid for one in team.host.screens()} == pids


async def test_a_reply_goes_out_once_and_leaves_no_trace(team: Team) -> None:
    async with Visitor(team.host) as visitor:
        made = await at_work(team, visitor)
        await visitor.answer(ANSWER)
        assert len(await answered(team, made["ticket"])) == 1
        screens = team.host.screens()
        secrets = [visitor.token.encode(), made["token"].encode(), made["code"].encode()]
        for process in [psutil.Process(team.host.process.pid), *screens]:
            said = "\0".join([*process.cmdline(), *process.environ().values()]).encode()
            assert not any(secret in said for secret in secrets)
        assert not any(secret in team.host.log.read_bytes() for secret in secrets)
        kept = [file for file in team.host.data.rglob("*") if file.is_file()]
        assert kept
        assert not any(secret in file.read_bytes() for file in kept for secret in secrets)
        assert (team.host.data / made["id"]).is_dir()
        assert len(team.replies(made["ticket"])) == 1


# -- the end


async def test_a_revoked_shift_ends_at_once(team: Team) -> None:
    async with Visitor(team.host) as visitor:
        made = await at_work(team, visitor, customer=False)
        known = {one.pid for one in team.host.screens()}
        team.revoke(made["id"])
        assert await visitor.see_close() == 4410
        assert await (await visitor.open()).see_close() == 4410
        async with visitor.http.delete(f"{team.host.url}/session") as answer:
            assert answer.status == 204
        assert not visitor.token
        assert len({one.pid for one in team.host.screens()} & known) == len(known) - 1


async def test_finishing_ends_it_too(team: Team) -> None:
    async with Visitor(team.host) as visitor:
        made = await at_work(team, visitor, customer=False)
        await visitor.see("连接正常")
        await visitor.press("8")
        await visitor.see("下班")
        await visitor.read()
        await visitor.press("2")
        assert await visitor.see_close() == 4410
        rows = {row["id"]: row for row in team.lead.get("/v1/helpers")["helpers"]}
        assert rows[made["id"]]["availability"] == "offline"


async def test_no_more_than_may(team: Team, hosting: Callable[..., Host]) -> None:
    host = hosting("--most", "1")
    async with Visitor(host) as visitor, Visitor(host) as other:
        await at_work(team, visitor)
        assert await other.exchange(invite(team.lead)["code"]) == 201
        assert await (await other.open()).see_close() == 4429


@pytest.mark.torture
async def test_who_does_not_come_back_is_not_waited_for(team: Team, hosting: Callable[..., Host]) -> None:
    host = hosting("--grace", "0.3")
    async with Visitor(host) as visitor:
        await at_work(team, visitor)
        process = host.screens()[0]
        await visitor.leave()
        await gone(process)
        await visitor.open()
        await visitor.see(CHOICE)


async def test_the_host_ends_its_screens_in_order(team: Team, hosting: Callable[..., Host]) -> None:
    host = hosting()
    async with Visitor(host) as visitor, Visitor(host) as other:
        await at_work(team, visitor)
        await at_work(team, other)
        screens = host.screens()
        assert len(screens) == 2
        closed = asyncio.gather(visitor.see_close(), other.see_close())
        assert await asyncio.to_thread(host.end, signal.SIGINT) == 0
        assert await closed == [1012, 1012]
        assert not any(one.is_running() for one in screens)


@pytest.mark.torture
async def test_a_killed_host_leaves_nobody_behind(team: Team, hosting: Callable[..., Host]) -> None:
    host = hosting()
    async with Visitor(host) as visitor:
        await at_work(team, visitor)
        screen = host.screens()[0]
        host.end(signal.SIGKILL)
        await gone(screen)


@pytest.mark.torture
async def test_nothing_is_lost_or_sent_twice_when_all_goes_wrong(
    serving: Callable[[], Server], hosting: Callable[..., Host]
) -> None:
    """The server stops, a reply is sent all the same, the process is killed; then the server comes back."""
    first = serving()
    host = hosting(server=first.url)
    team = await asyncio.to_thread(Team, first, host)
    async with Visitor(host) as visitor:
        made = await at_work(team, visitor)
        await asyncio.to_thread(first.end)
        await visitor.answer(ANSWER)
        store = host.data / made["id"] / "data" / "desk.store"
        await asyncio.to_thread(until, lambda: b"send-reply" in store.read_bytes(), "the outbox")
        os.kill(host.screens()[0].pid, signal.SIGKILL)
        assert await visitor.see_close() == 4500
        assert await (await visitor.open()).see_close() == 4503
        team = await asyncio.to_thread(Team, await asyncio.to_thread(serving), host)
        await visitor.open()
        assert len(await answered(team, made["ticket"])) == 1
        await visitor.see("支援")
        assert len(team.replies(made["ticket"])) == 1
