"""The outgoing rules for the composer: what they need to know of the ticket, and their findings as marks."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from agent_tui.desk import Change, Desk, Row, Topic
from agent_tui.domain.models import TicketDetail
from agent_tui.domain.views import View
from agent_tui.i18n import language, texts
from agent_tui.knowledge.outgoing.rules import Finding, OutgoingContext, Rules, context_of
from agent_tui.knowledge.templates.values import Values
from agent_tui.tui.composer.marks import Level, Mark
from agent_tui.tui.widgets.message_lines import fill
from agent_tui.tui.wording import Doubt, doubt_of

_LONGEST_QUOTE = 24


class RuleBook(Protocol):
    """Who holds the rules and knows what may be said of a ticket: an agent's library, a helper's handbook."""

    rules: Rules | None

    def values(self, detail: TicketDetail | None) -> Values:
        """What templates may say of a ticket."""


class Outgoing:
    """Checks replies to one desk's tickets; the book holds the rules and keeps them fresh."""

    def __init__(self, book: RuleBook, desk: Desk) -> None:
        self._book = book
        self._desk = desk
        self._doubts: dict[str, tuple[Doubt, ...]] = {}
        desk.changes.subscribe(self._heed)

    def check(self, ticket: str | None, text: str) -> tuple[Mark, ...]:
        """What stands against sending `text` to `ticket`, by place, and what the server asks about once
        it has refused words of this ticket."""
        rules = self._book.rules
        if ticket is None or not text.strip():
            return ()
        found = rules.check(text, self._context(ticket)) if rules is not None else []
        known = {finding.rule for finding in found}
        doubts = (one for one in self._doubts.get(ticket, ()) if one.rule not in known)
        return (*(mark_of(finding, text) for finding in found), *_doubtful(doubts, text))

    def _heed(self, change: Change) -> None:
        """A reply was refused until its sender confirms it: the same words are asked about from now on."""
        if Topic.OUTBOX not in change.topics:
            return
        for item in self._desk.outbox.items():
            ticket, doubt = item.command.ticket, doubt_of(item.reason)
            if ticket is not None and doubt is not None:
                before = self._doubts.get(ticket, ())
                self._doubts[ticket] = (*(one for one in before if one.rule != doubt.rule), doubt)

    def _context(self, ticket: str) -> OutgoingContext:
        row, detail = self._desk.queue.row(ticket), self._desk.tickets.detail(ticket)
        others = [
            other
            for id in self._desk.queue.ids(View.MINE)
            if id != ticket and (other := self._desk.queue.row(id))
        ]
        phone = detail.customer_detail.phone if detail and detail.customer_detail else None
        return context_of(
            self._book.values(detail),
            channel=row.channel if row else "",
            role=self._desk.team.me.role.value,
            numbers=numbers_of(detail),
            phones=(phone,) if phone else (),
            order=detail.order_detail if detail else None,
            now=datetime.fromtimestamp(self._desk.clock()).astimezone(),
            other_names=_distinct(other.customer for other in others if not _same_customer(row, other)),
            other_numbers=_distinct(
                other.order for other in others if row is None or other.order != row.order
            ),
        )


def _distinct(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in found if one))


def _same_customer(row: Row | None, other: Row) -> bool:
    return row is not None and row.customer == other.customer


def _same_order(row: Row | None, other: Row) -> bool:
    return row is not None and row.order == other.order


def numbers_of(detail: TicketDetail | None) -> tuple[str, ...]:
    """The order and parcel numbers that belong to a ticket."""
    if detail is None:
        return ()
    order = detail.order_detail
    return _distinct([detail.order or "", *(parcel.number for parcel in (order.parcels if order else ()))])


def _doubtful(doubts: Iterable[Doubt], text: str) -> Iterator[Mark]:
    """What the server asked about, where its words still stand."""
    words = texts().outgoing
    for one in doubts:
        at = text.find(one.words)
        if one.words and at >= 0:
            said = fill(words.ask, {"why": words.server_asks, "text": one.words[:_LONGEST_QUOTE]})
            end = at + len(one.words)
            yield Mark(start=at, end=end, level=Level.ASK, words=said, rule=one.rule)


def mark_of(finding: Finding, text: str) -> Mark:
    """A finding as the composer shows it: a refusal and a question quote what they are about."""
    words = texts().outgoing
    why = finding.en if language() == "en" else finding.zh
    quoted = text[finding.start : finding.end].replace("\n", " ")[:_LONGEST_QUOTE]
    template = {"hint": words.hint, "ask": words.ask, "refuse": words.refuse}[finding.action]
    return Mark(
        start=finding.start, end=finding.end, level=Level(finding.action),
        words=fill(template, {"why": why, "text": quoted}), rule=finding.rule,
    )  # fmt: skip
