"""Plays a stream through the helpdesk in memory, with a clock of its own."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import msgspec

from agent_tui.backends.base import AuthExpired, Rejected
from agent_tui.backends.memory import MemoryBackend, World
from agent_tui.domain.commands import Command
from agent_tui.domain.models import Customer, CustomerRef, Order, Role, Seat, Tier
from agent_tui.domain.policy import read_policy
from agent_tui.knowledge.packs.reading import load_pack
from agent_tui.knowledge.packs.triggers import rules_of
from agent_tui.wire import HelperIn
from tests.replay.steps import Invite, Lines, Revoke, Say, Send, Shop, Step, Stream, filled, ulid_of
from tests.replay.telling import Telling

START = datetime(2026, 11, 11, 12, tzinfo=UTC).timestamp()
PACK = "logistics"


def builtins(value: Any) -> Any:
    """`value` as the wire has it."""
    return msgspec.json.decode(msgspec.json.encode(value))


class MemoryPlay:
    """One play of a stream."""

    def __init__(self, stream: Stream, runner: asyncio.Runner) -> None:
        self._stream = stream
        self._runner = runner
        self._at = 0.0
        self.world = World(lambda: START + self._at, read_policy(stream.policy.encode(), "policy"))
        self.world.publish(rules_of(load_pack(PACK)))
        self.telling = Telling(START)
        self._lines: dict[str, MemoryBackend] = {}
        for seat in stream.seats:
            held = Seat(id=seat.ref, name=seat.name, role=Role(seat.role), team=seat.team)
            self.world.put_seat(held)
            self.telling.call(seat.ref, seat.ref)
            self.telling.begin(f"seat {seat.ref}", builtins(held))
        self._read = len(self.world.log)

    def play(self, step: Step) -> Lines:
        """What follows `step`."""
        self._at = step.at
        self._runner.run(self._line(self._stream.seats[0].ref).me())
        answers = self._do(step)
        told = [builtins(event) for event in self.world.log[self._read :]]
        self._read = len(self.world.log)
        return [*answers, *self.telling.lines(told)]

    def _line(self, ref: str) -> MemoryBackend:
        if ref not in self._lines:
            self._lines[ref] = MemoryBackend(self.world, self.telling.names[ref])
            # Everyone follows the feed all day, as the people of the recordings did.
            self.world.attendance.opened(self.telling.names[ref])
        return self._lines[ref]

    def _do(self, step: Step) -> Lines:
        match step:
            case Say():
                who = CustomerRef(id=step.customer, name=step.name, tier=Tier(step.tier))
                self.world.receive(who, *step.words, channel=step.channel, id=step.id, order=step.order)
            case Send():
                return self._send(step)
            case Invite():
                return self._invite(step)
            case Revoke():
                staff = self._line(step.who).capabilities.staff
                return self._tried(staff.revoke(self.telling.names.get(step.helper, step.helper)))
            case Shop(customer=customer, order=order):
                if customer is not None:
                    self.world.set_customer(msgspec.convert(customer, Customer))
                if order is not None:
                    self.world.set_order(msgspec.convert(order, Order))
        return []

    def _send(self, step: Send) -> Lines:
        rows = commands_of(self._stream, step, self.telling, START + self._at)
        commands = tuple(msgspec.convert(row, Command) for row in rows)
        try:
            outcomes = self._runner.run(self._line(step.who).send(commands))
        except AuthExpired as error:
            return [f"error {error.code}"]
        return answered(step, [builtins(outcome) for outcome in outcomes])

    def _invite(self, step: Invite) -> Lines:
        form = msgspec.convert(filled(step.form, self.telling.names), HelperIn)
        try:
            made = self._runner.run(self._line(step.who).capabilities.staff.invite(form))
        except (Rejected, AuthExpired) as error:
            return [f"error {error.code}"]
        self.telling.call(step.ref, made.id)
        self._runner.run(self._line(step.ref).me())
        return []

    def _tried(self, work: Any) -> Lines:
        try:
            self._runner.run(work)
        except (Rejected, AuthExpired) as error:
            return [f"error {error.code}"]
        return []


def commands_of(stream: Stream, step: Send, telling: Telling, now: float) -> list[dict[str, Any]]:
    """The commands of a step as the wire takes them."""
    rows = []
    for command in step.commands:
        telling.call(command["id"], ulid_of(stream.name, command["id"]))
        row = filled({**command, "id": f"${command['id']}"}, telling.names)
        if "version" in row:
            known = telling.versions.get(row["ticket"], 1)
            row["version"] = max(1, known - row["version"]["behind"])
        if "until" in row:
            row["until"] = datetime.fromtimestamp(now + row["until"]["in"], UTC).isoformat()
        rows.append(row)
    return rows


def answered(step: Send, outcomes: list[dict[str, Any]]) -> Lines:
    """What was said to each command."""
    lines = []
    for command, outcome in zip(step.commands, outcomes, strict=True):
        why = (outcome.get("problem") or {}).get("type", "").rsplit("/", 1)[-1]
        if outcome["outcome"] == "conflict":
            why = ",".join(sorted(outcome.get("changed") or ()))
        lines.append(f"{command['type']} {command['id']}: {outcome['outcome']} {why}".strip())
    return lines


def play_memory(stream: Stream) -> list[Lines]:
    """What follows each step of `stream` in memory."""
    with asyncio.Runner() as runner:
        play = MemoryPlay(stream, runner)
        return [play.play(step) for step in stream.steps]
