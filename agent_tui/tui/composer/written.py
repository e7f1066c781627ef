"""What belongs to the text in the composer: whom it is for, its entries and files, and when it was begun."""

from msgspec import Struct

from agent_tui.desk import Draft
from agent_tui.domain.commands import Command
from agent_tui.domain.models import FileInfo
from agent_tui.tui.composer.entries import EntriesWritten
from agent_tui.tui.composer.mode import Mode, mode_of_draft, modes_for


class _Aside(Struct, frozen=True):
    """What is written in another mode than the one on the screen."""

    draft: Draft = Draft()
    files: tuple[FileInfo, ...] = ()


class WrittenReply:
    """All that is known of what is written but its words; it becomes a draft with them.

    Each mode has its own: a note's words never stand in the reply.
    """

    def __init__(self) -> None:
        self.mode = Mode.REPLY
        self.files: list[FileInfo] = []
        self.entries = EntriesWritten()
        self.begun_at = 0.0
        self._chose_mode = False
        self._others: dict[Mode, _Aside] = {}

    def restore(self, draft: Draft, helper: str) -> str:
        """Go on with a draft; the words to show."""
        self._others = {mode_of_draft(one, helper): _Aside(one) for one in draft.others if one.text}
        self.mode, self._chose_mode = mode_of_draft(draft, helper), False
        return self._take_up(_Aside(draft) if draft.text else self._others.pop(self.mode, _Aside()))

    def choose(self, mode: Mode, text: str) -> str:
        """The person wants to write in `mode`; `text` is what they leave, the answer what they find."""
        self._chose_mode = True
        return self._switch(mode, text)

    def follow(self, helper: str) -> str:
        """Who has the customer may have changed while nothing is written: a mode that was chosen stays while
        it is offered. The words to show."""
        if self._chose_mode and self.mode in modes_for(helper):
            return ""
        return self._take_usual(helper)

    def sent(self, helper: str) -> str:
        """It went: the usual mode, and the words that were left in it."""
        self.files = []
        return self._take_usual(helper)

    def begins(self, text: str, now: float) -> bool:
        """Take note that the text became `text`; whether it begins with that."""
        if not text:
            self.begun_at = 0.0
            self.entries.restore(())
        elif not self.begun_at:
            self.begun_at = now
            return True
        return False

    def take_back(self, reply: Command) -> None:
        """Go on with the files and entries of a reply that was taken back."""
        self.files = [p.file for p in reply.parts if p.file is not None]
        self.entries.restore(reply.entries)

    def draft(self, text: str) -> Draft:
        """What is kept of `text`, and of what is written beside it, for later."""
        others = tuple(aside.draft for aside in self._others.values() if aside.draft.text)
        return self._draft(text, others)

    def _draft(self, text: str, others: tuple[Draft, ...] = ()) -> Draft:
        return Draft(
            text=text,
            is_note=self.mode is Mode.NOTE,
            aside=self.mode.value if self.mode in (Mode.WHISPER, Mode.DRAFT) else "",
            entries=self.entries.used_in(text),
            begun_at=self.begun_at,
            others=others,
        )

    def _take_usual(self, helper: str) -> str:
        self._chose_mode = False
        return self._switch(modes_for(helper)[0], "")

    def _switch(self, mode: Mode, text: str) -> str:
        if mode is self.mode:
            return text
        if text or self.files:
            self._others[self.mode] = _Aside(self._draft(text), tuple(self.files))
        self.mode = mode
        return self._take_up(self._others.pop(mode, _Aside()))

    def _take_up(self, aside: _Aside) -> str:
        self.files = list(aside.files)
        self.entries.restore(aside.draft.entries)
        self.begun_at = aside.draft.begun_at
        return aside.draft.text
