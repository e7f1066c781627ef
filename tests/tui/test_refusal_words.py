"""Every word that the rules, the server or a backend can refuse with has a sentence in both languages."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

import agent_tui
from agent_tui import i18n
from agent_tui.backends.memory import MemoryBackend
from agent_tui.desk import OutboxItem, SendState, new_id
from agent_tui.domain.commands import Command, SendReply
from agent_tui.domain.models import Part
from agent_tui.tui.dialogs.outbox import MendDialog
from agent_tui.tui.wording import standing
from agent_tui.wire import Outcome, Problem
from tests.driver import Agent, at_work

ROOMS = ("domain", "server", "backends", "sync")
# A refusal is made by one of these, its word the first text among the arguments.
MADE = re.compile(
    r"\b(?:Refused|RefusedHere|Rejected|Stop|not_found|problem|problem_of)\(\s*(?:\d+,\s*)?\"([a-z]+(?:-[a-z]+)*)\""
)


def words() -> set[str]:
    """What the sources refuse with."""
    root = Path(agent_tui.__file__).parent
    files = [root / "desk.py", *(file for room in ROOMS for file in (root / room).rglob("*.py"))]
    return {word for file in files for word in MADE.findall(file.read_text("utf-8"))}


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_refusal_has_its_sentence(language: str) -> None:
    texts = i18n.load(language)
    found = words()
    assert {"free-text", "nothing-awaits", "nothing-to-take", "unknown-message", "outgoing"} <= found
    assert found - set(texts.common.refusals) == set()


def test_both_languages_know_the_same_words() -> None:
    zh, en = (i18n.load(language) for language in ("zh", "en"))
    assert set(zh.common.refusals) == set(en.common.refusals)
    assert set(zh.conversation.reasons) == set(en.conversation.reasons)


@pytest.mark.parametrize("word", ["free-text", "outgoing", "undelivered:no", "not-tried", "unheard-of"])
def test_a_reply_that_did_not_go_says_why_in_words(word: str) -> None:
    said = standing(word)
    assert said
    assert "{" not in said


@pytest.mark.parametrize(
    ("reason", "again"), [("contradicts-order", False), ("outgoing", False), ("not-online", True)]
)
def test_words_that_have_to_be_looked_at_are_not_sent_again_as_they_are(reason: str, again: bool) -> None:
    item = OutboxItem(
        command=SendReply(id=new_id(), ticket="t1", parts=(Part(type="text", text="已发货"),)),
        state=SendState.REFUSED,
        reason=reason,
    )
    i18n.choose("zh")
    labels = [str(option.prompt) for option in MendDialog(item).list.options]
    words = i18n.texts().dialog
    assert any(words.outbox_retry in label for label in labels) is again
    assert any(words.outbox_discard in label for label in labels)


class Doubting(MemoryBackend):
    """A helpdesk with a rule for words that the desk does not have: `特快` has to be confirmed."""

    async def send(self, commands: tuple[Command, ...]) -> tuple[Outcome, ...]:
        """As the server answers."""
        return tuple([(await self._one(command)) for command in commands])

    async def _one(self, command: Command) -> Outcome:
        doubtful = isinstance(command, SendReply) and "特快" in command.text
        if isinstance(command, SendReply) and doubtful and "team-express" not in command.confirmed:
            found = Problem(
                type="/problems/contradicts-order", title="", status=409, detail="team-express: 特快"
            )
            return Outcome(id=command.id, outcome="refused", problem=found)
        return (await super().send((command,)))[0]


@asynccontextmanager
async def doubted() -> AsyncIterator[Agent]:
    """An agent whose reply the server wants confirmed."""
    async with at_work(undo_seconds=0.0, line=Doubting) as agent:
        await agent.hear("王敏", "到哪了")
        await agent.take_next()
        await agent.answer("已经走特快了")
        await agent.until(lambda: any(one.reason for one in agent.desk.outbox.items()))
        yield agent


async def test_a_rule_only_the_server_has_is_confirmed_where_the_reply_stands() -> None:
    async with doubted() as agent:
        ticket = agent.station.ticket or ""
        await agent.press("up", "up", "enter")
        await agent.sees("看过订单，没错，照样发")
        assert "“特快”" in agent.screen()
        await agent.press("1")
        await agent.until(lambda: bool(agent.replies(ticket)))
        assert agent.replies(ticket) == ["已经走特快了"]


async def test_taken_back_it_is_asked_about_with_its_place() -> None:
    async with doubted() as agent:
        ticket = agent.station.ticket or ""
        await agent.press("up", "up", "ctrl+z")
        assert agent.written == "已经走特快了"
        await agent.press("enter")
        assert not agent.replies(ticket)
        assert "服务器说和订单对不上" in agent.screen()
        await agent.press("enter")
        await agent.until(lambda: bool(agent.replies(ticket)))
