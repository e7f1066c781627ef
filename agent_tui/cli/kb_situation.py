"""One line of `agent-tui kb recommend` to a situation, and what is advised in it to a line of JSON."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import Struct

from agent_tui.cli.kb_content import speaker
from agent_tui.domain.models import (
    Category,
    Class,
    CustomerRef,
    Floor,
    Order,
    Priority,
    Status,
    TicketDetail,
)
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.errors import FillError
from agent_tui.knowledge.packs.resolved import load_pack, resolve
from agent_tui.knowledge.recommend.reasons import reason_of
from agent_tui.knowledge.recommend.recommender import Recommender
from agent_tui.knowledge.recommend.situation import Advice, Situation
from agent_tui.knowledge.recommend.usage_log import Usage, said_of
from agent_tui.knowledge.templates.fill import fill
from agent_tui.knowledge.templates.values import values_of

Fits = bool | Literal["unknown"]
Given = TypeVar("Given")


class HitLine(Struct, frozen=True, kw_only=True):
    """An entry as scripts get it: `text` is what would be inserted, `reason` says why it doesn't fit."""

    id: str
    score: float
    stars: int
    why: str
    text: str
    fits: Fits
    reason: str


class AnswerLine(Struct, frozen=True, kw_only=True):
    """What is advised for one line, best first; what is untrue of the order comes last."""

    id: msgspec.Raw
    hits: tuple[HitLine, ...]
    abstain: bool


class Advising:
    """Answers lines with the engine that the screens ask, warm before the first line is read."""

    def __init__(self, recommender: Recommender, pack: Collection[str] | None = None) -> None:
        self._recommender = recommender
        self._pack = pack
        self._speaker = speaker()

    @classmethod
    def prepared(cls, entries: Sequence[Entry], usages: Sequence[Usage], pack: str) -> "Advising":
        """The engine over `entries`, kept to a pack's where one is named. Raises PackError."""
        if not pack:
            return cls(Recommender.build(entries, usages))
        known = resolve(load_pack(pack), entries)
        return cls(Recommender.build(known.library, usages), known.ids)

    @property
    def skipped(self) -> int:
        """How many usages were of unknown entries."""
        return self._recommender.skipped

    def answer(self, asked: Any, limit: int) -> AnswerLine:
        """One line out for one line in, whatever it holds."""
        ticket = ticket_of(asked)
        guess = self._recommender.guess(situation_in(asked, ticket), only=self._pack, limit=limit)
        is_sure = guess.is_certain if self._pack is not None else guess.is_sure
        hits = tuple(self._hit(one, ticket) for one in (*guess.advice, *guess.untrue))
        return AnswerLine(id=asked.id, hits=hits, abstain=not is_sure)

    def _hit(self, advice: Advice, ticket: TicketDetail) -> HitLine:
        return HitLine(
            id=advice.entry.id, score=advice.score, stars=advice.stars,
            why=f"{advice.why}: {advice.because}" if advice.because else advice.why,
            text=self._text(advice.entry, ticket), reason=reason_of(advice.fit),
            fits="unknown" if advice.fit.holds is None else advice.fit.holds,
        )  # fmt: skip

    def _text(self, entry: Entry, ticket: TicketDetail) -> str:
        values = values_of(ticket, self._speaker, entry.language)
        with suppress(FillError):
            return fill(entry.text or entry.title, values, entry.language).text
        return ""


def ticket_of(asked: Any) -> TicketDetail:
    """The ticket that a line tells of, as templates read it."""
    told_of = asked.order if isinstance(asked.order, dict) else {}
    order = _read({"customer": "", **told_of}, Order) if told_of else None
    customer = asked.customer if isinstance(asked.customer, dict) else {}
    at = _moment(asked)
    return TicketDetail(
        id="", number=0, version=0, status=Status.OPEN, priority=Priority.NORMAL, class_=Class.QUERY,
        category=_read(asked.category, Category) or Category.OTHER, channel=_word(asked.channel),
        customer=_read({"id": "-", **customer}, CustomerRef) or CustomerRef(id="-"), created_at=at,
        updated_at=at, order=order.number if order else None, order_detail=order,
    )  # fmt: skip


def situation_in(asked: Any, ticket: TicketDetail) -> Situation:
    """What a line asks for, the ticket as it is told of."""
    return Situation(
        messages=said_of(asked.messages), category=_word(asked.category), channel=ticket.channel,
        language=_word(asked.language), order=ticket.order_detail, tier=ticket.customer.tier,
        floor=_read(asked.floor, Floor), now=_moment(asked),
    )  # fmt: skip


def _moment(asked: Any) -> datetime:
    """The line's own moment, this one where it says none or no zone."""
    at = _read(asked.now, datetime)
    return at if at is not None and at.tzinfo else datetime.now(UTC)


def _word(given: object) -> str:
    return given if isinstance(given, str) else ""


def _read(given: object, kind: type[Given]) -> Given | None:
    """What was given as a `kind`, None where it is none."""
    with suppress(msgspec.ValidationError):
        return msgspec.convert(given, kind)
    return None
