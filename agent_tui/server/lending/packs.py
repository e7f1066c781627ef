"""Knowledge packs on the server: published by a lead, read by everyone, in force from the next look on."""

import asyncio
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.events import PackChanged
from agent_tui.domain.staffing import BUILT_IN, PackInfo, PackList
from agent_tui.domain.text import clean
from agent_tui.knowledge.packs.format import Pack
from agent_tui.knowledge.packs.reading import PlacedPack, built_in_packs, parse_pack, read_packs
from agent_tui.server.context import ServerContext
from agent_tui.server.identity import Principal
from agent_tui.server.problems import HttpProblem, bad_field, not_found
from agent_tui.server.store import tables as t
from agent_tui.server.store.writing import UnitOfWork, now, upsert, utc
from agent_tui.wire import FieldError, encode

PACK_LIMIT = 200 << 10
_MOST_ERRORS = 50
_FOR_UPDATE = select(t.packs).with_for_update()


class PackWords(Struct, frozen=True):
    """The ids that a reply from the pack may name, and the words of its emergency cards."""

    entries: frozenset[str] = frozenset()
    cards: dict[str, str] = {}


class PackDocument(PackInfo, frozen=True, kw_only=True):
    """A pack with its text, word for word as it was published."""

    text: str


@cache
def _built_in() -> dict[str, tuple[Pack, str]]:
    """The packs that come with the product, with their files' text; a published one of that id wins."""
    placed, _ = read_packs(built_in_packs())
    return {one.pack.id: (one.pack, _text_of(one)) for one in placed}


def _text_of(placed: PlacedPack) -> str:
    with open(placed.file, encoding="utf-8") as file:
        return file.read()


async def find_pack(conn: AsyncConnection, id: str | None) -> Pack | None:
    """The pack that is in force under `id`: the published one, else the built-in one; revoked is none."""
    if id is None:
        return None
    row = (await conn.execute(select(t.packs.c.body, t.packs.c.revoked).where(t.packs.c.id == id))).first()
    if row is None:
        known = _built_in().get(id)
        return known[0] if known else None
    return None if row.revoked else msgspec.json.decode(row.body, type=Pack)


async def words_of_pack(conn: AsyncConnection, pack: str | None) -> PackWords:
    """What counts as words of a pack; nothing when it is revoked."""
    found = await find_pack(conn, pack)
    return words_in(found) if found else PackWords()


async def names_entry(context: ServerContext, helper: str, entry: str) -> bool:
    """Whether `entry` is one that a helper answers from."""
    async with context.database.reading() as conn:
        pack = await conn.scalar(select(t.people.c.pack).where(t.people.c.id == helper))
        return entry in (await words_of_pack(conn, pack)).entries


def words_in(pack: Pack) -> PackWords:
    """What counts as words of `pack`: the entries of its answers, and its emergency cards."""
    cards = {card.id: card.say for card in pack.emergency}
    return PackWords(frozenset(answer.entry for answer in pack.answers) | cards.keys(), cards)


async def list_packs(context: ServerContext) -> PackList:
    """Every pack in force, by id."""
    await asyncio.to_thread(_built_in)
    async with context.database.reading() as conn:
        rows = (await conn.execute(select(t.packs))).all()
    packs = {id: _info(pack, pack.version, origin=BUILT_IN) for id, (pack, _) in _built_in().items()}
    for row in rows:
        packs.pop(row.id, None)
        if not row.revoked:
            packs[row.id] = _info_of(row)
    return PackList(packs=tuple(packs[id] for id in sorted(packs)))


async def read_pack_text(context: ServerContext, id: str) -> PackDocument:
    """A pack in force with its text; 404 when there is none."""
    await asyncio.to_thread(_built_in)
    async with context.database.reading() as conn:
        row = (await conn.execute(select(t.packs).where(t.packs.c.id == id))).first()
    known = _built_in().get(id)
    if row is not None and not row.revoked:
        return PackDocument(**msgspec.structs.asdict(_info_of(row)), text=row.text)
    if row is not None or known is None:
        raise not_found("unknown-pack")
    info = _info(known[0], known[0].version, origin=BUILT_IN)
    return PackDocument(**msgspec.structs.asdict(info), text=known[1])


