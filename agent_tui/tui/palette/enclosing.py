"""The attachments of the answers in the composer: stored beside the screen, asked about until they are."""

from functools import partial

from textual.screen import Screen

from agent_tui.desk import BackendError, Desk
from agent_tui.domain.approval import WHOLE
from agent_tui.domain.models import FileInfo
from agent_tui.i18n import texts
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.library import Library
from agent_tui.tui import attaching
from agent_tui.tui.composer.marks import Level, Mark
from agent_tui.tui.composer.widget import Composer
from agent_tui.tui.widgets.message_lines import fill
from agent_tui.tui.wording import failure
from agent_tui.tui.working import run_beside


class Enclosing:
    """Sees to it that an answer never goes out without its file unasked.

    What is wanted is read from the composer each time, so that a draft that comes back wants its file too.
    """

    def __init__(self, desk: Desk, library: Library, composer: Composer, screen: Screen[None]) -> None:
        self._desk = desk
        self._library = library
        self._composer = composer
        self._screen = screen
        self._stored: dict[str, FileInfo] = {}
        self._failed: dict[str, str] = {}
        self._storing: set[str] = set()

    def check(self, text: str) -> tuple[Mark, ...]:
        """A question for every file that should go along and is not there yet; storing it begins."""
        wanted = self._wanted() if text.strip() else []
        for entry in wanted:
            self.bring(entry)
        return tuple(self._mark(entry, len(text)) for entry in wanted)

    def bring(self, entry: Entry) -> None:
        """Store the file of `entry` beside the screen, and let the reply carry it."""
        if entry.file and entry.id not in self._storing:
            self._storing.add(entry.id)
            run_beside(self._screen, partial(self._bring, entry), "attach")

    def let_go(self) -> None:
        """Files of answers that others have replaced do not go along."""
        whole = {one.id for one in self._composer.used if one.kept >= WHOLE}
        gone = {file.id for entry, file in self._stored.items() if entry not in whole}
        kept = [file for file in self._composer.attached if file.id not in gone]
        if len(kept) < len(self._composer.attached):
            self._composer.carry(kept)

    async def _bring(self, entry: Entry) -> None:
        try:
            file = await attaching.store(self._desk, entry)
        except BackendError as error:
            self._failed[entry.id] = failure(error)
            return
        finally:
            self._storing.discard(entry.id)
        self._failed.pop(entry.id, None)
        self._stored[entry.id] = file
        if entry.id in {one.id for one in self._wanted()}:
            self._composer.carry((*self._composer.attached, file))
            self._composer.marking.changed()

    def _wanted(self) -> list[Entry]:
        """The entries in the composer whose files it does not carry."""
        carried = {file.id for file in self._composer.attached}
        used = [self._library.get(one.id) for one in self._composer.used if one.kept >= WHOLE]
        return [one for one in used if one and one.file and self._carried(one) not in carried]

    def _carried(self, entry: Entry) -> str:
        return self._stored[entry.id].id if entry.id in self._stored else ""

    def _mark(self, entry: Entry, end: int) -> Mark:
        words, name = texts().outgoing, attaching.name_of(entry)
        failed = self._failed.get(entry.id, "")
        said = fill(words.no_file if failed else words.storing, {"name": name, "reason": failed})
        return Mark(start=end, end=end, level=Level.ASK, words=said)
