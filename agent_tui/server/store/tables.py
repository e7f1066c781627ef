"""The tables; times are epoch seconds, bodies are the JSON that the wire carries."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

house = Table(
    "house",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("epoch", String, nullable=False),
    Column("floor", LargeBinary, nullable=False),
)

# One row a counter. Updating `changes` is the last thing before a commit: its row lock makes the order of
# the feed the order of the commits. `forgotten` is the last line that retention has taken away.
counters = Table(
    "counters",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("role", String, nullable=False),
    Column("availability", String, nullable=False),
    Column("team", String),
    Column("connected", Boolean, nullable=False),
    Column("seen", Double, nullable=False),
    Column("load", Integer, nullable=False),
    # A helper's: `buddy` is null while nobody was looked for, empty when the lead wants nobody; `replies` are
    # those of the day `replies_on`; `free_text` is null while the lead has not decided it.
    Column("buddy", String),
    Column("buddy_name", String),
    Column("pack", String),
    Column("replies", Integer, nullable=False, server_default="0"),
    Column("replies_on", String),
    Column("free_text", Boolean),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String, primary_key=True),
    Column("hash", String, nullable=False, unique=True),
    Column("person", String, nullable=False, index=True),
    Column("role", String, nullable=False),
    Column("created", Double, nullable=False),
    Column("revoked", Double),
    Column("expires", Double),
)

channels = Table(
    "channels",
    metadata,
    Column("name", String, primary_key=True),
    Column("webhook", String, nullable=False),
    # Kept readable, unlike tokens: both directions are signed with it.
    Column("secret", String, nullable=False),
    Column("created", Double, nullable=False),
)

# A helper's one-time code; `token` is the id of the one it was exchanged for.
codes = Table(
    "codes",
    metadata,
    Column("hash", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("expires", Double, nullable=False),
    Column("token", String),
)

# What an address has used of the limit on wrong codes: the moment it is worked off, in microseconds.
guesses = Table(
    "guesses",
    metadata,
    Column("address", String, primary_key=True),
    Column("used", BigInteger, nullable=False),
)

customers = Table(
    "customers",
    metadata,
    Column("id", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

orders = Table(
    "orders",
    metadata,
    Column("number", String, primary_key=True),
    Column("customer", String, nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),
)

# `guard` is the version of the last change a person must have seen, `touched` what the last changes touched,
# `ranked` the emergency level the urgency was worked out with, `names` what the search compares, `kind` what
# helpers are given by, `help_due` when a call for help goes on to its next stage.
tickets = Table(
    "tickets",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", BigInteger, nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("guard", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("customer", String, nullable=False, index=True),
    Column("order_number", String, index=True),
    Column("assignee", String),
    Column("due", Double),
    Column("created", Double, nullable=False),
    Column("updated", Double, nullable=False),
    Column("snoozed", Double, index=True),
    Column("ranked", Integer, nullable=False),
    Column("names", Text, nullable=False),
    Column("touched", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("kind", String, nullable=False, server_default=""),
    Column("help_due", Double),
    Index("tickets_by_assignee", "assignee", "status"),
    Index("tickets_for_helpers", "kind", "status", "assignee", "due"),
    Index("tickets_calling", "help_due"),
    Index("tickets_waiting", "status", "assignee", "due"),
    # A customer has one conversation a channel: two first messages at once cannot open two.
    Index(
        "tickets_one_open",
        "channel",
        "customer",
        unique=True,
        sqlite_where=text("status <> 'closed'"),
        postgresql_where=text("status <> 'closed'"),
    ),
)

# `pos` is the version the ticket had when the message came: its place in the conversation.
messages = Table(
    "messages",
    metadata,
    Column("id", String, primary_key=True),
    Column("ticket", String, nullable=False),
    Column("pos", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("original", LargeBinary),
    UniqueConstraint("ticket", "pos", name="messages_in_order"),
)

texts = Table(
    "texts",
    metadata,
    Column("message", String, primary_key=True),
    Column("ticket", String, nullable=False, index=True),
    Column("text", Text, nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("type", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("uploader", String, nullable=False),
    Column("at", Double, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
)

file_links = Table(
    "file_links",
    metadata,
    Column("file", String, primary_key=True),
    Column("message", String, primary_key=True),
    Column("ticket", String, nullable=False),
)

commands = Table(
    "commands",
    metadata,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("at", Double, nullable=False, index=True),
    Column("answer", LargeBinary),
)

inbound = Table(
    "inbound",
    metadata,
    Column("channel", String, primary_key=True),
    Column("external", String, primary_key=True),
    Column("ticket", String),
    Column("message", String),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String, primary_key=True),
    Column("message", String, nullable=False),
    Column("ticket", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("customer", String, nullable=False),
    Column("pos", BigInteger, nullable=False),
    Column("kind", String, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("since", Double, nullable=False),
    Column("next_at", Double, nullable=False, index=True),
    Column("owner", String),
    Column("leased", Double, nullable=False),
    Index("deliveries_in_order", "channel", "customer", "pos"),
)

# `version` is ours: it grows with every publish, whatever number the text says.
packs = Table(
    "packs",
    metadata,
    Column("id", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Double, nullable=False),
    Column("revoked", Boolean, nullable=False),
)

# `audience`: 0 only `person`, 1 the core team and `person`, 2 everyone, 3 the leads.
changes = Table(
    "changes",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Double, nullable=False, index=True),
    Column("audience", SmallInteger, nullable=False),
    Column("person", String),
    Column("body", LargeBinary, nullable=False),
)
