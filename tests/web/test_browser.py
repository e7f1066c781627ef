"""The helper's day in a real browser, from the lead's link to the end of the shift."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.browser import Browser, installed
from tests.web.driver import Team, invite
from tests.web.test_host import answered

pytestmark = [
    pytest.mark.xdist_group("web"),
    pytest.mark.timeout(400),
    pytest.mark.skipif(
        installed() is None, reason="no Chromium here: the page is not tried in a real browser"
    ),
]


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    async with Browser(tmp_path / "browser") as browser:
        yield browser


async def working(team: Team, browser: Browser) -> dict[str, Any]:
    """A helper whose shift has begun, with a customer."""
    made = invite(team.lead)
    await browser.go(f"{team.host.url}/#{made['code']}")
    await browser.click("start")
    made["ticket"] = team.ask()
    team.give(made["ticket"], made["id"])
    await browser.see("❶")
    return made


async def test_a_first_shift(team: Team, browser: Browser) -> None:
    made = await working(team, browser)
    assert await browser.value("location.href") == f"{team.host.url}/"
    assert await browser.value("document.cookie") == ""
    assert await browser.value("document.documentElement.dataset.state") == "working"
    await browser.compose("posun", "破损")
    await browser.see("找到")
    assert "破损" in browser.text
    await browser.press("Escape")
    await browser.see("❶")

    await browser.press("1")
    await browser.see("这样发给")
    await browser.read()
    await browser.press("Enter")
    assert "顺丰速运" in (await answered(team, made["ticket"]))[0]

    await browser.call("Page.reload")
    await browser.see("支援 ·")
    await browser.see("顺丰速运")
    assert len(team.replies(made["ticket"])) == 1

    await browser.resize(390, 844)
    await browser.until("document.getElementById('terminal').dataset.fontSize < 12")
    await browser.see("支援 ·")

    team.close(made["ticket"])
    team.revoke(made["id"])
    await browser.until("document.documentElement.dataset.state === 'over'")
    assert "谢谢" in await browser.value("document.getElementById('heading').textContent")
    await browser.call("Page.reload")
    await browser.until("document.documentElement.dataset.state === 'enter'")

    here = team.host.url.split("//")[1]
    asked = [url for url in browser.asked if not url.startswith(("data:", "about:"))]
    assert {url.split("/")[2] for url in asked} == {here}
    assert not any(made["code"] in url.split("#")[0] for url in asked)
    assert browser.strangers() == set()
    assert browser.complaints == []


async def test_what_the_page_says_when_something_is_in_the_way(team: Team, browser: Browser) -> None:
    await browser.go(f"{team.host.url}/#0000-0000-0000")
    await browser.click("start")
    await browser.until("!document.getElementById('trouble').hidden")
    assert "新的" in await browser.value("document.getElementById('trouble').textContent")
    assert not await browser.value("document.getElementById('field').hidden")

    made = invite(team.lead)
    await browser.call("Input.insertText", text=made["code"].lower())
    await browser.press("Enter")
    made["ticket"] = team.ask()
    team.give(made["ticket"], made["id"])
    await browser.see("❶")
    # A screen that breaks is opened again, and the page says so meanwhile.
    await browser.value(
        "new MutationObserver(() => { window.told = document.getElementById('bar-words').textContent })"
        ".observe(document.getElementById('bar'), { attributes: true })"
    )
    browser.forget()
    next(one for one in team.host.screens() if made["id"] in str(one.open_files())).kill()
    await browser.see("❶")
    assert "重新打开" in await browser.value("window.told")
    await browser.until("document.getElementById('bar').hidden")
    team.close(made["ticket"])
    team.revoke(made["id"])
