"""Versions of a team's content: published, listed, taken back; each is one line of the feed."""

import asyncio
import zlib
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.events import ContentPublished
from agent_tui.domain.models import Person
from agent_tui.domain.team_content import (
    ContentDifferences,
    ContentFile,
    ContentIn,
    ContentVersion,
    ContentVersions,
    EntryDifference,
    RollbackIn,
    TeamContent,
    content_digest,
    content_size,
    is_conflict,
    ordered,
)
from agent_tui.knowledge.content.comparison import differences
from agent_tui.knowledge.packs.format import Pack
from agent_tui.server.context import ServerContext
from agent_tui.server.identity import Principal
from agent_tui.server.lending.packs import publish_among
from agent_tui.server.problems import HttpProblem, not_found
from agent_tui.server.publishing.checking import expect_good, packs_in
from agent_tui.server.store import knowledge_tables as k
from agent_tui.server.store import tables as t
from agent_tui.server.store.writing import UnitOfWork, now, utc
from agent_tui.wire import encode

KEPT_VERSIONS = 100
_VERSIONS = k.content_versions
_HEAD = [column for column in _VERSIONS.c if column.name != "body"]
_LOCK = select(t.counters.c.value).where(t.counters.c.name == "content").with_for_update()


class Prepared(Struct, frozen=True, kw_only=True):
    """A version as it will be written, worked out outside the transaction against version `base`."""

    base: int
    files: tuple[ContentFile, ...]
    digest: str
    note: str
    restored: int | None
    differences: tuple[EntryDifference, ...]
    packs_before: dict[str, str]
    packs: dict[str, tuple[Pack, str]]


async def current_content(context: ServerContext, version: int | None = None) -> TeamContent:
    """A version with its files, the one in force when none is named.

    Raises HttpProblem: 404 for one that never was, or whose files are no longer kept.
    """
    query = select(_VERSIONS).order_by(_VERSIONS.c.version.desc()).limit(1)
    if version is not None:
        query = query.where(_VERSIONS.c.version == version)
    async with context.database.reading() as conn:
        row = (await conn.execute(query)).first()
    if row is None and not version:
        return TeamContent()
    if row is None or row.body is None:
        raise not_found("unknown-version")
    files = await asyncio.to_thread(_unpacked, row.body)
    return TeamContent(**asdict(_version(row)), files=files)


async def version_in_force(context: ServerContext) -> ContentVersion:
    """The version in force, without its files."""
    found = (await list_versions(context, 1)).versions
    return found[0] if found else ContentVersion()


async def list_versions(context: ServerContext, limit: int) -> ContentVersions:
    """The latest versions, the one in force first."""
    async with context.database.reading() as conn:
        query = select(*_HEAD).order_by(_VERSIONS.c.version.desc()).limit(limit)
        rows = (await conn.execute(query)).all()
    return ContentVersions(versions=tuple(map(_version, rows)))


async def find_differences(context: ServerContext, version: int) -> ContentDifferences:
    """What a version changed. Raises HttpProblem: 404 for one that never was."""
    changed = k.content_differences
    async with context.database.reading() as conn:
        there = await conn.scalar(select(_VERSIONS.c.version).where(_VERSIONS.c.version == version))
        query = select(changed).where(changed.c.version == version).order_by(changed.c.entry)
        rows = (await conn.execute(query)).all()
    if there is None:
        raise not_found("unknown-version")
    return ContentDifferences(version=version, differences=tuple(map(_difference, rows)))


async def publish_content(context: ServerContext, reader: Principal, form: ContentIn) -> ContentVersion:
    """Put files in force for everyone; those that are in force already change nothing.

    Raises HttpProblem: 400 `bad-content` naming each place, 409 `content-changed` when another version has
    come since `base`.
    """
    files = ordered(form.files)
    packs = await asyncio.to_thread(expect_good, files)
    return await _put(context, reader, form.base, files, packs, form.note, None)


async def roll_back(context: ServerContext, reader: Principal, form: RollbackIn) -> ContentVersion:
    """Put the files of an earlier version in force again, as a new version.

    Raises HttpProblem: 404 for one that is not kept, 409 as above.
    """
    wanted = TeamContent() if form.to == 0 else await current_content(context, form.to)
    packs = await asyncio.to_thread(packs_in, wanted.files)
    return await _put(context, reader, form.base, wanted.files, packs, form.note, form.to)


