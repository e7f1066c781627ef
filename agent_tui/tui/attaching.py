"""The file that goes with an answer: found on this machine and stored once, or a word on what is missing."""

from pathlib import Path

from agent_tui.desk import Desk, Rejected
from agent_tui.domain.models import FileInfo, Part
from agent_tui.knowledge.content.entries import Entry


def name_of(entry: Entry) -> str:
    """What the attachment is called; empty for an entry without one."""
    return Path(entry.file).name if entry.file else ""


async def store(desk: Desk, entry: Entry) -> FileInfo:
    """The stored attachment of `entry`. Raises BackendError when it is not here or cannot be stored."""
    if not entry.path:
        raise Rejected("file-not-here", detail=name_of(entry))
    return await desk.files.upload(Path(entry.path), entry.id)


def part_of(file: FileInfo) -> Part:
    """The part of a reply that carries `file`."""
    return Part(type="image" if file.type.startswith("image/") else "file", file=file)
