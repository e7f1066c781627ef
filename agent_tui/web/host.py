"""What browsers talk to: the page, the exchange of a code for a cookie, and the socket of a screen."""

import json
import logging
import re
from datetime import UTC, datetime

import msgspec
from aiohttp import WSMsgType, web
from aiohttp.web import Request, Response, StreamResponse, WebSocketResponse

from agent_tui.domain.models import Role
from agent_tui.rate_limit import retry_after
from agent_tui.web import page
from agent_tui.web.door import ServerAway, ServerClient, Slower
from agent_tui.web.gate import RequestGuard
from agent_tui.web.sessions import Full, Guest, Session, Sessions
from agent_tui.web.window import Close, Window
from agent_tui.wire import CodeIn, CodeTaken, Me

log = logging.getLogger(__name__)

COOKIE = "agent-tui"
HEARTBEAT = 15.0
_PERSON = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SMALLEST, _LARGEST = (20, 5), (500, 200)


class Host:
    """The routes over the sessions."""

    def __init__(self, gate: RequestGuard, door: ServerClient, sessions: Sessions) -> None:
        self._gate = gate
        self._door = door
        self._sessions = sessions
        self._cookie = f"__Host-{COOKIE}" if gate.is_secure else COOKIE

    # -- the page

    async def get_page(self, request: Request) -> Response:
        """The page; opening it changes nothing, so a preview of a link spends no code."""
        if not self._gate.knows_host(request):
            _note_refused(request)
            return page.answer_note(request, 421, "forbidden")
        return page.answer_page(request, has_cookie=bool(self._token(request)))

    async def get_part(self, request: Request) -> Response:
        """A script, a style, a font."""
        if request.match_info["name"] not in page.FILES:
            return page.answer_note(request, 404, "not_found")
        return page.answer_part(request, request.match_info["name"])

    async def get_nothing(self, request: Request) -> Response:
        """There is no other page."""
        return page.answer_note(request, 404, "not_found")

    async def get_health(self, request: Request) -> Response:
        """Alive, and how many work here."""
        return web.json_response({"status": "ok", "working": len(self._sessions)})

    # -- the cookie

    def _token(self, request: Request) -> str:
        token = request.cookies.get(self._cookie, "")
        return token if re.fullmatch(r"[\x21-\x7e]{1,200}", token) else ""

    async def post_session(self, request: Request) -> Response:
        """Exchange a code for a cookie."""
        address = request.remote or ""
        if not self._gate.is_ours(request):
            _note_refused(request)
            return _problem(403, "forbidden")
        wait = self._gate.wait(address)
        if wait:
            return _too_many(retry_after(wait))
        code = await _code_of(request)
        try:
            taken = await self._door.exchange(code) if code else None
            if taken is None:
                self._gate.note_wrong(address)
                return _problem(404, "unknown_code")
            me = await self._door.whose(taken.token)
        except Slower as error:
            return _too_many(error.retry_after)
        except ServerAway:
            return _problem(503, "no_server_now")
        if me is None or me.id != taken.id or me.role is not Role.HELPER:
            return _problem(403, "not_a_helper")
        return self._welcome(taken)

    def _welcome(self, taken: CodeTaken) -> Response:
        answer = web.json_response({"name": taken.name}, status=201, headers={"Cache-Control": "no-store"})
        seconds = max(1, int((taken.expires_at - datetime.now(UTC)).total_seconds()))
        answer.set_cookie(
            self._cookie,
            taken.token,
            max_age=seconds,
            path="/",
            secure=self._gate.is_secure,
            httponly=True,
            samesite="Strict",
        )
        return answer

    async def delete_session(self, request: Request) -> Response:
        """Forget the cookie."""
        if not self._gate.is_ours(request):
            return _problem(403, "forbidden")
        answer = Response(status=204)
        answer.del_cookie(
            self._cookie, path="/", secure=self._gate.is_secure, httponly=True, samesite="Strict"
        )
        return answer

    # -- the screen

    async def get_socket(self, request: Request) -> StreamResponse:
        """The socket of a person's screen; nobody else's starts a process."""
        if not self._gate.is_ours(request):
            _note_refused(request)
            return page.answer_note(request, 403, "forbidden")
        socket = WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=256 * 1024, compress=False)
        await socket.prepare(request)
        try:
            guest = await self._guest(request)
            if isinstance(guest, Close):
                await socket.close(code=guest)
                return socket
            session, window = await self._sessions.sit_down(guest, lambda one: Window(socket, one.repaint))
        except (Full, OSError) as error:
            log.warning("no room for another screen: %s", type(error).__name__)
            await socket.close(code=Close.FULL)
            return socket
        try:
            await _pass_on(socket, session, window)
        finally:
            session.leave(window)
            window.drop()
        return socket

    async def _guest(self, request: Request) -> Guest | Close:
        token = self._token(request)
        if not token:
            return Close.NOBODY
        person = self._sessions.known(token)
        try:
            me: Me | None = await self._door.whose(token)
        except (ServerAway, Slower):
            # Who is at work stays at work: the screen itself can do without the server for a while.
            if person is None:
                return Close.NO_SERVER
        else:
            if me is None:
                await self._sessions.end(token)
                return Close.OVER
            if me.role is not Role.HELPER:
                return Close.FORBIDDEN
            person = me.id
        if not _PERSON.fullmatch(person):
            return Close.FORBIDDEN
        width, height = _size_of(request.query.get("width", ""), request.query.get("height", ""))
        language = page.language_of(request.headers.get("Accept-Language", ""))
        return Guest(person=person, token=token, language=language, width=width, height=height)


