"""Presence: who looks at which ticket, and what they write there while it is being written.

Pure and forgetful: nothing of it is kept, it has no place in the feed, and a word that is not repeated runs
out. The server and the helpdesk in memory share these rules.
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from agent_tui.domain.models import Role
from agent_tui.domain.rules import CORE, LEADING

LONGEST_DRAFT = 2000
EVERY = 1 / 3
AGAIN = 10.0
KEPT = 30.0

# A ticket and a person.
Key = tuple[str, str]


class Onlooker(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Someone of the team, as presence names them; a helper is not told the `role` of others."""

    id: str
    name: str
    role: Role | None = None


class Presence(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`person` looks at `ticket`, and perhaps writes; `draft` is what, for those who may read it.

    `at` is when that last changed; `gone` says that they look elsewhere.
    """

    ticket: str
    person: Onlooker
    at: datetime
    writing: bool = False
    draft: str = ""
    gone: bool = False


class Around(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What decides who may know: the helper who has the ticket, their buddy, and a running call for help."""

    helper: str = ""
    buddy: str = ""
    stage: str = ""
    called: str = ""


class Word(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one device of a person says: they look at `ticket` (nowhere when null) and write `draft`."""

    device: str
    person: Onlooker
    at: datetime
    ticket: str | None = None
    draft: str = ""
    writing: bool = False
    around: Around = Around()


def shortened(draft: str) -> str:
    """The end of a draft: that is where one writes."""
    return draft[-LONGEST_DRAFT:]


def as_seen(who: Onlooker, present: Presence, around: Around) -> Presence | None:
    """A presence at a ticket at which `who` looks too, as they may know it; None for nothing at all.

    A helper learns who looks at their own ticket, and no more. What a helper writes is for their buddy, for
    leads, and for whom a running call has reached.
    """
    if present.person.id == who.id:
        return None
    if who.role not in CORE:
        named = Onlooker(id=present.person.id, name=present.person.name)
        is_own = around.helper == who.id
        return Presence(ticket=present.ticket, person=named, at=present.at) if is_own else None
    is_helpers = present.person.id == around.helper
    return present if is_helpers and _may_read(who, around) else replace(present, draft="")


def _may_read(who: Onlooker, around: Around) -> bool:
    if who.id in (around.buddy, around.called) or who.role in LEADING:
        return True
    return around.stage == "core" and who.role in CORE


class Lookers:
    """Everyone's last word, and what of it is shown: at most three times a second for a person and a ticket.

    `hear` takes a word in and answers what to `show` after how many seconds; the caller has the clock.
    """

    def __init__(self) -> None:
        self._words: dict[str, Word] = {}
        self._heard_at: dict[str, float] = {}
        self._devices: dict[str, set[str]] = {}
        self._around: dict[str, Around] = {}
        self._beside: dict[str, set[str]] = {}
        self._shown: dict[str, dict[str, Presence]] = {}
        self._shown_at: dict[Key, float] = {}
        self._due: set[Key] = set()

    def hear(self, word: Word, now: float) -> dict[Key, float]:
        """Take in a word; the answer is what looks different now, with the seconds until it may be shown."""
        before = self._words.get(word.device)
        self._words[word.device] = word
        self._heard_at[word.device] = now
        self._devices.setdefault(word.person.id, set()).add(word.device)
        changed: set[Key] = set()
        if before is not None and before.ticket is not None and before.ticket != word.ticket:
            changed.add((before.ticket, before.person.id))
        if word.ticket is None:
            self._drop(word.device)
        elif before is None or _said(before) != _said(word) or self._around.get(word.ticket) != word.around:
            self._put_around(word.ticket, word.around)
            changed.add((word.ticket, word.person.id))
        return self._planned(changed, now)

    def leave(self, device: str, now: float) -> dict[Key, float]:
        """Forget a device; answers as `hear`."""
        word = self._drop(device)
        gone = {(word.ticket, word.person.id)} if word is not None and word.ticket is not None else set()
        return self._planned(gone, now)

    def expire(self, now: float) -> dict[Key, float]:
        """Forget who has said nothing for too long; answers as `hear`."""
        late = [device for device, at in self._heard_at.items() if now - at >= KEPT]
        found: dict[Key, float] = {}
        for device in late:
            found |= self.leave(device, now)
        self._shown_at = {key: at for key, at in self._shown_at.items() if now - at < EVERY or key in found}
        return found

    def next_expiry(self) -> float | None:
        """When the next word runs out."""
        return min(self._heard_at.values()) + KEPT if self._heard_at else None

    def _drop(self, device: str) -> Word | None:
        self._heard_at.pop(device, None)
        word = self._words.pop(device, None)
        if word is not None:
            devices = self._devices[word.person.id]
            devices.discard(device)
            if not devices:
                del self._devices[word.person.id]
        return word

    def _put_around(self, ticket: str, around: Around) -> None:
        before = self._around.get(ticket, Around())
        self._beside.get(before.buddy, set()).discard(ticket)
        if not self._beside.get(before.buddy):
            self._beside.pop(before.buddy, None)
        self._around[ticket] = around
        if around.buddy:
            self._beside.setdefault(around.buddy, set()).add(ticket)

    def _planned(self, keys: set[Key], now: float) -> dict[Key, float]:
        """Those of `keys` that nobody waits for yet, and how long each has to wait."""
        new = keys - self._due
        self._due |= new
        return {key: max(0.0, self._shown_at.get(key, -EVERY) + EVERY - now) for key in new}

    def show(self, key: Key, now: float) -> None:
        """Let the last word on `key` be seen."""
        ticket, person = key
        self._due.discard(key)
        self._shown_at[key] = now
        present = self._merged(ticket, person)
        shown = self._shown.setdefault(ticket, {})
        before = shown.pop(person, None)
        if present is not None:
            is_same = before is not None and is_alike(before, present)
            shown[person] = before if is_same and before is not None else present
        if not shown:
            del self._shown[ticket]
            if not any(word.ticket == ticket for word in self._words.values()):
                self._put_around(ticket, Around())
                del self._around[ticket]

    def _merged(self, ticket: str, person: str) -> Presence | None:
        """What the devices of a person say of a ticket: the one that writes counts, or the last word."""
        words = [self._words[device] for device in self._devices.get(person, ())]
        here = [word for word in words if word.ticket == ticket]
        if not here:
            return None
        word = max(here, key=lambda one: (one.writing, one.at))
        return Presence(ticket=ticket, person=word.person, at=word.at, writing=word.writing, draft=word.draft)

    # -- who sees what

    def words(self) -> tuple[Word, ...]:
        """Everyone's last word."""
        return tuple(self._words.values())

    def concerned(self, ticket: str) -> set[str]:
        """The people for whom something at `ticket` may look different: who looks at it, and the buddy."""
        return {*self._shown.get(ticket, ()), self._around.get(ticket, Around()).buddy}

    def seen_by(self, who: Onlooker) -> dict[Key, Presence]:
        """All that `who` may know now: of the tickets at which they look, and that their helpers write."""
        tickets = {self._words[one].ticket for one in self._devices.get(who.id, ())}
        seen: dict[Key, Presence] = {}
        for ticket in tickets:
            around = self._around.get(ticket or "", Around())
            for present in self._shown.get(ticket or "", {}).values():
                one = as_seen(who, present, around)
                if one is not None:
                    seen[one.ticket, one.person.id] = one
        for ticket in self._beside.get(who.id, set()) - tickets:
            helper = self._around[ticket].helper
            if helper in self._shown.get(ticket, {}):
                seen[ticket, helper] = replace(self._shown[ticket][helper], draft="")
        return seen


class Told:
    """What one stream has been told, so that it is told only what differs."""

    def __init__(self) -> None:
        self._told: Mapping[Key, Presence] = {}

    def news(self, seen: Mapping[Key, Presence], at: datetime) -> list[Presence]:
        """What to tell now that `seen` is all there is to know."""
        before, self._told = self._told, seen
        gone = [
            Presence(ticket=one.ticket, person=one.person, at=at, gone=True)
            for key, one in before.items()
            if key not in seen
        ]
        return [
            *gone,
            *(one for key, one in seen.items() if key not in before or not is_alike(before[key], one)),
        ]


def is_alike(one: Presence, other: Presence) -> bool:
    """Whether two presences say the same, whenever they were said."""
    return (one.person, one.writing, one.draft) == (other.person, other.writing, other.draft)


def _said(word: Word) -> tuple[str | None, str, bool]:
    return word.ticket, word.draft, word.writing