async def publish(context: ServerContext, reader: Principal, id: str, data: bytes) -> PackInfo:
    """Put a pack in force for everyone; the text that is in force already changes nothing."""
    text = _decoded(data)
    pack = await asyncio.to_thread(_parsed, id, text)
    info, told = await context.database.write(lambda conn: _publish(conn, reader, pack, text))
    if told:
        context.committed()
    return info


def _decoded(data: bytes) -> str:
    try:
        return clean(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise bad_field("body", "must be UTF-8 text") from error


def _parsed(id: str, text: str) -> Pack:
    placed, problems = parse_pack(text, f"{id}.yaml")
    if placed is None:
        errors = tuple(
            FieldError(at=one.field or "body", detail=f"line {one.line}: {one.detail} → {one.remedy}")
            for one in problems[:_MOST_ERRORS]
        )
        raise HttpProblem(400, "bad-pack", f"{errors[0].at}: {errors[0].detail}" if errors else "", errors)
    if placed.pack.id != id:
        raise bad_field("id", f"the text says {placed.pack.id}")
    return placed.pack


async def _publish(conn: AsyncConnection, reader: Principal, pack: Pack, text: str) -> tuple[PackInfo, bool]:
    row = (await conn.execute(_FOR_UPDATE.where(t.packs.c.id == pack.id))).first()
    if row is not None and not row.revoked and row.text == text:
        return _info_of(row), False
    entry = UnitOfWork(conn, now())
    info = await put_in_force(entry, reader, pack, text, row)
    await entry.close()
    return info, True


async def publish_among(
    unit: UnitOfWork, reader: Principal, before: Mapping[str, str], after: Mapping[str, tuple[Pack, str]]
) -> None:
    """Put the packs of a team's content in force; one that only the content `before` held is revoked, unless
    another text of it has been published by itself since."""
    for id in sorted({*before, *after}):
        row = (await unit.conn.execute(_FOR_UPDATE.where(t.packs.c.id == id))).first()
        in_force = row is not None and not row.revoked and row.text
        if id in after and in_force != after[id][1]:
            await put_in_force(unit, reader, *after[id], row)
        elif id not in after and in_force == before[id]:
            await take_out_of_force(unit, row)


async def put_in_force(unit: UnitOfWork, reader: Principal, pack: Pack, text: str, row: Any) -> PackInfo:
    """Write a pack and tell of it; `row` is what stands under its id, locked."""
    # A pack that was changed and kept its number is another version all the same: screens go by it.
    version = max(pack.version, row.version + 1 if row is not None else 0)
    values = {"version": version, "text": text, "body": encode(pack), "by": reader.name, "revoked": False}
    values["at"] = unit.at.timestamp()
    query = upsert(unit.conn, t.packs).values(id=pack.id, **values)
    await unit.conn.execute(query.on_conflict_do_update(index_elements=["id"], set_=values))
    unit.tell(encode(PackChanged(pack=pack.id, version=version)))
    return _info(pack, version, by=reader.name, at=unit.at)


async def take_out_of_force(unit: UnitOfWork, row: Any) -> None:
    """Revoke the pack of `row` and tell of it."""
    await unit.conn.execute(update(t.packs).where(t.packs.c.id == row.id).values(revoked=True))
    unit.tell(encode(PackChanged(pack=row.id, version=row.version, revoked=True)))


async def revoke_pack(context: ServerContext, id: str) -> PackInfo:
    """Take a pack out of force; 404 when there is none that was published."""
    info = await context.database.write(lambda conn: _revoke(conn, id))
    context.committed()
    return info


async def _revoke(conn: AsyncConnection, id: str) -> PackInfo:
    row = (await conn.execute(_FOR_UPDATE.where(t.packs.c.id == id))).first()
    if row is None or row.revoked:
        raise not_found("unknown-pack")
    entry = UnitOfWork(conn, now())
    await take_out_of_force(entry, row)
    await entry.close()
    return _info_of(row)


def _info_of(row: Any) -> PackInfo:
    pack = msgspec.json.decode(row.body, type=Pack)
    return _info(pack, row.version, by=row.by, at=utc(row.at))


def _info(pack: Pack, version: int, **more: Any) -> PackInfo:
    return PackInfo(
        id=pack.id, version=version, title=pack.title, field=pack.field, language=pack.language, **more
    )
