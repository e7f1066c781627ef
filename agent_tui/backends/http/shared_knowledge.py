"""Shared knowledge over HTTP: the entries behind `/v1/entries`, the learned weights behind `/v1/model`."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from agent_tui.backends.base import Rejected
from agent_tui.backends.http.answers import status_of
from agent_tui.backends.http.connection import JSON, MIB, HttpConnection, body_of
from agent_tui.wire import SharedEntries, SharedEntry, encode

LARGEST_MODEL = 32 * MIB


class HttpSharedKnowledge:
    """What colleagues share, and what was learned from all of them."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    async def entries(self, after: int) -> SharedEntries:
        """The entries there are, or what changed after a revision."""
        params = {"after": str(after)} if after else {}
        return await self._connection.ask(SharedEntries, "GET", "/v1/entries", params=params)

    async def put(self, id: str, kind: str, content: Mapping[str, Any]) -> SharedEntry:
        """Share an entry, or propose it where a lead has to nod."""
        body = encode({**content, "kind": kind})
        return await self._one("PUT", _path(id), content=body, headers=JSON)

    async def share(self, id: str) -> SharedEntry:
        """A lead's nod."""
        return await self._one("POST", f"{_path(id)}/share")

    async def revoke(self, id: str) -> SharedEntry:
        """Take an entry away from everyone."""
        return await self._one("DELETE", _path(id))

    async def _one(self, method: str, path: str, **more: Any) -> SharedEntry:
        return await self._connection.ask(SharedEntry, method, path, **more)

    async def model(self, known: str) -> bytes | None:
        """The learned weights; None while there are none, or when `known` is the digest of these."""
        headers = {"if-none-match": f'"{known}"'} if known else {}
        try:
            async with self._connection.stream("GET", "/v1/model", headers=headers) as answer:
                return bytes(await body_of(answer, LARGEST_MODEL))
        except Rejected as error:
            if status_of(error) in (304, 404):
                return None
            raise


def _path(id: str) -> str:
    return f"/v1/entries/{quote(id, safe='')}"
