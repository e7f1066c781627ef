"""What belongs to the text in the composer: whom it is for, its entries and files, and when it was begun."""

from agent_tui.desk import Draft
from agent_tui.domain.commands import Command
from agent_tui.domain.models import FileInfo
from agent_tui.tui.composer.entries import EntriesWritten
from agent_tui.tui.composer.mode import Mode, mode_of_draft, modes_for


class WrittenReply:
    """All that is known of what is written but its words; it becomes a draft with them."""

    def __init__(self) -> None:
        self.mode = Mode.REPLY
        self.files: list[FileInfo] = []
        self.entries = EntriesWritten()
        self.begun_at = 0.0
        self._chose_mode = False

    def restore(self, draft: Draft, helper: str) -> None:
        """Go on with a draft."""
        self.mode, self._chose_mode = mode_of_draft(draft, helper), False
        self.files = []
        self.entries.restore(draft.entries)
        self.begun_at = draft.begun_at

    def choose(self, mode: Mode) -> None:
        """The person wants Enter to mean `mode`."""
        self.mode, self._chose_mode = mode, True

    def follow(self, helper: str) -> None:
        """Who has the customer may have changed: a mode that was chosen stays while it is offered."""
        if not (self._chose_mode and self.mode in modes_for(helper)):
            self._take_usual(helper)

    def sent(self, helper: str) -> None:
        """It went: begin with nothing."""
        self.files = []
        self._take_usual(helper)

    def begins(self, text: str, now: float) -> bool:
        """Take note that the text became `text`; whether it begins with that."""
        if not text:
            self.begun_at = 0.0
            self.entries.restore(())
        elif not self.begun_at:
            self.begun_at = now
            return True
        return False

    def take_up(self, reply: Command) -> None:
        """Go on with the files and entries of a reply that was taken back."""
        self.files = [p.file for p in reply.parts if p.file is not None]
        self.entries.restore(reply.entries)

    def draft(self, text: str) -> Draft:
        """What is kept of `text` for later."""
        return Draft(
            text=text,
            is_note=self.mode is Mode.NOTE,
            aside=self.mode.value if self.mode in (Mode.WHISPER, Mode.DRAFT) else "",
            entries=self.entries.used_in(text),
            begun_at=self.begun_at,
        )

    def _take_usual(self, helper: str) -> None:
        self.mode, self._chose_mode = modes_for(helper)[0], False
