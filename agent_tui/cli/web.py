"""`agent-tui web`: the helper's screen for people who have a browser and no terminal."""

import asyncio
import logging
import re
from pathlib import Path
from typing import Annotated

import typer

from agent_tui import i18n
from agent_tui.cli.said import need_extra
from agent_tui.errors import BadSettings, reason_of


def web(
    server: Annotated[str, typer.Option("--server")],
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8480,
    tls_cert: Annotated[Path | None, typer.Option()] = None,
    tls_key: Annotated[Path | None, typer.Option()] = None,
    public: Annotated[str, typer.Option()] = "",
    most: Annotated[int, typer.Option(min=1)] = 60,
    grace: Annotated[float, typer.Option(min=0)] = 120.0,
    data: Annotated[Path | None, typer.Option()] = None,
) -> None:
    """Serve the helper's screen to browsers until Ctrl+C or SIGTERM."""
    need_extra("web", "web")
    from agent_tui.backends.http import server_address
    from agent_tui.web.serving import HostOptions, serve
    from agent_tui.web.sessions import ProcessSettings

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    place = ProcessSettings(server=server_address(server), base=_folder(data), most=most, grace=grace)
    options = HostOptions(
        place=place,
        host=host,
        port=port,
        public=_public(public),
        certificate=str(tls_cert or ""),
        key=str(tls_key or ""),
    )
    try:
        asyncio.run(serve(options, lambda url: _ready(url, options)))
    except OSError as error:
        raise BadSettings("cannot-serve", at=f"{host}:{port}", detail=reason_of(error)) from error


def _ready(url: str, options: object) -> None:
    words = i18n.texts().web
    typer.echo(words.ready.format(url=url))
    host = getattr(options, "host", "")
    if url.startswith("http://") and host not in ("127.0.0.1", "::1", "localhost"):
        typer.echo(words.open_plain.format(host=host), err=True)


def _folder(data: Path | None) -> Path:
    """The folder of all outboxes, which is nobody else's to read."""
    if data is None:
        import platformdirs

        data = platformdirs.user_data_path("agent-tui", appauthor=False) / "web"
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    return data.resolve()


def _public(public: str) -> str:
    if public and not re.fullmatch(r"https?://[^\s/?#]+/?", public):
        raise BadSettings("bad-page-address", option="--public", value=public)
    return public.rstrip("/")
