"""`agent-tui kb shop`: what templates say of the shop here, and who says it: the team or this person."""

from typing import Any

import typer

from agent_tui.cli.kb_publish import Json, say
from agent_tui.cli.line import ServerOption, ask
from agent_tui.cli.said import aligned, json_of, told
from agent_tui.domain.names import NAMES


def shop(server: ServerOption = "", as_json: Json = False) -> None:
    """Show shop, contacts and policy values as templates are filled here, and where each comes from."""
    from agent_tui.knowledge.content.shop import named, own_values, shop_in

    held = ask(server, lambda line: line.content.version(None), lead=False)
    team, own = named(shop_in(held.files)), named(own_values(told()))
    blank = [f"shop.{field}" for field in NAMES["shop"]]
    rows = [_row(name, team, own, held.version) for name in dict.fromkeys([*blank, *team, *own])]
    if as_json:
        keys = ("name", "value", "from")
        typer.echo(json_of([dict(zip(keys, row, strict=True)) for row in rows]))
        return
    head = tuple(say(f"col_{name}") for name in ("name", "value", "source"))
    typer.echo("\n".join(aligned([head, *rows])))


def _row(name: str, team: dict[str, str], own: dict[str, str], version: int) -> tuple[Any, ...]:
    if name in own:
        over = name in team and team[name] != own[name]
        return name, own[name], say("from_own_over", value=team[name]) if over else say("from_own")
    if name in team:
        return name, team[name], say("from_team", version=version)
    return name, "", say("from_nobody")
