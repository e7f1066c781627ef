"""Presence in this process: takes words in, passes them to the other processes, and wakes whom they concern.

Nothing of it is written anywhere. A word from another process arrives as a notification and is kept like one
of our own; a process that dies is forgotten as its people's words run out.
"""

import asyncio
import contextlib
import time
from collections.abc import Iterator

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import select

from agent_tui.domain.models import HelpCall, Role
from agent_tui.domain.presence import Around, Key, Lookers, Onlooker, Told, Word, shortened
from agent_tui.server.context import ServerContext
from agent_tui.server.feed.presence_relay import PresenceRelay
from agent_tui.server.identity import Principal
from agent_tui.server.problems import HttpProblem, not_found
from agent_tui.server.store import tables as t
from agent_tui.server.store.writing import now
from agent_tui.wire import LookIn, encode

_BELIEVED = 1.0
_MOST_PLACES = 2_000


class StreamListener:
    """One open stream: who listens, and what they have been told. `wake` is set when there may be news."""

    def __init__(self, reader: Principal, lookers: Lookers) -> None:
        self.who = _named(reader)
        self.device = reader.token
        self.wake = asyncio.Event()
        self.is_behind = True
        self._lookers = lookers
        self._told = Told()

    def frames(self) -> bytes:
        """What differs from what this stream was told, as server-sent events without a place in the feed."""
        if not self.is_behind:
            return b""
        self.is_behind = False
        news = self._told.news(self._lookers.seen_by(self.who), now())
        return b"".join(b"event: presence\ndata: %s\n\n" % encode(one) for one in news)


class Presences:
    """This process's people and everyone else's; `relay` speaks with the other processes."""

    def __init__(self, context: ServerContext) -> None:
        self._context = context
        self._lookers = Lookers()
        self._ears: dict[str, set[StreamListener]] = {}
        self._places: dict[str, tuple[float, _Place | None]] = {}
        self._expiry: asyncio.TimerHandle | None = None
        self.relay = PresenceRelay(context.owner)

    # -- streams

    @contextlib.contextmanager
    def listening(self, reader: Principal) -> Iterator[StreamListener]:
        """An ear while a stream is open; with the last stream of a device its word ends."""
        ear = StreamListener(reader, self._lookers)
        self._ears.setdefault(reader.id, set()).add(ear)
        try:
            yield ear
        finally:
            self._ears[reader.id].discard(ear)
            if not self._listens(reader.id, reader.token):
                self._forget(reader.token)
            if not self._ears[reader.id]:
                del self._ears[reader.id]

    def wake_all(self) -> None:
        """Have every stream look for what is new in the feed."""
        for ears in self._ears.values():
            for ear in ears:
                ear.wake.set()

    def _listens(self, person: str, device: str) -> bool:
        return any(ear.device == device for ear in self._ears.get(person, ()))

    # -- words

    async def look(self, reader: Principal, form: LookIn) -> None:
        """Note that `reader` looks at a ticket and what they write there; one they may not see is 404."""
        around = Around()
        if form.ticket is not None:
            try:
                around = await self._around(reader, form.ticket)
            except HttpProblem:
                self._forget(reader.token)
                raise
        draft = shortened(form.draft)
        word = Word(
            device=reader.token,
            person=_named(reader),
            at=now(),
            ticket=form.ticket,
            # What an agent writes is nobody's business before it is sent: here it ends.
            draft=draft if reader.is_helper else "",
            writing=form.writing or bool(draft.strip()),
            around=around,
        )
        self._plan(self._lookers.hear(word, time.monotonic()))
        self.relay.say(word)

    def _forget(self, device: str) -> None:
        word = self.relay.word_of(device)
        if word is not None:
            self.relay.say(replace(word, ticket=None, draft="", writing=False, around=Around()))
        self._plan(self._lookers.leave(device, time.monotonic()))

    def _plan(self, keys: dict[Key, float]) -> None:
        for key, wait in keys.items():
            if wait <= 0:
                self._show(key)
            else:
                asyncio.get_running_loop().call_later(wait, self._show, key)
        self._await_expiry()

    def _show(self, key: Key) -> None:
        ticket, person = key
        concerned = self._lookers.concerned(ticket) | {person}
        self._lookers.show(key, time.monotonic())
        for one in concerned | self._lookers.concerned(ticket):
            for ear in self._ears.get(one, ()):
                ear.is_behind = True
                ear.wake.set()

    def _await_expiry(self) -> None:
        due = self._lookers.next_expiry() if self._expiry is None else None
        if due is not None:
            wait = max(0.5, due - time.monotonic())
            self._expiry = asyncio.get_running_loop().call_later(wait, self._expire)

    def _expire(self) -> None:
        self._expiry = None
        self._plan(self._lookers.expire(time.monotonic()))
        self.relay.keep({word.device for word in self._lookers.words()})

    # -- what decides who may know

    async def _around(self, reader: Principal, ticket: str) -> Around:
        at, place = self._places.get(ticket, (0.0, None))
        if place is None or at + _BELIEVED < time.monotonic():
            place = await self._look_up(ticket)
            if len(self._places) >= _MOST_PLACES:
                self._places.clear()
            self._places[ticket] = time.monotonic(), place
        if place is None or (reader.is_helper and place.assignee != reader.id):
            raise not_found("unknown-ticket")
        return place.around

    async def _look_up(self, ticket: str) -> "_Place | None":
        tickets, people = t.tickets.c, t.people.c
        query = (
            select(tickets.assignee, tickets.body, people.role, people.buddy)
            .select_from(t.tickets.outerjoin(t.people, people.id == tickets.assignee))
            .where(tickets.id == ticket)
        )
        async with self._context.database.reading() as conn:
            row = (await conn.execute(query)).first()
        if row is None:
            return None
        call = msgspec.json.decode(row.body, type=_Calling).help
        is_helpers = row.role == Role.HELPER.value
        around = Around(
            helper=row.assignee if is_helpers else "",
            buddy=(row.buddy or "") if is_helpers else "",
            stage=call.stage if call else "",
            called=call.to.id if call and call.to else "",
        )
        return _Place(row.assignee, around)

    # -- between processes

    def heard(self, payload: bytes) -> None:
        """Take in what another process said."""
        call = self.relay.read(payload)
        if call is None:
            return
        word = call.word
        if word is None:
            self.relay.say_all_again()
        elif word.ticket is not None:
            self.relay.drop(word.device)
            self._plan(self._lookers.hear(word, time.monotonic()))
        elif not self._listens(word.person.id, word.device):
            self.relay.drop(word.device)
            self._plan(self._lookers.leave(word.device, time.monotonic()))


class _Calling(Struct):
    help: HelpCall | None = None


class _Place(Struct, frozen=True):
    assignee: str | None
    around: Around


def _named(reader: Principal) -> Onlooker:
    return Onlooker(id=reader.id, name=reader.name, role=reader.role)
