"""Who may do what: a row for every route, and for every command that others than core agents may give.

A new route without a row fails; a new command without one is held to what core agents may and helpers not.
"""

from collections.abc import Callable
from typing import Any, cast

import msgspec
import pytest

from agent_tui.domain.commands import Command
from agent_tui.domain.models import Role
from agent_tui.knowledge.packs.reading import built_in_packs
from agent_tui.server.http.app import build
from tests.server.driver import Person, Server, text, ulid

ROLES = ("helper", "agent", "lead", "admin", "channel", "none")
# The answers to helper, agent, lead, admin, channel and nobody: + is allowed, otherwise the status.
READ, TEAM, LEADING = "+ + + + 403 401", "403 + + + + 401", "403 403 + + 403 401"
AGENTS = "403 + + + 403 401"
CHANNEL, OPEN = "403 403 403 403 + 401", "+ + + + + +"
# A helper without tickets: what others have is not there.
OTHERS = "404 + + + 403 401"
# Signed, not by token: whoever cannot sign is nobody.
SIGNED = "401 401 401 401 401 401"

ROUTES = {
    "GET /healthz": OPEN,
    "GET /readyz": OPEN,
    "GET /openapi.json": OPEN,
    "GET /v1/me": READ,
    "GET /v1/snapshot": READ,
    "GET /v1/tickets": READ,
    "GET /v1/tickets/{id}": OTHERS,
    "GET /v1/tickets/{id}/messages": OTHERS,
    "GET /v1/search": READ,
    "GET /v1/changes": READ,
    "GET /v1/changes/stream": READ,
    "POST /v1/commands": READ,
    "POST /v1/presence": OTHERS,
    "POST /v1/files": TEAM,
    "GET /v1/files/{id}": "404 + + + 404 401",
    "POST /v1/channels/{name}/messages": SIGNED,
    "PUT /v1/customers/{id}": CHANNEL,
    "PUT /v1/customers": CHANNEL,
    "PUT /v1/orders/{number}": CHANNEL,
    "PUT /v1/orders": CHANNEL,
    "GET /v1/entries": READ,
    "PUT /v1/entries/{id}": AGENTS,
    "POST /v1/entries/{id}/share": LEADING,
    "DELETE /v1/entries/{id}": AGENTS,
    "GET /v1/usages": AGENTS,
    "GET /v1/model": READ,
    "GET /v1/packs": READ,
    "GET /v1/packs/{id}": READ,
    "PUT /v1/packs/{id}": LEADING,
    "DELETE /v1/packs/{id}": LEADING,
    "GET /v1/content": READ,
    "PUT /v1/content": LEADING,
    "GET /v1/content/versions": READ,
    "GET /v1/content/versions/{version}/differences": READ,
    "POST /v1/content/rollback": LEADING,
    "POST /v1/helpers": LEADING,
    "GET /v1/helpers": LEADING,
    "DELETE /v1/helpers/{id}": LEADING,
    "POST /v1/invitations": OPEN,
}

# There may be nothing yet: asking is allowed all the same.
EMPTY = {"GET /v1/model": 404}

# What helper, agent, lead and admin are answered by a command about a ticket that is the helper's own: + is
# applied, otherwise the refusal.
ANY, CORE, LEADS = "+ + + +", "not-allowed + + +", "not-allowed not-allowed + +"
HELPERS = "+ not-allowed not-allowed not-allowed"
COMMANDS = {
    "send-reply": ANY,
    "set-status": ANY,
    "set-availability": ANY,
    "add-note": CORE,
    "claim": "not-allowed already-assigned already-assigned already-assigned",
    "claim-next": CORE,
    "transfer": CORE,
    "snooze": CORE,
    "recall": "not-allowed unknown-message unknown-message unknown-message",
    "set-phase": LEADS,
    "set-emergency": LEADS,
    "pair": LEADS,
    "let-write": LEADS,
    "ask-buddy": HELPERS,
    "accept-draft": "unknown-message not-allowed not-allowed not-allowed",
    "hand-over": HELPERS,
    "tick-steps": HELPERS,
    "open-card": HELPERS,
    "finish": HELPERS,
    "send-drill-result": HELPERS,
    "whisper": CORE,
    "hand-draft": CORE,
    "approve": "not-allowed nothing-awaits nothing-awaits nothing-awaits",
    "return-reply": "not-allowed nothing-awaits nothing-awaits nothing-awaits",
    "take-over": CORE,
    "give-back": "not-allowed nothing-to-give-back nothing-to-give-back nothing-to-give-back",
}
KINDS = {str(one.__struct_config__.tag) for one in Command.__args__}
# What a helper is answered about a ticket that is not theirs, whatever the command.
UNSEEN = {"unknown-ticket", "not-allowed"}


