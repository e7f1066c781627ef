"""The messages that are here, by ticket: confirmed ones, and those the outbox makes or changes."""

from collections.abc import Callable, Iterable

from agent_tui.domain.models import Message, Seat
from agent_tui.sync.changes import Changes
from agent_tui.sync.command_queue import CommandQueue
from agent_tui.sync.shapes import Conversation, Shown
from agent_tui.sync.threads import MessageThread, conversation_of, own_words

KEPT_MESSAGES = 50


class MessageLog:
    """A cache of conversations: each is put together when it is asked for, and again after it was touched."""

    def __init__(self, outbox: CommandQueue, changes: Changes, me: Callable[[], Seat]) -> None:
        self._outbox, self._changes, self._me = outbox, changes, me
        self._threads: dict[str, MessageThread] = {}
        self._over: dict[str, dict[str, Message]] = {}
        self._conversations: dict[str, Conversation] = {}

    def thread(self, ticket: str) -> MessageThread | None:
        """The confirmed messages of a ticket, when they are kept."""
        return self._threads.get(ticket)

    def open(self, ticket: str) -> MessageThread:
        """Begin to keep a ticket's messages; a page is about to be read."""
        thread = self._threads.setdefault(ticket, MessageThread())
        thread.expect_page()
        return thread

    def put(self, message: Message) -> None:
        """Keep `message` where its conversation is here."""
        thread = self._threads.get(message.ticket)
        if thread is not None:
            thread.put(message)
        self.touch(message.ticket)

    def restore(self, messages: Iterable[Message]) -> None:
        """Take a ticket's last messages over from the snapshot on disk."""
        thread = MessageThread()
        for message in messages:
            self._threads[message.ticket] = thread
            thread.put(message)

    def kept(self) -> tuple[tuple[Message, ...], ...]:
        """The last messages of every conversation that was read, for the snapshot on disk."""
        return tuple(tuple(t.messages[-KEPT_MESSAGES:]) for t in self._threads.values() if t.loaded)

    def lay_over(self, ticket: str, messages: dict[str, Message]) -> None:
        """What the outbox makes or changes of a ticket's messages; nothing when it is empty."""
        if messages:
            self._over[ticket] = messages
        else:
            self._over.pop(ticket, None)

    def clear_effects(self) -> None:
        """Forget what the outbox makes; it is about to be worked out anew."""
        self._over.clear()

    def let_go(self, ticket: str) -> None:
        """Keep a ticket's confirmed messages no longer."""
        self._threads.pop(ticket, None)
        self._conversations.pop(ticket, None)

    def drop(self, ticket: str) -> None:
        """Forget all that is here of a ticket."""
        self._over.pop(ticket, None)
        self.let_go(ticket)
        self._changes.conversation(ticket)

    def touch(self, ticket: str) -> None:
        """A ticket's conversation looks different now."""
        self._conversations.pop(ticket, None)
        self._changes.conversation(ticket)

    def message(self, ticket: str, id: str) -> Message | None:
        """A message of a conversation that is here, confirmed or on its way."""
        thread = self._threads.get(ticket)
        found = thread.get(id) if thread is not None else None
        return found or self._over.get(ticket, {}).get(id)

    def conversation(self, ticket: str) -> Conversation:
        """What is here of a ticket's messages, our own unsent ones at the end."""
        held = self._conversations.get(ticket)
        if held is None:
            over, unsent = self._over.get(ticket, {}), self._unsent(ticket)
            held = conversation_of(self._threads.get(ticket), over, unsent)
            self._conversations[ticket] = held
        return held

    def _unsent(self, ticket: str) -> dict[str, Shown]:
        over = self._over.get(ticket, {})
        return {
            e.command.id: Shown(
                message=over.get(e.command.id) or own_words(e.command, self._me(), e.created_at),
                state=e.state,
                until=e.until,
                reason=e.reason,
            )
            for e in self._outbox.line(ticket)
            if e.command.is_written
        }
