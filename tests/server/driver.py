"""A real server process, the people and channels that talk to it, and a channel's webhook."""

import asyncio
import json
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from standardwebhooks import Webhook
from ulid import ULID

from agent_tui.domain.models import Role
from agent_tui.server.admin import Admin
from tests.patience import WAIT

NOWHERE = "http://127.0.0.1:9/nowhere"


def ulid() -> str:
    return str(ULID())


def text(words: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": words}]


class Person:
    """Someone with a token, speaking the contract's words."""

    def __init__(self, url: str, made: Any) -> None:
        self.id, self.name, self.token = made.id, made.name, made.token
        self.http = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {made.token}"},
            timeout=WAIT,
            trust_env=False,
            verify=False,
        )

    def get(self, path: str, **params: Any) -> Any:
        response = self.http.get(path, params=params)
        assert response.status_code == 200, response.text
        return response.json()

    def send(self, *commands: dict[str, Any]) -> list[dict[str, Any]]:
        response = self.http.post("/v1/commands", json={"commands": list(commands)})
        assert response.status_code == 200, response.text
        outcomes: list[dict[str, Any]] = response.json()["outcomes"]
        return outcomes

    def do(self, type: str, **fields: Any) -> dict[str, Any]:
        return self.send({"type": type, "id": ulid(), **fields})[0]

    def applied(self, type: str, **fields: Any) -> dict[str, Any]:
        outcome = self.do(type, **fields)
        assert outcome["outcome"] == "applied", outcome
        return outcome

    def refused(self, type: str, **fields: Any) -> str:
        outcome = self.do(type, **fields)
        assert outcome["outcome"] == "refused", outcome
        return str(outcome["problem"]["type"].rsplit("/", 1)[-1])

    def reply(self, ticket: str, words: str) -> dict[str, Any]:
        return self.applied("send-reply", ticket=ticket, parts=text(words))

    def ticket(self, id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/v1/tickets/{id}")
        return found

    def cursor(self) -> str:
        return str(self.get("/v1/snapshot")["cursor"])

    def changes(self, after: str, limit: int = 200) -> list[dict[str, Any]]:
        """All changes after a cursor."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.get("/v1/changes", after=after, limit=limit)
            found += page["changes"]
            after = page["cursor"]
            if not page["more"]:
                return found

    @contextmanager
    def stream(self, after: str, **headers: str) -> Iterator[Iterator[dict[str, Any]]]:
        """Changes as the stream brings them."""
        with self.http.stream(
            "GET", "/v1/changes/stream", params={"after": after}, headers=headers
        ) as answer:
            assert answer.status_code == 200
            yield (json.loads(line[6:]) for line in answer.iter_lines() if line.startswith("data: "))


class Channel:
    """A channel that signs what it sends."""

    def __init__(self, url: str, made: Any) -> None:
        self.url, self.name, self.secret = url, made.name, made.secret
        self.http = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {made.token}"},
            timeout=WAIT,
            trust_env=False,
            verify=False,
        )

    def post(
        self, body: Any, headers: dict[str, Any] | None = None, at: float | None = None
    ) -> httpx.Response:
        """A signed body, with other headers where the test wants them."""
        data = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        id = body.get("id", "x") if isinstance(body, dict) else "x"
        moment = datetime.fromtimestamp(time.time() if at is None else at, UTC)
        signed = {
            "webhook-id": id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": Webhook(self.secret).sign(id, moment, data),
            "content-type": "application/json",
        } | (headers or {})
        path = f"/v1/channels/{self.name}/messages"
        return self.http.post(path, content=data.encode(), headers=signed | {"authorization": ""})

    def body(self, customer: str, words: str, tier: str = "regular", **more: Any) -> dict[str, Any]:
        return {
            "id": ulid(),
            "customer": {"id": customer, "name": f"王{customer[-4:]}", "tier": tier},
            "parts": text(words),
            "sent_at": datetime.now(UTC).isoformat(),
            **more,
        }

    def say(self, customer: str, words: str, **more: Any) -> dict[str, str]:
        answer = self.post(self.body(customer, words, **more))
        assert answer.status_code == 202, answer.text
        taken: dict[str, str] = answer.json()
        return taken


class Server:
    """A server's data, its process, and who may come in."""

    def __init__(self, data: Path, database: str | None = None, *options: str) -> None:
        self.data, self.database, self.options = data, database, options
        self.url = ""
        self._clients: list[httpx.Client] = []
        self._process: subprocess.Popen[str] | None = None
        self._runner: asyncio.Runner | None = None
        self._admin: Admin | None = None

    def start(self) -> "Server":
        arguments = [sys.executable, "-m", "agent_tui", "serve", "--port", "0", "--data", str(self.data)]
        if self.database:
            arguments += ["--database", self.database]
        self._process = subprocess.Popen([*arguments, *self.options], stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self.end()
            raise AssertionError("the server ended before it was ready")
        self.url = line.split()[-1]
        return self

    def end(self, how: int = signal.SIGTERM) -> int:
        """End the process; the answer is its exit code."""
        process, self._process = self._process, None
        for client in self._clients:
            client.close()
        if self._runner is not None and self._admin is not None:
            self._runner.run(self._admin.__aexit__())
            self._runner.close()
            self._runner = self._admin = None
        if process is None or process.stdout is None:
            return 0
        process.send_signal(how)
        code = process.wait(WAIT)
        process.stdout.close()
        return code

    def make(self, work: Callable[[Admin], Any]) -> Any:
        """What the command line does, without its start-up."""
        if self._runner is None or self._admin is None:
            self._runner = asyncio.Runner()
            self._admin = self._runner.run(Admin(self.data, self.database).__aenter__())
        return self._runner.run(work(self._admin))

    def person(self, role: str = "agent", name: str = "", team: str | None = None) -> Person:
        name = name or f"{role}-{ulid()[-8:]}"
        made = self.make(lambda admin: admin.create_token(name, Role(role), team))
        person = Person(self.url, made)
        self._clients.append(person.http)
        return person

    def known(self, made: dict[str, Any]) -> Person:
        """Someone who was given a token over the wire."""
        person = Person(self.url, SimpleNamespace(**made))
        self._clients.append(person.http)
        return person

    def channel(self, webhook: str = NOWHERE, name: str = "") -> Channel:
        made = self.make(lambda admin: admin.create_channel(name or f"ch-{ulid()[-8:]}", webhook))
        channel = Channel(self.url, made)
        self._clients.append(channel.http)
        return channel


class Receiver:
    """A channel's webhook: keeps what it is told and answers as the test says."""

    def __init__(self) -> None:
        self.heard: queue.Queue[tuple[dict[str, str], dict[str, Any]]] = queue.Queue()
        self.answers: dict[str, list[int]] = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {key.lower(): value for key, value in self.headers.items()}
                told = json.loads(body)
                Webhook(receiver.secret).verify(body, headers)
                waiting = receiver.answers.get(told["data"]["customer"]["id"], [])
                self.send_response(waiting.pop(0) if waiting else 200)
                self.send_header("content-length", "0")
                self.end_headers()
                receiver.heard.put((headers, told))

            def log_message(self, format: str, *args: Any) -> None:
                return

        self.secret = ""
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/hook"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def next(self) -> tuple[dict[str, str], dict[str, Any]]:
        return self.heard.get(timeout=WAIT)

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
