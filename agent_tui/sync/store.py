"""Local persistence of what is small and precious: the outbox, drafts, use counts, the screen's settings.

2026-11: every outbox record carries a checksum over its content, because half of all single-bit slips still
decode as valid JSON. A record that fails is shown to the person and never sent. When the newest file is
damaged, records that only the previous generation has come back as unsure: one of them may have been taken
back by hand since.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

import msgspec
from msgspec import Struct
from tinydb import TinyDB
from tinydb.storages import MemoryStorage
from tinydb.table import Table

from agent_tui.domain.commands import Command
from agent_tui.errors import reason_of
from agent_tui.sync.document_file import DocumentFile, digest
from agent_tui.sync.errors import ProfileInUse, StoreError
from agent_tui.sync.shapes import Draft

_ULID = re.compile(r'"id": ?"([0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{26})"')


class OutboxRecord(Struct, frozen=True, kw_only=True):
    """An outbox entry on disk; `state` is a word of SendState, `seq` its place in line."""

    seq: int
    command: Command
    state: str
    reason: str = ""
    created_at: float = 0.0


class DamagedRecord(Struct, frozen=True, kw_only=True):
    """An outbox record that is not what was written; `text` is what can still be read of it."""

    key: str
    text: str


class _Kept(Struct, frozen=True, kw_only=True):
    """What is written: the record as text, and the checksum over exactly that text."""

    body: str
    sum: str


class ReleasableLock(Protocol):
    """A lock that can be let go."""

    def release(self) -> None:
        """Let the profile go."""


class Store:
    """Tables over TinyDB; every method that writes raises StoreError and then has changed nothing.

    `aside` is where a file lies that was found damaged at the start.
    """

    def __init__(
        self, database: TinyDB, lock: ReleasableLock | None = None, folder: Path | None = None
    ) -> None:
        self._db = database
        self._lock = lock
        self.folder = folder
        self.damaged: list[DamagedRecord] = []
        self.aside: Path | None = None
        self.records: list[OutboxRecord] = []
        self._doc_ids: dict[str, int] = {}
        self._load()

    def _table(self, name: str) -> Table:
        return self._db.table(name, cache_size=0)

    # -- reading at the start
    def _load(self) -> None:
        storage = self._db.storage
        table = self._table("outbox")
        for document in table:
            self._take(document.doc_id, document)
        if isinstance(storage, DocumentFile):
            self.damaged += [
                DamagedRecord(key=f"line-{n}", text=t) for n, t in enumerate(storage.found.broken)
            ]
            if not storage.found.intact:
                self.aside = storage.put_aside()
            if not storage.found.intact or self.damaged:
                self._recover(storage.earlier().get("outbox", {}))
        self.records.sort(key=lambda record: record.seq)

    def _take(self, doc_id: int, document: Any) -> None:
        record = _verified(document)
        if record is None:
            self.damaged.append(
                DamagedRecord(key=f"record-{doc_id}", text=str(document.get("body", document)))
            )
            return
        self._doc_ids[record.command.id] = doc_id
        self.records.append(record)

    def _recover(self, earlier: dict[str, dict[str, Any]]) -> None:
        """Bring back, for a person to decide, what only the previous generation has."""
        here = {record.command.id for record in self.records}
        for document in earlier.values():
            record = _verified(document)
            if record is not None and record.command.id not in here:
                unsure = msgspec.structs.replace(record, state="unsure", reason="recovered")
                self.records.append(unsure)

    # -- the outbox
    def keep(self, records: Iterable[OutboxRecord]) -> None:
        """Write `records`, new or changed; when this returns they are on disk."""
        whole = dict(self._db.storage.read() or {})
        held = dict(whole.get("outbox", {}))
        fresh = max((int(id) for id in held), default=0) + 1
        ids = dict(self._doc_ids)
        for record in records:
            doc_id = ids.setdefault(record.command.id, fresh)
            fresh += doc_id == fresh
            held[str(doc_id)] = _sealed(record)
        whole["outbox"] = held
        self._write(lambda: self._db.storage.write(whole))
        self._doc_ids = ids

    def forget(self, commands: Iterable[str]) -> None:
        """Remove records by their command's id."""
        known = {id: self._doc_ids[id] for id in commands if id in self._doc_ids}
        if known:
            self._write(lambda: self._table("outbox").remove(doc_ids=list(known.values())))
        for id in known:
            del self._doc_ids[id]

    def forget_damaged(self, key: str) -> None:
        """Remove a damaged record that a person has looked at."""
        self.damaged = [record for record in self.damaged if record.key != key]
        table = self._table("outbox")
        if key.startswith("record-") and table.contains(doc_id=int(key.removeprefix("record-"))):
            self._write(lambda: table.remove(doc_ids=[int(key.removeprefix("record-"))]))

    # -- what belongs to the person
    def drafts(self) -> dict[str, Draft]:
        """The drafts by ticket; what cannot be read is left out."""
        found = {}
        for ticket, raw in self._pairs("drafts").items():
            try:
                found[ticket] = msgspec.convert(raw, Draft)
            except msgspec.ValidationError:
                continue
        return found

    def keep_drafts(self, drafts: dict[str, Draft]) -> None:
        """Hold these drafts and no others."""
        self._replace("drafts", {ticket: msgspec.to_builtins(draft) for ticket, draft in drafts.items()})

    def numbers(self, table: str) -> dict[str, int]:
        """A table of counts."""
        return {key: value for key, value in self._pairs(table).items() if isinstance(value, int)}

    def words(self, table: str) -> dict[str, str]:
        """A table of words."""
        return {key: value for key, value in self._pairs(table).items() if isinstance(value, str)}

    def keep_pairs(self, table: str, pairs: dict[str, int] | dict[str, str]) -> None:
        """Hold these counts or words and no others."""
        self._replace(table, dict(pairs))

    def _pairs(self, table: str) -> dict[str, Any]:
        return {d["key"]: d["value"] for d in self._table(table) if "key" in d and "value" in d}

    def _replace(self, table: str, pairs: dict[str, Any]) -> None:
        if pairs == self._pairs(table):
            return
        held = {str(n): {"key": k, "value": v} for n, (k, v) in enumerate(pairs.items(), 1)}
        whole = dict(self._db.storage.read() or {})
        whole[table] = held
        self._write(lambda: self._db.storage.write(whole))

    def forget_customers(self) -> None:
        """Keep nothing of the customers but the outbox (a helper's machine)."""
        storage = self._db.storage
        whole = dict(storage.read() or {})
        if any(whole.pop(table, None) for table in ("drafts", "uses")):
            self._write(lambda: storage.write(whole))
        if isinstance(storage, DocumentFile):
            storage.forget_earlier()

    # -- life
    def _write(self, write: Callable[[], object]) -> None:
        try:
            write()
        except OSError as error:
            raise StoreError("cannot-write", reason=reason_of(error), file=str(self.folder or "")) from error

    def close(self) -> None:
        """Let go of the file and the profile."""
        self._db.close()
        if self._lock is not None:
            self._lock.release()


