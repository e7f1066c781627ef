"""Anything that can happen at a helpdesk, chosen by dice: customers, the shop, time, and every command.

A command is made from the fields its class declares, so that a new one takes part by itself.
"""

from datetime import datetime, timedelta
from enum import Enum
from random import Random
from typing import Any

import msgspec

from agent_tui.backends.memory import World
from agent_tui.domain.commands import KINDS, Command, Need, UsedEntry
from agent_tui.domain.lending import PackRules
from agent_tui.domain.models import (
    Category,
    Customer,
    CustomerRef,
    MessageKind,
    MessageState,
    Order,
    Part,
    Role,
    Seat,
    Tier,
)
from agent_tui.sync.ids import new_id

SAID = ("我的快递到哪了", "我要投诉！！", "破损了，退款", "谢谢", "where is my parcel", "发票")
ENTRY, CARD = "parcel-where-now", "card-quality"
PACK = PackRules(
    id="logistics",
    entries=frozenset({ENTRY, CARD}),
    cards={CARD: "请先停止使用"},
    answers=frozenset(category.value for category in Category),
    procedures=frozenset({"refund"}),
    calls=lambda words: (CARD, "质量") if "破损" in words else None,
)
PEOPLE = (
    Seat(id="ana", name="林晓", role=Role.AGENT),
    Seat(id="ben", name="陈默", role=Role.AGENT, capacity=2),
    Seat(id="lea", name="许可", role=Role.LEAD),
    Seat(id="h-1", name="赵一", role=Role.HELPER, pack=PACK.id),
    Seat(id="h-2", name="赵二", role=Role.HELPER, pack=PACK.id, free_text=True),
)


