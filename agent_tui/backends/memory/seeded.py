"""A seeded World: a floor full of natural customers, for demonstrations, pictures, tests and benches."""

import random
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from agent_tui.backends.memory.backend import MemoryBackend
from agent_tui.backends.memory.world import World
from agent_tui.domain.commands import AddNote, Command, SendReply, SetStatus, Snooze, Transfer
from agent_tui.domain.models import (
    Customer,
    CustomerRef,
    FileInfo,
    Floor,
    Item,
    Order,
    Parcel,
    Part,
    Phase,
    Refund,
    Role,
    Seat,
    Status,
    Tier,
)

ME = "agent-1"
CHANNELS = ("web", "app", "miniprogram", "wechat", "live", "email", "phone", "social")
_PICTURES = ("破损.jpg", "签收截图.jpg", "付款记录.png", "IMG_2046.jpg")


class Product(Struct, frozen=True):
    """Something that was bought."""

    name: str
    price: str


class SeedTopic(Struct, frozen=True):
    """What a customer comes with, what is answered, and what they say then."""

    status: str
    customer: tuple[tuple[str, ...], ...]
    reply: str
    again: tuple[str, ...]


class Seeds(Struct, frozen=True):
    """The words of `seeds.toml`."""

    surnames: tuple[str, ...]
    given: tuple[str, ...]
    english: tuple[SeedTopic, ...]
    topic: tuple[SeedTopic, ...]
    product: tuple[Product, ...]
    colleagues: tuple[str, ...]
    carriers: tuple[str, ...]
    hubs: tuple[str, ...]
    districts: tuple[str, ...]
    streets: tuple[str, ...]
    foreigners: tuple[str, ...]


def read_seeds() -> Seeds:
    """The words that come with the program."""
    raw = tomllib.loads(files(__package__).joinpath("seeds.toml").read_text("utf-8"))
    return msgspec.convert(raw, Seeds)


