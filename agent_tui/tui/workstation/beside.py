"""Beside a helper: what a buddy and a lead can do for one, each action one line to the deeds."""

from textual import work

from agent_tui.i18n import texts
from agent_tui.tui.actions import Place
from agent_tui.tui.composer.mode import Mode, has_helper, helper_of
from agent_tui.tui.workstation.station import Station


class Beside(Station):
    """A station that knows helpers."""

    @property
    def _helped(self) -> str | None:
        """The customer under the hand, or the one on the screen when only that one has a helper."""
        near = (self.target, self.ticket)
        return next(
            (id for id in near if has_helper(self._desk, self._desk.queue.row(id or ""))), self.target
        )

    def action_next_helper(self) -> None:
        """The helper who has waited longest for me; again goes on to the next."""
        is_in_queue = self.place in (Place.QUEUE, Place.FILTER)
        ticket = self.panes.buddy.next_call(None if is_in_queue else self.ticket)
        if ticket is None:
            return self.deeds.say(texts().buddy.nobody_waits)
        self.show(ticket)
        return None

    @work(group="deed")
    async def action_approve(self) -> None:
        """See the helper's reply that waits, and let it go."""
        await self.helping.approve(self._helped)

    @work(group="deed")
    async def action_return_reply(self) -> None:
        """The helper's reply goes back with a word."""
        await self.helping.give_word(self._helped)

    def action_whisper(self) -> None:
        """Write to the helper alone."""
        self._write_as(Mode.WHISPER)

    def action_hand_draft(self) -> None:
        """Write a reply for the helper to send."""
        self._write_as(Mode.DRAFT)

    def _write_as(self, mode: Mode) -> None:
        ticket = self._helped
        if ticket is None or not helper_of(self._desk, self._desk.queue.row(ticket)):
            return self.deeds.say(texts().buddy.not_helpers)
        self.show(ticket)
        self.panes.composer.write_as(mode)
        return None

    def action_take_over(self) -> None:
        """A helper's customer becomes mine."""
        self.helping.take_over(self._helped)

    def action_give_back(self) -> None:
        """Their helper has the customer again."""
        self.helping.give_back(self._helped)

    @work(group="deed")
    async def action_pair(self) -> None:
        """Who stands beside a helper."""
        await self.helping.pair()

    @work(group="deed")
    async def action_let_write(self) -> None:
        """Whether a helper may write words of their own."""
        await self.helping.let_write()

    @work(group="deed")
    async def action_invite_helper(self) -> None:
        """A token for somebody who is lent for the day."""
        await self.helping.invite()

    @work(group="deed")
    async def action_revoke_helper(self) -> None:
        """A helper's shift ends."""
        await self.helping.revoke()
