"""How a command becomes true: one transaction, one ruling, one answer that is repeated for good."""

import hashlib
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.commands import Command
from agent_tui.domain.events import MessageAdded, MessageChanged, TicketChanged
from agent_tui.domain.models import Message, MessageKind, MessageState
from agent_tui.domain.rules import Applied, Conflict, Refused, Ruling, Scene, decide, may_see
from agent_tui.server.commands.outgoing import OutgoingFilter
from agent_tui.server.commands.scenes import LockedScene, look
from agent_tui.server.context import ServerContext
from agent_tui.server.identity import Principal
from agent_tui.server.learning.usages import note_usages
from agent_tui.server.lending.helpers import end_access
from agent_tui.server.problems import problem
from agent_tui.server.store import tables as t
from agent_tui.server.store.cursors import cursor_of
from agent_tui.server.store.database.prepared import prepared
from agent_tui.server.store.events import store
from agent_tui.server.store.files import may_name
from agent_tui.server.store.writing import UnitOfWork, now
from agent_tui.wire import Outcome, encode

APPLIED, REFUSED, CONFLICT, NOT_TRIED = "applied", "refused", "conflict", "not-tried"
_STORED = prepared(select(t.commands).where(t.commands.c.id == bindparam("this")))
_ANSWER = prepared(update(t.commands).where(t.commands.c.id == bindparam("this")))
_STATUS = {"not-allowed": 403, "unknown-ticket": 404, "unknown-message": 404, "unknown-person": 404}


class CommandExecutor:
    """Rules on commands and keeps what follows."""

    def __init__(self, context: ServerContext, outgoing: OutgoingFilter) -> None:
        self._context = context
        self._outgoing = outgoing

    async def run_all(self, commands: tuple[Command, ...], reader: Principal) -> tuple[Outcome, ...]:
        """One outcome a command, in order; after a failure later ones of the same ticket are not tried."""
        failed: set[str] = set()
        outcomes = []
        for command in commands:
            if command.ticket in failed:
                outcome = await self._stored(command, reader) or Outcome(
                    id=command.id, outcome=NOT_TRIED, ticket=command.ticket
                )
            else:
                outcome = await self.run(command, reader)
            if outcome.outcome != APPLIED and command.ticket is not None:
                failed.add(command.ticket)
            outcomes.append(outcome)
        return tuple(outcomes)

    async def run(self, command: Command, reader: Principal) -> Outcome:
        """Run one command; the answer comes after the commit."""
        digest = digest_of(command)
        try:
            outcome, told = await self._context.database.write(
                lambda conn: self._write(conn, command, reader, digest)
            )
        except IntegrityError:
            # The id is that of a message which no command made, or of one made under another id.
            return _refused(command, Refused("id-taken"))
        if told:
            self._context.committed()
        return outcome

    async def _stored(self, command: Command, reader: Principal) -> Outcome | None:
        async with self._context.database.reading() as conn:
            row = (await conn.execute(_STORED, {"this": command.id})).first()
        return None if row is None else _repeated(command, row, reader, digest_of(command))

    async def _write(
        self, conn: AsyncConnection, command: Command, reader: Principal, digest: str
    ) -> tuple[Outcome, bool]:
        at = now()
        # Before anything else: a second one with this id waits here for the first to commit.
        row = {"id": command.id, "person": reader.id, "digest": digest, "at": at.timestamp()}
        first = await conn.execute(_first(conn.dialect.name), row)
        if not first.rowcount:
            stored = (await conn.execute(_STORED, {"this": command.id})).one()
            return _repeated(command, stored, reader, digest), False
        found = await look(conn, self._context, command, reader, at)
        ruling = await self._rule(conn, command, found, reader)
        outcome = await self._keep(conn, command, ruling, found)
        return outcome, outcome.cursor is not None

    async def _rule(
        self, conn: AsyncConnection, command: Command, found: LockedScene, reader: Principal
    ) -> Ruling:
        ruling = decide(command, found.scene)
        if not isinstance(ruling, Applied):
            return ruling
        unknown = await may_name(conn, command.words, reader)
        if unknown is not None:
            return Refused("unknown-file", unknown)
        ticket = found.scene.ticket
        said = _reply_of(ruling)
        if said is None or ticket is None:
            return ruling
        held = await self._outgoing.refuse(conn, said.parts, ticket, reader.role)
        held = held or await self._outgoing.contradiction(
            conn, said.parts, ticket, reader.role, command.confirmed
        )
        return held or ruling

    async def _keep(
        self, conn: AsyncConnection, command: Command, ruling: Ruling, found: LockedScene
    ) -> Outcome:
        if isinstance(ruling, Applied):
            outcome = await self._apply(conn, command, ruling, found)
        elif isinstance(ruling, Conflict):
            version = found.scene.ticket.version if found.scene.ticket else None
            outcome = _failed(command, CONFLICT, problem(409, "conflict"), version, ruling.changed)
        else:
            outcome = _refused(command, ruling, _seen_version(found.scene))
        if outcome.cursor is None:
            await conn.execute(_ANSWER, {"this": command.id, "answer": encode(outcome)})
        return outcome

    async def _apply(
        self, conn: AsyncConnection, command: Command, ruling: Applied, found: LockedScene
    ) -> Outcome:
        unit, actor = UnitOfWork(conn, found.scene.now), found.scene.actor
        if command.ends_access:
            await end_access(conn, actor.id)
        await store(unit, ruling.events, found.locked, command.touches)
        await note_usages(conn, command, ruling.events, actor.team)
        ticket = found.scene.ticket
        after = next(
            (e.ticket for e in ruling.events if isinstance(e, TicketChanged) if ticket is not None), None
        )
        outcome = Outcome(
            id=command.id,
            outcome=APPLIED,
            ticket=after.id if after else None,
            version=after.version if after else None,
        )
        return await self._finish(unit, outcome)

    async def _finish(self, unit: UnitOfWork, outcome: Outcome) -> Outcome:
        last = await unit.close()
        outcome = msgspec.structs.replace(outcome, cursor=cursor_of(self._context.epoch, last or 0))
        await unit.conn.execute(_ANSWER, {"this": outcome.id, "answer": encode(outcome)})
        return outcome