class Anything:
    """A helpdesk and the dice."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._now = 1.7e9
        self.world = World(lambda: self._now)
        for seat in PEOPLE:
            self.world.put_seat(seat)
        self.world.publish(PACK)

    # -- what happens without a command
    def happens(self) -> None:
        """A customer writes, the shop tells something, a channel takes a reply, or time passes."""
        dice = self._dice
        happening = dice.choice((self._says, self._says, self._pays, self._moves_up, self._is_delivered))
        happening()
        if dice.random() < 0.4:
            self._now += dice.choice((0.5, 20.0, 400.0))
            self.world.tick()

    def _customer(self) -> str:
        return f"c{self._dice.randrange(12)}"

    def _says(self) -> None:
        id = self._customer()
        who = CustomerRef(id=id, name=f"王小{id}", tier=self._dice.choice(list(Tier)))
        order = self._dice.choice((None, f"88{id}"))
        channel = self._dice.choice(("web", "app"))
        self.world.receive(who, self._dice.choice(SAID), channel=channel, order=order)

    def _pays(self) -> None:
        id = self._customer()
        total = self._dice.choice(("10.00", "9000.00"))
        self.world.set_order(Order(number=f"88{id}", customer=id, status="paid", total=total))

    def _moves_up(self) -> None:
        id = self._customer()
        name, tier = self._dice.choice(("李四", f"王小{id}")), self._dice.choice(list(Tier))
        self.world.set_customer(Customer(id=id, name=name, tier=tier, phone="13800001234"))

    def _is_delivered(self) -> None:
        out = [m for m in self.world.replies if m.ticket in self.world.tickets]
        sent = [m for m in out if self._as_it_is(m.ticket, m.id) is MessageState.SENT]
        if sent:
            reply = self._dice.choice(sent)
            held = next(m for m in self.world.talks[reply.ticket] if m.id == reply.id)
            self.world.deliver(held, self._dice.choice(("", "blocked")))

    def _as_it_is(self, ticket: str, message: str) -> MessageState:
        return next(m.state for m in self.world.talks[ticket] if m.id == message)

    # -- commands
    def person(self) -> Seat:
        """Somebody whose shift has not ended."""
        ended = self.world.lending.ended
        here = [seat for seat in self.world.seats.values() if seat.id not in ended]
        helpers = [seat for seat in here if seat.role is Role.HELPER]
        return self._dice.choice(helpers if helpers and self._dice.random() < 0.4 else here)

    def command(self, actor: Seat) -> Command | None:
        """Mostly one that `actor` may give; None when the dice made none that can be written."""
        # Who has gone says no more, and who is away gets no customer: few go.
        often = [kind for kind in KINDS if Need.CHATS not in kind.needs or self._dice.random() < 0.1]
        may = [kind for kind in often if actor.role in kind.roles]
        may += [kind for kind in may if kind.says is MessageKind.REPLY] * 3
        kind = self._dice.choice(may if self._dice.random() < 0.9 else often)
        ticket = self._ticket(actor)
        fields = msgspec.inspect.type_info(kind).fields  # type: ignore[union-attr]
        wish = {field.name: self._value(field.name, field.type, ticket) for field in fields}
        try:
            return msgspec.convert(msgspec.to_builtins({"type": kind.__struct_config__.tag, **wish}), kind)
        except msgspec.ValidationError:
            return None

    def _ticket(self, actor: Seat) -> str:
        """Any ticket, mostly one's own, for core agents one where a helper calls or was at work."""
        tickets = list(self.world.tickets.values())
        near = [t.id for t in tickets if t.assignee is not None and t.assignee.id == actor.id]
        if actor.role is not Role.HELPER:
            calling = [t.id for t in tickets if any(call.message for call in t.calls)]
            lent = [t.id for t in tickets if t.helper is not None]
            near = self._dice.choice([some for some in (near, calling, lent) if some] or [[]])
        if near and self._dice.random() < 0.8:
            return self._dice.choice(near)
        return self._dice.choice([t.id for t in tickets] or ["none"])

    def _message(self, ticket: str) -> str:
        """Any message, mostly the newest one that awaits approval or that somebody wrote."""
        talk = self.world.talks.get(ticket, [])
        awaits = [m.id for m in talk if m.state is MessageState.AWAITING]
        written = [m.id for m in talk if m.author.kind == "agent"]
        ids = awaits or written if self._dice.random() < 0.7 else [m.id for m in talk]
        return ids[-1] if ids else "none"

    def _value(self, name: str, kind: Any, ticket: str) -> Any:
        dice, words = self._dice, self._dice.choice(SAID)
        messages = [m.id for m in self.world.talks.get(ticket, ())]
        held = self.world.tickets.get(ticket)
        by_name = {
            "id": new_id(),
            "ticket": ticket,
            "message": self._message(ticket),
            "draft": dice.choice([None, None, *messages]),
            "confirmed": dice.choice([(), ("claim-shipped",)]),
            "version": (held.version if held else 1) - dice.choice((0, 0, 0, 0, 1)) or 1,
            "parts": (Part(type="text", text=words),),
            "entries": dice.choice(((), (UsedEntry(id=ENTRY),), (UsedEntry(id=CARD),))),
            "until": datetime.fromtimestamp(self._now).astimezone() + timedelta(seconds=dice.randint(-9, 99)),
            "card": CARD,
            "procedure": "refund",
            "pack": PACK.id,
            "team": dice.choice((None, "warehouse")),
            "tags": ("急", words[:5]),
            **dict.fromkeys(("assignee", "buddy"), dice.choice([None, *self.world.seats])),
            "helper": dice.choice(sorted(self.world.seats)),
        }
        return by_name[name] if name in by_name else self._of_type(kind, words)

    def _of_type(self, kind: Any, words: str) -> Any:
        match kind:
            case msgspec.inspect.EnumType(cls=cls):
                members: list[Enum] = list(cls)
                return self._dice.choice(members)
            case msgspec.inspect.BoolType():
                return self._dice.random() < 0.5
            case msgspec.inspect.IntType(ge=low, le=high):
                return self._dice.randint(low or 0, min(high or 9, 9))
            case msgspec.inspect.FloatType():
                return self._dice.uniform(0, 90)
            case msgspec.inspect.StrType():
                return words
        raise AssertionError(f"the dice know no value of {kind}")
