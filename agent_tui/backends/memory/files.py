"""Attachments of a helpdesk in memory."""

import mimetypes

from agent_tui.backends.base import Rejected
from agent_tui.backends.memory.line import MemoryLine
from agent_tui.domain.models import FileInfo, Role

LARGEST_FILE = 20 * 1024 * 1024


class MemoryFiles:
    """Downloads and uploads over one person's line."""

    def __init__(self, line: MemoryLine) -> None:
        self._line = line

    @property
    def host(self) -> str:
        """This machine."""
        return "localhost"

    async def fetch(self, file: str) -> bytes:
        """The bytes of a file."""
        await self._line.reach()
        files = self._line.world.files
        if file not in files:
            raise Rejected("not-found", status="404")
        return files[file][1]

    async def upload(self, name: str, data: bytes, entry: str = "") -> FileInfo:
        """Store a file."""
        await self._line.reach()
        seat, world = self._line.seat, self._line.world
        if seat.role is Role.HELPER and entry not in world.packs.get(seat.pack or "", ()):
            raise Rejected("not-allowed", status="403")
        if len(data) > LARGEST_FILE:
            raise Rejected("too-large", status="413")
        type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        info = FileInfo(id=world.fresh_id(), name=name, size=len(data), type=type)
        world.files[info.id] = (info, data)
        return info
