"""The facts of the house: tickets, messages, people, orders, and the state of the floor."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct, field

from agent_tui.domain.orders import Coupon as Coupon
from agent_tui.domain.orders import Item as Item
from agent_tui.domain.orders import Order as Order
from agent_tui.domain.orders import Parcel as Parcel
from agent_tui.domain.orders import Refund as Refund


class Status(StrEnum):
    """Where a ticket stands; nothing follows `closed`."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    ON_HOLD = "on_hold"
    SOLVED = "solved"
    CLOSED = "closed"


class Priority(StrEnum):
    """How much a ticket matters, lowest first."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Category(StrEnum):
    """What a ticket is about (问题类型)."""

    PRESALE = "presale"
    PRICE = "price"
    PROMOTION = "promotion"
    COUPON = "coupon"
    STOCK = "stock"
    ORDER = "order"
    PAYMENT = "payment"
    INVOICE = "invoice"
    LOGISTICS = "logistics"
    RETURN = "return"
    EXCHANGE = "exchange"
    REFUND = "refund"
    QUALITY = "quality"
    COMPLAINT = "complaint"
    ACCOUNT = "account"
    RISK = "risk"
    LIVE = "live"
    OTHER = "other"


class Class(StrEnum):
    """Who can settle a ticket: a page (`query`), a procedure (`process`) or an expert (`technical`)."""

    QUERY = "query"
    PROCESS = "process"
    TECHNICAL = "technical"


class Tier(StrEnum):
    """How close a customer is to the shop."""

    REGULAR = "regular"
    MEMBER = "member"
    VIP = "vip"


class Mood(StrEnum):
    """How a customer sounds, by a plain reading of their words."""

    CALM = "calm"
    ANXIOUS = "anxious"
    ANGRY = "angry"


class Danger(StrEnum):
    """What cannot wait, gravest first: a person or a home, one's own life, fraud, a threat to go public."""

    SAFETY = "safety"
    SELF_HARM = "self-harm"
    FRAUD = "fraud"
    PUBLIC = "public"


class Role(StrEnum):
    """What a token may do; the server decides by it."""

    HELPER = "helper"
    AGENT = "agent"
    LEAD = "lead"
    ADMIN = "admin"
    CHANNEL = "channel"


class Availability(StrEnum):
    """Whether a person takes chats: `busy` keeps the current ones only (在线 / 忙碌 / 小休 / 下线)."""

    ONLINE = "online"
    BUSY = "busy"
    BREAK = "break"
    OFFLINE = "offline"


class Phase(StrEnum):
    """The part of a promotion day."""

    WARM_UP = "warm-up"
    LAUNCH = "launch"
    PEAK = "peak"
    WRAP_UP = "wrap-up"


class MessageKind(StrEnum):
    """Who a message is for: replies reach the customer, notes and whispers never do."""

    CUSTOMER = "customer"
    REPLY = "reply"
    NOTE = "note"
    WHISPER = "whisper"
    EVENT = "event"


class MessageState(StrEnum):
    """What became of a message once the server has it; a helper's reply may await approval or be returned."""

    RECEIVED = "received"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    KEPT = "kept"
    AWAITING = "awaiting"
    RETURNED = "returned"


class PromiseKind(StrEnum):
    """What was promised to the customer."""

    FIRST_RESPONSE = "first-response"
    NEXT_REPLY = "next-reply"
    RESOLUTION = "resolution"
    PLAN = "plan"
    DEPARTMENT = "department"


class PromiseState(StrEnum):
    """`running` until it is kept or broken; a running promise past its time shows as breached."""

    RUNNING = "running"
    KEPT = "kept"
    BROKEN = "broken"


Id = Annotated[str, Meta(min_length=1, max_length=200)]


class Person(Struct, frozen=True, kw_only=True):
    """Someone of the team, as a ticket or a message names them."""

    id: str
    name: str


class CustomerRef(Struct, frozen=True, kw_only=True):
    """A customer as a ticket carries them; `id` is the channel's own string."""

    id: Id
    name: Annotated[str, Meta(max_length=200)] = ""
    tier: Tier = Tier.REGULAR


class Promise(Struct, frozen=True, kw_only=True):
    """A promise with the moment it breaks; `warn_at` is when the screen starts to warn."""

    kind: PromiseKind
    due_at: datetime
    state: PromiseState = PromiseState.RUNNING
    warn_at: datetime | None = None


class UrgencyPart(Struct, frozen=True, kw_only=True):
    """One reason that moves a ticket: negative `seconds` make it more urgent."""

    reason: str
    seconds: int


class Urgency(Struct, frozen=True, kw_only=True):
    """The one number tickets are sorted by; `due_at` is null while nothing is promised."""

    due_at: datetime | None = None
    parts: tuple[UrgencyPart, ...] = ()


class FileInfo(Struct, frozen=True, kw_only=True):
    """A stored file; `size` in bytes, `type` a media type."""

    id: str
    name: str = ""
    type: str = "application/octet-stream"
    size: int = 0