async def _pass_on(socket: WebSocketResponse, session: Session, window: Window) -> None:
    """What the terminal's script says, to the process, while this window shows it."""
    async for message in socket:
        if session.window is not window:
            return
        if message.type is not WSMsgType.TEXT:
            continue
        match _understood(message.data):
            case ["stdin", str(keys)]:
                await session.running.send_bytes(keys.encode("utf-8", "ignore"))
            case ["resize", {"width": int(width), "height": int(height)}]:
                session.size = _size_of(str(width), str(height))
                await session.running.set_terminal_size(*session.size)
            case ["ping", str(mark)]:
                await socket.send_json(["pong", mark])


def _note_refused(request: Request) -> None:
    """What an administrator needs who has forgotten to say what the host is called."""
    host, origin = request.host[:100], request.headers.get("Origin", "")[:100]
    log.warning("refused a request for %r from the page of %r; --public names our own", host, origin)


def _understood(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _size_of(width: str, height: str) -> tuple[int, int]:
    """A window's size in cells, within reason."""
    columns = int(width) if re.fullmatch(r"[0-9]{1,4}", width) else 80
    rows = int(height) if re.fullmatch(r"[0-9]{1,4}", height) else 24
    return (
        min(max(columns, _SMALLEST[0]), _LARGEST[0]),
        min(max(rows, _SMALLEST[1]), _LARGEST[1]),
    )


async def _code_of(request: Request) -> str:
    """The code in a body; a form of another site cannot send this type."""
    if request.content_type != "application/json":
        return ""
    try:
        return msgspec.json.decode(await request.read(), type=CodeIn).code
    except msgspec.DecodeError:
        return ""


def _problem(status: int, word: str) -> Response:
    return web.json_response({"problem": word}, status=status, headers={"Cache-Control": "no-store"})


def _too_many(after: str) -> Response:
    answer = _problem(429, "too_many")
    answer.headers["Retry-After"] = after
    return answer


def routes(host: Host) -> list[web.RouteDef]:
    """All there is."""
    return [
        web.get("/", host.get_page),
        web.get("/healthz", host.get_health),
        web.get("/static/{version}/{name}", host.get_part),
        web.post("/session", host.post_session),
        web.delete("/session", host.delete_session),
        web.get("/socket", host.get_socket, allow_head=False),
        web.get("/{rest:.*}", host.get_nothing),
    ]