SNIPPET = {"kind": "snippet", "title": "查物流", "body": "您好,包裹正在路上"}
CASE = {"kind": "article", "title": "包裹三天没动", "script": "您好,已为您催单"}


class World:
    """Everybody, and something of everything that a route can name."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.channel = server.channel()
        self.people = {role: server.person(role) for role in ROLES[:4]}
        self.headers: dict[str, dict[str, str]] = {
            role: {"authorization": f"Bearer {one.token}"} for role, one in self.people.items()
        }
        self.headers["channel"] = {"authorization": self.channel.http.headers["authorization"]}
        self.headers["none"] = {"authorization": ""}
        self.http = self.people["lead"].http
        self.ticket = self.waiting()
        upload = {**self.headers["agent"], "content-type": "image/png"}
        self.file = self.http.post("/v1/files?name=a.png", content=b"x", headers=upload).json()["id"]
        image = [{"type": "image", "file": {"id": self.file}}]
        self.people["agent"].applied("add-note", ticket=self.ticket, parts=image)

    def waiting(self) -> str:
        return self.channel.say(ulid(), "在吗")["ticket"]

    def pack(self) -> str:
        id = f"r{ulid()[-8:].lower()}"
        words = (built_in_packs() / "basics-en.yaml").read_text("utf-8")
        first = next(line for line in words.splitlines() if line.startswith("id:"))
        words = words.replace(first, f"id: {id}", 1)
        assert self.http.put(f"/v1/packs/{id}", content=words.encode()).status_code == 200
        self.words = words
        return id

    def content(self) -> int:
        """The version of the team's content, after one was published."""
        base = self.http.get("/v1/content").json()["version"]
        words = f"- id: e{ulid()[-8:].lower()}\n  title: 查物流\n  body: 您好，包裹正在路上。\n"
        made = self.http.put("/v1/content", json={"base": base, "files": [{"path": "a.yaml", "text": words}]})
        assert made.status_code == 200, made.text
        return int(made.json()["version"])

    def entry(self) -> str:
        """A case that the agent proposes."""
        id = f"e{ulid()[-8:].lower()}"
        answer = self.http.put(f"/v1/entries/{id}", json=CASE, headers=self.headers["agent"])
        assert answer.status_code == 200, answer.text
        return id

    def code(self) -> str:
        form = {"name": f"h{ulid()[-8:]}", "pack": "logistics"}
        return str(self.http.post("/v1/helpers", json=form).json()["code"])

    def helper(self) -> str:
        form = {"name": f"h{ulid()[-8:]}", "pack": "logistics"}
        return str(self.http.post("/v1/helpers", json=form).json()["id"])


@pytest.fixture(scope="session")
def world(server: Server) -> World:
    return World(server)


def request(world: World, route: str) -> dict[str, Any]:
    """A request that is in order, so that only the role decides."""
    method, path = route.split(" ")
    customer = {"name": "王", "tier": "regular"}
    order = {"customer": "c", "status": "paid", "total": "1.00"}
    bodies: dict[str, Callable[[], dict[str, Any]]] = {
        "POST /v1/commands": lambda: {"json": {"commands": [_command("set-availability", world, "")]}},
        "POST /v1/presence": lambda: {"json": {"ticket": world.ticket}},
        "POST /v1/files": lambda: {"content": b"x", "params": {"name": "a"}},
        "POST /v1/channels/{name}/messages": lambda: {"json": world.channel.body(ulid(), "在吗")},
        "PUT /v1/customers/{id}": lambda: {"json": customer},
        "PUT /v1/customers": lambda: {"json": {"customers": [customer | {"id": ulid()}]}},
        "PUT /v1/orders/{number}": lambda: {"json": order},
        "PUT /v1/orders": lambda: {"json": {"orders": [order | {"number": ulid()}]}},
        "PUT /v1/entries/{id}": lambda: {"json": SNIPPET},
        "PUT /v1/content": lambda: {"json": {"base": world.content(), "files": []}},
        "POST /v1/content/rollback": lambda: {"json": {"base": world.content(), "to": 0}},
        "POST /v1/helpers": lambda: {"json": {"name": f"h{ulid()[-8:]}", "pack": "logistics"}},
        "POST /v1/invitations": lambda: {"json": {"code": world.code()}},
        "GET /v1/search": lambda: {"params": {"q": "在吗"}},
        "GET /v1/changes": lambda: {"params": {"after": world.people["agent"].cursor()}},
    }
    bodies["GET /v1/changes/stream"] = bodies["GET /v1/changes"]
    more = bodies.get(route, dict)()
    if "packs" in path and "{id}" in path:
        id = world.pack()
        more |= {"content": world.words.encode()} if method == "PUT" else {}
    elif "entries" in path:
        id = f"e{ulid()[-8:].lower()}" if method == "PUT" else world.entry()
    elif "helpers" in path:
        id = world.helper() if "{id}" in path else ""
    else:
        id = world.file if "files" in path else world.ticket
    if "{version}" in path:
        path = path.replace("{version}", str(world.content()))
    path = path.replace("{id}", id).replace("{name}", world.channel.name).replace("{number}", ulid())
    return {"method": method, "url": path, **more}


