"""Calls for help: a ticket has as many as there are reasons, each with the moment it goes on."""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# What the policy says where a team has not changed it.
_SECONDS = 60


def upgrade() -> None:
    """Add when a call goes on, and give every ticket its calls."""
    op.add_column("tickets", sa.Column("help_due", sa.Double(), nullable=True))
    _calls()
    op.drop_index("tickets_calling", table_name="tickets")
    op.drop_column("tickets", "help_stage")
    op.drop_column("tickets", "help_since")
    op.create_index("tickets_calling", "tickets", ["help_due"], unique=False)


def _calls() -> None:
    """The one call there was, and one for every reply that awaits approval on a ticket somebody has."""
    names = ("id", "body", "status", "assignee", "help_since", "help_due")
    tickets = sa.table("tickets", *map(sa.column, names))
    conn, c = op.get_bind(), tickets.c
    query = sa.select(c.id, c.body, c.help_since).where(c.status != "closed", c.assignee.is_not(None))
    for row in conn.execute(query).all():
        ticket, awaiting = json.loads(row.body), _awaiting(conn, row.id)
        if awaiting or ticket.get("help"):
            _give_calls(ticket, awaiting, row.help_since)
            dues = [_stamp(call["due"]) for call in ticket["calls"] if call["due"]]
            values = {"body": _encoded(ticket), "help_due": min(dues, default=None)}
            conn.execute(sa.update(tickets).where(c.id == row.id).values(**values))


def _awaiting(conn: sa.Connection, ticket: str) -> list[dict[str, Any]]:
    m = sa.table("messages", *map(sa.column, ("ticket", "body", "kind", "pos"))).c
    query = sa.select(m.body).where(m.ticket == ticket, m.kind == "reply").order_by(m.pos)
    replies = [json.loads(body) for body in conn.scalars(query)]
    return [reply for reply in replies if reply["state"] == "awaiting"]


def _give_calls(ticket: dict[str, Any], awaiting: list[dict[str, Any]], since: float | None) -> None:
    """As `calls.with_calls` had it when this step was made."""
    old = ticket.get("help")
    other = old if old and old["reason"] != "approval" else None
    calls = [] if other is None else [_going_on(other, since)]
    for reply in awaiting:
        new = {"at": reply["at"], "stage": "core", "to": None}
        call = new if old is None or other is not None else old
        by = {"id": reply["author"]["id"], "name": reply["author"]["name"]}
        about = {"by": by, "reason": "approval", "text": "", "message": reply["id"]}
        calls.append(_going_on({**call, **about}, since))
    rank = ("card", "approval", "asked")
    ticket["calls"] = calls
    ticket["help"] = min(calls, key=lambda call: rank.index(call["reason"]), default=None)


def _going_on(call: dict[str, Any], since: float | None) -> dict[str, Any]:
    due = None
    if call["stage"] != "lead":
        start = _stamp(call["at"]) if since is None else since
        due = datetime.fromtimestamp(start + _SECONDS, UTC).isoformat().replace("+00:00", "Z")
    return {"message": None, **call, "due": due}


def _stamp(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def _encoded(ticket: dict[str, Any]) -> bytes:
    return json.dumps(ticket, ensure_ascii=False, separators=(",", ":")).encode()
