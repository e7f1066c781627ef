"""One-time codes: made with an invitation, exchanged once for a token that ends with the same shift.

2026-11: twelve Crockford letters are 60 bits. The servers of one database answer at the most one wrong guess
a second and address, and a code lives for one shift; a plain SHA-256 is enough for what nobody can try in
that time.
"""

import re
import secrets
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from ulid import ULID

from agent_tui.domain.models import Role
from agent_tui.rate_limit import RateRule, retry_after
from agent_tui.server.context import ServerContext
from agent_tui.server.identity import hash_token, new_token
from agent_tui.server.problems import HttpProblem, not_found
from agent_tui.server.store import tables as t
from agent_tui.server.store.writing import upsert, utc
from agent_tui.wire import CodeTaken

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 12, 4
_BETWEEN = re.compile(r"[\s\-‐‑–—－_.]+")
# What a hand writes for a letter that the alphabet leaves out because it looks like a digit.
_TWINS = str.maketrans("OIL", "011")
_COUNT = update(t.guesses).where(t.guesses.c.address == bindparam("this")).values(used=bindparam("spent"))
_IDLE = select(t.guesses.c.address).where(t.guesses.c.used <= bindparam("before"))
# Those that another transaction has locked are not idle, and waiting for them could be a deadlock.
_FORGET = delete(t.guesses).where(t.guesses.c.address.in_(_IDLE.with_for_update(skip_locked=True)))


def new_code() -> str:
    """A code as people read it, such as `7K3M-9QXD-2HRT`."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def plain_code(typed: str) -> str:
    """A code however it was typed: case, spaces, dashes and look-alikes do not matter."""
    return _BETWEEN.sub("", typed).upper().translate(_TWINS)


def link_to(web: str, code: str) -> str:
    """The page for a code: behind `#`, so that no server's log ever holds it. Empty without a page."""
    return f"{web.rstrip('/')}/#{code}" if web else ""


async def give_code(conn: AsyncConnection, person: str, expires: float) -> str:
    """A new code of `person`, good until `expires` (epoch seconds); those that have run out are forgotten."""
    await conn.execute(delete(t.codes).where(t.codes.c.expires <= time.time()))
    code = new_code()
    row = {"hash": hash_token(plain_code(code)), "person": person, "expires": expires}
    await conn.execute(insert(t.codes), row)
    return code


async def end_codes(conn: AsyncConnection, person: str) -> None:
    """A person's codes end with their shift."""
    await conn.execute(delete(t.codes).where(t.codes.c.person == person))


class GuessLimit:
    """Rate limit on wrong codes by address: `BURST` at once, then one a second, whichever process hears them.

    Right ones cost nothing, so that a room full of people behind one address comes in at the same minute.
    """

    BURST = 30
    PER_SECOND = 1.0

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._rule = RateRule(self.PER_SECOND, self.BURST)
        self._clock = clock

    async def admit(self, conn: AsyncConnection, address: str) -> int:
        """What `address` has used; it is locked until the commit. One that guessed too much is 429."""
        query = upsert(conn, t.guesses).values(address=address, used=0)
        # Writing what is there locks the row in the same moment; one that is only read could be forgotten.
        query = query.on_conflict_do_update(index_elements=["address"], set_={"used": t.guesses.c.used})
        used: int = (await conn.scalars(query.returning(t.guesses.c.used))).one()
        _, wait = self._rule.spend(used, self._clock())
        if wait:
            raise HttpProblem(429, headers={"Retry-After": retry_after(wait)})
        return used

    async def note_wrong(self, conn: AsyncConnection, address: str, used: int) -> None:
        """Count a wrong code; addresses with nothing left to work off are forgotten."""
        at = self._clock()
        used, _ = self._rule.spend(used, at)
        await conn.execute(_COUNT, {"this": address, "spent": used})
        await conn.execute(_FORGET, {"before": int(at * 1_000_000)})


async def redeem(context: ServerContext, typed: str, guesses: GuessLimit, address: str) -> CodeTaken:
    """A token for a code, once. Wrong, spent and expired ones are all alike 404, and slow `address` down."""
    token, id, key = new_token(), str(ULID()), hash_token(plain_code(typed))

    async def write(conn: AsyncConnection) -> CodeTaken | None:
        used = await guesses.admit(conn, address)
        taken = await _redeem(conn, key, id, token)
        if taken is None:
            await guesses.note_wrong(conn, address, used)
        return taken

    taken = await context.database.write(write)
    if taken is None:
        raise not_found("unknown-code")
    return taken


async def _redeem(conn: AsyncConnection, key: str, id: str, token: str) -> CodeTaken | None:
    """Of two at the same moment the row lets one through; naming the token that took it makes the same
    transaction run twice (its answer was lost) one exchange."""
    codes, at = t.codes.c, time.time()
    free = or_(codes.token.is_(None), codes.token == id)
    query: Any = update(t.codes).where(codes.hash == key, codes.expires > at, free)
    if not (await conn.execute(query.values(token=id))).rowcount:
        return None
    rows = select(codes.expires, t.people.c.id, t.people.c.name).where(codes.hash == key)
    row = (await conn.execute(rows.join(t.people, t.people.c.id == codes.person))).one()
    values = {"id": id, "hash": hash_token(token), "person": row.id, "role": Role.HELPER.value}
    values |= {"created": at, "expires": row.expires}
    await conn.execute(upsert(conn, t.tokens).values(**values).on_conflict_do_nothing())
    return CodeTaken(token=token, id=row.id, name=row.name, expires_at=utc(row.expires))