class Seeder:
    """Fills a World through its own rules: everything in it could have happened."""

    def __init__(self, world: World, seed: int) -> None:
        self._world = world
        self._dice = random.Random(seed)
        self._words = read_seeds()
        self._clock = world.clock
        self._start = world.clock()

    def fill(self, count: int) -> None:
        """Seats, then `count` tickets that came in over the last while, the latest a moment ago."""
        for seat in self._seats():
            self._world.put_seat(seat)
        self._world.put_floor(Floor(phase=Phase.PEAK, level=1))
        # Most came in the last minute or two: promises around now are what a queue is about.
        ages = sorted((self._dice.expovariate(1 / 75) + 1 for _ in range(count)), reverse=True)
        for age in ages:
            self._one(self._start - age)
        self._world.clock = self._clock
        self._world.log.clear()

    def _seats(self) -> list[Seat]:
        names = self._words.colleagues
        seats = [Seat(id=f"agent-{n}", name=name, role=Role.AGENT) for n, name in enumerate(names, 1)]
        lead = Seat(id="lead-1", name="许可", role=Role.LEAD)
        helper = Seat(id="helper-1", name="小赵", role=Role.HELPER)
        return [*seats, lead, helper]

    def _at(self, moment: float) -> datetime:
        self._world.clock = lambda: moment
        return datetime.fromtimestamp(round(moment, 3), UTC)

    def _one(self, moment: float) -> None:
        dice, world = self._dice, self._world
        who, topic = self._someone()
        order = self._order(who.id, topic, self._at(moment))
        world.put_customer(self._customer(who))
        world.put_order(order)
        channel = dice.choice(CHANNELS)
        for words in dice.choice(topic.customer):
            ticket = world.receive(who, words, channel=channel, order=order.number, at=self._at(moment))
            moment += dice.uniform(2, 9)
        if dice.random() < 0.12:
            world.receive(who, self._picture(), channel=channel, at=self._at(moment))
        if dice.random() < 0.45:
            self._worked_on(ticket.id, who, topic, channel, moment)

    def _worked_on(
        self, ticket: str, who: CustomerRef, topic: SeedTopic, channel: str, moment: float
    ) -> None:
        dice, world = self._dice, self._world
        waited = min(dice.uniform(10, 90), max(self._start - moment - 1, 0.5) / 2)
        agent = dice.choice([s for s in world.seats if s.startswith("agent-")])
        moment += waited
        self._do(moment, agent, SendReply(id=self._id(), ticket=ticket, parts=(_text(topic.reply),)))
        if dice.random() < 0.6:
            moment += min(dice.uniform(5, 60), max(self._start - moment, 0.5) / 2)
            again = dice.choice(topic.again)
            world.receive(who, again, channel=channel, at=self._at(moment))
        self._end(moment, agent, ticket)

    def _end(self, moment: float, agent: str, ticket: str) -> None:
        dice, world = self._dice, self._world
        version, fate = world.tickets[ticket].version, dice.random()
        command: Command | None = None
        if fate < 0.12:
            note = _text("仓库已确认,等财务回复。")
            self._do(moment, agent, AddNote(id=self._id(), ticket=ticket, parts=(note,)))
            command = SetStatus(id=self._id(), ticket=ticket, status=Status.ON_HOLD, version=version + 1)
        elif fate < 0.2:
            command = SetStatus(id=self._id(), ticket=ticket, status=Status.PENDING, version=version)
        elif fate < 0.25:
            command = SetStatus(id=self._id(), ticket=ticket, status=Status.SOLVED, version=version)
        elif fate < 0.3:
            until = datetime.fromtimestamp(self._start, UTC) + timedelta(minutes=dice.randint(2, 60))
            command = Snooze(id=self._id(), ticket=ticket, version=version, until=until)
        elif fate < 0.4:
            command = Transfer(
                id=self._id(), ticket=ticket, version=version, team="after-sales", reason="需要售后处理"
            )
        if command is not None:
            self._do(moment, agent, command)

    def _do(self, moment: float, agent: str, command: Command) -> None:
        self._at(moment)
        self._world.carry_out(agent, (command,))

    def _id(self) -> str:
        return self._world.fresh_id()

    def _someone(self) -> tuple[CustomerRef, SeedTopic]:
        dice, words = self._dice, self._words
        tier = dice.choices(list(Tier), (70, 22, 8))[0]
        id = f"c{dice.getrandbits(40):010x}"
        if dice.random() < 0.1:
            return CustomerRef(id=id, name=dice.choice(words.foreigners), tier=tier), dice.choice(
                words.english
            )
        name = dice.choice(words.surnames) + dice.choice(words.given)
        return CustomerRef(id=id, name=name, tier=tier), dice.choice(words.topic)

    def _customer(self, who: CustomerRef) -> Customer:
        dice, words = self._dice, self._words
        phone = f"1{dice.choice('3578')}{dice.randrange(10**9):09d}"
        place = dice.choice(words.districts) + dice.choice(words.streets)
        return Customer(id=who.id, name=who.name, tier=who.tier, phone=phone, address=place)

    def _order(self, customer: str, topic: SeedTopic, at: datetime) -> Order:
        dice = self._dice
        product, count = dice.choice(self._words.product), dice.choice((1, 1, 1, 2))
        total = f"{float(product.price) * count:.2f}"
        number, parcels = f"8842{dice.randrange(10**8):08d}", self._parcels(topic)
        paid = None if topic.status == "unpaid" else at - timedelta(days=dice.uniform(0.1, 5))
        return Order(
            number=number,
            customer=customer,
            status=topic.status,
            total=total,
            items=(Item(name=product.name, count=count, price=product.price),),
            parcels=tuple(_timed(parcel, paid or at, at) for parcel in parcels),
            paid_at=paid,
            ship_by=None if paid is None else paid + timedelta(hours=48),
            refund=_refund(total, at) if topic.status == "returning" else None,
        )

    def _parcels(self, topic: SeedTopic) -> tuple[Parcel, ...]:
        if topic.status in ("unpaid", "paid"):
            return ()
        dice, words = self._dice, self._words
        status = "stuck" if topic.status == "shipped" else "delivered"
        event = f"到达 {dice.choice(words.hubs)}" if status == "stuck" else "已签收"
        number = f"SF{dice.randrange(10**12):012d}"
        return (Parcel(number=number, carrier=dice.choice(words.carriers), status=status, last_event=event),)

    def _picture(self) -> Part:
        dice, world = self._dice, self._world
        data = b"\xff\xd8\xff\xe0" + dice.randbytes(60)
        size = dice.randrange(90_000, 2_400_000)
        name = dice.choice(_PICTURES)
        info = FileInfo(id=world.fresh_id(), name=name, type="image/jpeg", size=size)
        world.files[info.id] = (info, data)
        return Part(type="image", file=info)


def _timed(parcel: Parcel, paid: datetime, at: datetime) -> Parcel:
    """`parcel` with when it shipped, was scanned last and, where it was, signed for."""
    scanned = paid + (at - paid) * 0.5
    signed = scanned if parcel.status == "delivered" else None
    shipped = paid + (at - paid) * 0.2
    return replace(parcel, last_event_at=scanned, shipped_at=shipped, delivered_at=signed)


def _refund(total: str, at: datetime) -> Refund:
    times = {"requested_at": at - timedelta(hours=50), "approved_at": at - timedelta(hours=26)}
    return Refund(amount=total, status="processing", by="支付宝", **times)


def _text(words: str) -> Part:
    return Part(type="text", text=words)


def seeded(count: int, seed: int, clock: Callable[[], float]) -> World:
    """A World of `count` tickets around the present of `clock`; the same seed and moment give the same."""
    world = World(clock)
    Seeder(world, seed).fill(count)
    return world


def seeded_backend(count: int, seed: int, clock: Callable[[], float], seat: str = ME) -> MemoryBackend:
    """The line of `seat` to a seeded World."""
    return MemoryBackend(seeded(count, seed, clock), seat)
