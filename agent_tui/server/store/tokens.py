"""Bearer tokens as the database keeps them: which hold, and who is told when some have ended."""

import time
from typing import Any

from sqlalchemy import and_, or_

from agent_tui.server.store import tables as t

# What a transaction is marked with that has ended tokens.
TOKENS_ENDED = "tokens"


def holds() -> Any:
    """Whether a token in `tokens` is neither revoked nor past its end, as a column."""
    tokens = t.tokens.c
    return and_(tokens.revoked.is_(None), or_(tokens.expires.is_(None), tokens.expires > time.time()))
