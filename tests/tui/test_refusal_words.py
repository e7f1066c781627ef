"""Every word that the rules, the server or a backend can refuse with has a sentence in both languages."""

import re
from pathlib import Path

import pytest

import agent_tui
from agent_tui import i18n
from agent_tui.desk import OutboxItem, SendState, new_id
from agent_tui.domain.commands import SendReply
from agent_tui.domain.models import Part
from agent_tui.tui.dialogs.outbox import MendDialog
from agent_tui.tui.wording import standing

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
