"""A helpdesk in memory as a whole: its state, and the parts by which something happens there."""

from collections.abc import Callable, Iterable

from agent_tui.backends.memory.attendance import WorldAttendance
from agent_tui.backends.memory.content_versions import WorldContent
from agent_tui.backends.memory.entries import WorldKnowledge
from agent_tui.backends.memory.executor import WorldCommands
from agent_tui.backends.memory.inbound import WorldInbound
from agent_tui.backends.memory.lending import WorldLending
from agent_tui.backends.memory.onlookers import WorldPresence
from agent_tui.backends.memory.state import WorldState
from agent_tui.backends.memory.timers import WorldTimers
from agent_tui.domain.commands import Command
from agent_tui.domain.lending import PackRules
from agent_tui.domain.policy import Policy
from agent_tui.wire import Outcome


class World(WorldState):
    """People send commands (`carry_out`), customers write (`receive`), the shop tells what it knows, and time
    passes (`tick`)."""

    def __init__(self, clock: Callable[[], float], policy: Policy | None = None) -> None:
        super().__init__(clock, policy)
        self.lending = WorldLending(self)
        self.attendance = WorldAttendance(self)
        self.timers = WorldTimers(self, self.lending, self.attendance)
        self.shared = WorldKnowledge(lambda event: self.commit((event,)), clock)
        self.content = WorldContent(lambda event: self.commit((event,)), clock)
        self.presence = WorldPresence()
        self._commands = WorldCommands(self, self.lending)
        inbound = WorldInbound(self, self.lending)
        self.receive, self.deliver = inbound.receive, inbound.deliver
        self.set_order, self.set_customer = inbound.set_order, inbound.set_customer

    def carry_out(self, actor: str, commands: Iterable[Command]) -> tuple[Outcome, ...]:
        """One outcome a command, in order, and what follows by itself."""
        self.tick()
        outcomes = self._commands.carry_out(actor, commands)
        self.tick()
        self.lending.settle()
        return outcomes

    def tick(self) -> None:
        """Do what is due by now."""
        self.timers.tick()

    def next_in(self) -> float | None:
        """Seconds until something is due; None while nothing is."""
        return self.timers.next_in()

    def publish(self, pack: PackRules) -> None:
        """Put a pack in force: helpers with it are given what it is for, and watched."""
        self.lending.packs[pack.id] = pack
        self.packs[pack.id] = pack.entries
        self.lending.settle()
