"""The order of the queue and its cursor, which keeps its ticket when the order changes; without a screen."""


class TicketOrder:
    """The ids of the listed tickets, and which of them is under the cursor."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.index = 0

    @property
    def ticket(self) -> str | None:
        """The ticket under the cursor."""
        return self.ids[self.index] if 0 <= self.index < len(self.ids) else None

    def clear(self) -> None:
        """List nothing."""
        self.ids, self.index = [], 0

    def replace(self, ids: list[str]) -> None:
        """Take another order; the cursor stays on its ticket, or at its place when that is gone."""
        before = self.ticket
        self.ids = ids
        self.index = self._index_of(before)

    def go(self, index: int) -> int:
        """Put the cursor at `index`, or as near as there is a row; where it was before."""
        before, self.index = self.index, self._within(index)
        return before

    def top_for(self, top: int, height: int) -> int:
        """The first of `height` rows, as near to `top` as it can be with the cursor among them."""
        if self.index < top:
            return self.index
        return max(top, self.index - max(1, height) + 1)

    def _index_of(self, ticket: str | None) -> int:
        if ticket is not None:
            if self.index < len(self.ids) and self.ids[self.index] == ticket:
                return self.index
            try:
                return self.ids.index(ticket)
            except ValueError:
                pass
        return self._within(self.index)

    def _within(self, index: int) -> int:
        return max(0, min(index, len(self.ids) - 1))
