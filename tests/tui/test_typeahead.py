"""Keys that come faster than they are answered: their order, and what a run of characters means."""

import pytest
from textual.events import Key, Paste
from textual.keys import _character_to_key
from textual.widgets import Input

from agent_tui.desk import Draft
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.palette.screen import PaletteScreen
from tests.driver import Agent, at_work

CONTROL = {"\r": "enter", "\t": "tab", "\x0f": "ctrl+o", "\x0b": "ctrl+k", "\x1b": "escape", "\x0e": "ctrl+n"}


async def packet(agent: Agent, text: str) -> None:
    """All of `text` comes at once, as over a slow line; control characters are their keys."""
    for character in text:
        name = CONTROL.get(character) or (character if character.isalnum() else _character_to_key(character))
        agent.app.post_message(Key(name, character))
    await agent.settle()


async def chatting(agent: Agent, name: str = "王敏") -> str:
    """A customer's chat is open and read."""
    await agent.hear(name, "在吗")
    ticket = await agent.take_next()
    agent.clock.now += 5
    return ticket


async def test_a_line_and_its_enter_in_one_packet_are_sent() -> None:
    """Exactly what was typed."""
    async with at_work(undo_seconds=0) as agent:
        ticket = await chatting(agent)
        await packet(agent, "您好, 在的\r")
        await agent.until(lambda: agent.replies(ticket) == ["您好, 在的"])
        assert agent.written == ""


async def test_two_lines_in_one_packet_are_two_replies() -> None:
    """As typed one after the other."""
    async with at_work(undo_seconds=0) as agent:
        ticket = await chatting(agent)
        await packet(agent, "在的\r马上查\r")
        await agent.until(lambda: agent.replies(ticket) == ["在的", "马上查"])


async def test_pasted_lines_are_not_sent() -> None:
    """What the terminal says is pasted waits for an Enter of its own."""
    async with at_work() as agent:
        await chatting(agent)
        agent.app.post_message(Paste("第一行\n第二行\n"))
        await agent.settle()
        assert agent.written == "第一行\n第二行\n"
        assert agent.desk.outbox.unsent() == 0


async def test_a_key_that_goes_first_waits_for_the_text_before_it() -> None:
    """Text, Ctrl+O, text and Enter in one packet: a reply half written and a note kept, each with its own."""
    async with at_work() as agent:
        ticket = await chatting(agent)
        await packet(agent, "回复一半\x0f只给自己看\r")
        await agent.until(lambda: agent.desk.outbox.unsent() == 0)
        noted = agent.world.talks[ticket][-1]
        assert (noted.kind, noted.parts[0].text) == ("note", "只给自己看")
        assert agent.written == "回复一半"


async def test_reply_and_note_keep_each_its_own_text() -> None:
    """Back and forth, to another chat and back, and on disk."""
    async with at_work() as agent:
        first = await chatting(agent)
        await agent.type("给客户")
        await agent.press("ctrl+o")
        assert agent.written == ""
        await agent.type("给自己")
        await agent.press("ctrl+o")
        assert agent.written == "给客户"
        kept = agent.desk.drafts.get(first)
        assert (kept.text, [one.text for one in kept.others]) == ("给客户", ["给自己"])
        await chatting(agent, "陈静")
        await agent.press("escape", "1")
        assert agent.written == "给客户"
        await agent.press("ctrl+o")
        assert agent.written == "给自己"
        assert agent.station.panes.composer.mode == "note"


async def test_a_note_alone_comes_back_as_a_note() -> None:
    """A draft of one mode is no draft of another; with nothing left, nothing is kept."""
    async with at_work() as agent:
        ticket = await chatting(agent)
        await agent.press("ctrl+o")
        await agent.type("a")
        assert agent.desk.drafts.get(ticket).is_note
        await agent.press("backspace")
        assert agent.desk.drafts.get(ticket) == Draft()


async def test_the_palette_takes_what_was_typed_and_not_what_stood_there_before() -> None:
    """Ctrl+K, a word and Enter in one packet."""
    async with at_work() as agent:
        await chatting(agent)
        await agent.press("ctrl+k")
        await agent.until(lambda: True)
        if not isinstance(agent.app.screen, PaletteScreen):
            pytest.fail("no palette")
        await packet(agent, "zzz\x1b")
        assert not isinstance(agent.app.screen, PaletteScreen)
        await packet(agent, "\x0bzzz")
        field = agent.app.screen.query_one(Input)
        assert field.value.endswith("zzz")
        assert agent.written == ""


async def test_a_sentence_in_the_queue_runs_no_action() -> None:
    """It goes into the filter, where it can be seen; the status dialog of `s` does not open."""
    for language, said in (("zh", "进了筛选框"), ("en", "went into the filter")):
        async with at_work(language=language) as agent:
            await agent.hear("王敏", "在吗")
            await packet(agent, "s4 thanks, zan")
            assert agent.app.screen is agent.station
            assert agent.station.place is Place.FILTER
            assert agent.station.panes.filter.value == "s4 thanks, zan"
            assert agent.desk.outbox.items() == ()
            await agent.hears(said)
            await agent.press("escape")
            assert agent.station.panes.filter.value == ""


@pytest.mark.parametrize("words", ["王敏", "王", "4号", "１２３"])
async def test_what_an_input_method_commits_in_the_queue_is_searched(words: str) -> None:
    """One character too."""
    async with at_work() as agent:
        await agent.hear("王敏", "在吗")
        await packet(agent, words)
        assert agent.station.panes.filter.value == words


async def test_keys_in_one_packet_that_are_keys() -> None:
    """A key held down, keys that only move, a search and its words, one key alone, full width too."""
    async with at_work() as agent:
        for name in ("甲", "乙", "丙", "丁"):
            await agent.hear(name, "在吗")
        queue = agent.station.panes.queue
        await packet(agent, "jjj")
        assert queue.ids.index(queue.ticket or "") == 3
        await packet(agent, "gj")
        assert queue.ids.index(queue.ticket or "") == 1
        await packet(agent, "/丙")
        assert agent.names() == ["丙"]
        await agent.press("escape")
        await packet(agent, "？")
        assert agent.app.screen is not agent.station


async def test_text_in_the_conversation_goes_to_the_reply_and_its_enter_sends_nothing() -> None:
    """The hand was elsewhere: the guard after a change asks to look first."""
    async with at_work() as agent:
        await chatting(agent)
        agent.station.panes.chat.focus()
        await agent.settle()
        await packet(agent, "s4 好的\r")
        assert agent.written == "s4 好的"
        assert agent.desk.outbox.unsent() == 0
        assert "没有发送" in agent.screen()
        agent.clock.now += 1
        await agent.press("enter")
        assert agent.desk.outbox.unsent() == 1


async def test_a_sentence_into_the_empty_composer_takes_no_answer() -> None:
    """`1` alone takes the first recommended one; a sentence that begins with it is a sentence."""
    async with at_work() as agent:
        await chatting(agent)
        await packet(agent, "1号仓今天发")
        assert agent.written == "1号仓今天发"
