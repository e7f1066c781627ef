"""Two laws of the client: what it folds is what the helpdesk has, and what it predicts is what comes."""

from collections.abc import Callable
from random import Random

from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st
from msgspec.structs import asdict

from agent_tui.backends.memory import World
from agent_tui.backends.memory.reads import as_seen, detail_of
from agent_tui.domain.commands import Command
from agent_tui.domain.events import MessageAdded, MessageChanged, TicketChanged
from agent_tui.domain.models import Message, Role, Seat, Status, Ticket, TicketDetail
from agent_tui.domain.privacy import mask_message, mask_ticket
from agent_tui.domain.rules import apply, may_see
from agent_tui.sync.changes import Changes
from agent_tui.sync.command_queue import CommandQueue, OutboxEntry
from agent_tui.sync.overlay import floor_over, lay_over
from agent_tui.sync.replica import TicketReplica
from agent_tui.sync.rows import row_of
from agent_tui.sync.shapes import SendState
from agent_tui.wire import Outcome
from tests.sync.anything import PACK, PEOPLE, Anything

# What a seat's row says that no command of its own decides: told when it has changed, counted by others.
NOT_PREDICTED_OF_A_SEAT = frozenset({"load", "connected"})
STEPS = 50
# A seed is as short as an example gets.
_SEEDS = given(st.integers(0, 2**32))
_ONCE = settings(max_examples=60, phases=(Phase.explicit, Phase.reuse, Phase.generate))


def law(check: Callable[[int], None]) -> Callable[[], None]:
    """`check` for any seed of the dice."""
    return _ONCE(_SEEDS(check))


class Client:
    """One person's replica, fed by the helpdesk's log as a line would feed it."""

    def __init__(self, world: World, person: str) -> None:
        self.world, self.person = world, person
        self.replica = TicketReplica(world.policy, world.clock, CommandQueue(), Changes())
        rows = [row_of(ticket) for ticket in self.visible().values()]
        prepared = self.replica.prepare(rows, person)
        self.replica.load(prepared, self.seat, world.floor, tuple(world.seats.values()))
        if self.seat.role is Role.HELPER:
            self.replica.use_pack(PACK.entries, PACK.cards)
        self._read = len(world.log)

    @property
    def seat(self) -> Seat:
        return self.world.seats[self.person]

    def masked(self, ticket: Ticket) -> Ticket:
        return mask_ticket(ticket) if self.seat.role is Role.HELPER else ticket

    def visible(self) -> dict[str, Ticket]:
        """The tickets that a snapshot would hold now."""
        seen = [t for t in self.world.tickets.values() if may_see(self.seat, t)]
        return {t.id: self.masked(t) for t in seen if t.status is not Status.CLOSED}

    def follow(self) -> None:
        """Fold what the feed has brought."""
        for event in self.world.log[self._read :]:
            seen = as_seen(self.world, event, self.seat)
            if seen is not None:
                apply(seen, self.replica)
        self._read = len(self.world.log)

    def open(self, ticket: str) -> None:
        """Read a ticket in full, as a person who looks at it does."""
        talk = self.replica.open(ticket)
        detail = self.masked(detail_of(self.world, self.world.tickets[ticket]))
        assert isinstance(detail, TicketDetail)
        self.replica.put_ticket(detail)
        talk.newest_page(self.talk(ticket), more=False)

    def talk(self, ticket: str) -> list[Message]:
        talk = self.world.talks.get(ticket, [])
        if self.seat.role is not Role.HELPER:
            return talk
        name = self.world.tickets[ticket].customer.name
        return [mask_message(message, name) for message in talk]


@law
def test_folding_the_feed_gives_what_a_snapshot_would(seed: int) -> None:
    dice = Random(seed)
    around = Anything(dice)
    clients = [Client(around.world, seat.id) for seat in PEOPLE]
    for _ in range(STEPS):
        happens(around, dice)
        for client in clients:
            if dice.random() < 0.3:
                client.follow()
            seen = sorted(client.visible().keys() - client.replica.opened)
            if seen and dice.random() < 0.1:
                client.follow()
                client.open(dice.choice(seen))
    for client in clients:
        client.follow()
        folded, whole = client.replica.index.rows, client.visible()
        rows = {id: row_of(ticket) for id, ticket in whole.items()}
        assert {id: row for id, row in folded.items() if row.status is not Status.CLOSED} == rows
        for id in client.replica.opened & whole.keys():
            assert client.replica.base(id) == whole[id]
        assert client.replica.team.base_floor == around.world.floor
        seats = {seat.id: seat for seat in client.replica.team.confirmed()}
        assert seats == around.world.seats


def happens(around: Anything, dice: Random) -> None:
    """One more thing: a command of anybody, or something else."""
    if dice.random() < 0.4:
        around.happens()
        return
    actor = around.person()
    command = around.command(actor)
    if command is not None:
        note(f"{actor.id}: {command}")
        around.world.carry_out(actor.id, (command,))


@law
def test_what_is_predicted_of_a_command_is_what_the_feed_brings(seed: int) -> None:
    dice = Random(seed)
    around = Anything(dice)
    for _ in range(STEPS):
        around.happens()
        actor = around.person()
        command = around.command(actor)
        if command is None:
            continue
        note(f"{actor.id}: {command}")
        client = Client(around.world, actor.id)
        if command.ticket is None:
            predict_floor(client, command)
        elif command.ticket in client.visible():
            client.open(command.ticket)
            predict_ticket(client, command, command.ticket)


def entry_of(client: Client, command: Command) -> OutboxEntry:
    now = client.world.clock()
    return OutboxEntry(command=command, seq=1, state=SendState.QUEUED, created_at=now)


def sent(client: Client, command: Command) -> Outcome:
    return client.world.carry_out(client.person, (command,))[0]


def predict_ticket(client: Client, command: Command, ticket: str) -> None:
    entry, base = entry_of(client, command), client.replica.base(ticket)
    assert base is not None
    effect = lay_over(base, [entry], client.replica.around())
    begin = len(client.world.log)
    outcome = sent(client, command)
    if outcome.outcome == "conflict":
        return  # the version is the helpdesk's to check
    assert (effect.ticket != base) is (outcome.outcome == "applied"), outcome
    if outcome.outcome == "applied":
        place = int((outcome.cursor or "").rpartition(":")[2])
        brought = client.world.log[begin:place]
        came = [e.ticket for e in brought if isinstance(e, TicketChanged) and e.ticket.id == ticket]
        assert asdict(effect.ticket) == asdict(client.masked(came[-1]))
        said = {e.message.id for e in brought if isinstance(e, MessageAdded | MessageChanged)}
        assert effect.messages == {m.id: m for m in client.talk(ticket) if m.id in said}


def predict_floor(client: Client, command: Command) -> None:
    replica, before = client.replica, client.world.floor
    entry = entry_of(client, command)
    me, floor = floor_over(client.seat, before, [entry], replica.around())
    if sent(client, command).outcome == "applied":
        after = asdict(client.seat)
        predicted = {k: v for k, v in asdict(me).items() if k not in NOT_PREDICTED_OF_A_SEAT}
        assert predicted == {k: after[k] for k in predicted}
        assert floor == client.world.floor