class Part(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One part of a message: text, image, file, voice, order-card, product-card, event or unknown.

    A type that is not known here is kept with what is readable of it and shown by its name. Events carry a
    code in `label` and their values, so that each reader words them in their own language.
    """

    type: Annotated[str, Meta(min_length=1, max_length=40)]
    text: Annotated[str, Meta(max_length=10_000)] = ""
    file: FileInfo | None = None
    number: str = ""
    name: str = ""
    status: str = ""
    price: str = ""
    url: str = ""
    label: str = ""
    values: dict[str, str] = {}


class Author(Struct, frozen=True, kw_only=True):
    """Who wrote a message: `kind` is customer, agent, bot or system."""

    kind: str
    id: str = ""
    name: str = ""


class Message(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a customer or an agent wrote, or an event; its id is the id of the command that made it."""

    id: str
    ticket: str
    kind: MessageKind
    author: Author
    parts: tuple[Part, ...]
    at: datetime
    state: MessageState
    error: str = ""
    recalled: bool = False


class LastMessage(Struct, frozen=True, kw_only=True):
    """The last words of a conversation; `part` names the type when there was no text."""

    id: str
    kind: MessageKind
    author: Author
    at: datetime
    text: str = ""
    part: str = "text"


class Customer(Struct, frozen=True, kw_only=True):
    """A customer with what only the ticket's own people may read."""

    id: str
    name: str = ""
    tier: Tier = Tier.REGULAR
    phone: str | None = None
    address: str | None = None


class HelpCall(Struct, frozen=True, kw_only=True):
    """A helper's call for help that nobody has answered yet.

    `reason` is `asked`, `approval` or `card`; `stage` is who is being called: `buddy`, then any `core` agent,
    then the `lead`; `to` is the buddy while it is theirs. `due` is when it goes to the next stage, `message`
    the reply that awaits approval.
    """

    at: datetime
    by: Person
    reason: str = "asked"
    stage: str = "buddy"
    to: Person | None = None
    text: str = ""
    message: str | None = None
    due: datetime | None = None


class Ticket(Struct, frozen=True, kw_only=True):
    """A conversation that somebody has to settle, without its messages.

    `version` grows with every change of the ticket or its messages. `waiting_since` is when the oldest
    unanswered customer message came, `unread` how many there are, `contacts` how many separate contacts the
    customer made about it (a reopening is one). `calls` are all calls for help that run and `help` the one
    that is shown (`domain.calls` keeps both), `helper` whose it was before it was taken over, `core_only`
    keeps it from being routed to helpers; `language` is what the customer writes in, `zh` or `en`, empty
    while their words do not tell. `danger` is the gravest that was heard in the customer's words; it stays,
    whatever is set by hand, until the ticket is solved. `by_hand` are the fields that a person has set, which
    the customer's words no longer change.
    """

    id: str
    number: int
    version: int
    status: Status
    priority: Priority
    category: Category
    class_: Class = field(name="class")
    channel: str
    customer: CustomerRef
    created_at: datetime
    updated_at: datetime
    order: str | None = None
    assignee: Person | None = None
    team: str | None = None
    tags: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()
    urgency: Urgency = Urgency()
    last_message: LastMessage | None = None
    mood: Mood = Mood.CALM
    unread: int = 0
    contacts: int = 1
    waiting_since: datetime | None = None
    snoozed_until: datetime | None = None
    high_value: bool = False
    help: HelpCall | None = None
    helper: Person | None = None
    core_only: bool = False
    language: str = ""
    by_hand: tuple[str, ...] = ()
    calls: tuple[HelpCall, ...] = ()
    danger: Danger | None = None


class PastContact(Struct, frozen=True, kw_only=True):
    """An earlier ticket of the same customer."""

    ticket: str
    number: int
    category: Category
    status: Status
    at: datetime


class CustomerDetail(Struct, frozen=True, kw_only=True):
    """What the context pane says of a customer; `spend` is a decimal string over all known orders."""

    id: str
    name: str = ""
    tier: Tier = Tier.REGULAR
    phone: str | None = None
    address: str | None = None
    orders: int = 0
    spend: str = "0.00"
    contacts: tuple[PastContact, ...] = ()


class TicketDetail(Ticket, frozen=True, kw_only=True):
    """A ticket as `GET /v1/tickets/{id}` answers it: with its order and its customer spelled out."""

    order_detail: Order | None = None
    customer_detail: CustomerDetail | None = None


class Seat(Struct, frozen=True, kw_only=True):
    """A person at work: `load` counts their open tickets, `capacity` null is unlimited.

    A helper has a `buddy`, the `pack` they answer from, and `replies` they have sent today; `free_text` says
    whether they may send words of their own, `alone` that a lead wants nobody beside them.
    """

    id: str
    name: str
    role: Role
    availability: Availability = Availability.ONLINE
    load: int = 0
    capacity: int | None = None
    connected: bool = True
    team: str | None = None
    buddy: Person | None = None
    pack: str | None = None
    replies: int = 0
    free_text: bool = False
    alone: bool = False


class Floor(Struct, frozen=True, kw_only=True):
    """The state of the whole floor; emergency `level` 0 is a normal day, 4 a system failure."""

    phase: Phase = Phase.WARM_UP
    level: int = 0