def _reply_of(ruling: Applied) -> Message | None:
    """The reply that is written or approved, whose words the outgoing rules look at.

    A draft goes out as it was handed, not as the helper reads it; an approved reply as it was written, while
    the order may be another by now.
    """
    for event in ruling.events:
        match event:
            case MessageAdded(message=said) if said.kind is MessageKind.REPLY:
                return said
            case MessageChanged(message=Message(kind=MessageKind.REPLY, state=MessageState.SENT) as said):
                return said
    return None


@cache
def _first(dialect: str) -> Any:
    insert: Any = (sqlite if dialect == "sqlite" else postgresql).insert(t.commands)
    return prepared(insert.on_conflict_do_nothing())


def digest_of(command: Command) -> str:
    """A command's content, however it was spelled."""
    return hashlib.sha256(encode(command)).hexdigest()


def _repeated(command: Command, row: Any, reader: Principal, digest: str) -> Outcome:
    if row.person != reader.id or row.digest != digest:
        return _refused(command, Refused("id-taken"))
    return msgspec.json.decode(row.answer, type=Outcome)


def _refused(command: Command, ruling: Refused, version: int | None = None) -> Outcome:
    status = _STATUS.get(ruling.code, 409)
    return _failed(command, REFUSED, problem(status, ruling.code, ruling.detail), version)


def _failed(
    command: Command,
    outcome: str,
    why: Any,
    version: int | None,
    changed: tuple[str, ...] | Any = msgspec.UNSET,
) -> Outcome:
    return Outcome(
        id=command.id,
        outcome=outcome,
        ticket=command.ticket,
        version=version,
        problem=why,
        changed=changed,
    )


def _seen_version(scene: Scene) -> int | None:
    ticket = scene.ticket
    return ticket.version if ticket is not None and may_see(scene.actor, ticket) else None
