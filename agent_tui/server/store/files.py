"""Files: kept in the database, so that every process has them; seen by whom their messages are seen."""

import re
from typing import Any

from msgspec.structs import replace
from sqlalchemy import insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from ulid import ULID

from agent_tui.domain.models import FileInfo, Message, MessageKind, Part, Role
from agent_tui.server.identity import Principal
from agent_tui.server.store import tables as t
from agent_tui.server.store.database.transactions import Database
from agent_tui.server.store.writing import now, upsert

_MEDIA = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}")
_PLAIN = "application/octet-stream"
# What a browser would run rather than show.
_ACTIVE = re.compile(r"text/html|.*xml.*|.*svg.*|.*script.*|.*xhtml.*")


def media_type(header: str | None) -> str:
    """The media type of an upload, without parameters; what a browser would run is only bytes."""
    media = (header or _PLAIN).split(";")[0].strip().lower()
    return media if _MEDIA.fullmatch(media) and not _ACTIVE.fullmatch(media) else _PLAIN


async def keep_file(database: Database, reader: Principal, name: str, media: str, data: bytes) -> FileInfo:
    """Store an upload."""
    info = FileInfo(id=str(ULID()), name=name, type=media, size=len(data))
    row = {"id": info.id, "name": name, "type": media, "size": info.size, "uploader": reader.id}
    row |= {"at": now().timestamp(), "bytes": data}

    async def write(conn: AsyncConnection) -> None:
        await conn.execute(insert(t.files), row)

    await database.write(write)
    return info


def _visible(reader: Principal) -> Any:
    files, links = t.files.c, t.file_links.c
    linked = select(links.file).where(links.file == files.id)
    if reader.role is Role.CHANNEL:
        # What a reply carries must reach the customer; notes are not for them.
        linked = linked.join(t.tickets, t.tickets.c.id == links.ticket)
        linked = linked.join(t.messages, t.messages.c.id == links.message)
        linked = linked.where(
            t.tickets.c.channel == reader.id.removeprefix("channel:"),
            t.messages.c.kind == MessageKind.REPLY.value,
        )
    if reader.is_helper:
        linked = linked.join(t.tickets, t.tickets.c.id == links.ticket)
        linked = linked.where(t.tickets.c.assignee == reader.id)
    return or_(files.uploader == reader.id, linked.exists())


async def find_file(database: Database, reader: Principal, id: str) -> Any | None:
    """A file's row when `reader` may see it."""
    query = select(t.files).where(t.files.c.id == id, _visible(reader))

    async def look(conn: AsyncConnection) -> Any:
        return (await conn.execute(query)).first()

    return await database.read(look)


def _named(parts: tuple[Part, ...]) -> list[str]:
    return list(dict.fromkeys(p.file.id for p in parts if p.file is not None))


async def may_name(conn: AsyncConnection, parts: tuple[Part, ...], reader: Principal) -> str | None:
    """The first file in `parts` that `reader` cannot see: naming it would show it to them."""
    wanted = _named(parts)
    if not wanted:
        return None
    query = select(t.files.c.id).where(t.files.c.id.in_(wanted), _visible(reader))
    seen = set((await conn.scalars(query)).all())
    return next((id for id in wanted if id not in seen), None)


async def link_files(conn: AsyncConnection, message: Message, uploader: str | None = None) -> Message:
    """Note which files `message` carries; a channel's message carries only what that channel uploaded.

    The answer is the message with name, type and size as they were when the files came, not as it says.
    """
    wanted = _named(message.parts)
    if not wanted:
        return message
    files = t.files.c
    query = select(files.id, files.name, files.type, files.size).where(files.id.in_(wanted))
    if uploader is not None:
        query = query.where(files.uploader == uploader)
    known = {row.id: FileInfo(**row) for row in (await conn.execute(query)).mappings()}
    for id in known:
        row = {"file": id, "message": message.id, "ticket": message.ticket}
        await conn.execute(upsert(conn, t.file_links).values(**row).on_conflict_do_nothing())
    parts = tuple(
        p if p.file is None else replace(p, file=known.get(p.file.id, p.file)) for p in message.parts
    )
    return replace(message, parts=parts)
