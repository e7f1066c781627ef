"""The replica's snapshot on disk: one msgpack file of rows and a cursor, thrown away when damaged."""

import hashlib
from pathlib import Path

import msgspec
from msgspec import Struct

from agent_tui.domain.models import Floor, Message, Seat, Ticket
from agent_tui.errors import reason_of
from agent_tui.sync.atomic_write import write_whole
from agent_tui.sync.errors import StoreError
from agent_tui.sync.rows import share_words
from agent_tui.sync.shapes import Row

MAGIC = b"agent-tui rows 1\n"
SLICE = 2000


class SnapshotFile(Struct, frozen=True, kw_only=True, array_like=True):
    """What is written; `slices` are msgpack lists of rows, so that no single step holds up the screen.

    `own` are the whole tickets of the person, `talks` their newest messages, to go on working offline.
    """

    cursor: str
    me: Seat
    floor: Floor
    seats: tuple[Seat, ...]
    slices: tuple[bytes, ...]
    own: tuple[Ticket, ...] = ()
    talks: tuple[tuple[Message, ...], ...] = ()


class ReplicaState(Struct, frozen=True, kw_only=True):
    """A snapshot in memory."""

    cursor: str
    me: Seat
    floor: Floor
    seats: tuple[Seat, ...]
    rows: list[Row]
    own: tuple[Ticket, ...] = ()
    talks: tuple[tuple[Message, ...], ...] = ()


def write_snapshot(file: Path, state: ReplicaState) -> None:
    """Put `state` in the file's place; may run in a thread. Raises StoreError."""
    rows = state.rows
    slices = tuple(msgspec.msgpack.encode(rows[at : at + SLICE]) for at in range(0, len(rows), SLICE))
    saved = SnapshotFile(
        cursor=state.cursor,
        me=state.me,
        floor=state.floor,
        seats=state.seats,
        slices=slices,
        own=state.own,
        talks=state.talks,
    )
    body = msgspec.msgpack.encode(saved)
    write_whole(file, MAGIC + _digest(body) + body)


def read_snapshot(file: Path) -> ReplicaState | None:
    """The state in `file`; None when there is none or it is damaged, and then the file is removed."""
    try:
        data = file.read_bytes()
    except OSError:
        return None
    try:
        return _decoded(data)
    except (msgspec.DecodeError, ValueError):
        remove_snapshot(file)
        return None


def _decoded(data: bytes) -> ReplicaState:
    start = len(MAGIC) + 16
    body = memoryview(data)[start:]
    if data[: len(MAGIC)] != MAGIC or data[len(MAGIC) : start] != _digest(body):
        raise ValueError("not as it was written")
    saved = msgspec.msgpack.decode(body, type=SnapshotFile)
    decoder = msgspec.msgpack.Decoder(list[Row])
    rows = [share_words(row) for piece in saved.slices for row in decoder.decode(piece)]
    return ReplicaState(
        cursor=saved.cursor,
        me=saved.me,
        floor=saved.floor,
        seats=saved.seats,
        rows=rows,
        own=saved.own,
        talks=saved.talks,
    )


def remove_snapshot(file: Path) -> None:
    """Remove the file; one that cannot be removed will be read as damaged again."""
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError("cannot-write", reason=reason_of(error), file=str(file)) from error


def _digest(body: bytes | memoryview) -> bytes:
    return hashlib.blake2b(body, digest_size=16).digest()
