"""Answering: what the desk's tickets need from the library, and what the composer gets of it."""

import asyncio
from collections.abc import Sequence
from functools import partial

from msgspec import Struct
from textual.screen import Screen

from agent_tui.desk import Change, Desk, Shown, Topic
from agent_tui.domain.models import Status, Ticket, TicketDetail
from agent_tui.domain.text import one_line
from agent_tui.i18n import texts
from agent_tui.knowledge.content.entries import Article, Entry
from agent_tui.knowledge.errors import FillError
from agent_tui.knowledge.library import Library
from agent_tui.knowledge.recommend.advisor import Advice, Guess, Situation, language_of
from agent_tui.knowledge.recommend.recommender import facts_at
from agent_tui.knowledge.recommend.situation import situation_of
from agent_tui.knowledge.recommend.usage_log import Said, strip_personal
from agent_tui.knowledge.templates.fill import Filled, joined
from agent_tui.tui.composer.checks import with_blanks
from agent_tui.tui.composer.widget import Composer
from agent_tui.tui.messages import ActionFound
from agent_tui.tui.palette.enclosing import Enclosing
from agent_tui.tui.palette.finding import PaletteOpening
from agent_tui.tui.palette.form import EntryForm, article_of, snippet_entry, snippet_of
from agent_tui.tui.palette.learning import SentLearner, said_in
from agent_tui.tui.palette.outgoing import Outgoing
from agent_tui.tui.palette.rows import OfferedAction, doubt_of
from agent_tui.tui.palette.screen import PaletteScreen
from agent_tui.tui.palette.sharing import Sharing
from agent_tui.tui.palette.slips import drafted, slips
from agent_tui.tui.palette.steps import steps_first
from agent_tui.tui.palette.taken import Give, Put, Run, Taken
from agent_tui.tui.widgets.message_lines import fill
from agent_tui.tui.widgets.recommend import Offered, Offers
from agent_tui.tui.working import run_beside

DEBOUNCE_SECONDS = 0.04
_TWO = 2
_SETTLED = frozenset({Status.SOLVED, Status.CLOSED})


class _Offer(Struct, frozen=True):
    advice: Advice
    filled: Filled