def served() -> set[str]:
    """Every route of the application, documented or not."""
    app = build(cast(Any, None))
    handlers = [
        (route.path_format, one) for route in app.routes for one in getattr(route, "route_handlers", ())
    ]
    found = {f"{method} {path}" for path, one in handlers for method in one.http_methods}
    return {route for route in found if not route.startswith(("OPTIONS ", "HEAD "))}


def test_every_route_has_its_row(agent: Person) -> None:
    paths = agent.get("/openapi.json")["paths"]
    documented = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert served() == documented | {"GET /openapi.json"} == set(ROUTES)


@pytest.mark.parametrize("route", sorted(ROUTES))
def test_who_may_ask_what(world: World, route: str) -> None:
    expected = dict(zip(ROLES, ROUTES[route].split(), strict=True))
    answers = {}
    for role in ROLES:
        made = request(world, route)
        with world.http.stream(**made, headers=world.headers[role]) as answer:
            allowed = answer.status_code < 300 or answer.status_code == EMPTY.get(route)
            answers[role] = "+" if allowed else str(answer.status_code)
    assert answers == expected


def _command(kind: str, world: World, ticket: str, version: int = 1) -> dict[str, Any]:
    lead = world.people["lead"]
    fields: dict[str, Any] = {
        "ticket": ticket,
        "version": version,
        "parts": text("您好"),
        "status": "pending",
        "reason": "请接手",
        "assignee": lead.id,
        "until": "2099-01-01T00:00:00Z",
        "message": ulid(),
        "availability": "online",
        "phase": "peak",
        "level": 0,
        "text": "您好",
        "procedure": "p",
        "card": "danger",
        "title": "危险",
        "helper": world.helper() if kind in ("pair", "let-write") else "",
        "allowed": True,
        "pack": "logistics",
        "right": 1,
        "total": 2,
        "seconds": 3.0,
    }
    known = {type_of_class(one): one for one in Command.__args__}[kind]
    of_kind = {field.name: field for field in msgspec.structs.fields(known)}
    wanted = of_kind.keys() - {"id", "team", "entries", "buddy", "draft"}
    given = {name: fields[name] for name in wanted & fields.keys()}
    rest = {name: _any_value(of_kind[name].type) for name in wanted - fields.keys() if of_kind[name].required}
    return {"type": kind, "id": ulid(), **given, **rest}


def _any_value(kind: object) -> object:
    """A value that a field of an unlisted name takes: a choice's first, no tags, a word."""
    shape = msgspec.inspect.type_info(kind)
    if isinstance(shape, msgspec.inspect.EnumType):
        return next(iter(shape.cls)).value
    return [] if isinstance(shape, msgspec.inspect.VarTupleType) else "x"


def type_of_class(kind: type[Command]) -> str:
    return str(kind.__struct_config__.tag)


def test_every_row_is_a_commands() -> None:
    assert set(COMMANDS) <= KINDS


def _outcome(person: Person, command: dict[str, Any]) -> str:
    outcome = person.send(command)[0]
    if outcome["outcome"] == "applied":
        return "+"
    return str(outcome["problem"]["type"].rsplit("/", 1)[-1])


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_who_may_do_what(world: World, kind: str) -> None:
    expected = dict(zip(ROLES, COMMANDS.get(kind, CORE).split(), strict=False))
    answers = {}
    for role in ROLES[:4]:
        helper = world.server.person("helper")
        ticket = world.waiting()
        world.waiting()
        given = {"ticket": ticket, "assignee": helper.id, "reason": "请接", "version": 1}
        version = world.people["lead"].applied("transfer", **given)["version"]
        person = helper if role == "helper" else world.people[role]
        answers[role] = _outcome(person, _command(kind, world, ticket, version))
    assert answers == expected


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_helper_does_nothing_to_the_tickets_of_others(world: World, kind: str) -> None:
    command = _command(kind, world, world.ticket)
    if "ticket" in command:
        assert _outcome(world.people["helper"], command) in UNSEEN


def test_a_channel_commands_nothing(world: World) -> None:
    answer = world.channel.http.post("/v1/commands", json={"commands": []})
    assert answer.status_code == 403


def test_the_roles_are_all() -> None:
    assert {role.value for role in Role} | {"none"} == set(ROLES)
