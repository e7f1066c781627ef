"""The host's process: what it is asked to serve, and its life until a signal ends it."""

import asyncio
import contextlib
import signal
import ssl
from collections.abc import AsyncIterator, Callable, Iterator

from aiohttp import web
from aiohttp.web import Application
from msgspec import Struct

from agent_tui.web.door import ServerClient
from agent_tui.web.gate import RequestGuard
from agent_tui.web.host import Host, routes
from agent_tui.web.sessions import ProcessSettings, Sessions


class HostOptions(Struct, frozen=True, kw_only=True):
    """How the host is asked to serve; `public` is its address as browsers know it, behind a proxy."""

    place: ProcessSettings
    host: str = "127.0.0.1"
    port: int = 8480
    public: str = ""
    certificate: str = ""
    key: str = ""


def build(options: HostOptions) -> Application:
    """The application."""
    gate = RequestGuard(options.host, options.public, has_tls=bool(options.certificate))
    door, sessions = ServerClient(options.place.server), Sessions(options.place)
    host = Host(gate, door, sessions)
    app = Application(client_max_size=1024)
    app.router.add_routes(routes(host))

    async def running(app: Application) -> AsyncIterator[None]:
        await door.open()
        yield
        await door.close()

    app.cleanup_ctx.append(running)
    app.on_shutdown.append(lambda _: sessions.stop())
    return app


async def serve(options: HostOptions, on_ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM. Raises OSError when the port or a certificate cannot be used."""
    runner = web.AppRunner(build(options), access_log=None, handle_signals=False, shutdown_timeout=0.5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, options.host, options.port, ssl_context=_tls(options))
        await site.start()
        on_ready(_address(runner, options))
        with _asked_to_end() as ending:
            await ending.wait()
    finally:
        await runner.cleanup()


def _tls(options: HostOptions) -> ssl.SSLContext | None:
    if not options.certificate:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(options.certificate, options.key or None)
    return context


def _address(runner: web.AppRunner, options: HostOptions) -> str:
    if options.public:
        return options.public
    port = runner.addresses[0][1]
    host = f"[{options.host}]" if ":" in options.host else options.host
    return f"{'https' if options.certificate else 'http'}://{host}:{port}"


@contextlib.contextmanager
def _asked_to_end() -> Iterator[asyncio.Event]:
    """Set by Ctrl+C or SIGTERM."""
    ending, loop = asyncio.Event(), asyncio.get_running_loop()
    before = {
        one: signal.signal(one, lambda *_: loop.call_soon_threadsafe(ending.set))
        for one in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield ending
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