class Answering:
    """Keeps the recommended answers of the ticket on the screen, opens the palette and the forms over it, and
    puts what was found into the composer."""

    def __init__(
        self,
        library: Library,
        desk: Desk,
        composer: Composer,
        panes: Sequence[Offers],
        screen: Screen[None],
    ) -> None:
        self.library = library
        self._desk = desk
        self._composer = composer
        self._panes = panes
        self._screen = screen
        self._sharing = Sharing(library, desk)
        self.check = Outgoing(library, desk).check
        self._enclosing = Enclosing(desk, library, composer, screen)
        composer.marking.checks = lambda text: (
            *self.check(composer.ticket, text),
            *self._enclosing.check(text),
            *steps_first((library.get(used.id) for used in composer.used), text),
            *slips(map(drafted, composer.entries.inserted), text),
        )
        self._ticket: str | None = None
        self._heard = Situation()
        self._offers: tuple[_Offer, ...] = ()
        self._guess = Guess()

    def start(self) -> None:
        """Load the library beside the screen, keep it fresh, and learn from every reply that was sent."""
        self.library.subscribe(lambda: self.follow(self._ticket, anew=True))
        self._desk.outbox.on_sent(SentLearner(self._desk, self.library).learn)
        run_beside(self._screen, self.library.run, "library")

    @property
    def offered(self) -> tuple[Advice, ...]:
        """What is recommended for the ticket on the screen."""
        return tuple(offer.advice for offer in self._offers)

    # -- recommending

    def follow(self, ticket: str | None, *, anew: bool = False) -> None:
        """Recommend for `ticket` from now on, as soon as the work is done."""
        if ticket != self._ticket:
            self._offer(ticket, ())
        run_beside(self._screen, partial(self.renew, ticket, anew=anew), "recommend", exclusive=True)

    def refresh_from_desk(self, change: Change) -> None:
        """The customer has written again, or their order came: answer that; colleagues have shared."""
        if Topic.KNOWLEDGE in change.topics:
            self._take_shared()
        if self._ticket is None:
            return
        if self._ticket in change.tickets and self._offers:
            self._offer(self._ticket, self._filled(self.offered))
        if self._situation(self._ticket) != self._heard:
            self.follow(self._ticket)

    def _take_shared(self) -> None:
        self.library.wake()
        for news in filter(None, (self._sharing.news(), self._sharing.publication())):
            self._screen.notify(news, timeout=6, markup=False)

    async def renew(self, ticket: str | None, *, anew: bool = False) -> None:
        """Work out, beside the screen, what answers `ticket`; later words of the customer win."""
        await asyncio.sleep(DEBOUNCE_SECONDS)
        heard = self._situation(ticket)
        if heard == self._heard and self._offers and not anew:
            return
        self._heard = heard
        guess = await asyncio.to_thread(self.library.guess, heard)
        if ticket == self._ticket:
            self._guess = guess
            self._offer(ticket, self._filled(in_reading_order(guess.offered)))

    def _offer(self, ticket: str | None, offers: tuple[_Offer, ...]) -> None:
        if ticket != self._ticket:
            self._heard, self._guess = Situation(), Guess()
        self._ticket, self._offers = ticket, offers
        has_two = len({offer.advice.question for offer in offers}) >= _TWO
        offered = tuple(offered_of(offer.advice, offer.filled, has_two=has_two) for offer in offers)
        for pane in self._panes:
            pane.offer(offered)

    def _situation(self, ticket: str | None) -> Situation:
        if ticket is None:
            return Situation()
        known = self._desk.tickets.detail(ticket) or self._desk.tickets.get(ticket)
        return situation_of(known, said_in(self._shown(ticket)), self._desk.team.floor)

    def _filled(self, advice: Sequence[Advice]) -> tuple[_Offer, ...]:
        detail, offers = self._detail(), []
        for one in advice:
            try:
                offers.append(_Offer(one, self.library.fill(one.entry, detail)))
            except FillError:  # the palette shows what is wrong with it; here there is only room for answers
                continue
        return tuple(offers)

    def _detail(self) -> TicketDetail | None:
        return self._desk.tickets.detail(self._ticket) if self._ticket else None

    def _shown(self, ticket: str | None) -> tuple[Shown, ...]:
        return self._desk.conversations.get(ticket).shown if ticket else ()

    # -- into the composer

    def take(self, number: int) -> bool:
        """Put the recommended answer with this number into the composer; False when there is none."""
        if number > len(self._offers) or self._composer.ticket != self._ticket:
            return False
        offer = self._offers[number - 1]
        self._give_way()
        self._insert(offer.advice.entry.id, offer.filled)
        self._enclosing.let_go()
        return True

    def take_both(self) -> bool:
        """Put the best answer to each of two questions into the composer; False when one was asked."""
        if self._composer.ticket != self._ticket:
            return False
        first: dict[int, _Offer] = {}
        for offer in self._offers:
            first.setdefault(offer.advice.question, offer)
        if len(first) < _TWO:
            return False
        answers = [offer for _, offer in sorted(first.items())]
        self._give_way()
        self._composer.insert_filled(*_placed(joined(offer.filled for offer in answers)))
        for offer in answers:
            self._composer.entries.put(offer.advice.entry.id, with_blanks(*_placed(offer.filled)))
            self._bring_file(offer.advice.entry.id)
        self._enclosing.let_go()
        return True

    def _give_way(self) -> None:
        """An answer that nobody has touched since is selected, so that what is inserted now replaces it."""
        if self._composer.field.holds_answer:
            self._composer.entries.set_aside()
            self._composer.field.select_all()

    def _put(self, put: Put) -> None:
        """Put what the palette found into the composer, and send it when that was asked."""
        self._insert(put.entry, put.filled)
        if put.send:
            self._composer.send()

    def _insert(self, entry: str, filled: Filled) -> None:
        self._composer.insert_filled(*_placed(filled), entry=entry)
        self._bring_file(entry)

    def _bring_file(self, entry: str) -> None:
        found = self.library.get(entry)
        if found is not None:
            self._enclosing.bring(found)

    def toggle_why(self) -> None:
        """Say why these answers, or stop saying it."""
        for pane in self._panes:
            pane.toggle_why()

    # -- the palette

    def open_palette(self, commands: tuple[OfferedAction, ...], *, typed: str = "", begin: str = "") -> None:
        """Open the palette over the composer; `typed` is what a Backspace gives back to it."""
        opened = self._opened(commands, typed, begin)
        palette = PaletteScreen(self.library, opened, self._desk.team.me.name, self._sharing)
        self._screen.app.push_screen(palette, self._taken)

    def _opened(self, commands: tuple[OfferedAction, ...], typed: str, begin: str) -> PaletteOpening:
        ticket = self._composer.ticket
        row = self._desk.queue.row(ticket) if ticket else None
        return PaletteOpening(
            detail=self._desk.tickets.detail(ticket) if ticket else None,
            channel=row.channel if row else "",
            facts=facts_at(self._situation(ticket)) if ticket else None,
            advice=self._guess.advice if ticket == self._ticket else (),
            commands=commands,
            written=self._composer.text,
            typed=typed,
            begin=begin,
            can_insert=ticket is not None,
        )

    def _taken(self, taken: Taken | None) -> None:
        match taken:
            case Put():
                self._put(taken)
            case Run():
                self._screen.post_message(ActionFound(taken.action))
            case Give():
                self._composer.field.give(taken.typed)
            case None:
                pass

    # -- writing entries

    def write_snippet(self) -> None:
        """Open the form that makes a snippet of the half-written reply."""
        words, ticket = texts().palette, self._composer.ticket
        if not self._composer.text.strip():
            self._screen.notify(words.nothing_to_save, timeout=3, markup=False)
            return
        row = self._desk.queue.row(ticket) if ticket else None
        begun = snippet_entry(
            self._composer.text,
            self.library.values(self._desk.tickets.detail(ticket) if ticket else None),
            row.category.value if row else "other",
        )
        form = EntryForm.for_snippet(words.form_new, begun, lambda told: self._save_snippet(begun, told))
        self._screen.app.push_screen(form, lambda id: self._saved(id, form.wants_sharing))

    def _save_snippet(self, begun: Entry, told: dict[str, str]) -> str:
        return self.library.save_snippet(snippet_of(begun, told, self._desk.team.me.name)).id

    def write_case(self, ticket: str | None) -> None:
        """Open the form that makes a case of a solved ticket, prefilled from its conversation."""
        words = texts().palette
        found = self._desk.tickets.get(ticket) if ticket else None
        if ticket is None or found is None or found.status not in _SETTLED:
            self._screen.notify(words.not_solved, timeout=3, markup=False)
            return
        begun = case_of(found, said_in(self._shown(ticket)), self._desk.team.me.name)
        form = EntryForm.for_case(words.form_case, begun, lambda told: self._save_case(begun, told))
        # A case is written for the colleagues: saving it proposes it, and a lead's nod shares it.
        self._screen.app.push_screen(form, lambda id: self._saved(id, self._desk.shared_knowledge.is_there))

    def _save_case(self, begun: Article, told: dict[str, str]) -> str:
        return self.library.save_case(article_of(begun, told)).id

    def _saved(self, id: str | None, wants_sharing: bool) -> None:
        entry = self.library.get(id) if id else None
        if entry is None:
            return
        if wants_sharing:
            run_beside(self._screen, partial(self._share, entry), "share")
        else:
            said = fill(texts().palette.form_saved, {"title": entry.title})
            self._screen.notify(said, timeout=3, markup=False)

    async def _share(self, entry: Entry) -> None:
        said = await self._sharing.do(self._sharing.step(entry), entry)
        self._screen.notify(said, timeout=4, markup=False)


