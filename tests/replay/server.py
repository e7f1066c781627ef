"""Plays a stream over a real server: people with tokens, a signed channel, and a lead's feed."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from tests.patience import LOOK
from tests.replay.compare import expected
from tests.replay.memory import answered, commands_of
from tests.replay.steps import Invite, Lines, Revoke, Say, Send, Shop, Step, Stream, filled
from tests.replay.telling import Telling
from tests.server.driver import Channel, Person, Server, text

POLICY = "[helpers]\nfirst_replies = 1\n"
# How long a line is waited for that does not come: only a fault waits so long, and a slow machine does not.
PATIENCE = 30.0
# Told by timers some time after, or on other days.
_LEFT_OUT = frozenset({"load", "connected", "capacity"})
# Ranks every ticket anew, some time after.
_NOT_PLAYED = {"set-emergency"}


class ServerPlay:
    """One play of a stream on `server`, where many streams are played one after another."""

    def __init__(self, server: Server, channels: dict[str, Channel], stream: Stream) -> None:
        self._server, self._channels, self._stream = server, channels, stream
        self._mark = f"{crc32(stream.name.encode()):08x}"
        self.telling = Telling(None, _LEFT_OUT)
        self._people: dict[str, Person] = {}
        self._gone: set[str] = set()
        self._said = 0
        # Reads along with nobody noticing; leads see everything as it is.
        self._reader = server.person("lead", f"读-{self._mark}")
        self._reader.get("/v1/me")
        for seat in stream.seats:
            self._enter(seat.ref, server.person(seat.role, self._own(seat.name), seat.team))
        seats = self._reader.get("/v1/snapshot")["seats"]
        for seat in seats:
            if self.telling.knows(seat["id"]):
                self.telling.begin(f"seat {self.telling.ref(seat['id'])}", seat)
        self._cursor = self._reader.cursor()

    def _own(self, said: str) -> str:
        """A name or number of this stream alone."""
        mine = f"{said}-{self._mark}"
        self.telling.alias(mine, said)
        return mine

    def _enter(self, ref: str, person: Person) -> None:
        self._people[ref] = person
        self._gone.discard(ref)
        self.telling.call(ref, person.id)
        person.get("/v1/me")

    def play(self, step: Step, wanted: Lines) -> Lines:
        """What follows `step`; no longer is waited than until the lines that are wanted are there."""
        answers = self._do(step)
        missing = Counter(wanted) - Counter(answers)
        lines = self._told()
        until = time.monotonic() + PATIENCE
        while missing - Counter(lines) and time.monotonic() < until:
            threading.Event().wait(LOOK)
            lines += self._told()
        return [*answers, *_grouped(lines)]

    def _told(self) -> Lines:
        return self.telling.lines(self._events())

    def _events(self) -> list[dict[str, Any]]:
        """What the feed brings of this stream's own."""
        events: list[dict[str, Any]] = []
        while True:
            page = self._reader.get("/v1/changes", after=self._cursor, limit=200)
            self._cursor = page["cursor"]
            events += [change["event"] for change in page["changes"]]
            if not page["more"]:
                break
        mine = {e["ticket"]["id"] for e in events if e["type"] == "ticket-changed" and self._is_mine(e)}
        return [e for e in events if self._is_mine(e) or e.get("message", {}).get("ticket") in mine]

    def _is_mine(self, event: dict[str, Any]) -> bool:
        match event:
            case {"type": "ticket-changed", "ticket": {"customer": {"id": id}}}:
                return self.telling.knows(id)
            case {"message": {"ticket": id}} | {"seat": {"id": id}} | {"customer": {"id": id}}:
                return self.telling.knows(id)
            case {"order": {"customer": id}} | {"helper": {"id": id}}:
                return self.telling.knows(id)
        return event["type"] == "floor-changed"

    def _do(self, step: Step) -> Lines:
        match step:
            case Say():
                return self._say(step)
            case Send():
                return self._send(step)
            case Invite():
                form = filled(step.form, self.telling.names) | {"name": self._own(step.form["name"])}
                answer = self._people[step.who].http.post("/v1/helpers", json=form)
                if answer.status_code == 201:
                    self._enter(step.ref, self._server.known(answer.json()))
                return [f"invite: {answer.status_code}"]
            case Revoke(who=who, helper=helper):
                self._gone.add(helper)
                id = self.telling.names.get(helper, "nobody")
                return [f"revoke: {self._people[who].http.delete(f'/v1/helpers/{id}').status_code}"]
            case Shop():
                return self._shop(step)

    def _say(self, step: Say) -> Lines:
        self._said += 1
        body = {
            "id": f"{self._mark}-{step.id or self._said}",
            "customer": {"id": self._own(step.customer), "name": step.name, "tier": step.tier},
            "parts": [part for words in step.words for part in text(words)],
            "sent_at": datetime.now(UTC).isoformat(),
        }
        if step.order:
            body["order"] = self._own(step.order)
        return [f"said: {self._channel(step.channel).post(body).status_code}"]

    def _channel(self, name: str) -> Channel:
        """The channel of that name, the same one for all streams."""
        if name not in self._channels:
            self._channels[name] = self._server.channel(name=name)
        return self._channels[name]

    def _send(self, step: Send) -> Lines:
        commands = [one for one in step.commands if one["type"] not in _NOT_PLAYED]
        step = Send(at=step.at, who=step.who, commands=commands)
        if step.who in self._gone or not commands:
            return []
        rows = commands_of(self._stream, step, self.telling, time.time())
        outcomes = self._people[step.who].send(*rows)
        for command, outcome in zip(commands, outcomes, strict=True):
            if command["type"] == "finish" and outcome["outcome"] == "applied":
                self._gone.add(step.who)
        return answered(step, outcomes)

    def _shop(self, step: Shop) -> Lines:
        channel = self._channels.setdefault(
            "web", self._channels.get("web") or self._server.channel(name="web")
        )
        lines = []
        if step.customer is not None:
            row = {k: v for k, v in step.customer.items() if k != "id"}
            answer = channel.http.put(f"/v1/customers/{self._own(step.customer['id'])}", json=row)
            lines.append(f"customer: {answer.status_code}")
        if step.order is not None:
            row = {k: v for k, v in step.order.items() if k != "number"}
            row["customer"] = self._own(row["customer"])
            answer = channel.http.put(f"/v1/orders/{self._own(step.order['number'])}", json=row)
            lines.append(f"order: {answer.status_code}")
        return lines

    def leave(self) -> None:
        """Leave nothing that another stream would meet: no helper, no open ticket, nobody to be a buddy."""
        lead = self._reader
        for person in self._people.values():
            lead.http.delete(f"/v1/helpers/{person.id}")
        for ticket in lead.get("/v1/snapshot")["tickets"]:
            lead.do("set-status", ticket=ticket["id"], status="closed", version=ticket["version"])
        # A helper's token holds no longer.
        for seat in [one for one in self._stream.seats if one.role != "helper"]:
            self._people[seat.ref].do("set-availability", availability="offline")
        lead.do("set-availability", availability="offline")
        lead.do("set-phase", phase="warm-up")


def _grouped(lines: Lines) -> Lines:
    """One thing after another, as they are told at once."""
    return sorted(lines, key=lambda line: line.partition(": ")[0])


def play_server(server: Server, channels: dict[str, Channel], stream: Stream) -> list[Lines]:
    """What follows each step of `stream` on `server`."""
    play = ServerPlay(server, channels, stream)
    wanted = expected(stream, "server", stream.server or [])
    try:
        return [play.play(step, lines) for step, lines in zip(stream.steps, wanted, strict=True)]
    finally:
        play.leave()
