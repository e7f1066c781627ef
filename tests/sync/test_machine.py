"""One state machine that goes offline, repeats, loses answers and crashes: no reply lost, none sent twice."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from agent_tui.backends.memory import MemoryBackend
from agent_tui.backends.memory.seeded import ME, seeded
from agent_tui.desk import Desk, RefusedHere, SendState
from agent_tui.domain.commands import AddNote, Claim, Command, SetStatus, Snooze
from agent_tui.domain.models import CustomerRef, MessageKind, Part, Status
from agent_tui.domain.views import View
from agent_tui.sync.ids import new_id
from agent_tui.sync.rows import moment, row_of
from agent_tui.sync.store import open_store
from tests.sync.loop import JumpingLoop

T = TypeVar("T")

TICKETS = 6
PICK = st.integers(0, TICKETS - 1)
STATUSES = st.sampled_from([Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.SOLVED])


class Faults(RuleBasedStateMachine):
    """An agent at work on a bad line and a bad machine."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = JumpingLoop()
        asyncio.set_event_loop(self.loop)
        self.folder = Path(tempfile.mkdtemp(prefix="machine-"))
        self.sent: dict[str, str] = {}
        self.undone: set[str] = set()
        self.unreadable: set[str] = set()
        self.refused: set[str] = set()
        self.stopped: set[str] = set()

    @initialize()
    def begin(self) -> None:
        self.world = seeded(TICKETS, 3, self.loop.clock)
        self.tickets = list(self.world.tickets)
        self._open()
        self._pass(1)

    def _open(self) -> None:
        self.backend = MemoryBackend(self.world, ME)
        for id in self.unreadable:
            self.backend.refuse_bodies_with(id)
        store = open_store(self.folder)
        self.desk = Desk(self.backend, store, clock=self.loop.clock, undo_seconds=3.0)
        self.store = store
        for part in (self.desk._engine.sender, self.desk._engine.feed):
            part._backoff._chance.seed(1)
        self.loop.run(self.desk.start())

    def _pass(self, seconds: float) -> None:
        self.loop.run(asyncio.sleep(seconds))

    def _in_loop(self, deed: Callable[[], T]) -> T:
        """A deed as a screen does it: in the running loop."""

        async def do() -> T:
            return deed()

        return self.loop.run(do())

    # -- the agent
    def _submit(self, command: Command) -> None:
        try:
            self._in_loop(lambda: self.desk.submit(command))
        except RefusedHere:
            return

    @rule(pick=PICK)
    def reply(self, pick: int) -> None:
        ticket = self.tickets[pick]
        try:
            part = Part(type="text", text=f"回复 {len(self.sent)}")
            self.sent[self._in_loop(lambda: self.desk.outbox.reply(ticket, (part,)))] = ticket
        except RefusedHere:
            return

    @rule(pick=PICK, refused=st.integers(0, 2), most=st.sampled_from([1, None]))
    def three_replies_wait_and_one_of_them_is_refused_with_its_body(
        self, pick: int, refused: int, most: int | None
    ) -> None:
        self.backend.go_offline()
        before = len(self.sent)
        for _ in range(3):
            self.reply(pick)
        made = list(self.sent)[before:]
        if refused < len(made):
            self.unreadable.add(made[refused])
            self.backend.refuse_bodies_with(made[refused])
        self.backend.refuse_bodies_over(most)
        self._pass(4)
        self.backend.come_back()

    @rule(pick=PICK)
    def note(self, pick: int) -> None:
        part = Part(type="text", text="备注")
        self._submit(AddNote(id=new_id(), ticket=self.tickets[pick], parts=(part,)))

    @rule(pick=PICK, status=STATUSES)
    def set_status(self, pick: int, status: Status) -> None:
        seen = self.desk.tickets.get(self.tickets[pick])
        if seen is not None:
            self._submit(SetStatus(id=new_id(), ticket=seen.id, status=status, version=seen.version))

    @rule(pick=PICK)
    def claim(self, pick: int) -> None:
        seen = self.desk.tickets.get(self.tickets[pick])
        if seen is not None:
            self._submit(Claim(id=new_id(), ticket=seen.id, version=seen.version))

    @rule(pick=PICK, minutes=st.integers(1, 5))
    def snooze(self, pick: int, minutes: int) -> None:
        seen = self.desk.tickets.get(self.tickets[pick])
        if seen is not None:
            until = moment(self.loop.clock() + 60 * minutes)
            self._submit(Snooze(id=new_id(), ticket=seen.id, version=seen.version, until=until))

    @rule()
    def undo_the_last(self) -> None:
        last = next(reversed(self.sent), "")
        if self._in_loop(lambda: self.desk.outbox.undo(last)) is not None:
            self.undone.add(last)

    @rule()
    def send_now(self) -> None:
        last = next(reversed(self.sent), "")
        self._in_loop(lambda: self.desk.outbox.send_now(last))

    @rule(pick=PICK)
    def look(self, pick: int) -> None:
        ticket = self.tickets[pick]
        ids = [s.message.id for s in self.desk.conversations.get(ticket).shown]
        assert len(ids) == len(set(ids)), "a message shows twice"

    # -- the others
    @rule(pick=PICK)
    def the_customer_writes(self, pick: int) -> None:
        held = self.world.tickets[self.tickets[pick]]
        self.world.receive(
            CustomerRef(id=held.customer.id, name=held.customer.name), "还在吗", channel=held.channel
        )

    @rule()
    def a_reply_is_delivered(self) -> None:
        if self.world.replies:
            self.world.deliver(self.world.replies[-1])

    # -- the faults
    @rule()
    def the_line_breaks(self) -> None:
        self.backend.go_offline()

    @rule()
    def the_line_is_back(self) -> None:
        self.backend.come_back()

    @rule(count=st.integers(1, 3))
    def answers_get_lost(self, count: int) -> None:
        self.backend.lose_answers(count)

    @rule()
    def the_line_breaks_on_a_send(self) -> None:
        self.backend.break_on_send()

    @rule(most=st.sampled_from([1, 2, None]))
    def large_bodies_are_refused_as_a_whole(self, most: int | None) -> None:
        self.backend.refuse_bodies_over(most)

    @rule(back=st.integers(1, 3))
    def a_body_with_a_recent_reply_is_refused_as_a_whole(self, back: int) -> None:
        for id in list(self.sent)[-back:][:1]:
            self.unreadable.add(id)
            self.backend.refuse_bodies_with(id)

    @rule(count=st.integers(0, 4))
    def events_are_repeated(self, count: int) -> None:
        self.backend.repeat_events(count)

    @rule(seconds=st.sampled_from([0.0, 0.5, 5.0]))
    def the_feed_lags(self, seconds: float) -> None:
        self.backend.delay_events(seconds)

    @rule()
    def the_token_expires(self) -> None:
        self.backend.expire()

    @rule()
    def there_is_another_token(self) -> None:
        self.desk.use_token("another")

    @rule(seconds=st.sampled_from([0.0, 0.005, 0.1, 1.0, 4.0, 30.0]))
    def time_passes(self, seconds: float) -> None:
        self._pass(seconds)

    @rule(is_clean=st.booleans())
    def the_machine_restarts(self, is_clean: bool) -> None:
        if is_clean:
            self.loop.run(self.desk.stop())
        else:
            self.loop.run(self._crash())
        self._open()

    async def _crash(self) -> None:
        """End like a power cut: nothing is written any more."""
        engine = self.desk._engine
        if engine._timer is not None:
            engine._timer.cancel()
        for task in engine._tasks:
            task.cancel()
        await asyncio.gather(*engine._tasks, return_exceptions=True)
        await self.backend.aclose()
        self.store.close()

    # -- what must hold
    @invariant()
    def what_follows_a_refused_reply_stops(self) -> None:
        if not hasattr(self, "desk"):
            return
        for item in self.desk.outbox.items():
            id = item.command.id
            is_new = id in self.sent and id not in self.refused
            if is_new and item.state is SendState.REFUSED and item.reason != "not-tried":
                self.refused.add(id)
                order = list(self.sent)
                later = order[order.index(id) + 1 :]
                self.stopped |= {one for one in later if self.sent[one] == self.sent[id]}
        arrived = {message.id for message in self.world.replies}
        assert not self.stopped & arrived, "a reply went although the one before it was refused"

    def teardown(self) -> None:
        try:
            if hasattr(self, "desk"):
                self._settle()
                self._no_reply_lost_none_twice()
                self._what_is_seen_is_confirmed()
        finally:
            if hasattr(self, "desk"):
                self.loop.run(self.desk.stop())
            asyncio.set_event_loop(None)
            self.loop.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _settle(self) -> None:
        self.backend.come_back()
        self.backend.refuse_bodies_over(None)
        self.desk.use_token("good")
        self._pass(300)
        for item in self.desk.outbox.items():
            assert item.state in (SendState.REFUSED, SendState.UNSURE), item

    def _no_reply_lost_none_twice(self) -> None:
        kept = {item.command.id for item in self.desk.outbox.items()}
        arrived = [message.id for message in self.world.replies if message.id in self.sent]
        assert len(arrived) == len(set(arrived)), "a reply was sent twice"
        for id in self.sent:
            assert (id in arrived) + (id in kept) + (id in self.undone) == 1, "a reply was lost"
        for ticket in self.tickets:
            wanted = [id for id, where in self.sent.items() if where == ticket and id in arrived]
            assert wanted == [id for id in arrived if self.sent[id] == ticket], "replies overtook each other"

    def _what_is_seen_is_confirmed(self) -> None:
        for id in [item.command.id for item in self.desk.outbox.items()]:
            assert self._in_loop(partial(self.desk.outbox.discard, id)) is not None
        assert not self.desk.outbox.items()
        for id, ticket in self.world.tickets.items():
            assert self.desk.queue.row(id) == row_of(ticket)
            self.loop.run(self.desk.conversations.open(id))
            shown = [
                s.message
                for s in self.desk.conversations.get(id).shown
                if s.message.kind is not MessageKind.EVENT
            ]
            talk = [m for m in self.world.talks[id] if m.kind is not MessageKind.EVENT]
            assert sorted(m.id for m in shown) == sorted(m.id for m in talk)
        assert len(self.desk.queue.ids(View.ALL)) == len(self.world.tickets)


Faults.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

TestFaults = pytest.mark.torture(Faults.TestCase)