def _placed(filled: Filled) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The words, and where their blanks are."""
    return filled.text, tuple((blank.start, blank.end) for blank in filled.blanks)


def in_reading_order(offered: Sequence[Advice]) -> list[Advice]:
    """As the customer asked: the first question's answers first; what answers a danger before all."""
    return sorted(offered, key=lambda one: (one.why != "danger", one.question))


def case_of(ticket: Ticket, said: Sequence[Said], owner: str) -> Article:
    """A case begun from a conversation: what was asked, and what was answered last, without personal data."""
    asked = [strip_personal(one.text, (ticket.customer.name,)) for one in said if one.side == "customer"]
    answered = [strip_personal(one.text, (ticket.customer.name,)) for one in said if one.side == "agent"]
    return Article(
        id="",
        title=one_line(asked[0], 40) if asked else "",
        similar=tuple(one_line(text, 60) for text in asked[:3]),
        category=ticket.category.value,
        language=language_of(said),
        owner=owner,
        problem="\n".join(asked),
        script=answered[-1] if answered else "",
    )


def offered_of(advice: Advice, filled: Filled, *, has_two: bool = False) -> Offered:
    """A recommendation as the pane shows it; with two questions it says which it answers."""
    return Offered(
        id=advice.entry.id, title=advice.entry.title, text=_bracketed(filled), stars=advice.stars,
        why=why_of(advice), question=advice.question + 1 if has_two else 0, doubt=doubt_of(advice.fit),
    )  # fmt: skip


def _bracketed(filled: Filled) -> str:
    """The words with their blanks in brackets: a prompt that reads like text would be taken for it."""
    text, end = "", 0
    for blank in filled.blanks:
        text += f"{filled.text[end : blank.start]}[{blank.prompt}]"
        end = blank.end
    return text + filled.text[end:]


def why_of(advice: Advice) -> str:
    """Why an answer is recommended, in words."""
    words = texts().recommend
    if advice.because:
        return fill(words.because, {"text": advice.because})
    return words.why.get(advice.why, words.why["text"])
