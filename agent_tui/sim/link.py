"""The way to the server: a channel's signed messages, files, customers and orders; nothing gets lost."""

import asyncio
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec
from standardwebhooks import Webhook

from agent_tui.sim.settings import ChannelKey, SimError

_BATCH = 200
_LONGEST_PAUSE = 10.0
_AGAIN = frozenset({408, 425, 429})


class RetryingLine:
    """The server as all channels see it: bounded requests, and retries until it answers.

    `notice(code, **values)` is told when the server stops answering and when it is back.
    """

    def __init__(
        self, client: httpx.AsyncClient, inflight: int, backoff: float, notice: Callable[..., None]
    ) -> None:
        self._client = client
        self._gate = asyncio.Semaphore(inflight)
        self._backoff = backoff
        self._notice = notice
        self._is_away = False

    async def ask(self, build: Callable[[], httpx.Request]) -> httpx.Response:
        """The server's answer; no answer, 408, 425, 429 and 5xx are tried again for as long as it takes."""
        pause = self._backoff
        while True:
            async with self._gate:
                answer, reason = await self._once(build())
            if answer is not None:
                self._heard()
                return answer
            self._missed(reason)
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _once(self, request: httpx.Request) -> tuple[httpx.Response | None, str]:
        try:
            answer = await self._client.send(request)
        except httpx.TransportError as error:
            return None, type(error).__name__
        if answer.status_code == 429:
            await asyncio.sleep(_retry_after(answer))
        if answer.status_code in _AGAIN or answer.status_code >= 500:
            return None, str(answer.status_code)
        return answer, ""

    def _heard(self) -> None:
        if self._is_away:
            self._is_away = False
            self._notice("back")

    def _missed(self, reason: str) -> None:
        if not self._is_away and reason != "429":
            self._is_away = True
            self._notice("away", reason=reason)

    def request(self, method: str, path: str, **given: Any) -> httpx.Request:
        """A request to the server, not yet sent."""
        return self._client.build_request(method, path, **given)


def _retry_after(answer: httpx.Response) -> float:
    said = answer.headers.get("retry-after", "")
    return min(float(said), _LONGEST_PAUSE) if said.isdecimal() else 0.0


class ChannelLink:
    """One channel's end of the line."""

    def __init__(self, key: ChannelKey, line: RetryingLine) -> None:
        self.name = key.name
        self._bearer = {"authorization": f"Bearer {key.token}"}
        self._signer = Webhook(key.secret)
        self._line = line

    async def send(self, body: dict[str, Any]) -> None:
        """Send one message; a retry is signed anew and carries the same id, which changes nothing twice."""
        content = msgspec.json.encode(body)
        self._check(await self._line.ask(lambda: self._signed(str(body["id"]), content)))

    def _signed(self, message_id: str, content: bytes) -> httpx.Request:
        now = datetime.now(UTC)
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(message_id, now, content.decode()),
        }
        path = f"/v1/channels/{self.name}/messages"
        return self._line.request("POST", path, content=content, headers=headers)

    async def upload(self, name: str, content: bytes) -> dict[str, Any]:
        """Store a PNG; the answer is what an image part carries as `file`."""
        headers = {**self._bearer, "content-type": "image/png"}
        answer = await self._line.ask(
            lambda: self._line.request(
                "POST", "/v1/files", params={"name": name}, content=content, headers=headers
            )
        )
        self._check(answer)
        return msgspec.json.decode(answer.content, type=dict[str, Any])

    async def put_customers(self, customers: Sequence[dict[str, Any]]) -> None:
        """Tell the server about customers, in batches."""
        await self._put("customers", customers)

    async def put_orders(self, orders: Sequence[dict[str, Any]]) -> None:
        """Tell the server about orders and their parcels, in batches."""
        await self._put("orders", orders)

    async def _put(self, what: str, rows: Sequence[dict[str, Any]]) -> None:
        for start in range(0, len(rows), _BATCH):
            content = msgspec.json.encode({what: list(rows[start : start + _BATCH])})
            await self._put_batch(what, content)

    async def _put_batch(self, what: str, content: bytes) -> None:
        headers = {**self._bearer, "content-type": "application/json"}
        answer = await self._line.ask(
            lambda: self._line.request("PUT", f"/v1/{what}", content=content, headers=headers)
        )
        self._check(answer)

    def _check(self, answer: httpx.Response) -> None:
        """Raise `SimError` unless the server took it."""
        if answer.status_code in (401, 403, 404):
            raise SimError("not-allowed", channel=self.name, status=str(answer.status_code))
        if answer.is_error:
            raise SimError(
                "not-taken", channel=self.name, status=str(answer.status_code), detail=answer.text[:300]
            )
