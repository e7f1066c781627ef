"""Attachments over HTTP: the bytes behind `/v1/files`."""

import mimetypes
from urllib.parse import quote, urlsplit

from agent_tui.backends.http.connection import MIB, HttpConnection, body_of
from agent_tui.domain.models import FileInfo

LARGEST_FILE = 20 * MIB


class HttpFiles:
    """Downloads and uploads."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    @property
    def host(self) -> str:
        """The server's host and port."""
        return urlsplit(self._connection.server).netloc

    async def fetch(self, file: str) -> bytes:
        """The bytes of a file."""
        async with self._connection.stream("GET", f"/v1/files/{quote(file, safe='')}") as answer:
            return bytes(await body_of(answer, LARGEST_FILE))

    async def upload(self, name: str, data: bytes, entry: str = "") -> FileInfo:
        """Store a file that a reply will carry; a helper's must belong to an `entry` of their pack."""
        headers = {"content-type": mimetypes.guess_type(name)[0] or "application/octet-stream"}
        params = {"name": name, "entry": entry} if entry else {"name": name}
        return await self._connection.ask(
            FileInfo, "POST", "/v1/files", params=params, content=data, headers=headers
        )
