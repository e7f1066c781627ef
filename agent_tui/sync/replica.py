"""The local replica (cache): what the backend confirmed, and beside it what a person sees."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from msgspec.structs import asdict, replace

from agent_tui.domain.models import (
    Customer,
    CustomerRef,
    Floor,
    Message,
    Order,
    Seat,
    Status,
    Ticket,
    TicketDetail,
)
from agent_tui.domain.policy import Policy
from agent_tui.sync.changes import Changes
from agent_tui.sync.command_queue import CommandQueue, OutboxEntry
from agent_tui.sync.details import TICKET_FIELDS, CustomerTickets, TicketDetails
from agent_tui.sync.errors import RefusedHere
from agent_tui.sync.index import QueueIndex
from agent_tui.sync.message_log import MessageLog
from agent_tui.sync.overlay import RuleContext, floor_over, lay_over, rule, why_not
from agent_tui.sync.rows import row_of, ticket_of
from agent_tui.sync.shapes import Row, Topic
from agent_tui.sync.snapshot import ReplicaState
from agent_tui.sync.team import Team
from agent_tui.sync.threads import MessageThread


class PreparedState(NamedTuple):
    """A state that was put in order beside the one in use."""

    queue: QueueIndex
    customers: CustomerTickets


class TicketReplica:
    """Rows for all tickets; whole tickets and messages only for those opened, one's own, or on their way."""

    def __init__(
        self, policy: Policy, clock: Callable[[], float], outbox: CommandQueue, changes: Changes
    ) -> None:
        self.index = QueueIndex(float(policy.limits.close_to_breach))
        self.is_loaded = False
        self.pack_entries: frozenset[str] | None = None
        self.pack_cards: dict[str, str] = {}
        self.policy, self._clock = policy, clock
        self._outbox, self._changes = outbox, changes
        self.team = Team(changes)
        self.messages = MessageLog(outbox, changes, lambda: self.team.me)
        self._full: dict[str, Ticket] = {}
        self._shown: dict[str, Ticket] = {}
        self.opened: set[str] = set()
        self._details, self._customers = TicketDetails(), CustomerTickets()

    # -- the whole state
    def prepare(self, rows: Iterable[Row], me: str) -> PreparedState:
        """Sort and index `rows` for the person `me`; touches nothing here, so a thread may do it."""
        index = QueueIndex(float(self.policy.limits.close_to_breach))
        index.load(rows, me, self._clock())
        return PreparedState(index, CustomerTickets(index.rows.values()))

    def load(self, prepared: PreparedState, me: Seat, floor: Floor, seats: Iterable[Seat]) -> None:
        """Hold this state and no other; messages of opened tickets stay until they are read anew."""
        self.team.load(me, floor, seats)
        self.index, self._customers = prepared
        self._full.clear()
        self._shown.clear()
        self.messages.clear_effects()
        self.is_loaded = True
        self.show_all_pending()
        self._changes.topic(Topic.SNAPSHOT)

    def state(self, cursor: str) -> ReplicaState:
        """The confirmed state, for the snapshot on disk."""
        pending = {id: row_of(self._full[id]) for id in self._shown if id in self._full}
        rows = [pending.get(row.id, row) for row in self.index.rows.values()]
        own = tuple(t for t in self._full.values() if self._is_mine(t))
        return ReplicaState(
            cursor=cursor,
            me=self.team.base_me,
            floor=self.team.base_floor,
            seats=self.team.confirmed(),
            rows=rows,
            own=own,
            talks=self.messages.kept(),
        )

    def restore(self, own: Iterable[Ticket], talks: Iterable[tuple[Message, ...]]) -> None:
        """Take one's own tickets and their last messages over from the snapshot on disk."""
        for ticket in own:
            self.put_ticket(ticket)
        for messages in talks:
            if messages and messages[0].ticket in self._full:
                self.messages.restore(messages)

    # -- rules.Replica: what the backend states
    def put_ticket(self, ticket: Ticket) -> None:
        """Keep `ticket` as confirmed, unless something newer is here."""
        base = self.base(ticket.id)
        if base is not None and ticket.version < base.version:
            return
        if ticket.status is Status.CLOSED and not self._is_kept(ticket):
            self.drop_ticket(ticket.id)
            return
        plain = _plain(ticket)
        if isinstance(ticket, TicketDetail):
            self._details.keep(ticket)
        if self._is_kept(ticket):
            self._full[ticket.id] = plain
        else:
            self._full.pop(ticket.id, None)
            self.messages.let_go(ticket.id)
        self.show(ticket.id, plain)

    def put_message(self, message: Message) -> None:
        """Keep `message` where its conversation is here."""
        self.messages.put(message)

    def put_customer(self, customer: Customer) -> None:
        """Take a customer's name and tier over into their tickets."""
        ref = CustomerRef(id=customer.id, name=customer.name, tier=customer.tier)
        for id in self._customers.of(customer.id):
            base = self.base(id)
            if base is None or base.customer.id != customer.id:
                continue
            if id in self._full:
                self._full[id] = replace(base, customer=ref)
            self._details.put_customer(id, customer)
            self.show(id, replace(base, customer=ref))

    def put_order(self, order: Order) -> None:
        """Take an order over into the opened tickets that name it."""
        for id in self.opened:
            base = self.base(id)
            if base is not None and base.order == order.number:
                self._details.put_order(id, order)
                self._changes.ticket(id)

    def put_seat(self, seat: Seat) -> None:
        """Keep a colleague's seat, or one's own."""
        self.team.put(seat)
        if seat.id == self.team.base_me.id:
            self._show_floor()

    def put_floor(self, floor: Floor) -> None:
        """Keep phase and emergency level."""
        self.team.base_floor = floor
        self._show_floor()

    def drop_ticket(self, ticket: str) -> None:
        """Forget a ticket that left this person's sight."""
        self.index.drop(ticket)
        self._full.pop(ticket, None)
        self._shown.pop(ticket, None)
        self._details.drop(ticket)
        self._changes.ticket(ticket)
        self.messages.drop(ticket)

    # -- what a person sees
    def base(self, ticket: str) -> Ticket | None:
        """The confirmed ticket, as far as it is known here."""
        full = self._full.get(ticket)
        if full is not None:
            return full
        row = self.index.rows.get(ticket)
        return None if row is None else ticket_of(row, self.team.base_floor, self.policy)

    def _is_mine(self, ticket: Ticket) -> bool:
        return ticket.assignee is not None and ticket.assignee.id == self.team.base_me.id

    def _is_kept(self, ticket: Ticket) -> bool:
        return ticket.id in self.opened or self._is_mine(ticket) or bool(self._outbox.line(ticket.id))

    def show(self, ticket: str, base: Ticket | None = None) -> None:
        """Work out anew what a person sees of a ticket, after its base or its outbox changed."""
        base = base or self.base(ticket)
        if base is None:
            self.messages.touch(ticket)
            return
        line = self._outbox.line(ticket)
        if line:
            # The row is about to show the outbox's effects: what it was made from must outlive it.
            self._full[ticket] = base
            effect = lay_over(base, line, self.around())
            self._shown[ticket] = effect.ticket
            self.messages.lay_over(ticket, effect.messages)
        else:
            self._shown.pop(ticket, None)
            self.messages.lay_over(ticket, {})
            if not self._is_kept(base):
                self._full.pop(ticket, None)
        row = row_of(self._shown.get(ticket, base))
        self.index.put(row, self._clock())
        self._customers.note(row)
        self.messages.touch(ticket)
        self._changes.ticket(ticket)

    def show_all_pending(self) -> None:
        """Work out anew every ticket that has something in the outbox."""
        for ticket in {entry.ticket for entry in self._outbox}:
            if ticket:
                self.show(ticket)
        self._show_floor()

    def show_line(self, line: str) -> None:
        """Work out anew what one line of the outbox changes: a ticket, or the floor when it is empty."""
        if line:
            self.show(line)
        else:
            self._show_floor()
        self._changes.topic(Topic.OUTBOX)

    def _show_floor(self) -> None:
        team, before = self.team, self.team.me.id
        team.show(*floor_over(team.base_me, team.base_floor, self._outbox.line(""), self.around()))
        if team.me.id != before:
            self.index.set_me(team.me.id, self._clock())

    def set_me(self, seat: Seat) -> None:
        """Who sits here; what is known of their seat stays."""
        self.team.set_me(seat)
        self._show_floor()

    def around(self) -> RuleContext:
        """What the rules want to know besides a ticket."""
        return RuleContext(
            me=self.team.base_me,
            floor=self.team.base_floor,
            policy=self.policy,
            seat=self.team.confirmed_seat,
            message=self.messages.message,
            pack_entries=self.pack_entries,
            pack_cards=self.pack_cards,
        )

    def check(self, entry: OutboxEntry) -> None:
        """Raise RefusedHere when the rules refuse `entry` on what is seen here."""
        seen = replace(self.around(), me=self.team.me, floor=self.team.floor)
        why = why_not(rule(entry, self.ticket(entry.ticket), seen))
        if why is not None:
            raise RefusedHere(*why)

    def packs_changed(self) -> None:
        """A knowledge pack has a new version."""
        self._changes.topic(Topic.PACKS)

    # -- reads
    def ticket(self, ticket: str) -> Ticket | None:
        """A ticket as a person sees it."""
        return self._shown.get(ticket) or self.base(ticket)

    def get(self, ticket: str) -> Ticket | None:
        """A ticket with its promises and urgency, the outbox's effects included; detail when it is loaded."""
        return self.detail(ticket) or self.ticket(ticket)

    def use_pack(self, entries: frozenset[str], cards: dict[str, str] | None = None) -> None:
        """A helper answers from these entries, and has these emergency cards by their words: what is sent of
        them need not seem to await approval."""
        self.pack_entries, self.pack_cards = entries, cards or {}

    def detail(self, ticket: str) -> TicketDetail | None:
        """A ticket with order and customer spelled out, when that has been read."""
        shown = self.ticket(ticket)
        return None if shown is None else self._details.spelled_out(shown)

    # -- opened tickets
    def open(self, ticket: str) -> MessageThread:
        """Begin to keep a ticket's messages and whole state."""
        self.opened.add(ticket)
        base = self.base(ticket)
        if base is not None:
            self._full[ticket] = base
        return self.messages.open(ticket)

    def close(self, ticket: str) -> None:
        """Let go of a ticket's messages, unless it is this person's own."""
        self.opened.discard(ticket)
        base = self.base(ticket)
        if base is not None and base.status is Status.CLOSED:
            self.drop_ticket(ticket)
        elif base is None or not self._is_kept(base):
            self._full.pop(ticket, None)
            self._details.drop(ticket)
            self.messages.let_go(ticket)


def _plain(ticket: Ticket) -> Ticket:
    if type(ticket) is Ticket:
        return ticket
    fields = asdict(ticket)
    return Ticket(**{name: fields[name] for name in TICKET_FIELDS})
