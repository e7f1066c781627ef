"""Type-ahead: keys and pasted text that came faster than they were answered, kept in their order.

Textual gives a key that goes before all others (Ctrl+O, Enter in the palette) to its screen at once, while
characters typed before it still wait for their field. Over a slow line, where a line of text and its Enter
arrive in one packet, that sends to the wrong place what was typed for the right one. Here a key waits until
all before it have been answered; characters for the same text field do not wait for each other.

Characters that would each trigger something are looked at together when they come in one packet: a person
presses keys one at a time, a sentence or what an input method commits comes in a run.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from textual.app import App
from textual.events import Key, Paste
from textual.message_pump import MessagePump

# The time within which the characters of one packet come, far shorter than a hand takes for two keys.
PACKET_SECONDS = 0.010
# How long an answer may take before the keys go on without it.
PATIENCE = 1.0

Typed = Key | Paste


class Runs(Protocol):
    """What a run of characters means where the hand is."""

    def acts(self, key: Key) -> bool:
        """Whether this character would trigger something instead of being written."""

    def is_text(self, run: Sequence[Key]) -> bool:
        """Whether these characters, come at once, are text and not keys."""

    def take(self, text: str) -> None:
        """Put text where it is wanted."""


def is_character(event: Typed) -> bool:
    """Whether a text field would write it."""
    return isinstance(event, Key) and event.is_printable and "+" not in event.key


class TypeAhead:
    """Hands what comes to `forward`, one after another; `takes_text` says that the hand is in a field."""

    def __init__(
        self,
        app: App[Any],
        forward: Callable[[Typed], Awaitable[None]],
        takes_text: Callable[[], bool],
        runs: Runs,
    ) -> None:
        self._app = app
        self._forward = forward
        self._takes_text = takes_text
        self._runs = runs
        self._waiting: deque[Typed] = deque()
        self._forwarded = 0
        self._only_text = True
        self._asked = 0
        self._is_asking = False
        self._is_packet_whole = False
        self._packet: asyncio.TimerHandle | None = None
        self._patience: asyncio.TimerHandle | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether something has come that is not yet handed on."""
        return bool(self._waiting)

    async def take(self, event: Typed) -> None:
        """A key or pasted text has come."""
        self._waiting.append(event)
        self._is_packet_whole = False
        await self._go_on()

    async def _go_on(self) -> None:
        while self._waiting:
            event = self._waiting[0]
            acts = isinstance(event, Key) and is_character(event) and self._runs.acts(event)
            is_text = is_character(event) and not acts and self._takes_text()
            if self._forwarded and not (is_text and self._only_text):
                self._ask()
                return
            if acts and not self._knows_run():
                return
            await self._hand_on(is_text=is_text, acts=acts)

    async def _hand_on(self, *, is_text: bool, acts: bool) -> None:
        run = self._run() if acts else []
        self._only_text = is_text
        self._forwarded += 1
        if run and self._runs.is_text(run):
            for _ in run:
                self._waiting.popleft()
            self._runs.take("".join(key.character or "" for key in run))
        else:
            await self._forward(self._waiting.popleft())

    # -- characters of one packet

    def _run(self) -> list[Key]:
        run: list[Key] = []
        for event in self._waiting:
            if not (isinstance(event, Key) and is_character(event)):
                break
            if run and event.time - run[-1].time >= PACKET_SECONDS:
                break
            run.append(event)
        return run

    def _knows_run(self) -> bool:
        """Whether no more characters can come in the packet of the first one; else asks again then."""
        if self._is_packet_whole or len(self._run()) < len(self._waiting):
            return True
        if self._packet is not None:
            self._packet.cancel()
        loop = asyncio.get_running_loop()
        self._packet = loop.call_later(PACKET_SECONDS, self._app.call_later, self._packet_ends)
        return False

    async def _packet_ends(self) -> None:
        self._is_packet_whole = True
        await self._go_on()

    # -- waiting for answers

    def _ask(self) -> None:
        """Go on when the hand's widget, all around it and the application have answered what was
        forwarded."""
        if self._is_asking:
            return
        self._is_asking = True
        self._asked += 1
        loop = asyncio.get_running_loop()
        self._patience = loop.call_later(PATIENCE, self._app.call_later, self._answered, self._asked)
        focused = self._app.focused or self._app.screen
        # The first one twice: what it tells those around it waits in its own line once more.
        self._pass_round([focused, *focused.ancestors_with_self], self._asked)

    def _pass_round(self, around: list[MessagePump], asked: int) -> None:
        while around:
            asks_next = [*around[1:]]
            if around.pop(0).call_later(self._pass_round, asks_next, asked):
                return
        self._app.call_later(self._answered, asked)

    async def _answered(self, asked: int) -> None:
        if asked != self._asked or not self._is_asking:
            return
        self._is_asking = False
        self._forwarded = 0
        if self._patience is not None:
            self._patience.cancel()
        await self._go_on()
