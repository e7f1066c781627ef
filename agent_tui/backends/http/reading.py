"""What some screens read besides tickets: a search over all of them, and the file of a knowledge pack."""

import re
from urllib.parse import quote

from agent_tui.backends.http.connection import HttpConnection
from agent_tui.wire import Found, PackFile

_VERSION = re.compile(r"^(version:[ \t]*)\d+", re.MULTILINE)


class HttpSearch:
    """Full-text search behind `/v1/search`."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    async def find(self, query: str) -> Found:
        """Tickets that contain `query`, closed ones too."""
        return await self._connection.ask(Found, "GET", "/v1/search", params={"q": query})


class HttpPacks:
    """The packs in force, behind `/v1/packs`."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    async def text(self, id: str) -> str:
        """The text of a pack's file, with the version in force as its version."""
        found = await self._connection.ask(PackFile, "GET", f"/v1/packs/{quote(id, safe='')}")
        return _VERSION.sub(rf"\g<1>{found.version}", found.text, count=1)
