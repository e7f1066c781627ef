"""The state of the desk in memory: what the backend confirmed, and beside it what a person sees."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from msgspec.structs import asdict, replace

from agent_tui.domain.models import (
    Availability,
    Customer,
    CustomerDetail,
    CustomerRef,
    Floor,
    Message,
    Order,
    Role,
    Seat,
    Status,
    Ticket,
    TicketDetail,
)
from agent_tui.domain.policy import Policy
from agent_tui.sync.changes import Changes
from agent_tui.sync.command_queue import CommandQueue, OutboxEntry
from agent_tui.sync.errors import RefusedHere
from agent_tui.sync.index import Index
from agent_tui.sync.overlay import RuleContext, floor_over, lay_over, rule, why_not
from agent_tui.sync.rows import row_of, ticket_of
from agent_tui.sync.shapes import Conversation, Row, Shown, Topic
from agent_tui.sync.snapshot import State
from agent_tui.sync.talks import Talk, conversation_of, own_words

OfCustomer = dict[str, tuple[str, ...] | str]

NOBODY = Seat(id="", name="", role=Role.AGENT, availability=Availability.OFFLINE, connected=False)
KEPT_MESSAGES = 50
_FIELDS = tuple(Ticket.__struct_fields__)


class Prepared(NamedTuple):
    """A state that was put in order beside the one in use."""

    queue: Index
    customers: OfCustomer


class TicketReplica:
    """Rows for all tickets; whole tickets and messages only for those opened, one's own, or on their way."""

    def __init__(
        self, policy: Policy, clock: Callable[[], float], outbox: CommandQueue, changes: Changes
    ) -> None:
        self.index = Index(float(policy.limits.close_to_breach))
        self.floor, self.me = Floor(), NOBODY
        self.is_loaded = False
        self.pack_entries: frozenset[str] | None = None
        self.pack_cards: dict[str, str] = {}
        self._policy, self._clock = policy, clock
        self._outbox, self._changes = outbox, changes
        self._base_floor, self._base_me = Floor(), NOBODY
        self._seats: dict[str, Seat] = {}
        self._full: dict[str, Ticket] = {}
        self._shown: dict[str, Ticket] = {}
        self._over: dict[str, dict[str, Message]] = {}
        self._talks: dict[str, Talk] = {}
        self._opened: set[str] = set()
        self._extra: dict[str, tuple[Order | None, CustomerDetail | None]] = {}
        self._of_customer: OfCustomer = {}
        self._conversations: dict[str, Conversation] = {}

    # -- the whole state
    def use_policy(self, policy: Policy) -> None:
        """Preview by the team's rules; a state that is prepared after this is sorted by them too."""
        self._policy = policy

    def prepare(self, rows: Iterable[Row], me: str) -> Prepared:
        """Sort and index `rows` for the person `me`; touches nothing here, so a thread may do it."""
        index = Index(float(self._policy.limits.close_to_breach))
        index.load(rows, me, self._clock())
        of_customer: OfCustomer = {}
        for row in index.rows.values():
            _note_customer(of_customer, row)
        return Prepared(index, of_customer)

    def load(self, prepared: Prepared, me: Seat, floor: Floor, seats: Iterable[Seat]) -> None:
        """Hold this state and no other; messages of opened tickets stay until they are read anew."""
        self._seats = {seat.id: seat for seat in seats}
        self._base_me = self._seats.get(me.id, me)
        self._base_floor = floor
        self.index, self._of_customer = prepared
        for held in (self._full, self._shown, self._over):
            held.clear()
        self.is_loaded = True
        self.show_all_pending()
        self._changes.topic(Topic.SNAPSHOT)

    def state(self, cursor: str) -> State:
        """The confirmed state, for the snapshot on disk."""
        pending = {id: row_of(self._full[id]) for id in self._shown if id in self._full}
        rows = [pending.get(row.id, row) for row in self.index.rows.values()]
        own = tuple(t for t in self._full.values() if self._is_mine(t))
        talks = tuple(tuple(t.messages[-KEPT_MESSAGES:]) for t in self._talks.values() if t.loaded)
        return State(
            cursor=cursor,
            me=self._base_me,
            floor=self._base_floor,
            seats=tuple(self._seats.values()),
            rows=rows,
            own=own,
            talks=talks,
        )

    def restore(self, own: Iterable[Ticket], talks: Iterable[tuple[Message, ...]]) -> None:
        """Take one's own tickets and their last messages over from the snapshot on disk."""
        for ticket in own:
            self.put_ticket(ticket)
        for messages in talks:
            if messages and messages[0].ticket in self._full:
                self._talks[messages[0].ticket] = talk = Talk()
                for message in messages:
                    talk.put(message)

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
            self._extra[ticket.id] = (ticket.order_detail, ticket.customer_detail)
        if self._is_kept(ticket):
            self._full[ticket.id] = plain
        else:
            self._full.pop(ticket.id, None)
            self._talks.pop(ticket.id, None)
        self.show(ticket.id, plain)

    def put_message(self, message: Message) -> None:
        """Keep `message` where its conversation is here."""
        talk = self._talks.get(message.ticket)
        if talk is not None:
            talk.put(message)
        self.touch(message.ticket)

    def put_customer(self, customer: Customer) -> None:
        """Take a customer's name and tier over into their tickets."""
        held = self._of_customer.get(customer.id, ())
        ref = CustomerRef(id=customer.id, name=customer.name, tier=customer.tier)
        for id in (held,) if isinstance(held, str) else held:
            base = self.base(id)
            if base is None or base.customer.id != customer.id:
                continue
            if id in self._full:
                self._full[id] = replace(base, customer=ref)
            order, detail = self._extra.get(id, (None, None))
            if detail is not None:
                phone, address = customer.phone, customer.address
                known = replace(detail, name=customer.name, tier=customer.tier, phone=phone, address=address)
                self._extra[id] = (order, known)
            self.show(id, replace(base, customer=ref))

    def put_order(self, order: Order) -> None:
        """Take an order over into the opened tickets that name it."""
        for id in self._opened:
            base = self.base(id)
            if base is not None and base.order == order.number:
                self._extra[id] = (order, self._extra.get(id, (None, None))[1])
                self._changes.ticket(id)

    def put_seat(self, seat: Seat) -> None:
        """Keep a colleague's seat, or one's own."""
        self._seats[seat.id] = seat
        if seat.id == self._base_me.id:
            self._base_me = seat
            self._show_floor()
        self._changes.topic(Topic.SEATS)

    def put_floor(self, floor: Floor) -> None:
        """Keep phase and emergency level."""
        self._base_floor = floor
        self._show_floor()

    def drop_ticket(self, ticket: str) -> None:
        """Forget a ticket that left this person's sight."""
        self.index.drop(ticket)
        for held in (self._full, self._shown, self._over, self._talks, self._extra, self._conversations):
            held.pop(ticket, None)
        self._changes.ticket(ticket)
        self._changes.conversation(ticket)

    # -- what a person sees
    def base(self, ticket: str) -> Ticket | None:
        """The confirmed ticket, as far as it is known here."""
        full = self._full.get(ticket)
        if full is not None:
            return full
        row = self.index.rows.get(ticket)
        return None if row is None else ticket_of(row, self._base_floor, self._policy)

    def _is_mine(self, ticket: Ticket) -> bool:
        return ticket.assignee is not None and ticket.assignee.id == self._base_me.id

    def _is_kept(self, ticket: Ticket) -> bool:
        return ticket.id in self._opened or self._is_mine(ticket) or bool(self._outbox.line(ticket.id))

    def show(self, ticket: str, base: Ticket | None = None) -> None:
        """Work out anew what a person sees of a ticket, after its base or its outbox changed."""
        base = base or self.base(ticket)
        if base is None:
            self.touch(ticket)
            return
        line = self._outbox.line(ticket)
        if line:
            # The row is about to show the outbox's effects: what it was made from must outlive it.
            self._full[ticket] = base
            effect = lay_over(base, line, self.around())
            self._shown[ticket], self._over[ticket] = effect.ticket, effect.messages
        else:
            self._shown.pop(ticket, None)
            self._over.pop(ticket, None)
            if not self._is_kept(base):
                self._full.pop(ticket, None)
        row = row_of(self._shown.get(ticket, base))
        self.index.put(row, self._clock())
        _note_customer(self._of_customer, row)
        self.touch(ticket)
        self._changes.ticket(ticket)

    def touch(self, ticket: str) -> None:
        """A ticket's conversation looks different now."""
        self._conversations.pop(ticket, None)
        self._changes.conversation(ticket)

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
        before = self.me.id
        self.me, self.floor = floor_over(
            self._base_me, self._base_floor, self._outbox.line(""), self.around()
        )
        if self.me.id != before:
            self.index.set_me(self.me.id, self._clock())
        self._changes.topic(Topic.FLOOR)
        self._changes.topic(Topic.SEATS)

    def set_me(self, seat: Seat) -> None:
        """Who sits here; what is known of their seat stays."""
        self._base_me = self._seats.get(seat.id, seat)
        self._show_floor()

    def around(self) -> RuleContext:
        """What the rules want to know besides a ticket."""
        return RuleContext(
            me=self._base_me,
            floor=self._base_floor,
            policy=self._policy,
            seat=self._seats.get,
            message=self.message,
            pack_entries=self.pack_entries,
            pack_cards=self.pack_cards,
        )

    def check(self, entry: OutboxEntry) -> None:
        """Raise RefusedHere when the rules refuse `entry` on what is seen here."""
        seen = replace(self.around(), me=self.me, floor=self.floor)
        why = why_not(rule(entry, self.ticket(entry.ticket), seen))
        if why is not None:
            raise RefusedHere(*why)

    def packs_changed(self) -> None:
        """A knowledge pack has a new version."""
        self._changes.topic(Topic.PACKS)

    # -- reads
    def seats(self) -> tuple[Seat, ...]:
        """Everybody's seat, by name; one's own with the outbox's effects."""
        held = {**self._seats, **({self.me.id: self.me} if self.me.id else {})}
        return tuple(sorted(held.values(), key=lambda seat: (seat.name, seat.id)))

    def seat(self, id: str) -> Seat | None:
        """The seat of a person."""
        return self.me if id and id == self.me.id else self._seats.get(id)

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
        shown, extra = self.ticket(ticket), self._extra.get(ticket)
        if shown is None or extra is None:
            return None
        order, customer = extra
        if order is not None and order.number != shown.order:
            order = None
        return TicketDetail(
            **{name: getattr(shown, name) for name in _FIELDS}, order_detail=order, customer_detail=customer
        )

    def message(self, ticket: str, id: str) -> Message | None:
        """A message of a conversation that is here, confirmed or on its way."""
        talk = self._talks.get(ticket)
        found = talk.get(id) if talk is not None else None
        return found or self._over.get(ticket, {}).get(id)

    def conversation(self, ticket: str) -> Conversation:
        """What is here of a ticket's messages, our own unsent ones at the end."""
        held = self._conversations.get(ticket)
        if held is None:
            over, unsent = self._over.get(ticket, {}), self._unsent(ticket)
            held = conversation_of(self._talks.get(ticket), over, unsent)
            self._conversations[ticket] = held
        return held

    def _unsent(self, ticket: str) -> dict[str, Shown]:
        over = self._over.get(ticket, {})
        return {
            e.command.id: Shown(
                message=over.get(e.command.id) or own_words(e.command, self.me, e.created_at),
                state=e.state,
                until=e.until,
                reason=e.reason,
            )
            for e in self._outbox.line(ticket)
            if e.is_words
        }

    # -- opened tickets
    def open(self, ticket: str) -> Talk:
        """Begin to keep a ticket's messages and whole state."""
        self._opened.add(ticket)
        base = self.base(ticket)
        if base is not None:
            self._full[ticket] = base
        talk = self._talks.setdefault(ticket, Talk())
        talk.expect_page()
        return talk

    def close(self, ticket: str) -> None:
        """Let go of a ticket's messages, unless it is this person's own."""
        self._opened.discard(ticket)
        base = self.base(ticket)
        if base is not None and base.status is Status.CLOSED:
            self.drop_ticket(ticket)
        elif base is None or not self._is_kept(base):
            for held in (self._full, self._talks, self._extra, self._conversations):
                held.pop(ticket, None)

    def opened(self) -> frozenset[str]:
        """The tickets that are open here."""
        return frozenset(self._opened)

    def talk(self, ticket: str) -> Talk | None:
        """The messages of a ticket, when they are kept."""
        return self._talks.get(ticket)


def _note_customer(of_customer: OfCustomer, row: Row) -> None:
    # One id as itself, several as a tuple: nearly every customer has one ticket, and sets are large.
    held = of_customer.get(row.customer_id)
    if held is None:
        of_customer[row.customer_id] = row.id
    elif held != row.id and (isinstance(held, str) or row.id not in held):
        of_customer[row.customer_id] = (*((held,) if isinstance(held, str) else held), row.id)


def _plain(ticket: Ticket) -> Ticket:
    if type(ticket) is Ticket:
        return ticket
    fields = asdict(ticket)
    return Ticket(**{name: fields[name] for name in _FIELDS})
