"""The customers of a drill at their helpdesk: who waits, who is here, at which turn and since when."""

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec.structs import replace

from agent_tui.backends.memory import World
from agent_tui.domain.events import TicketChanged
from agent_tui.domain.models import Category, Customer, CustomerRef, Person, Status, Ticket
from agent_tui.drill.orders import bought
from agent_tui.drill.sets import DrillCustomer, Turn
from agent_tui.knowledge.packs.resolved import ResolvedPack
from agent_tui.knowledge.templates.values import Values

_NAMES = {
    "zh": tuple(f"{surname}*" for surname in "陈王李赵刘孙周吴郑冯褚卫蒋沈韩"),
    "en": ("Emma", "Noah", "Olivia", "Liam", "Mia", "Lucas", "Ava", "Ethan", "Zoe", "Owen", "Ruby", "Leo",
           "Nora", "Max", "Ivy"),
}  # fmt: skip


class Visits:
    """`here` are the customers who have come, by ticket; `values` is what templates may say of each."""

    def __init__(
        self,
        world: World,
        me: str,
        pack: ResolvedPack,
        customers: Iterable[DrillCustomer],
        clock: Callable[[], float],
    ) -> None:
        self._world, self._me, self._pack, self._clock = world, me, pack, clock
        self.waiting = list(customers)
        self.here: dict[str, DrillCustomer] = {}
        self.turns: dict[str, int] = {}
        self.since: dict[str, float] = {}
        self.values: dict[str, Values] = {}

    # -- who is here
    def open(self) -> list[Ticket]:
        """Whom the helper has: those on the screen, and those who are just about to come back."""
        mine = (self._world.tickets[id] for id in self.here)
        return [one for one in mine if self._is_held(one) or self._has_more(one)]

    def _is_mine(self, ticket: Ticket) -> bool:
        return ticket.assignee is not None and ticket.assignee.id == self._me

    def _is_held(self, ticket: Ticket) -> bool:
        return self._is_mine(ticket) and ticket.status in (Status.NEW, Status.OPEN)

    def _has_more(self, ticket: Ticket) -> bool:
        return self._is_mine(ticket) and self.turns[ticket.id] + 1 < len(self.here[ticket.id].turns)

    def turn(self, ticket: str) -> Turn:
        """What a customer says now, and what would be right."""
        return self.here[ticket].turns[self.turns[ticket]]

    def seconds(self, ticket: str) -> float:
        """How long a customer has waited for an answer to what they said last."""
        return self._clock() - self.since[ticket]

    def left(self) -> list[str]:
        """The tickets that nobody has since a break came between."""
        return [id for id in self.here if self._world.tickets[id].assignee is None]

    # -- who comes and goes
    def admit_next(self) -> None:
        """The next customer comes."""
        customer = self.waiting.pop(0)
        number, language = len(self.here), self._pack.pack.language
        names = _NAMES[language]
        who = CustomerRef(id=f"c-{customer.id}", name=names[number % len(names)])
        today = datetime.fromtimestamp(self._clock()).astimezone().date()  # the helper's calendar
        values, order = bought(customer, today, language, who.id, number)
        self._world.put_customer(Customer(id=who.id, name=who.name))
        if order is not None:
            self._world.put_order(order)
        for said in customer.says:
            ticket = self._world.receive(who, said, order=order.number if order else None)
        self.here[ticket.id], self.turns[ticket.id] = customer, 0
        self.values[ticket.id] = {"customer.name": who.name, **values}
        self.give(ticket.id)

    def give(self, ticket: str) -> None:
        """The helper has a customer, from now on."""
        held, me = self._world.tickets[ticket], Person(id=self._me, name=self._world.seats[self._me].name)
        self.since[ticket] = self._clock()
        given = replace(
            held, assignee=me, status=Status.OPEN, category=self._category(held), version=held.version + 1
        )
        self._world.commit((TicketChanged(ticket=given),))

    def _category(self, held: Ticket) -> Category:
        """As the words are read; where a procedure is practised, what that is for, so that it has a digit."""
        procedure = self._pack.pack.procedure(self.here[held.id].procedure)
        fits = procedure is None or held.category in procedure.categories
        return held.category if fits or procedure is None else procedure.categories[0]

    def give_back(self) -> None:
        """The helper has nobody any more."""
        for held in self.open():
            back = replace(held, assignee=None, version=held.version + 1)
            self._world.commit((TicketChanged(ticket=back),))

    def come_back(self, ticket: str) -> None:
        """A customer who has been answered may have more to say."""
        customer, following = self.here[ticket], self.turns[ticket] + 1
        if following >= len(customer.turns):
            return
        self.turns[ticket] = following
        self.since[ticket] = self._clock()
        for said in customer.turns[following].says:
            self._world.receive(self._world.tickets[ticket].customer, said)
