"""A desk for the simulator's tests: the contract's channel endpoints as a bare ASGI function."""

import asyncio
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import msgspec
from standardwebhooks import Webhook, WebhookVerificationError

from agent_tui.sim.match import Values
from agent_tui.sim.openings import Opening
from agent_tui.sim.settings import ChannelKey

Message = MutableMapping[str, Any]
HERE = Path(__file__).parent
KEYS = tuple(
    ChannelKey(name, f"token-{name}", f"whsec_{word}")
    for name, word in (
        ("web", "c2VjcmV0d2ViMTIz"),
        ("wechat", "c2VjcmV0d2VjaGF0"),
        ("live", "c2VjcmV0bGl2ZTE="),
    )
)


def is_english(text: str) -> bool:
    """Whether a wording, its slots aside, is English."""
    plain = re.sub(r"\{.*?\}", "", text)
    return len(re.findall("[a-zA-Z]", plain)) > len(re.findall("[\u3400-\u9fff]", plain))


def filled(text: str, values: Values) -> str:
    """`text` with what is true of the customer."""
    return re.sub(r"\{([a-z_.]+)\}", lambda slot: (values.get(slot[1]) or ("",))[0], text)


def correct_answers(opening: Opening) -> list[str]:
    """Answers a person would give to `opening`, in its language."""
    written = msgspec.toml.decode((HERE / "answers.toml").read_bytes(), type=dict[str, list[str]])
    wanted = opening.language == "en"
    return [text for fact in opening.facts for text in written[fact.name] if is_english(text) == wanted]


def evasions() -> list[str]:
    """Replies that answer nothing."""
    return (HERE / "evasions.txt").read_text("utf-8").splitlines()


Agent = Callable[[dict[str, Any]], str | None]


@dataclass
class Desk:
    """Takes what the contract says, keeps it, and lets `agent` answer a message with a text or not at all."""

    agent: Agent
    client: httpx.AsyncClient
    hooks: str = ""
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    attempts: Counter[str] = field(default_factory=Counter)
    customers: dict[str, dict[str, Any]] = field(default_factory=dict)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    failing: int = 0
    copies: int = 1
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break
        status, answer = self._route(scope, body)
        content = json.dumps(answer).encode()
        head = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": content})

    def _route(self, scope: Message, body: bytes) -> tuple[int, dict[str, Any]]:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        path, method = scope["path"], scope["method"]
        if self.failing:
            self.failing -= 1
            return 503, {}
        incoming = re.fullmatch(r"/v1/channels/(\w+)/messages", path)
        if incoming and method == "POST":
            return self._message(incoming[1], headers, body)
        if headers.get("authorization") not in {f"Bearer {key.token}" for key in KEYS}:
            return 401, {"title": "no"}
        if path == "/v1/files" and method == "POST":
            return self._file(parse_qs(scope["query_string"].decode())["name"][0], headers, body)
        if path in ("/v1/customers", "/v1/orders") and method == "PUT":
            return self._put(path.rsplit("/", 1)[-1], body)
        return 404, {}

    def _put(self, what: str, body: bytes) -> tuple[int, dict[str, Any]]:
        rows = json.loads(body)[what]
        if what == "customers":
            self.customers.update({row["id"]: row for row in rows})
        else:
            self.orders.update({row["number"]: row for row in rows})
        return 200, {}

    def _file(self, name: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
        key = f"F{len(self.files)}"
        self.files[key] = body
        return 201, {"id": key, "name": name, "type": headers["content-type"], "size": len(body)}

    def _message(self, channel: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
        key = next((key for key in KEYS if key.name == channel), None)
        if key is None:
            return 404, {}
        try:
            read = Webhook(key.secret).verify(body, headers)
        except WebhookVerificationError:
            return 401, {}
        assert headers["webhook-id"] == read["id"]
        self.attempts[read["id"]] += 1
        if read["id"] not in self.bodies:
            self.bodies[read["id"]] = {**read, "channel": channel}
            self._answer(key, read)
        return 202, {"ticket": "T" + read["customer"]["id"], "message": read["id"]}

    def _answer(self, key: ChannelKey, read: dict[str, Any]) -> None:
        text = self.agent(read)
        if text is not None:
            task = asyncio.create_task(self.deliver(key, read["customer"]["id"], f"r-{read['id']}", text))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def deliver(self, key: ChannelKey, customer: str, reply: str, text: str) -> None:
        """Send a reply to the channel's webhook, `copies` times under one id."""
        data = {
            "id": reply,
            "ticket": "T1",
            "customer": {"id": customer},
            "parts": [{"type": "text", "text": text}],
        }
        body = json.dumps({"type": "message.created", "timestamp": "2026-11-11T00:00:00Z", "data": data})
        now = datetime.now(UTC)
        headers = {
            "webhook-id": reply,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(key.secret).sign(reply, now, body),
        }
        for _ in range(self.copies):
            answer = await self.client.post(f"{self.hooks}/hooks/{key.name}", content=body, headers=headers)
            self.answers[reply].append(answer.status_code)

    def notice(self, code: str, **values: object) -> None:
        """Learn from the simulator where it listens."""
        if code == "ready":
            self.hooks = f"http://{values['listen']}"
