"""Identity: who a bearer token is, how tokens are made, and what is stored of them."""

import hashlib
import secrets

from msgspec import Struct

from agent_tui.domain.models import Role
from agent_tui.domain.rules import CORE

PEOPLE = CORE | {Role.HELPER}
CHANNEL = frozenset({Role.CHANNEL})
EVERY = frozenset(Role)


class Principal(Struct, frozen=True):
    """Who a token is: `id` and `name` are the person's, `role` is the token's own."""

    token: str
    id: str
    name: str
    role: Role

    @property
    def is_helper(self) -> bool:
        """Whether they see their own tickets only, with personal data masked."""
        return self.role is Role.HELPER


def new_token() -> str:
    """A token: 256 random bits."""
    return f"att_{secrets.token_urlsafe(32)}"


def hash_token(token: str) -> str:
    """What is stored of a token. One plain SHA-256: there is nothing to guess in 256 random bits, so a slow
    hash would cost every request and protect nothing.
    """
    return hashlib.sha256(token.encode()).hexdigest()
