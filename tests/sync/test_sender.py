"""A batch refused as a whole: its commands go one by one, in order, and a refusal stops the ticket's line.

Every fault is tried on every command of a batch, with the body refused before (413) and without.
"""

from enum import StrEnum

import pytest

from agent_tui.backends.base import AuthExpired, Unavailable
from agent_tui.backends.memory import MemoryBackend, World
from agent_tui.desk import SendState
from agent_tui.domain.commands import Command
from agent_tui.wire import Outcome
from tests.sync.desk_at_work import AtWork, at_work, text

WORDS = ("一", "二", "三")


class Fault(StrEnum):
    NONE = "none"
    TIMEOUT = "timeout"
    ANSWER_LOST = "answer lost"
    TOKEN_EXPIRED = "token expired"
    UNREADABLE = "unreadable"
    NO_OUTCOME = "no outcome"


class FaultyLine(MemoryBackend):
    """A line that fails once at the command `at`, however many go with it."""

    def __init__(self, world: World) -> None:
        super().__init__(world, "me")
        self.fault, self.at = Fault.NONE, ""

    async def send(self, commands: tuple[Command, ...]) -> tuple[Outcome, ...]:
        self.check_body(commands)
        fault = self.fault if self.at in [command.id for command in commands] else Fault.NONE
        self.fault = Fault.NONE if fault is not Fault.NONE else self.fault
        if fault is Fault.TIMEOUT:
            raise Unavailable("timeout")
        if fault is Fault.TOKEN_EXPIRED:
            self.expire()
            raise AuthExpired("token-expired")
        if fault is Fault.UNREADABLE:
            self.refuse_bodies_with(self.at)
        outcomes = await super().send(commands)
        if fault is Fault.ANSWER_LOST:
            raise Unavailable("answer-lost")
        return tuple(o for o in outcomes if fault is not Fault.NO_OUTCOME or o.id != self.at)


def three_replies(work: AtWork, line: FaultyLine) -> list[str]:
    """Three replies to one customer that wait for the line; answers their commands' ids."""
    work.backend = line
    work.loop.run(work.desk.stop())
    work.open()
    work.start()
    ticket = work.customer("a", "在吗")
    work.pass_time(1)
    line.go_offline()
    work.pass_time(1)
    replies = [work.do(lambda word=word: work.desk.outbox.reply(ticket, text(word))) for word in WORDS]
    work.pass_time(5)
    return replies


def line_is_back(work: AtWork, line: FaultyLine) -> None:
    line.come_back()
    work.pass_time(60)
    if work.desk.outbox.items():
        work.do(lambda: work.desk.use_token("another"))
        work.pass_time(60)


@pytest.mark.parametrize("most", [1, 2, None])
@pytest.mark.parametrize("place", range(len(WORDS)))
@pytest.mark.parametrize("fault", list(Fault))
def test_replies_of_a_ticket_keep_their_order_and_stop_at_a_refusal(
    fault: Fault, place: int, most: int | None
) -> None:
    with at_work() as work:
        line = FaultyLine(work.world)
        replies = three_replies(work, line)
        line.refuse_bodies_over(most)
        line.fault, line.at = fault, replies[place]
        line_is_back(work, line)
        assert line.fault is Fault.NONE, "the fault never struck"
        sent = WORDS[:place] if fault is Fault.UNREADABLE else WORDS
        assert work.replies() == list(sent)
        left = [(item.state, item.reason) for item in work.desk.outbox.items()]
        wanted = ["bad-request", "not-tried", "not-tried"][: len(WORDS) - len(sent)]
        assert left == [(SendState.REFUSED, reason) for reason in wanted]


def test_a_refused_batch_of_several_tickets_stops_the_refused_ticket_alone() -> None:
    with at_work() as work:
        line = FaultyLine(work.world)
        replies = three_replies(work, line)
        other = next(iter(work.world.tickets))
        line.come_back()
        second = work.customer("b", "发票呢")
        work.pass_time(10)
        line.go_offline()
        work.pass_time(1)
        assert not work.desk.outbox.items()
        first = work.do(lambda: work.desk.outbox.reply(other, text("四")))
        work.do(lambda: work.desk.outbox.reply(other, text("五")))
        work.do(lambda: work.desk.outbox.reply(second, text("六")))
        work.pass_time(5)
        line.refuse_bodies_with(first)
        line_is_back(work, line)
        assert work.replies() == [*WORDS, "六"]
        assert len(replies) == len(WORDS)
