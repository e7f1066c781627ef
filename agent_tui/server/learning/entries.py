"""What colleagues share: an entry is put, nodded at by a lead, revoked; each is one line of the feed."""

import time
from typing import Any, Literal

import msgspec
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.events import EntryChanged, EntryState
from agent_tui.domain.models import Person
from agent_tui.domain.rules import LEADING
from agent_tui.knowledge.content.entries import Article, Snippet
from agent_tui.server.context import ServerContext
from agent_tui.server.identity import Principal
from agent_tui.server.problems import HttpProblem, not_found
from agent_tui.server.store import knowledge_tables as k
from agent_tui.server.store import tables as t
from agent_tui.server.store.writing import CORE, EVERYONE, UnitOfWork, now, upsert, utc
from agent_tui.wire import SharedEntries, SharedEntry, encode

PROPOSED, SHARED, REVOKED = "proposed", "shared", "revoked"
_GONE: Literal["revoked"] = "revoked"
_FIND = select(k.entries)


async def put_entry(context: ServerContext, reader: Principal, source: Snippet | Article) -> SharedEntry:
    """Share an entry, or another text of it; a case waits for a lead's nod, and so does what a lead revoked.

    Raises HttpProblem: 403 for an entry that is somebody else's.
    """
    return await _write(context, lambda conn: _put(conn, reader, source))


async def share_entry(context: ServerContext, id: str) -> SharedEntry:
    """A lead's nod. Raises HttpProblem: 404 for an entry that is not there, 409 for one that was revoked."""
    return await _write(context, lambda conn: _share(conn, id))


async def revoke_entry(context: ServerContext, reader: Principal, id: str) -> SharedEntry:
    """Take an entry away from everyone. Raises HttpProblem: 404 as above, 403 for somebody else's."""
    return await _write(context, lambda conn: _revoke(conn, reader, id))


async def find_entries(context: ServerContext, reader: Principal, after: int | None) -> SharedEntries:
    """The entries `reader` may see; with a revision those that changed later, without content when gone."""
    query = _FIND.where(k.entries.c.revision > (after or 0)).order_by(k.entries.c.revision)
    revision = select(t.counters.c.value).where(t.counters.c.name == "entries")

    async def look(conn: AsyncConnection) -> tuple[int, Any]:
        return (await conn.scalar(revision)) or 0, (await conn.execute(query)).all()

    last, rows = await context.database.read(look)
    seen = [row for row in rows if row.revision <= last and (after is not None or _may_read(row, reader))]
    shown = (_shown(row) if _may_read(row, reader) else _gone(row) for row in seen)
    return SharedEntries(entries=tuple(shown), revision=last)


async def _write(context: ServerContext, work: Any) -> SharedEntry:
    made: SharedEntry = await context.database.write(work)
    context.committed()
    return made


async def _put(conn: AsyncConnection, reader: Principal, source: Snippet | Article) -> SharedEntry:
    row = await _held(conn, source.id)
    if row is not None and reader.id != row.author and reader.role not in LEADING:
        raise HttpProblem(403, "not-yours", f"shared by {row.author_name}")
    values = {
        "id": source.id,
        "kind": "snippet" if isinstance(source, Snippet) else "article",
        "state": _state(row, reader, source, is_published=await _is_published(conn, source.id)),
        "author": row.author if row else reader.id,
        "author_name": row.author_name if row else reader.name,
        "body": encode(source if row is None else _signed(source, row.author_name)),
    }
    return await _store(conn, row, values)


def _signed(source: Snippet | Article, author: str) -> Snippet | Article:
    """A lead who mends an entry does not become its author."""
    if isinstance(source, Snippet):
        return msgspec.structs.replace(source, author=author)
    return msgspec.structs.replace(source, owner=author)


