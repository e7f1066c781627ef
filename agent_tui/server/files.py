"""Files: kept in the database, so that every process has them; seen by whom their messages are seen."""

import re
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from ulid import ULID

from agent_tui.domain.models import FileInfo, Message, Part, Role
from agent_tui.server import tables as t
from agent_tui.server.auth import Reader
from agent_tui.server.house import House
from agent_tui.server.writing import now, upsert

_MEDIA = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}")
_PLAIN = "application/octet-stream"
# What a browser would run rather than show.
_ACTIVE = re.compile(r"text/html|.*xml.*|.*svg.*|.*script.*|.*xhtml.*")


def media_type(header: str | None) -> str:
    """The media type of an upload, without parameters; what a browser would run is only bytes."""
    media = (header or _PLAIN).split(";")[0].strip().lower()
    return media if _MEDIA.fullmatch(media) and not _ACTIVE.fullmatch(media) else _PLAIN


async def keep_file(house: House, reader: Reader, name: str, media: str, data: bytes) -> FileInfo:
    """Store an upload."""
    info = FileInfo(id=str(ULID()), name=name, type=media, size=len(data))
    row = {"id": info.id, "name": name, "type": media, "size": info.size, "uploader": reader.id}
    row |= {"at": now().timestamp(), "bytes": data}

    async def write(conn: AsyncConnection) -> None:
        await conn.execute(insert(t.files), row)

    await house.database.write(write)
    return info


def _visible(reader: Reader) -> Any:
    files, links = t.files.c, t.file_links.c
    linked = select(links.file).where(links.file == files.id)
    if reader.role is Role.CHANNEL:
        return files.uploader == reader.id
    if reader.is_helper:
        linked = linked.join(t.tickets, t.tickets.c.id == links.ticket)
        linked = linked.where(t.tickets.c.assignee == reader.id)
    return or_(files.uploader == reader.id, linked.exists())


async def find_file(house: House, reader: Reader, id: str) -> Any | None:
    """A file's row when `reader` may see it."""
    async with house.database.reading() as conn:
        query = select(t.files).where(t.files.c.id == id, _visible(reader))
        return (await conn.execute(query)).first()


def _named(parts: tuple[Part, ...]) -> list[str]:
    return list(dict.fromkeys(p.file.id for p in parts if p.file is not None))


async def may_name(conn: AsyncConnection, parts: tuple[Part, ...], reader: Reader) -> str | None:
    """The first file in `parts` that `reader` cannot see: naming it would show it to them."""
    wanted = _named(parts)
    if not wanted:
        return None
    query = select(t.files.c.id).where(t.files.c.id.in_(wanted), _visible(reader))
    seen = set((await conn.scalars(query)).all())
    return next((id for id in wanted if id not in seen), None)


async def link_files(conn: AsyncConnection, message: Message, uploader: str | None = None) -> None:
    """Note which files `message` carries; a channel's message carries only what that channel uploaded."""
    wanted = _named(message.parts)
    if not wanted:
        return
    query = select(t.files.c.id).where(t.files.c.id.in_(wanted))
    if uploader is not None:
        query = query.where(t.files.c.uploader == uploader)
    for id in (await conn.scalars(query)).all():
        row = {"file": id, "message": message.id, "ticket": message.ticket}
        await conn.execute(upsert(conn, t.file_links).values(**row).on_conflict_do_nothing())
