"""A command's line to the team's server: the address and token a desk here would use, errors in words."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, TypeVar

import typer

from agent_tui import i18n
from agent_tui.cli.said import NO_LINE, NO_RIGHT, NOT_SO, WRONG, CommandWords, end, told

T = TypeVar("T")

ServerOption = Annotated[str, typer.Option("--server")]
_say = CommandWords("line")


def address_of(server: str) -> str:
    """The server that is meant, or the end of the command."""
    from agent_tui.backends.http import server_address
    from agent_tui.errors import BadSettings

    wanted = server or told().server
    if not wanted:
        end(_say("no_server"))
    try:
        return server_address(wanted)
    except BadSettings:
        end(_say("bad_server", server=wanted))


def ask(
    server: str, work: Callable[[Any], Awaitable[T]], *, lead: bool, refusals: Mapping[str, str] | None = None
) -> T:
    """What `work` finds at the server with a line to it; anything that goes wrong ends the command.

    `lead` says whether it takes a lead's token; `refusals` are the words for the server's problem codes, in
    which `{detail}` is what it said.
    """
    from agent_tui.backends.base import AuthExpired, Rejected, Unavailable

    address = address_of(server)
    try:
        return asyncio.run(_asked(address, work, lead=lead))
    except AuthExpired as error:
        end(_without_token(address, error.code), NO_RIGHT)
    except Unavailable as error:
        end(_say("unavailable", server=address, reason=i18n.words_of(error)), NO_LINE)
    except Rejected as error:
        known, detail = refusals or {}, error.values.get("detail", "") or error.code
        if error.code in known:
            end(known[error.code].format(detail=detail), WRONG)
        if error.values.get("status") == "403":
            end(_say("forbidden", who=_say("lead" if lead else "core")), NO_RIGHT)
        end(_say("rejected", detail=detail), NOT_SO)


async def _asked(address: str, work: Callable[[Any], Awaitable[T]], *, lead: bool) -> T:
    from agent_tui.backends.base import Rejected
    from agent_tui.backends.http import HttpBackend
    from agent_tui.domain.rules import CORE, LEADING
    from agent_tui.sync.secrets import find_token

    line = HttpBackend(address, "", lambda: find_token(address).value)
    try:
        # Before anything is shown or asked: who may not do it at all should not come to the last question.
        if (await line.me()).role not in (LEADING if lead else CORE):
            raise Rejected("forbidden", status="403")
        return await work(line)
    finally:
        await line.aclose()


def _without_token(address: str, code: str) -> str:
    from agent_tui.sync.secrets import VARIABLE

    key = "no_token" if code == "no-token" else "expired"
    return _say(key, server=address, variable=VARIABLE)
