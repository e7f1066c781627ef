"""Deeds: what an action asks and what it then wishes of the desk, one short method each.

A dialog is imported where it is first asked for: the first frame needs none of them.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from textual.screen import Screen

from agent_tui.desk import BackendError, Desk, OutboxItem, RefusedHere, Row, SendState, StoreError, new_id
from agent_tui.domain.commands import (
    AddNote,
    Claim,
    Command,
    HandDraft,
    SendReply,
    SetAvailability,
    SetEmergency,
    SetPhase,
    SetStatus,
    Snooze,
    Transfer,
    Whisper,
)
from agent_tui.domain.models import Availability, Phase, Status
from agent_tui.domain.rules import LEADING
from agent_tui.domain.views import View
from agent_tui.i18n import texts
from agent_tui.tui.composer.mode import Mode, mode_of, words_in
from agent_tui.tui.messages import Target
from agent_tui.tui.wording import failure, refusal, untaken


class Bench(Protocol):
    """What deeds need of the workstation besides the desk."""

    def show(self, ticket: str) -> None:
        """Bring a ticket onto the screen and the cursor into its composer."""

    def put_back(self, ticket: str, text: str, mode: Mode) -> None:
        """Give unsent words back to the composer of their ticket, in the mode they were written in."""


class Deeds:
    """Asks with dialogs, submits to the desk, and says in a toast what came of it."""

    def __init__(self, desk: Desk, clock: Callable[[], float], screen: Screen[None], bench: Bench) -> None:
        self._desk = desk
        self._clock = clock
        self._screen = screen
        self._bench = bench
        self._claiming = False

    # -- saying and submitting

    def say(self, words: str, *, trouble: bool = False) -> None:
        """A short toast; one that reports trouble stays longer."""
        if trouble:
            self._screen.notify(words, severity="warning", timeout=6, markup=False)
        else:
            self._screen.notify(words, timeout=2.5, markup=False)

    def submit(self, command: Command) -> bool:
        """Submit `command`; False when it was refused or could not be kept, which is said."""
        try:
            self._desk.submit(command)
        except (RefusedHere, StoreError) as error:
            self.say(untaken(error), trouble=True)
            return False
        return True

    def _row(self, ticket: str | None) -> Row | None:
        row = self._desk.queue.row(ticket) if ticket else None
        if row is None:
            self.say(texts().toast.no_ticket)
        return row

    def _local_now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), tz=UTC).astimezone()

    # -- claiming

    async def claim_next(self) -> None:
        """Take the most urgent waiting customer; a second press while the first is asked does nothing."""
        if self._claiming:
            return
        self._claiming = True
        try:
            ticket = await self._desk.claims.next()
        except RefusedHere as error:
            self.say(refusal(error), trouble=True)
        except BackendError as error:
            self.say(failure(error), trouble=True)
        else:
            self._bench.show(ticket)
        finally:
            self._claiming = False

    def claim(self, ticket: str | None) -> None:
        """Take this customer."""
        row = self._row(ticket)
        if row and self.submit(Claim(id=new_id(), ticket=row.id, version=row.version)):
            self.say(texts().toast.claimed.format(customer=row.customer))
            self._bench.show(row.id)

    # -- a ticket's deeds

    async def status(self, ticket: str | None) -> None:
        """Ask which status, and set it."""
        from agent_tui.tui.dialogs.status import StatusDialog

        row = self._row(ticket)
        answer = await self._screen.app.push_screen_wait(StatusDialog(row)) if row else None
        if row is None or not answer:
            return
        status = Status(answer)
        command = SetStatus(id=new_id(), ticket=row.id, status=status, version=self._version(row))
        if self.submit(command):
            words = texts()
            self.say(
                words.toast.status_set.format(customer=row.customer, status=words.common.statuses[status])
            )

    async def snooze(self, ticket: str | None) -> None:
        """Ask until when, and put it away."""
        row = self._row(ticket)
        until = await self._ask_moment(row) if row else None
        if row is None or until is None:
            return
        command = Snooze(id=new_id(), ticket=row.id, until=until, version=self._version(row))
        if self.submit(command):
            self.say(texts().toast.snoozed.format(at=until.astimezone().strftime("%m-%d %H:%M")))

    async def _ask_moment(self, row: Row) -> datetime | None:
        from agent_tui.tui.dialogs.snooze import OTHER, MomentDialog, SnoozeDialog
        from agent_tui.tui.moments import read_moment

        now = self._local_now()
        answer = await self._screen.app.push_screen_wait(SnoozeDialog(row.customer, now))
        if answer != OTHER:
            return datetime.fromisoformat(answer) if answer else None
        words = await self._screen.app.push_screen_wait(MomentDialog(row.customer, now))
        return read_moment(words, self._local_now()) if words else None

    async def transfer(self, ticket: str | None) -> None:
        """Ask to whom and why, and hand over."""
        row = self._row(ticket)
        if row is None:
            return
        target = await self._ask_target(texts().dialog.transfer_title.format(customer=row.customer))
        if target and self._hand_over(row, target):
            self.say(texts().toast.transferred.format(name=target.name))

    async def _ask_target(self, title: str) -> Target | None:
        from agent_tui.tui.dialogs.transfer import TransferDialog

        dialog = TransferDialog(title, self._desk.team.seats(), self._desk.team.me)
        await self._screen.app.push_screen_wait(dialog)
        return dialog.target

    def _hand_over(self, row: Row, target: Target) -> bool:
        return self.submit(
            Transfer(
                id=new_id(),
                ticket=row.id,
                version=self._version(row),
                reason=target.reason,
                assignee=target.assignee,
                team=target.team,
            )
        )

    def _version(self, row: Row) -> int:
        """The version as it is now: the person answered a question while it may have moved."""
        now = self._desk.queue.row(row.id)
        return now.version if now else row.version

    def why(self, ticket: str | None) -> None:
        """Say why the ticket stands where it stands."""
        from agent_tui.tui.dialogs.why import WhyDialog

        known = self._desk.tickets.get(ticket) if ticket else None
        if known is None:
            return self.say(texts().toast.no_ticket)
        self._screen.app.push_screen(WhyDialog(known, self._clock()))
        return None

    # -- my own state

    async def availability(self) -> None:
        """Ask whether I take chats; who goes offline is asked what becomes of theirs."""
        from agent_tui.tui.dialogs.availability import AvailabilityDialog

        me = self._desk.team.me
        answer = await self._screen.app.push_screen_wait(AvailabilityDialog(me.availability))
        if not answer:
            return
        going = Availability(answer)
        if going is Availability.OFFLINE and not await self._may_leave(going):
            return
        if self.submit(SetAvailability(id=new_id(), availability=going)):
            state = texts().common.availabilities[going]
            self.say(texts().toast.availability_set.format(availability=state))

    async def _may_leave(self, going: Availability) -> bool:
        from agent_tui.tui.dialogs.availability import HAND_OVER, KEEP, LeavingDialog

        mine = self._desk.queue.ids(View.MINE)
        if not mine:
            return True
        answer = await self._screen.app.push_screen_wait(LeavingDialog(len(mine), going))
        if answer != HAND_OVER:
            return answer == KEEP
        target = await self._ask_target(texts().dialog.hand_over_title.format(n=len(mine)))
        if target is None:
            return False
        handed = [self._hand_over(row, target) for row in map(self._desk.queue.row, mine) if row is not None]
        return all(handed)

    # -- the outbox

    async def outbox(self) -> None:
        """Show what is unsent; one that failed can be sent again or taken back."""
        from agent_tui.tui.dialogs.outbox import DISCARD, RETRY, MendDialog, OutboxDialog

        items = self._desk.outbox.items()
        answer = await self._screen.app.push_screen_wait(OutboxDialog(self._desk, items))
        chosen = next((i for i in items if i.command.id == answer), None)
        if chosen is None:
            return
        deed = await self._screen.app.push_screen_wait(MendDialog(chosen))
        if deed in (RETRY, DISCARD):
            self.mend(chosen.command.id, again=deed == RETRY)

    def mend(self, command: str, *, again: bool) -> None:
        """Send a failed command again, or give its words back."""
        if again:
            self._desk.outbox.retry(command)
            return self.say(texts().toast.retried)
        dropped = self._desk.outbox.discard(command)
        if isinstance(dropped, SendReply | AddNote | Whisper | HandDraft):
            self._bench.put_back(dropped.ticket, words_in(dropped), mode_of(dropped))
            self.say(texts().toast.discarded)
        return None

    def newest_held(self) -> OutboxItem | None:
        """The reply whose undo window ends last."""
        held = [i for i in self._desk.outbox.items() if i.state is SendState.HELD]
        return held[-1] if held else None

    # -- the floor

    async def floor(self) -> None:
        """Ask the lead for phase or level, and set it."""
        from agent_tui.tui.dialogs.floor import FloorDialog

        if self._desk.team.me.role not in LEADING:
            return self.say(texts().toast.lead_only, trouble=True)
        answer = await self._screen.app.push_screen_wait(FloorDialog(self._desk.team.floor))
        if not answer:
            return None
        id = new_id()
        made: Command = (
            SetEmergency(id=id, level=int(answer))
            if answer.isdigit()
            else SetPhase(id=id, phase=Phase(answer))
        )
        self.submit(made)
        return None
