"""What stands between Enter and sending: pure checks over a conversation and what was painted when."""

import re
from collections.abc import Mapping

from msgspec import Struct

from agent_tui.desk import Shown
from agent_tui.domain.models import MessageKind
from agent_tui.domain.text import BLANK as BLANK
from agent_tui.domain.text import BLANK_MARK

READ_SECONDS = 1.5
LIMIT = 10_000

MARK = BLANK_MARK


class Unseen(Struct, frozen=True):
    """Messages that the agent cannot have read."""

    shown: tuple[Shown, ...] = ()

    @property
    def ids(self) -> frozenset[str]:
        """Which messages these are."""
        return frozenset(s.message.id for s in self.shown)


def unseen(
    shown: tuple[Shown, ...], me: str, known: frozenset[str], painted: Mapping[str, float], now: float
) -> Unseen:
    """What the agent `me` cannot have read when pressing Enter at `now`.

    A colleague's reply or note counts when it was not there (`known`) as the draft began; a customer's
    message when it was first painted less than 1.5 seconds ago, or never, and nobody has answered it yet.
    """
    waiting: list[Shown] = []
    for item in shown:
        message = item.message
        if message.kind is MessageKind.CUSTOMER:
            if now - painted.get(message.id, now) < READ_SECONDS:
                waiting.append(item)
        elif message.kind in (MessageKind.REPLY, MessageKind.NOTE):
            own = message.author.id == me
            if message.kind is MessageKind.REPLY:
                waiting = [w for w in waiting if w.message.kind is not MessageKind.CUSTOMER]
            if not own and message.id not in known:
                waiting.append(item)
    return Unseen(tuple(waiting))


def first_blank(text: str, start: int = 0) -> re.Match[str] | None:
    """The first unfilled blank at or after `start`, else the first of all, else None."""
    return BLANK.search(text, start) or BLANK.search(text)


def unmarked(text: str) -> str:
    """`text` without the mark of blanks: what values and pasted text are put in as."""
    return text.replace(MARK, "_")


def with_blanks(text: str, blanks: tuple[tuple[int, int], ...]) -> str:
    """`text` with the spans to fill by hand (code points) between marks; no value in it can make one."""
    made, at = "", 0
    for start, end in sorted(blanks):
        made += unmarked(text[at:start]) + MARK + unmarked(text[start:end]).replace("\n", " ") + MARK
        at = end
    return made + unmarked(text[at:])
