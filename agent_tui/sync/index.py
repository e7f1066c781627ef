"""A sorted index of the queue: every view sorted, counted and filtered without a walk over all tickets."""

import heapq
from bisect import bisect_left
from collections.abc import Iterable
from itertools import compress, islice, repeat
from operator import contains

from agent_tui.domain.text import fold
from agent_tui.domain.views import View, views_of
from agent_tui.sync.shapes import FAR, Row

Key = tuple[float, float, str]
RUN = 8192
ASLEEP = 2 * FAR
NOWHERE: frozenset[View] = frozenset()


class SortedView:
    """One view as a sorted list: keys in order and, in step with them, the tickets' ids."""

    __slots__ = ("ids", "keys")

    def __init__(self) -> None:
        self.keys: list[Key] = []
        self.ids: list[str] = []

    def add(self, key: Key) -> None:
        """Put a ticket at its place."""
        place = bisect_left(self.keys, key)
        self.keys.insert(place, key)
        self.ids.insert(place, key[2])

    def remove(self, key: Key) -> None:
        """Take a ticket away; it must be there."""
        place = bisect_left(self.keys, key)
        del self.keys[place]
        del self.ids[place]


class QueueIndex:
    """A secondary index: all rows, and the views over them. Time enters only through `now`: `tick` moves
    what time moves."""

    def __init__(self, close_seconds: float) -> None:
        self.rows: dict[str, Row] = {}
        self.calling: set[str] = set()
        self._close = close_seconds
        self._me = ""
        self._views = {view: SortedView() for view in View}
        self._in: dict[str, frozenset[View]] = {}
        self._asleep: set[str] = set()
        self._sets: dict[frozenset[View], frozenset[View]] = {NOWHERE: NOWHERE}
        self._due: list[tuple[float, str]] = []
        self._words: dict[str, str] = {}
        self._warmed = 0
        self._last: tuple[View, str, list[str]] | None = None

    # -- changes
    def load(self, rows: Iterable[Row], me: str, now: float) -> None:
        """Hold `rows` and nothing else, seen by the person `me`."""
        self.rows = {row.id: row for row in rows}
        self.calling = {row.id for row in self.rows.values() if row.help is not None}
        self._me = me
        self._words.clear()
        self._rebuild(now)

    def set_me(self, me: str, now: float) -> None:
        """Look through the eyes of the person `me`."""
        if me != self._me:
            self._me = me
            self._rebuild(now)

    def _rebuild(self, now: float) -> None:
        self._last = None
        self._asleep = {row.id for row in self.rows.values() if row.snoozed_until > now}
        close = self._close
        self._due = [
            (due, row.id)
            for row in self.rows.values()
            if (due := row.snoozed_until if row.snoozed_until > now else row.promise_due - close) > now
        ]
        heapq.heapify(self._due)
        self._in = self._places(now)
        self._views = {view: SortedView() for view in View}
        held: dict[frozenset[View], list[list[Key]]] = {}
        for key in _in_order(self.rows.values(), now):
            views = self._in[key[2]]
            for keys in held.get(views) or held.setdefault(views, [self._views[v].keys for v in views]):
                keys.append(key)
        for view in self._views.values():
            view.ids = [key[2] for key in view.keys]

    def _places(self, now: float) -> dict[str, frozenset[View]]:
        """The views of every row; what they depend on repeats so often that each case is worked out once."""
        me, close = self._me, now + self._close
        known: dict[tuple[object, ...], frozenset[View]] = {}
        places = {}
        for ticket, row in self.rows.items():
            due, whose = row.promise_due, row.assignee_id
            case = (
                id(row.status),  # an enum's own hash is a Python call, which 100,000 rows would feel
                id(row.tier),
                whose == me if whose else None,
                row.snoozed_until <= now,
                0 < due <= close,
            )
            views = known.get(case)
            if views is None:
                views = known[case] = self._place(row, now)
            places[ticket] = views
        return places

    def put(self, row: Row, now: float) -> None:
        """Keep `row` as it is now, at its place in every view it belongs to."""
        views, before = self._place(row, now), self._key_of(row.id)
        self._move(self._in.get(row.id, NOWHERE), before, views, self._new_key(row, now))
        self.rows[row.id] = row
        (self.calling.discard if row.help is None else self.calling.add)(row.id)
        self._in[row.id] = views
        self._words.pop(row.id, None)
        self._last = None
        self._watch(row, now)

    def drop(self, ticket: str) -> None:
        """Forget a ticket."""
        key = self._key_of(ticket)
        if key is None:
            return
        for view in self._in.pop(ticket):
            self._views[view].remove(key)
        del self.rows[ticket]
        self.calling.discard(ticket)
        self._asleep.discard(ticket)
        self._words.pop(ticket, None)
        self._last = None

    def tick(self, now: float) -> set[str]:
        """Move the tickets whose time has come; answers them."""
        moved = set()
        while self._due and self._due[0][0] <= now:
            row = self.rows.get(heapq.heappop(self._due)[1])
            if row is None:
                continue
            views, before = self._place(row, now), self._key_of(row.id)
            key = self._new_key(row, now)
            if views != self._in[row.id] or key != before:
                self._move(self._in[row.id], before, views, key)
                self._in[row.id] = views
                self._last = None
                moved.add(row.id)
            self._watch(row, now)
        return moved

    def next_due(self) -> float | None:
        """When `tick` has something to do, in epoch seconds."""
        return self._due[0][0] if self._due else None

    def _place(self, row: Row, now: float) -> frozenset[View]:
        views = views_of(row, self._me, now, self._close)
        return self._sets.setdefault(views, views)

    def _key_of(self, ticket: str) -> Key | None:
        """The key under which a ticket is held."""
        row = self.rows.get(ticket)
        return None if row is None else _key(row, asleep=ticket in self._asleep)

    def _new_key(self, row: Row, now: float) -> Key:
        asleep = row.snoozed_until > now
        (self._asleep.add if asleep else self._asleep.discard)(row.id)
        return _key(row, asleep=asleep)

    def _move(self, before: frozenset[View], old: Key | None, after: frozenset[View], new: Key) -> None:
        same = old == new
        for view in before:
            if old is not None and not (same and view in after):
                self._views[view].remove(old)
        for view in after:
            if not (same and view in before):
                self._views[view].add(new)

    def _moves_at(self, row: Row, now: float) -> float:
        """When time alone will move `row`: it wakes, or its promise comes close; 0 for never."""
        if row.snoozed_until > now:
            return row.snoozed_until
        close = row.promise_due - self._close
        return close if close > now else 0.0

    def _watch(self, row: Row, now: float) -> None:
        due = self._moves_at(row, now)
        if not due:
            return
        heapq.heappush(self._due, (due, row.id))
        if len(self._due) > 2 * len(self.rows) + 1000:
            # Rows that changed left their old times behind; one walk now and then keeps the heap small.
            self._due = sorted({(at, id) for at, id in self._due if id in self.rows})

    # -- reads
    def row(self, ticket: str) -> Row | None:
        """A ticket's list fields, the outbox's effects included."""
        return self.rows.get(ticket)

    def calls(self) -> tuple[Row, ...]:
        """Tickets whose helper calls for help (`row.help`), the longest call first."""
        rows = [self.rows[id] for id in self.calling]
        calls = sorted((row.help.at, row.id) for row in rows if row.help is not None)
        return tuple(self.rows[id] for _, id in calls)

    def counts(self) -> dict[View, int]:
        """How many tickets each view holds."""
        return {view: len(held.ids) for view, held in self._views.items()}

    def ids(self, view: View, query: str = "") -> list[str]:
        """A view's tickets, most urgent first, as a list of the caller's own."""
        wanted = fold(query).strip().removeprefix("#")
        if not wanted:
            return self._views[view].ids.copy()
        found = self._filtered(view, wanted)
        self._last = (view, wanted, found)
        return found.copy()

    def _filtered(self, view: View, wanted: str) -> list[str]:
        among = self._views[view].ids
        if self._last is not None and self._last[0] is view and wanted.startswith(self._last[1]):
            among = self._last[2]
        words = self._all_words(among)
        found = among
        for word in wanted.split():
            # Chained in C: at 100,000 rows a loop of ours would be felt between two keys.
            found = list(compress(found, map(contains, map(words.__getitem__, found), repeat(word))))
        return found

    def warm(self, count: int) -> bool:
        """Fold the words of up to `count` rows before anybody asks; False when all are."""
        missing = (id for id in tuple(islice(self.rows, self._warmed, self._warmed + count)))
        for id in missing:
            if id not in self._words:
                self._words[id] = _words_of(self.rows[id])
        self._warmed += count
        return self._warmed < len(self.rows)

    def _all_words(self, among: list[str]) -> dict[str, str]:
        """Each ticket's searchable words, folded when they are first asked for."""
        words = self._words
        if len(words) < len(self.rows):
            for id in among:
                if id not in words:
                    words[id] = _words_of(self.rows[id])
        return words


def key_at(row: Row, now: float) -> Key:
    """Where `row` stands at `now`: what is put away comes after all else, in the order it wakes."""
    return _key(row, asleep=row.snoozed_until > now)


def _key(row: Row, *, asleep: bool) -> Key:
    return (ASLEEP + row.snoozed_until, row.created_at, row.id) if asleep else row.sort_key


def _in_order(rows: Iterable[Row], now: float) -> Iterable[Key]:
    """The rows' keys in order. Sorting is one step that no other thread can interrupt, so many rows are
    sorted in runs, and merged."""
    keys = [
        _key(row, asleep=True)
        if row.snoozed_until > now
        else (row.urgency_due or FAR, row.created_at, row.id)
        for row in rows
    ]
    if len(keys) <= 2 * RUN:
        keys.sort()
        return keys
    return heapq.merge(*(sorted(keys[at : at + RUN]) for at in range(0, len(keys), RUN)))


def _words_of(row: Row) -> str:
    return fold(f"{row.number}\n{row.customer}\n{row.order}\n{row.last_text}")
