"""A customer's message as it is read once, for all that asks about it."""

import re
from collections.abc import Sequence

from msgspec import Struct

from agent_tui.domain.models import Category, Danger
from agent_tui.domain.reading import kinds
from agent_tui.domain.reading.category import GRAVE, categorised
from agent_tui.domain.reading.danger import dangers_in as rules_hear
from agent_tui.domain.reading.decisions import dangers_in
from agent_tui.domain.reading.kinds import kind_of
from agent_tui.domain.reading.mood import DANGER
from agent_tui.domain.reading.said import DangerFound, Kind, MessageReading, Said
from agent_tui.domain.reading.spelling import spelled

_SAID_NOTHING_NEW = frozenset({Kind.GREETING, Kind.CHATTER, Kind.THANKS})
_SPACE = re.compile(r"\s+")
# Two messages in a row are read as one where they are no longer than this together: 压力锅 / 炸了.
_TOGETHER = 120


class HeardMessage(Struct, frozen=True, kw_only=True):
    """One message of a customer: at which place it stands, its words and what they say alone.

    `topic` are its words without what is only threatened; `turn` counts how often the shop had spoken, and
    `held` says that its last words only asked to wait.
    """

    at: int
    turn: int
    text: str
    spelled: str
    topic: str
    category: Category
    reading: MessageReading
    dangers: tuple[DangerFound, ...]
    held: bool

    @property
    def ideas(self) -> frozenset[str]:
        """The ideas in its words, its kind, and whether it is dangerous."""
        danger = {DANGER} if any(one.danger is not Danger.PUBLIC for one in self.dangers) else set()
        return kinds.ideas_in(self.spelled) | {self.reading.kind.value} | danger

    @property
    def says_what(self) -> bool:
        """Whether it names something that can be answered, instead of nagging, thanking or only calling."""
        if self.reading.is_closing or self.reading.kind in _SAID_NOTHING_NEW:
            return False
        if self.category is not Category.OTHER and not (
            self.reading.kind is Kind.CHASING and self.category in GRAVE
        ):
            return True
        asking = self.reading.kind in (Kind.QUESTION, Kind.LEAVING)
        return asking and kinds.asks(self.topic) and kinds.says_something(self.topic)

    @property
    def is_context(self) -> bool:
        """Whether its words may say what it is about: nagging, threatening and thanking don't."""
        if self.reading.is_closing or self.reading.kind in (Kind.GREETING, Kind.THANKS):
            return False
        return self.reading.kind is not Kind.CHASING or self.says_what

    @property
    def settles(self) -> bool:
        """Whether it ends what was open: closing words after an answer, or somebody leaving."""
        return self.reading.is_closing and (
            self.reading.kind is Kind.LEAVING or (self.turn > 0 and not self.held)
        )


def heard_in(said: Sequence[Said]) -> list[HeardMessage]:
    """The customer's messages among `said`, each read with what stands before it."""
    heard: list[HeardMessage] = []
    before: str | None = None
    turn = 0
    for at, one in enumerate(said):
        if one.side == "customer":
            heard.append(_read(at, one.text, before, turn, heard))
        else:
            before, turn = spelled(one.text), turn + 1
    return heard


def _read(at: int, text: str, before: str | None, turn: int, earlier: list[HeardMessage]) -> HeardMessage:
    read = spelled(text)
    topic = _SPACE.sub(" ", kinds.without_threat(read))
    category = categorised([topic]).category
    dangers = dangers_in(read, at) or _dangers_together(at, read, turn, earlier)
    known = set()
    if category is not Category.OTHER:
        known.add(kinds.TOPIC)
    if any(one.danger is Danger.PUBLIC for one in dangers):
        known.add(kinds.PUBLIC)
    if any(one.says_what for one in earlier):
        known.add(kinds.OPEN)
    return HeardMessage(
        at=at,
        turn=turn,
        text=text,
        spelled=read,
        topic=topic,
        category=category,
        reading=kind_of(read, before, known),
        dangers=dangers,
        held=before is not None and kinds.is_holding(before),
    )


def _dangers_together(at: int, read: str, turn: int, earlier: list[HeardMessage]) -> tuple[DangerFound, ...]:
    """What is dangerous only together with the message before it."""
    last = earlier[-1] if earlier else None
    if last is None or last.turn != turn or last.dangers or len(last.spelled) + len(read) > _TOGETHER:
        return ()
    both = f"{last.spelled} {read}"
    return dangers_in(both, at) if rules_hear(both) else ()
