"""Presence between processes: what our own devices say is passed on, and what others say is read."""

import asyncio
import time
from collections.abc import Callable
from functools import partial

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from agent_tui.domain.presence import EVERY, Word
from agent_tui.wire import encode

LONGEST_PAYLOAD = 7_800


class Call(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What processes say to each other; without a word it asks everyone to say theirs again."""

    owner: str
    word: Word | None = None


class PresenceRelay:
    """Keeps the last word of each of this process's devices; `pass_on` brings a payload to the others.

    With one process alone nothing is kept or passed on.
    """

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._mine: dict[str, Word] = {}
        self._told_at: dict[str, float] = {}
        self._telling: set[str] = set()
        self.pass_on: Callable[[bytes], None] | None = None

    def greet(self) -> None:
        """Ask the other processes who is there."""
        if self.pass_on is not None:
            self.pass_on(encode(Call(owner=self._owner)))

    def read(self, payload: bytes) -> Call | None:
        """What another process said; None for our own and for what cannot be read."""
        try:
            call = msgspec.json.decode(payload, type=Call)
        except msgspec.DecodeError:
            # A process of another version; what it means by it is not ours to guess.
            return None
        return None if call.owner == self._owner else call

    def word_of(self, device: str) -> Word | None:
        """The last word of one of our own devices."""
        return self._mine.get(device)

    def say(self, word: Word) -> None:
        """Pass a word of one of our own devices on."""
        if self.pass_on is not None:
            self._mine[word.device] = word
            self._tell_soon(word.device)

    def say_all_again(self) -> None:
        """Pass every last word on."""
        for device in list(self._mine):
            self._tell_soon(device)

    def drop(self, device: str) -> None:
        """A device is another process's now."""
        self._mine.pop(device, None)

    def keep(self, living: set[str]) -> None:
        """Forget devices that are not among the living, except those whose word is still to be passed on."""
        living = living | self._telling
        self._mine = {device: word for device, word in self._mine.items() if device in living}
        self._told_at = {device: at for device, at in self._told_at.items() if device in self._mine}

    def _tell_soon(self, device: str) -> None:
        """Pass a device's last word on, at most three times a second, the last one always."""
        if self.pass_on is None or device in self._telling:
            return
        self._telling.add(device)
        wait = self._told_at.get(device, -EVERY) + EVERY - time.monotonic()
        if wait <= 0:
            self._tell(device, self.pass_on)
        else:
            asyncio.get_running_loop().call_later(wait, partial(self._tell, device, self.pass_on))

    def _tell(self, device: str, pass_on: Callable[[bytes], None]) -> None:
        self._telling.discard(device)
        word = self._mine.get(device)
        if word is None:
            return
        self._told_at[device] = time.monotonic()
        pass_on(payload_of(Call(owner=self._owner, word=word)))
        if word.ticket is None:
            del self._mine[device]


def payload_of(call: Call) -> bytes:
    """A call as a notification carries it: of a draft too long for one, the end."""
    data = encode(call)
    while len(data) > LONGEST_PAYLOAD and call.word is not None and call.word.draft:
        over = max(1, (len(data) - LONGEST_PAYLOAD) // 4)
        call = replace(call, word=replace(call.word, draft=call.word.draft[over:]))
        data = encode(call)
    return data
