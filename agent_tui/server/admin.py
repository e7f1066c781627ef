"""Administration: tokens and channels from the command line, with or without a running server."""

import base64
import re
import secrets
import time
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from ulid import ULID

from agent_tui.domain.models import Availability, Role
from agent_tui.domain.text import clean
from agent_tui.errors import BadSettings
from agent_tui.server.identity import hash_token, new_token
from agent_tui.server.store import tables as t
from agent_tui.server.store.database.opening import open_database, unusable, url_of
from agent_tui.server.store.database.transactions import DOWN
from agent_tui.server.store.writing import upsert

_CHANNEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
_WEBHOOK = re.compile(r"https?://[^\s/?#]+(?:[/?#]\S*)?")


class TokenMade(Struct, frozen=True):
    """A new token; this is the only time it can be read."""

    token: str
    id: str
    name: str
    role: str


class ChannelMade(Struct, frozen=True):
    """A channel with a new token; the secret signs both ways."""

    name: str
    token: str
    secret: str


class TokenRow(Struct, frozen=True):
    """A token as the list shows it."""

    token_id: str
    name: str
    role: str
    created: float
    revoked: bool


class Admin:
    """Opens the database of a data folder and changes who may come in.

    Raises BadSettings for a database that cannot be opened, read or written.
    """

    def __init__(self, data: Path, url: str | None = None) -> None:
        self._database = open_database(url_of(data, url))

    async def __aenter__(self) -> "Admin":
        try:
            await self._database.migrate()
        except DOWN as error:
            raise unusable(self._database, error) from error
        return self

    async def __aexit__(
        self, _kind: object = None, error: BaseException | None = None, _trace: object = None
    ) -> None:
        await self._database.aclose()
        if isinstance(error, DOWN):
            raise unusable(self._database, error) from error

    async def create_token(self, name: str, role: Role, team: str | None = None) -> TokenMade:
        """A token for the person `name`; the same name again is another device of theirs.

        `team` is the one they are in from now on, null leaves it as it is.
        """
        name, team = clean(name).strip(), None if team is None else clean(team).strip()
        if not name or len(name) > 60:
            raise BadSettings("bad-name", name=name)
        if team is not None and not 0 < len(team) <= 60:
            raise BadSettings("bad-team", team=team)

        async def write(conn: AsyncConnection) -> TokenMade:
            made = await _make_token(conn, name, role)
            if team is not None:
                await conn.execute(update(t.people).where(t.people.c.id == made.id).values(team=team))
            return made

        return await self._database.write(write)

    async def tokens(self) -> list[TokenRow]:
        """All tokens, the oldest first; what they are cannot be read again."""
        tokens = t.tokens.c
        query = select(tokens.id, t.people.c.name, tokens.role, tokens.created, tokens.revoked)
        query = query.join(t.people, t.people.c.id == tokens.person).order_by(tokens.created)
        async with self._database.reading() as conn:
            rows = (await conn.execute(query)).all()
        return [TokenRow(row.id, row.name, row.role, row.created, row.revoked is not None) for row in rows]

    async def revoke_token(self, id: str) -> bool:
        """End a token by its id; whether there was one that held."""

        async def write(conn: AsyncConnection) -> bool:
            query = update(t.tokens).where(t.tokens.c.id == id, t.tokens.c.revoked.is_(None))
            return bool((await conn.execute(query.values(revoked=time.time()))).rowcount)

        return await self._database.write(write)

    async def create_channel(self, name: str, webhook: str) -> ChannelMade:
        """A channel and its token; the same name again changes the webhook and keeps the secret."""
        if not _CHANNEL.fullmatch(name):
            raise BadSettings("bad-channel-name", name=name)
        if not _WEBHOOK.fullmatch(webhook):
            raise BadSettings("bad-webhook", url=webhook)
        return await self._database.write(lambda conn: _make_channel(conn, name, webhook))

    async def channels(self) -> list[tuple[str, str]]:
        """Names and webhooks."""
        query = select(t.channels.c.name, t.channels.c.webhook).order_by(t.channels.c.name)
        async with self._database.reading() as conn:
            return [(row.name, row.webhook) for row in await conn.execute(query)]


async def _make_token(conn: AsyncConnection, name: str, role: Role, person: str = "") -> TokenMade:
    people = t.people.c
    id = person or str(ULID())
    row: dict[str, Any] = {"id": id, "name": name, "role": role.value, "connected": False, "seen": 0.0}
    row |= {"availability": Availability.ONLINE.value, "load": 0}
    await conn.execute(upsert(conn, t.people).values(**row).on_conflict_do_nothing())
    id = (await conn.scalars(select(people.id).where(people.name == name))).one()
    await conn.execute(update(t.people).where(people.id == id).values(role=role.value))
    token = new_token()
    values = {"id": str(ULID()), "hash": hash_token(token), "person": id, "role": role.value}
    await conn.execute(insert(t.tokens), values | {"created": time.time()})
    return TokenMade(token, id, name, role.value)


async def _make_channel(conn: AsyncConnection, name: str, webhook: str) -> ChannelMade:
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    row = {"name": name, "webhook": webhook, "secret": secret, "created": time.time()}
    query = upsert(conn, t.channels).values(**row)
    query = query.on_conflict_do_update(index_elements=["name"], set_={"webhook": webhook})
    await conn.execute(query)
    secret = (await conn.scalars(select(t.channels.c.secret).where(t.channels.c.name == name))).one()
    made = await _make_token(conn, f"channel:{name}", Role.CHANNEL, f"channel:{name}")
    return ChannelMade(name, made.token, secret)