def _state(row: Any, reader: Principal, source: Snippet | Article, *, is_published: bool) -> str:
    """What would take the place of an entry that the team has published waits for a lead as well."""
    if reader.role in LEADING:
        return SHARED
    was_revoked = row is not None and row.revoked_by not in (None, reader.id)
    needs_nod = was_revoked or is_published or not isinstance(source, Snippet)
    return PROPOSED if needs_nod else SHARED


async def _is_published(conn: AsyncConnection, id: str) -> bool:
    """Whether the content in force holds an entry with this id: the last version that changed it says."""
    told = k.content_differences.c
    query = select(told.change).where(told.entry == id, told.kind != "file").order_by(told.version.desc())
    last = await conn.scalar(query.limit(1))
    return last is not None and last != "removed"


async def _share(conn: AsyncConnection, id: str) -> SharedEntry:
    row = await _held(conn, id)
    if row is None:
        raise not_found("unknown-entry")
    if row.state == REVOKED:
        raise HttpProblem(409, "revoked", "put it again")
    return _shown(row) if row.state == SHARED else await _store(conn, row, {"id": id, "state": SHARED})


async def _revoke(conn: AsyncConnection, reader: Principal, id: str) -> SharedEntry:
    row = await _held(conn, id)
    if row is None or (row.state == REVOKED and not _is_mine(row, reader)):
        raise not_found("unknown-entry")
    if not _is_mine(row, reader):
        raise HttpProblem(403, "not-yours", f"shared by {row.author_name}")
    if row.state == REVOKED:
        return _gone(row)
    return await _store(conn, row, {"id": id, "state": REVOKED, "revoked_by": reader.id})


async def _held(conn: AsyncConnection, id: str) -> Any:
    return (await conn.execute(_FIND.where(k.entries.c.id == id).with_for_update())).first()


async def _store(conn: AsyncConnection, row: Any, changed: dict[str, Any]) -> SharedEntry:
    """Write the row with a new revision and tell who could see it before or can see it now."""
    counter = t.counters.c
    counted = update(t.counters).where(counter.name == "entries").values(value=counter.value + 1)
    revision = (await conn.scalars(counted.returning(counter.value))).one()
    values = {"revoked_by": None, **changed, "revision": revision, "at": time.time()}
    if row is None:
        # Two people put the same new id at once: the second waits here for the first to commit.
        added = upsert(conn, k.entries).values(values).on_conflict_do_nothing(index_elements=["id"])
        if not (await conn.execute(added)).rowcount:
            raise HttpProblem(409, "id-taken", "try again")
    else:
        await conn.execute(update(k.entries).where(k.entries.c.id == values["id"]).values(values))
    after = (await conn.execute(_FIND.where(k.entries.c.id == values["id"]))).one()
    was_seen = row is not None and row.state == SHARED
    audience = EVERYONE if was_seen or after.state == SHARED else CORE
    entry = UnitOfWork(conn, now())
    told = EntryState(id=after.id, state=after.state, revision=revision)
    entry.tell(encode(EntryChanged(entry=told)), audience)
    await entry.close()
    return _gone(after) if after.state == REVOKED else _shown(after)


def _is_mine(row: Any, reader: Principal) -> bool:
    return row.author == reader.id or reader.role in LEADING


def _may_read(row: Any, reader: Principal) -> bool:
    return row.state == SHARED or (row.state == PROPOSED and not reader.is_helper and _is_mine(row, reader))


def _shown(row: Any) -> SharedEntry:
    return SharedEntry(
        id=row.id,
        kind=row.kind,
        state=row.state,
        revision=row.revision,
        author=Person(id=row.author, name=row.author_name),
        at=utc(row.at),
        content=msgspec.json.decode(row.body),
    )


def _gone(row: Any) -> SharedEntry:
    """What is left to say of an entry that the reader may not (or no longer) see."""
    return SharedEntry(
        id=row.id,
        kind=row.kind,
        state=_GONE,
        revision=row.revision,
        author=Person(id=row.author, name=row.author_name),
        at=utc(row.at),
    )
