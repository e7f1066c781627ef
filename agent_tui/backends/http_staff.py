"""Helpers who come and go, asked of our own server over HTTP."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from agent_tui.wire import HelperIn, HelperMade, PackName, PackNames, encode

_JSON = {"content-type": "application/json"}


class HttpStaff:
    """What is behind `/v1/helpers`; `ask` is the line's own."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask

    async def packs(self) -> tuple[PackName, ...]:
        """The packs a helper can be given."""
        found: PackNames = await self._ask(PackNames, "GET", "/v1/packs")
        return found.packs

    async def invite(self, form: HelperIn) -> HelperMade:
        """A token for a helper; it can be read only now."""
        made: HelperMade = await self._ask(
            HelperMade, "POST", "/v1/helpers", content=encode(form), headers=_JSON
        )
        return made

    async def revoke(self, helper: str) -> None:
        """End a helper's shift."""
        await self._ask(dict[str, Any], "DELETE", f"/v1/helpers/{quote(helper, safe='')}")