def _sealed(record: OutboxRecord) -> dict[str, Any]:
    body = msgspec.json.encode(record).decode()
    return {"body": body, "sum": digest(body.encode())}


def _verified(document: Any) -> OutboxRecord | None:
    try:
        kept = msgspec.convert(dict(document), _Kept)
        if digest(kept.body.encode()) != kept.sum:
            return None
        return msgspec.json.decode(kept.body, type=OutboxRecord)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None


def readable(damaged: DamagedRecord) -> tuple[str, str]:
    """The ticket and the words that can still be made out in a damaged record."""
    plain = damaged.text.replace('\\"', '"').replace("\\\\", "\\")
    ticket = re.search(r'"ticket": ?"([^"]*)"', plain)
    words = re.findall(r'"text": ?"((?:[^"\\]|\\.)*)"', plain)
    return (ticket.group(1) if ticket else ""), "\n".join(words).replace("\\n", "\n") or damaged.text


def memory_store() -> Store:
    """A store that forgets when it ends; for demonstrations and tests."""
    return Store(TinyDB(storage=MemoryStorage))


def open_store(folder: Path) -> Store:
    """The store in `folder`, which is made when missing.

    Raises ProfileInUse when another client writes there, StoreError when the folder cannot be used.
    """
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock")
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ProfileInUse("profile-in-use", file=str(folder)) from error
    except OSError as error:
        raise StoreError("cannot-write", reason=reason_of(error), file=str(folder)) from error
    try:
        return Store(TinyDB(folder / "desk.store", storage=DocumentFile), lock, folder)
    except StoreError:
        lock.release()
        raise
