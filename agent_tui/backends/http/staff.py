"""What leads decide, asked of our own server over HTTP: helpers who come and go, packs they are given."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from agent_tui.backends.http.connection import JSON, HttpConnection
from agent_tui.domain.staffing import HelperList, HelperRow, PackInfo, PackList
from agent_tui.wire import (
    HelperIn,
    HelperMade,
    PackFile,
    SharedUsage,
    UsagePage,
    encode,
)

USAGES = 1000
_YAML = {"content-type": "application/yaml"}


class HttpStaff:
    """What is behind `/v1/helpers`, `/v1/packs` and `/v1/usages`."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    # -- helpers

    async def invite(self, form: HelperIn) -> HelperMade:
        """A token for a helper; it can be read only now."""
        return await self._connection.ask(
            HelperMade, "POST", "/v1/helpers", content=encode(form), headers=JSON
        )

    async def helpers(self) -> tuple[HelperRow, ...]:
        """All helpers, by name."""
        found: HelperList = await self._connection.ask(HelperList, "GET", "/v1/helpers")
        return found.helpers

    async def revoke(self, helper: str) -> None:
        """End a helper's shift."""
        await self._connection.ask(dict[str, Any], "DELETE", f"/v1/helpers/{quote(helper, safe='')}")

    # -- packs

    async def packs(self) -> tuple[PackInfo, ...]:
        """The packs a helper can be given."""
        found: PackList = await self._connection.ask(PackList, "GET", "/v1/packs")
        return found.packs

    async def pack(self, id: str) -> PackFile:
        """A pack in force with its text, word for word."""
        return await self._connection.ask(PackFile, "GET", _pack(id))

    async def publish(self, id: str, text: str) -> PackInfo:
        """Put the text of a pack's file in force; the one that is in force already changes nothing."""
        return await self._connection.ask(PackInfo, "PUT", _pack(id), content=text.encode(), headers=_YAML)

    async def revoke_pack(self, id: str) -> PackInfo:
        """Take a published pack out of force."""
        return await self._connection.ask(PackInfo, "DELETE", _pack(id))

    # -- what was asked

    async def usages(self, since: datetime, team: str = "") -> tuple[SharedUsage, ...]:
        """What was answered with which entry since a moment, each once; of one team if named."""
        found: dict[tuple[str, str], SharedUsage] = {}
        params = {"since": since.isoformat(), "limit": str(USAGES), **({"team": team} if team else {})}
        after, more = "0", True
        while more:
            page: UsagePage = await self._connection.ask(
                UsagePage, "GET", "/v1/usages", params={**params, "after": after}
            )
            found |= {(one.reply, one.entry): one for one in page.usages}
            more, after = page.more and page.next != after, page.next
        return tuple(found.values())


def _pack(id: str) -> str:
    return f"/v1/packs/{quote(id, safe='')}"
