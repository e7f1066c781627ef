"""What colleagues share, asked of our own server over HTTP."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from agent_tui.backends.base import Rejected
from agent_tui.wire import SharedEntries, SharedEntry, encode

LARGEST_MODEL = 32 * 1024 * 1024
_JSON = {"content-type": "application/json"}


class HttpShelf:
    """The entries and weights behind `/v1/entries` and `/v1/model`; `ask` and `asked` are the line's own."""

    def __init__(self, ask: Callable[..., Any], asked: Callable[..., Any]) -> None:
        self._ask = ask
        self._asked = asked

    async def entries(self, after: int) -> SharedEntries:
        """The entries there are, or what changed after a revision."""
        params = {"after": str(after)} if after else {}
        found: SharedEntries = await self._ask(SharedEntries, "GET", "/v1/entries", params=params)
        return found

    async def put(self, id: str, kind: str, content: Mapping[str, Any]) -> SharedEntry:
        """Share an entry, or propose it where a lead has to nod."""
        body = encode({**content, "kind": kind})
        return await self._one("PUT", _path(id), content=body, headers=_JSON)

    async def share(self, id: str) -> SharedEntry:
        """A lead's nod."""
        return await self._one("POST", f"{_path(id)}/share")

    async def revoke(self, id: str) -> SharedEntry:
        """Take an entry away from everyone."""
        return await self._one("DELETE", _path(id))

    async def _one(self, method: str, path: str, **more: Any) -> SharedEntry:
        entry: SharedEntry = await self._ask(SharedEntry, method, path, **more)
        return entry

    async def model(self, known: str) -> bytes | None:
        """The learned weights; None while there are none, or when `known` is the digest of these."""
        headers = {"if-none-match": f'"{known}"'} if known else {}
        data = bytearray()
        try:
            async with self._asked("GET", "/v1/model", headers=headers) as answer:
                async for piece in answer.aiter_bytes():
                    data += piece
                    if len(data) > LARGEST_MODEL:
                        raise Rejected("too-large", detail="model")
        except Rejected as error:
            if error.values.get("status") in ("304", "404"):
                return None
            raise
        return bytes(data)


def _path(id: str) -> str:
    return f"/v1/entries/{quote(id, safe='')}"
