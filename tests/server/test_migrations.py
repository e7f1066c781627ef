"""What a database that is already there becomes: no call for help and no reply that awaits is lost."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from agent_tui.domain.models import Ticket
from agent_tui.server.store import tables as t
from tests.domain import make

BY, BUDDY = {"id": "p9", "name": "小赵"}, {"id": "p1", "name": "小林"}
ASKED = {
    "at": "2026-11-11T12:00:00Z",
    "by": BY,
    "reason": "asked",
    "stage": "buddy",
    "to": BUDDY,
    "text": "能退吗",
}
SINCE = make.NOON.timestamp()


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sa.Connection]:
    """A database as it was before tickets had several calls."""
    engine = sa.create_engine(f"sqlite:///{tmp_path}/old.db")
    with engine.begin() as conn:
        upgrade(conn, "0007")
        yield conn
    engine.dispose()


def upgrade(conn: sa.Connection, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", "agent_tui.server.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    command.upgrade(config, to)


def insert(conn: sa.Connection, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    conn.execute(
        sa.text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in row)})"), row
    )


def keep(conn: sa.Connection, help: dict[str, Any] | None, *awaiting: str) -> None:
    """A helper's ticket as the old server kept it, with replies that await approval."""
    ticket = {name: value for name, value in raw_ticket().items() if name not in ("calls", "by_hand")}
    body = json.dumps(ticket | {"assignee": BY, "help": help}).encode()
    row = {
        "id": "t1",
        "number": 1,
        "version": 1,
        "guard": 1,
        "status": "open",
        "channel": "web",
        "customer": "c1",
    }
    row |= {
        "assignee": BY["id"],
        "created": SINCE,
        "updated": SINCE,
        "ranked": 0,
        "names": "",
        "touched": b"[]",
    }
    row |= {
        "body": body,
        "kind": "",
        "help_stage": "buddy" if help else None,
        "help_since": SINCE if help else None,
    }
    insert(conn, "tickets", row)
    for pos, id in enumerate(awaiting, 2):
        reply = {
            "id": id,
            "at": "2026-11-11T12:00:00Z",
            "author": {"kind": "agent", **BY},
            "state": "awaiting",
        }
        insert(conn, "messages", {
            "id": id, "ticket": "t1", "pos": pos, "kind": "reply", "body": json.dumps(reply).encode(),
        })  # fmt: skip


def raw_ticket() -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(make.ticket())
    return found


def after(conn: sa.Connection) -> tuple[Ticket, float | None]:
    upgrade(conn, "head")
    row = conn.execute(sa.select(t.tickets.c.body, t.tickets.c.help_due)).one()
    return msgspec.json.decode(row.body, type=Ticket), row.help_due


def test_the_call_there_was_goes_on(conn: sa.Connection) -> None:
    keep(conn, ASKED)
    ticket, due = after(conn)
    assert [(call.reason, call.stage, call.text) for call in ticket.calls] == [("asked", "buddy", "能退吗")]
    assert (ticket.help, due) == (ticket.calls[0], SINCE + 60)


def test_every_reply_that_awaits_calls_even_one_whose_call_was_overwritten(conn: sa.Connection) -> None:
    keep(conn, ASKED, "m1", "m2")
    ticket, due = after(conn)
    assert [(call.reason, call.message) for call in ticket.calls] == [
        ("asked", None),
        ("approval", "m1"),
        ("approval", "m2"),
    ]
    assert ticket.help is not None
    assert (ticket.help.message, due) == ("m1", SINCE + 60)


def test_a_ticket_on_which_nobody_calls_stays_as_it_is(conn: sa.Connection) -> None:
    keep(conn, None)
    ticket, due = after(conn)
    assert (ticket.help, ticket.calls, due) == (None, (), None)
