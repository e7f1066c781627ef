"""`agent-tui helper invite|list|revoke`: a lead's way to bring helpers in and send them home."""

from datetime import datetime
from typing import Annotated, Any

import typer

from agent_tui.cli.line import ServerOption, address_of, ask
from agent_tui.cli.pack_content import Json
from agent_tui.cli.said import CommandWords, aligned, end, json_of

_say = CommandWords("staff")


def invite(
    name: Annotated[str, typer.Option("--name")],
    pack: Annotated[str, typer.Option("--pack")],
    buddy: Annotated[
        str,
        typer.Option("--buddy"),
    ] = "",
    team: Annotated[str, typer.Option("--team")] = "",
    hours: Annotated[float, typer.Option("--hours", min=0.1, max=24)] = 10.0,
    free_text: Annotated[
        bool | None,
        typer.Option("--free-text/--no-free-text"),
    ] = None,
    server: ServerOption = "",
    as_json: Json = False,
) -> None:
    """Invite a helper: a token and a one-time code, shown this once."""
    from agent_tui.wire import HelperIn

    name = name.strip()
    if not 0 < len(name) <= 60:
        end(_say("bad_name"))
    form = HelperIn(
        name=name, pack=pack, buddy=buddy or None, hours=hours, team=team or None, free_text=free_text
    )

    async def work(line: Any) -> Any:
        packs = await line.staff.packs()
        known = next((one for one in packs if one.id == pack), None)
        if known is None:
            return None, packs
        return known, await line.staff.invite(form)

    refused = _say("no_buddy", name=buddy) if buddy else _say("refused")
    refusals = {"name-taken": _say("name_taken", name=name), "bad-request": refused}
    known, made = ask(server, work, lead=True, refusals=refusals)
    if known is None:
        end(_say("no_pack", name=pack, known=", ".join(one.id for one in made)))
    typer.echo(json_of(made) if as_json else _invited(made, known.title, address_of(server)))


def _invited(made: Any, title: str, address: str) -> str:
    """What is handed over, and how, for a terminal and for a browser."""
    until = _clock(made.expires_at)
    head = _say("with_buddy" if made.buddy else "alone", name=made.name, pack=title, until=until,
                buddy=made.buddy.name if made.buddy else "")  # fmt: skip
    lines = [head, "", _say("token", token=made.token), _say("hand_token", server=address)]
    if made.code:
        lines += ["", _say("code", code=made.code)]
        lines.append(_say("hand_link", link=made.link) if made.link else _say("hand_code"))
    return "\n".join([*lines, "", _say("once", name=made.name)])


def list_(
    everyone: Annotated[bool, typer.Option("--all")] = False,
    server: ServerOption = "",
    as_json: Json = False,
) -> None:
    """List helpers: their packs and buddies, who is there, until when."""
    helpers = ask(server, lambda line: line.staff.helpers(), lead=True)
    shown = [one for one in helpers if everyone or one.expires_at is not None]
    if as_json:
        typer.echo(json_of(shown))
        return
    if shown:
        head = ("name", "pack", "buddy", "team", "state", "load", "replies", "until")
        rows = [tuple(_say(f"col_{key}") for key in head), *map(_row, shown)]
        typer.echo("\n".join(aligned(rows)))
    if len(shown) < len(helpers):
        typer.echo(_say("more_gone", count=len(helpers) - len(shown)), err=bool(shown))
    elif not shown:
        typer.echo(_say("nobody"))


def _row(one: Any) -> tuple[str, ...]:
    state = "gone" if one.expires_at is None else one.availability.value if one.connected else "away"
    return (
        one.name, one.pack or "", one.buddy.name if one.buddy else "", one.team or "", _say(f"state_{state}"),
        str(one.load), str(one.replies), _clock(one.expires_at) if one.expires_at else "",
    )  # fmt: skip


def revoke(
    helper: Annotated[str, typer.Argument()],
    server: ServerOption = "",
    as_json: Json = False,
) -> None:
    """End a helper's shift: the token ends, open customers go back to the queue."""

    async def work(line: Any) -> Any:
        helpers = await line.staff.helpers()
        found = next((one for one in helpers if helper in (one.id, one.name)), None)
        if found is not None and found.expires_at is not None:
            await line.staff.revoke(found.id)
        return found, helpers

    found, helpers = ask(server, work, lead=True)
    if found is None:
        known = [one.name for one in helpers if one.expires_at is not None]
        end(_say("no_helper", name=helper, known=_say("comma").join(known)) if known else _say("nobody"))
    if as_json:
        typer.echo(json_of({"id": found.id, "name": found.name, "returned": found.load}))
    elif found.expires_at is None:
        typer.echo(_say("gone_already", name=found.name))
    else:
        typer.echo(_say("revoked_with" if found.load else "revoked", name=found.name, count=found.load))


def _clock(moment: datetime) -> str:
    """A moment by the clock here, with the day when that is not today's."""
    local, today = moment.astimezone(), datetime.now().astimezone().date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%m-%d %H:%M}"
