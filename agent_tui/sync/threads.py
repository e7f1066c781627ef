"""Message threads: pages from the backend and messages from the feed, merged by id."""

from bisect import insort
from collections.abc import Iterable

from agent_tui.domain.commands import Command
from agent_tui.domain.models import Author, Message, MessageKind, MessageState, Seat
from agent_tui.sync.rows import moment
from agent_tui.sync.shapes import Conversation, SendState, Shown

_STATES = {
    MessageState.SENT: SendState.SENT,
    MessageState.DELIVERED: SendState.DELIVERED,
    MessageState.UNDELIVERED: SendState.UNDELIVERED,
    MessageState.AWAITING: SendState.AWAITING,
    MessageState.RETURNED: SendState.RETURNED,
}


def _place(message: Message) -> tuple[float, str]:
    return (message.at.timestamp(), message.id)


class MessageThread:
    """One ticket's confirmed messages, oldest first."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.more = False
        self.loaded = False
        self._by_id: dict[str, Message] = {}
        self._fresh: set[str] | None = None

    def get(self, id: str) -> Message | None:
        """The message of an id."""
        return self._by_id.get(id)

    def put(self, message: Message) -> None:
        """Keep a message from the feed at its place by time."""
        if self._fresh is not None:
            self._fresh.add(message.id)
        self._keep(message)

    def _keep(self, message: Message) -> None:
        old = self._by_id.get(message.id)
        if old is not None:
            self.messages.remove(old)
        insort(self.messages, message, key=_place)
        self._by_id[message.id] = message

    def expect_page(self) -> None:
        """A page is being read: what the feed brings from now on is newer than the page."""
        self._fresh = set() if self._fresh is None else self._fresh

    def newest_page(self, messages: Iterable[Message], more: bool) -> None:
        """Merge the newest page; it says nothing about messages older than its first."""
        page = list(messages)
        joined = self.loaded and any(message.id in self._by_id for message in page)
        if not joined:
            self._start_over(page)
            self.more = more
        self._merge(page)
        self.loaded = True

    def _start_over(self, page: list[Message]) -> None:
        """A gap may lie between what is here and the page: keep only what the feed has just brought."""
        kept = [m for m in self.messages if self._fresh and m.id in self._fresh]
        first = _place(page[0]) if page else None
        self.messages, self._by_id = [], {}
        for message in kept:
            if first is None or _place(message) >= first:
                self._keep(message)

    def older_page(self, messages: Iterable[Message], more: bool) -> None:
        """Merge the page before the oldest message."""
        self._merge(messages)
        self.more = more

    def _merge(self, messages: Iterable[Message]) -> None:
        for message in messages:
            if not self._fresh or message.id not in self._fresh:
                self._keep(message)
        self._fresh = None


def conversation_of(
    thread: MessageThread | None, over: dict[str, Message], unsent: dict[str, Shown]
) -> Conversation:
    """A thread as a person sees it: `over` are the messages that the outbox makes or changes, `unsent` our
    own words that the backend has not confirmed, which stand at the end."""
    confirmed = [] if thread is None else thread.messages
    # One's own words that wait for approval may look sent over here: the backend knows better.
    over_them = {id: m for id, m in over.items() if id not in unsent}
    shown = [_shown(over_them[m.id] if _changed(over_them, m) else m) for m in confirmed]
    known = {m.id for m in confirmed}
    shown += [_shown(m) for id, m in over.items() if id not in known and id not in unsent and m.parts]
    shown += [s for id, s in unsent.items() if id not in known]
    return Conversation(
        shown=tuple(shown),
        more=thread is not None and thread.more,
        loaded=thread is not None and thread.loaded,
    )


def _changed(over: dict[str, Message], message: Message) -> bool:
    after = over.get(message.id)
    return after is not None and (after.recalled or message.state is MessageState.AWAITING)


def _shown(message: Message) -> Shown:
    state = _STATES.get(message.state) if message.kind is MessageKind.REPLY else None
    return Shown(message=message, state=state, reason=message.error)


def own_words(command: Command, me: Seat, at: float) -> Message:
    """Our own unsent words as a message, also when the rules would not let them through."""
    kind = command.says or MessageKind.NOTE
    return Message(
        id=command.id,
        ticket=command.ticket or "",
        kind=kind,
        author=Author(kind="agent", id=me.id, name=me.name),
        parts=command.words,
        at=moment(at),
        state=MessageState.SENT if kind is MessageKind.REPLY else MessageState.KEPT,
    )
