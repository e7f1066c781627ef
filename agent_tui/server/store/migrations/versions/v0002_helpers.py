"""Helpers: whom they are paired with, what they answer from, until when; published packs; calls for help."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the helpers' mode needs; tickets get the word by which they are found for helpers."""
    for column in ("buddy", "buddy_name", "pack", "replies_on"):
        op.add_column("people", sa.Column(column, sa.String(), nullable=True))
    op.add_column("people", sa.Column("replies", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("tokens", sa.Column("expires", sa.Double(), nullable=True))
    op.add_column("tickets", sa.Column("kind", sa.String(), nullable=False, server_default=""))
    op.add_column("tickets", sa.Column("help_stage", sa.String(), nullable=True))
    op.add_column("tickets", sa.Column("help_since", sa.Double(), nullable=True))
    op.create_index("tickets_for_helpers", "tickets", ["kind", "status", "assignee", "due"], unique=False)
    op.create_index("tickets_calling", "tickets", ["help_stage", "help_since"], unique=False)
    _packs()
    _kinds()


def _packs() -> None:
    op.create_table(
        "packs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _kinds() -> None:
    """As `kinds.kind_of` had it when this step was made."""
    tickets = sa.table("tickets", sa.column("id"), sa.column("body"), sa.column("status"), sa.column("kind"))
    conn = op.get_bind()
    rows = conn.execute(sa.select(tickets.c.id, tickets.c.body).where(tickets.c.status != "closed")).all()
    change = sa.update(tickets).where(tickets.c.id == sa.bindparam("this"))
    for row in rows:
        conn.execute(change.values(kind=sa.bindparam("word")), {"this": row.id, "word": _kind(row.body)})


def _kind(body: bytes) -> str:
    ticket: dict[str, Any] = json.loads(body)
    never = ticket["category"] in ("complaint", "risk")
    if never or ticket.get("core_only") or ticket.get("high_value") or ticket.get("contacts", 1) > 1:
        return ""
    words = (ticket["class"], ticket["category"], ticket["customer"]["tier"], ticket.get("mood", "calm"))
    return "/".join(words)
