"""Helpers in a helpdesk in memory: what the rules say of them is looked up, made true and told."""

from msgspec.structs import replace

from agent_tui.backends.memory.state import WorldState
from agent_tui.domain.assignment import buddy_for, is_free, is_routable, kept_for_core, queue_order, routed
from agent_tui.domain.events import SeatChanged, TicketChanged
from agent_tui.domain.intake import words_of
from agent_tui.domain.lending import PackRules
from agent_tui.domain.models import Message, MessageKind, MessageState, Role, Seat, Ticket
from agent_tui.domain.ruling import Chat, person_of
from agent_tui.domain.shifts import ended, watched
from agent_tui.domain.urgency import SETTLED


class WorldLending:
    """Does by itself what the server does; only for packs that were published with their rules."""

    def __init__(self, state: WorldState) -> None:
        self._state = state
        self.packs: dict[str, PackRules] = {}
        self.ended: set[str] = set()

    def pack_of(self, seat: Seat | None) -> PackRules | None:
        """The rules of the pack a helper answers from."""
        return self.packs.get(seat.pack or "") if seat is not None and seat.role is Role.HELPER else None

    def awaiting(self, ticket: Ticket) -> tuple[Message, ...]:
        """The replies on `ticket` that await approval."""
        return tuple(m for m in self._state.talks.get(ticket.id, ()) if m.state is MessageState.AWAITING)

    def chats(self, person: str) -> tuple[Chat, ...]:
        """All that somebody has open."""
        mine = [t for t in self._state.tickets.values() if t.assignee is not None and t.assignee.id == person]
        return tuple(self._chat(ticket) for ticket in mine if ticket.status not in SETTLED)

    def _chat(self, ticket: Ticket) -> Chat:
        return Chat(ticket=ticket, event=self._state.fresh_id(), awaiting=self.awaiting(ticket))

    def end(self, helper: str, label: str) -> None:
        """End a helper's shift: what they have open goes back to the queue, their line holds no longer."""
        self._state.commit(ended(self._state.seats[helper], self.chats(helper), label, self._state.moment))
        self.ended.add(helper)

    # -- by itself

    def settle(self) -> None:
        """Pair helpers who have no buddy, and give each who is free the most urgent customer that fits."""
        for seat in list(self._state.seats.values()):
            pack = self.pack_of(seat)
            if pack is None or not is_free(seat, ()):
                continue
            if seat.buddy is None and not seat.alone:
                self._pair(seat)
            if is_free(seat, self._state.tickets.values()):
                self._give(seat, pack)

    def _pair(self, seat: Seat) -> None:
        buddy = buddy_for(self._state.seats.values(), seat.team, self._state.policy)
        if buddy is not None:
            self._state.commit((SeatChanged(seat=replace(seat, buddy=buddy)),))

    def _give(self, seat: Seat, pack: PackRules) -> None:
        """Customers with emergency words stay with core agents."""
        at = self._state.moment
        waiting = [t for t in self._state.tickets.values() if is_routable(t, seat.team, pack, at)]
        for ticket in sorted(waiting, key=queue_order):
            if pack.calls(self._said(ticket.id)) is None:
                self._state.commit(routed(self._state.fresh_id(), ticket, person_of(seat), at))
                return
            self._state.commit_aside((TicketChanged(ticket=kept_for_core(ticket)),))

    def watch(self, before: Ticket, said: Message | None = None) -> None:
        """Look at a helper's ticket that was `before` a moment ago: a card, or passing it on."""
        ticket = self._state.tickets[before.id]
        seat = self._state.seats.get(ticket.assignee.id) if ticket.assignee else None
        pack = self.pack_of(seat)
        if seat is not None and pack is not None:
            words = words_of(said) if said is not None else ""
            events = watched(before, self._chat(ticket), seat, pack, words, self._state.moment)
            self._state.commit(events)

    def _said(self, ticket: str) -> str:
        talk = self._state.talks.get(ticket, ())
        return "\n".join(words_of(m) for m in talk if m.kind is MessageKind.CUSTOMER)
