"""The queue's order, kept as it changes: every view sorted, counted and filtered without a walk over all."""

import heapq
from bisect import bisect_left
from collections.abc import Callable, Iterable

from agent_tui.domain.text import fold
from agent_tui.domain.views import View, views_of
from agent_tui.sync.shapes import Row

Key = tuple[float, float, str]
NOWHERE: frozenset[View] = frozenset()


class Sorted:
    """One view: keys in order and, in step with them, the tickets' ids."""

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

    def fill(self, keys: list[Key]) -> None:
        """Hold `keys` and nothing else."""
        self.keys = sorted(keys)
        self.ids = [key[2] for key in self.keys]


class Index:
    """All rows, and the views over them. Time enters only through `now`: `tick` moves what time moves."""

    def __init__(self, close_seconds: float) -> None:
        self.rows: dict[str, Row] = {}
        self._close = close_seconds
        self._me = ""
        self._views = {view: Sorted() for view in View}
        self._in: dict[str, frozenset[View]] = {}
        self._keys: dict[str, Key] = {}
        self._sets: dict[frozenset[View], frozenset[View]] = {NOWHERE: NOWHERE}
        self._due: list[tuple[float, str]] = []
        self._words: dict[str, str] = {}
        self._last: tuple[View, str, list[str]] | None = None

    # -- changes
    def load(self, rows: Iterable[Row], me: str, now: float) -> None:
        """Hold `rows` and nothing else, seen by the person `me`."""
        self.rows = {row.id: row for row in rows}
        self._me = me
        self._words.clear()
        self._rebuild(now)

    def set_me(self, me: str, now: float) -> None:
        """Look through the eyes of the person `me`."""
        if me != self._me:
            self._me = me
            self._rebuild(now)

    def _rebuild(self, now: float) -> None:
        keys: dict[View, list[Key]] = {view: [] for view in View}
        self._in, self._keys, self._due, self._last = {}, {}, [], None
        for row in self.rows.values():
            views, key = self._place(row, now), row.sort_key
            self._in[row.id], self._keys[row.id] = views, key
            for view in views:
                keys[view].append(key)
            self._watch(row, now, self._due.append)
        heapq.heapify(self._due)
        for view, found in keys.items():
            self._views[view].fill(found)

    def put(self, row: Row, now: float) -> None:
        """Keep `row` as it is now, at its place in every view it belongs to."""
        views, key = self._place(row, now), row.sort_key
        before, old = self._in.get(row.id, NOWHERE), self._keys.get(row.id)
        self._move(before, old, views, key)
        self.rows[row.id] = row
        self._in[row.id], self._keys[row.id] = views, key
        self._words.pop(row.id, None)
        self._last = None
        self._watch(row, now, self._push)

    def drop(self, ticket: str) -> None:
        """Forget a ticket."""
        if self.rows.pop(ticket, None) is None:
            return
        key = self._keys.pop(ticket)
        for view in self._in.pop(ticket):
            self._views[view].remove(key)
        self._words.pop(ticket, None)
        self._last = None

    def tick(self, now: float) -> set[str]:
        """Move the tickets whose time has come; answers them."""
        moved = set()
        while self._due and self._due[0][0] <= now:
            row = self.rows.get(heapq.heappop(self._due)[1])
            if row is None:
                continue
            views, key = self._place(row, now), self._keys[row.id]
            if views != self._in[row.id]:
                self._move(self._in[row.id], key, views, key)
                self._in[row.id] = views
                self._last = None
                moved.add(row.id)
            self._watch(row, now, self._push)
        return moved

    def next_due(self) -> float | None:
        """When `tick` has something to do, in epoch seconds."""
        return self._due[0][0] if self._due else None

    def _place(self, row: Row, now: float) -> frozenset[View]:
        views = views_of(row, self._me, now, self._close)
        return self._sets.setdefault(views, views)

    def _move(self, before: frozenset[View], old: Key | None, after: frozenset[View], new: Key) -> None:
        same = old == new
        for view in before:
            if old is not None and not (same and view in after):
                self._views[view].remove(old)
        for view in after:
            if not (same and view in before):
                self._views[view].add(new)

    def _watch(self, row: Row, now: float, push: Callable[[tuple[float, str]], None]) -> None:
        """Remember when time alone will move `row`: it wakes, or its promise comes close."""
        if row.snoozed_until > now:
            push((row.snoozed_until, row.id))
        elif row.promise_due and row.promise_due - self._close > now:
            push((row.promise_due - self._close, row.id))

    def _push(self, due: tuple[float, str]) -> None:
        heapq.heappush(self._due, due)
        if len(self._due) > 2 * len(self.rows) + 1000:
            # Rows that changed left their old times behind; one walk now and then keeps the heap small.
            self._due = sorted({(at, id) for at, id in self._due if id in self.rows})

    # -- reads
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
        first, *others = wanted.split()
        words = self._all_words(among)
        found = [id for id in among if first in words[id]]
        for word in others:
            found = [id for id in found if word in words[id]]
        return found

    def _all_words(self, among: list[str]) -> dict[str, str]:
        """Each ticket's searchable words, folded when they are first asked for."""
        words = self._words
        if len(words) < len(self.rows):
            for id in among:
                if id not in words:
                    words[id] = _words_of(self.rows[id])
        return words


def _words_of(row: Row) -> str:
    return fold(f"{row.number}\n{row.customer}\n{row.order}\n{row.last_text}")