async def _put(
    context: ServerContext,
    reader: Principal,
    base: int,
    files: tuple[ContentFile, ...],
    packs: dict[str, tuple[Pack, str]],
    note: str,
    restored: int | None,
) -> ContentVersion:
    held = await current_content(context)
    digest = content_digest(files)
    if held.digest != digest:
        _expect_base(held, base)
    changed = await asyncio.to_thread(differences, held.files, files)
    before = await asyncio.to_thread(packs_in, held.files)
    made = Prepared(
        base=held.version,
        files=files,
        digest=digest,
        note=note,
        restored=restored,
        differences=changed,
        packs_before={id: text for id, (_, text) in before.items()},
        packs=packs,
    )
    version, is_new = await context.database.write(lambda conn: _write(conn, reader, made))
    if is_new:
        context.committed()
    return version


def _expect_base(head: ContentVersion, base: int) -> None:
    if is_conflict(head, base):
        who = f" {head.by.name}" if head.by else ""
        raise HttpProblem(409, "content-changed", f"v{head.version}{who}")


async def _write(conn: AsyncConnection, reader: Principal, made: Prepared) -> tuple[ContentVersion, bool]:
    """Compare and set: the counter's row is the lock, its number the version in force."""
    await conn.execute(_LOCK)
    row = (await conn.execute(select(*_HEAD).order_by(_VERSIONS.c.version.desc()).limit(1))).first()
    head = _version(row) if row is not None else ContentVersion()
    if head.digest == made.digest:
        return head, False
    _expect_base(head, made.base)
    unit = UnitOfWork(conn, now())
    version = ContentVersion(
        version=head.version + 1,
        digest=made.digest,
        size=content_size(made.files),
        count=len(made.files),
        at=unit.at,
        by=Person(id=reader.id, name=reader.name),
        note=made.note,
        restored=made.restored,
    )
    await _store(conn, version, made)
    await publish_among(unit, reader, made.packs_before, made.packs)
    unit.tell(encode(ContentPublished(version=version.version)))
    await unit.close()
    return version, True


async def _store(conn: AsyncConnection, version: ContentVersion, made: Prepared) -> None:
    assert version.by is not None
    assert version.at is not None
    names = ("version", "digest", "size", "count", "note", "restored")
    told = {name: getattr(version, name) for name in names}
    who = {"at": version.at.timestamp(), "by": version.by.id, "by_name": version.by.name}
    await conn.execute(insert(_VERSIONS).values(**told, **who, body=_packed(made.files)))
    rows = [_row(version.version, one) for one in made.differences]
    if rows:
        await conn.execute(insert(k.content_differences), rows)
    old = _VERSIONS.c.version <= version.version - KEPT_VERSIONS
    await conn.execute(update(_VERSIONS).where(old, _VERSIONS.c.body.is_not(None)).values(body=None))
    number = update(t.counters).where(t.counters.c.name == "content").values(value=version.version)
    await conn.execute(number)


def _row(version: int, one: EntryDifference) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in ("kind", "change", "title", "before", "after")}
    return {"version": version, "entry": one.id, "fields": " ".join(one.fields), **told}


def _difference(row: Any) -> EntryDifference:
    return EntryDifference(
        id=row.entry,
        kind=row.kind,
        change=row.change,
        title=row.title,
        fields=tuple(row.fields.split()),
        before=row.before,
        after=row.after,
    )


def _version(row: Any) -> ContentVersion:
    return ContentVersion(
        version=row.version,
        digest=row.digest,
        size=row.size,
        count=row.count,
        at=utc(row.at),
        by=Person(id=row.by, name=row.by_name),
        note=row.note,
        restored=row.restored,
    )


def _packed(files: Sequence[ContentFile]) -> bytes:
    return zlib.compress(encode(files))


def _unpacked(body: bytes) -> tuple[ContentFile, ...]:
    return msgspec.json.decode(zlib.decompress(body), type=tuple[ContentFile, ...])
