"""Answering: what the desk's tickets need from the library, and what the composer gets of it."""

import asyncio
from collections.abc import Sequence

from msgspec import Struct

from agent_tui.desk import Desk, Shown
from agent_tui.domain.commands import SendReply
from agent_tui.domain.models import MessageKind, TicketDetail
from agent_tui.i18n import texts
from agent_tui.knowledge.errors import FillError
from agent_tui.knowledge.fill import Filled
from agent_tui.knowledge.library import Advice, Library, Situation
from agent_tui.knowledge.usage import CONTEXT_MESSAGES, Said, Side
from agent_tui.tui.palette.finding import Opened
from agent_tui.tui.palette.rows import Command
from agent_tui.tui.palette.screen import Put
from agent_tui.tui.widgets.composer import Composer
from agent_tui.tui.widgets.message_lines import fill, plain
from agent_tui.tui.widgets.recommend import Offered, Offers

DEBOUNCE_SECONDS = 0.04
_KINDS: dict[MessageKind, Side] = {MessageKind.CUSTOMER: "customer", MessageKind.REPLY: "agent"}


class _Offer(Struct, frozen=True):
    advice: Advice
    filled: Filled


class Answering:
    """Keeps the recommended answers of the ticket on the screen and puts words into the composer."""

    def __init__(self, library: Library, desk: Desk, composer: Composer, panes: Sequence[Offers]) -> None:
        self.library = library
        self._desk = desk
        self._composer = composer
        self._panes = panes
        self._ticket: str | None = None
        self._heard: tuple[Said, ...] = ()
        self._offers: tuple[_Offer, ...] = ()

    @property
    def advice(self) -> tuple[Advice, ...]:
        """What is recommended for the ticket on the screen."""
        return tuple(offer.advice for offer in self._offers)

    # -- recommending

    def is_stale(self, ticket: str | None) -> bool:
        """Whether `renew` has something to do: another ticket, or the customer has written again."""
        return ticket != self._ticket or said_in(self._shown(ticket)) != self._heard

    async def renew(self, ticket: str | None, *, anew: bool = False) -> None:
        """Recommend for `ticket` from now on; the work is done beside the screen, late words win."""
        if ticket != self._ticket:
            self._offer(ticket, ())
        await asyncio.sleep(DEBOUNCE_SECONDS)
        heard = said_in(self._shown(ticket))
        if heard == self._heard and self._offers and not anew:
            return
        self._heard = heard
        advice = await asyncio.to_thread(self.library.advise, self._situation(ticket, heard))
        if ticket == self._ticket:
            self._offer(ticket, self._filled(advice))

    def _offer(self, ticket: str | None, offers: tuple[_Offer, ...]) -> None:
        if ticket != self._ticket:
            self._heard = ()
        self._ticket, self._offers = ticket, offers
        offered = tuple(offered_of(offer.advice, offer.filled) for offer in offers)
        for pane in self._panes:
            pane.offer(offered)

    def _situation(self, ticket: str | None, heard: tuple[Said, ...]) -> Situation:
        row = self._desk.row(ticket) if ticket else None
        if row is None or not heard or heard[-1].side != "customer":
            return Situation()
        return Situation(messages=heard, category=row.category.value, channel=row.channel)

    def _filled(self, advice: Sequence[Advice]) -> tuple[_Offer, ...]:
        detail, offers = self._detail(), []
        for one in advice:
            try:
                offers.append(_Offer(one, self.library.fill(one.entry, detail)))
            except FillError:  # the palette shows what is wrong with it; here there is only room for answers
                continue
        return tuple(offers)

    def refill(self) -> None:
        """The order or the customer of the ticket came or changed: fill the same answers again."""
        self._offer(self._ticket, self._filled(self.advice))

    def _detail(self) -> TicketDetail | None:
        return self._desk.detail(self._ticket) if self._ticket else None

    def _shown(self, ticket: str | None) -> tuple[Shown, ...]:
        return self._desk.conversation(ticket).shown if ticket else ()

    # -- into the composer

    def take(self, number: int) -> bool:
        """Put the recommended answer with this number into the composer; False when there is none."""
        if number > len(self._offers) or self._composer.ticket != self._ticket:
            return False
        offer = self._offers[number - 1]
        self._insert(offer.advice.entry.id, offer.filled)
        return True

    def put(self, put: Put) -> None:
        """Put what the palette found into the composer, and send it when that was asked."""
        self._insert(put.entry, put.filled)
        if put.send:
            self._composer.send()

    def _insert(self, entry: str, filled: Filled) -> None:
        blanks = tuple((blank.start, blank.end) for blank in filled.blanks)
        self._composer.insert_filled(filled.text, blanks, entry=entry)

    def toggle_why(self) -> None:
        """Say why these answers, or stop saying it."""
        for pane in self._panes:
            pane.toggle_why()

    # -- the palette

    def opened(self, commands: tuple[Command, ...], *, typed: str = "", begin: str = "") -> Opened:
        """What the palette should know of this moment."""
        ticket = self._composer.ticket
        row = self._desk.row(ticket) if ticket else None
        return Opened(
            detail=self._desk.detail(ticket) if ticket else None,
            channel=row.channel if row else "",
            advice=self.advice if ticket == self._ticket else (),
            commands=commands,
            written=self._composer.text,
            typed=typed,
            begin=begin,
            can_insert=ticket is not None,
        )

    # -- learning

    def learn(self, sent: SendReply) -> None:
        """A reply has been accepted: keep what it answered, so that the same question finds it sooner."""
        kept = {used.id: used.kept for used in sent.entries}
        if not kept:
            return
        shown = [one for one in self._shown(sent.ticket) if one.message.id != sent.id]
        detail = self._desk.detail(sent.ticket)
        row = self._desk.row(sent.ticket)
        self.library.record(
            kept, said_in(shown), category=row.category.value if row else "", personal=personal_of(detail)
        )


def said_in(shown: Sequence[Shown]) -> tuple[Said, ...]:
    """What customer and agents said to each other, the newest last; notes and events are not talk."""
    talk = (one.message for one in shown if one.message.kind in _KINDS and not one.message.recalled)
    said = (Said(words, _KINDS[message.kind]) for message in talk if (words := plain(message)))
    return tuple(said)[-CONTEXT_MESSAGES:]


def personal_of(detail: TicketDetail | None) -> tuple[str, ...]:
    """The names and numbers of a ticket that must not be learned."""
    if detail is None:
        return ()
    found = [detail.customer.name, detail.customer.id, detail.order or ""]
    if detail.customer_detail is not None:
        found += [detail.customer_detail.phone or "", detail.customer_detail.address or ""]
    if detail.order_detail is not None:
        found += [parcel.number for parcel in detail.order_detail.parcels]
    return tuple(filter(None, found))


def offered_of(advice: Advice, filled: Filled) -> Offered:
    """A recommendation as the pane shows it."""
    return Offered(
        id=advice.entry.id, title=advice.entry.title, text=filled.text, score=advice.score,
        why=why_of(advice),
    )  # fmt: skip


def why_of(advice: Advice) -> str:
    """Why an answer is recommended, in words."""
    words = texts().recommend
    if advice.because:
        return fill(words.because, {"text": advice.because})
    return words.why.get(advice.why, words.why["text"])
