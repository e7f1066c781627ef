"""Opened conversations: their history by pagination, and read anew after a gap in the feed."""

import asyncio

from agent_tui.backends.base import Backend, BackendError
from agent_tui.domain.models import Ticket
from agent_tui.sync.replica import TicketReplica
from agent_tui.sync.shapes import Conversation

PAGE = 50


class Conversations:
    """Reads from the backend into the replica; raises what the backend raises."""

    def __init__(self, backend: Backend, replica: TicketReplica) -> None:
        self._backend = backend
        self._replica = replica
        self._again: set[asyncio.Task[None]] = set()

    def get(self, ticket: str) -> Conversation:
        """The messages that are here, with our own unsent ones at the end."""
        return self._replica.messages.conversation(ticket)

    def close(self, ticket: str) -> None:
        """Let a ticket's messages go again."""
        self._replica.close(ticket)

    async def open(self, ticket: str) -> None:
        """Bring a ticket's detail and newest messages and keep them fresh while it is open."""
        thread = self._replica.open(ticket)
        detail, page = await asyncio.gather(
            self._backend.ticket(ticket), self._backend.messages(ticket, None, PAGE)
        )
        if ticket not in self._replica.opened:
            return
        self._replica.put_ticket(detail)
        (self._replica.messages.thread(ticket) or thread).newest_page(page.messages, page.more)
        self._replica.messages.touch(ticket)

    async def load_older(self, ticket: str) -> bool:
        """Bring the page before the oldest message; False when there is none."""
        thread = self._replica.messages.thread(ticket)
        if thread is None or not thread.messages or not thread.more:
            return False
        thread.expect_page()
        page = await self._backend.messages(ticket, thread.messages[0].id, PAGE)
        thread.older_page(page.messages, page.more)
        self._replica.messages.touch(ticket)
        return bool(page.messages)

    def again(self, *, only_missing: bool) -> None:
        """Read the opened tickets anew in the background: all of them, or those never read."""
        for ticket in tuple(self._replica.opened):
            thread = self._replica.messages.thread(ticket)
            if not only_missing or thread is None or not thread.loaded:
                self.once_more(ticket)

    def once_more(self, ticket: str) -> None:
        """Read one opened ticket anew in the background."""
        task = asyncio.create_task(self._quietly(ticket))
        self._again.add(task)
        task.add_done_callback(self._again.discard)

    async def _quietly(self, ticket: str) -> None:
        try:
            await self.open(ticket)
        except BackendError:
            return

    def has_other_order(self, ticket: Ticket) -> bool:
        """Whether an opened ticket now names an order whose detail is not here."""
        if ticket.id not in self._replica.opened or ticket.order is None:
            return False
        detail = self._replica.detail(ticket.id)
        return detail is not None and detail.order_detail is None

    async def stop(self) -> None:
        """End what runs in the background."""
        for task in tuple(self._again):
            task.cancel()
        await asyncio.gather(*self._again, return_exceptions=True)
