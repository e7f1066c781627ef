"""Events as lines that can be compared: what differs of which thing, in words that every play shares."""

import re
from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

import msgspec

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_ABSENT: tuple[Any, ...] = (None, "", 0, False, [], {})
# What no two plays share, what says nothing, and what states had not yet when they were recorded.
_LEFT_OUT = {"number", "updated_at", "calls", "due", "alone"}
# What the name of a thing says already.
_NAMED = {"id", "ticket"}


class Telling:
    """Turns the events of one play into lines; `start` is the moment from which times are counted.

    Without `start` times are left out: a real clock shows others at every play.
    """

    def __init__(self, start: float | None, left_out: frozenset[str] = frozenset()) -> None:
        self.names: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._start = start
        self._left_out = left_out | _LEFT_OUT
        self._known: dict[str, dict[str, Any]] = {}
        self._counts: Counter[str] = Counter()
        self.versions: dict[str, int] = {}

    def call(self, ref: str, id: str) -> None:
        """Let `id` be `ref` from now on."""
        self.names[ref] = id
        self._ids[id] = ref

    def alias(self, said: str, meant: str) -> None:
        """Read `said` as `meant` from now on."""
        self._ids[said] = meant

    def ref(self, id: str) -> str:
        """What `id` is called, itself when it has no other name."""
        return self._ids.get(id, id)

    def knows(self, id: str) -> bool:
        """Whether `id` was named."""
        return id in self._ids

    def begin(self, thing: str, state: dict[str, Any]) -> None:
        """`thing` is in `state` before the first event."""
        self._known[thing] = self._plain({k: v for k, v in state.items() if k not in _NAMED})

    def lines(self, events: list[dict[str, Any]]) -> list[str]:
        """What `events` say, one thing after another."""
        told: dict[str, list[str]] = defaultdict(list)
        for event in events:
            # A message comes before the ticket that it opens.
            if event["type"] == "ticket-changed":
                self._name(event["ticket"])
        for event in events:
            if "message" in event:
                self._message(event["message"])
        for event in events:
            thing, line = self._line(event)
            if line:
                told[thing].append(line)
        return [f"{thing}: {line}" for thing in sorted(told) for line in told[thing]]

    def _line(self, event: dict[str, Any]) -> tuple[str, str]:
        match event:
            case {"type": "ticket-changed", "ticket": ticket}:
                return self._ticket(ticket)
            case {"type": "message-added" | "message-changed" as kind, "message": message}:
                thing = f"message {self._message(message)}"
                return thing, self._differs(thing, message, kind.removeprefix("message-"))
            case {"type": "seat-changed", "seat": seat}:
                thing = f"seat {self.ref(seat['id'])}"
                return thing, self._differs(thing, seat)
            case {"type": "floor-changed", "floor": floor}:
                return "floor", self._differs("floor", floor)
            case {"type": "order-changed", "order": order}:
                return f"order {order['number']}", self._differs(f"order {order['number']}", order)
            case {"type": "customer-changed", "customer": customer}:
                thing = f"customer {self.ref(customer['id'])}"
                return thing, self._differs(thing, customer)
        return event["type"], self._text(self._plain(event))

    def _name(self, ticket: dict[str, Any]) -> None:
        """A ticket is named by its customer, and by how many they had before."""
        if not self.knows(ticket["id"]):
            who = self.ref(ticket["customer"]["id"])
            self._counts[who] += 1
            self.call(f"t.{who}.{self._counts[who]}", ticket["id"])

    def _ticket(self, ticket: dict[str, Any]) -> tuple[str, str]:
        before = self.versions.get(ticket["id"], 0)
        self.versions[ticket["id"]] = ticket["version"]
        thing = f"ticket {self.ref(ticket['id'])}"
        more = f"v+{ticket['version'] - before}"
        return thing, self._differs(thing, {k: v for k, v in ticket.items() if k != "version"}, more)

    def _message(self, message: dict[str, Any]) -> str:
        """A message that a command made has the command's name, another one that of its ticket and kind."""
        if not self.knows(message["id"]):
            label = message["parts"][0].get("label", "") if message["parts"] else ""
            place = f"{self.ref(message['ticket'])}/{message['kind']}{label and '-'}{label}"
            self._counts[place] += 1
            self.call(f"{place}/{self._counts[place]}", message["id"])
        return self.ref(message["id"])

    def _differs(self, thing: str, state: dict[str, Any], more: str = "") -> str:
        own = {name: value for name, value in state.items() if name not in _NAMED}
        before, after = self._known.get(thing, {}), self._plain(own)
        self._known[thing] = after
        names = [*after, *(name for name in before if name not in after)]
        differs = {name: after.get(name) for name in names if before.get(name) != after.get(name)}
        return f"{more} {self._text(differs)}".strip() if differs or more else ""

    def _text(self, value: Any) -> str:
        return msgspec.json.encode(value, order="sorted").decode()

    def _plain(self, state: dict[str, Any]) -> dict[str, Any]:
        """`state` without what is absent or incidental, ids and moments by their names."""
        # A call for help names the reply that awaits only since there can be several.
        left_out = self._left_out | {"message"} if "stage" in state else self._left_out
        kept = {k: self._value(v) for k, v in state.items() if k not in left_out}
        return {k: v for k, v in kept.items() if v not in _ABSENT}

    def _value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return self._plain(value)
        if isinstance(value, list):
            return [self._value(one) for one in value]
        if isinstance(value, str):
            return self._moment(value) if _MOMENT.fullmatch(value) else self.ref(value)
        return value

    def _moment(self, value: str) -> str:
        if self._start is None:
            return "…"
        seconds = datetime.fromisoformat(value).timestamp() - self._start
        return f"{round(seconds, 3):+g}s" if abs(seconds) < 1e7 else "…"
