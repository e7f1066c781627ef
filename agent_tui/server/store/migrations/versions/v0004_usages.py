"""Usages: whose question it was, and what kind, so that a pack can be proposed for one team."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both to what is kept of a usage; older rows know neither."""
    for column in ("team", "kind"):
        op.add_column("usages", sa.Column(column, sa.String(), nullable=True))
