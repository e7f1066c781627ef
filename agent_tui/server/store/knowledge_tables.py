"""The tables of shared knowledge: entries, usages, what was learned from them, and what a team publishes."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from agent_tui.server.store.tables import metadata

# `revision` comes from the counter of the same name; `revoked_by` is the person, null while it stands.
entries = Table(
    "entries",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("revision", BigInteger, nullable=False, unique=True),
    Column("author", String, nullable=False),
    Column("author_name", String, nullable=False),
    Column("at", Double, nullable=False),
    Column("revoked_by", String),
    Column("body", LargeBinary, nullable=False),
)

# A row is written with the reply and gets its words (`messages`, without personal data) and its place in the
# list (`seq`) a moment later, outside the reply's transaction; `pos` is the reply's place in its ticket,
# `kind` what helpers are given by (`kinds.kind_of`); older rows have neither `team` nor `kind`.
usages = Table(
    "usages",
    metadata,
    Column("reply", String, primary_key=True),
    Column("entry", String, primary_key=True),
    Column("ticket", String, nullable=False, index=True),
    Column("pos", Integer, nullable=False),
    Column("kept", Double, nullable=False),
    Column("solved", Boolean, nullable=False),
    Column("category", String, nullable=False),
    Column("at", Double, nullable=False),
    Column("seq", BigInteger),
    Column("messages", LargeBinary),
    Column("team", String),
    Column("kind", String),
    Index("usages_in_order", "seq"),
)

# One row. `learned` is the last usage taken into account; the lease lets one process of several learn.
learning = Table(
    "learning",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("learned", BigInteger, nullable=False),
    Column("at", Double, nullable=False),
    Column("leased", Double, nullable=False),
    Column("owner", String),
    Column("etag", String),
    Column("data", LargeBinary),
)

# A version of the team's content; its number is the counter of the name `content`. `body` are the files,
# compressed, null for a version too old to be taken back to.
content_versions = Table(
    "content_versions",
    metadata,
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Double, nullable=False),
    Column("by", String, nullable=False),
    Column("by_name", String, nullable=False),
    Column("note", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("count", Integer, nullable=False),
    Column("restored", BigInteger),
    Column("body", LargeBinary),
)

# What a version changed, entry by entry: joined with the usages it says who was told the words before.
content_differences = Table(
    "content_differences",
    metadata,
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("entry", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("change", String, nullable=False),
    Column("title", String, nullable=False),
    Column("fields", String, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Index("content_differences_by_entry", "entry", "version"),
)
