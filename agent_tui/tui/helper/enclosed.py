"""The attachment in the preview: which file goes along, and whether it is there yet."""

from functools import partial

from textual.widgets import Static

from agent_tui.desk import BackendError, Desk
from agent_tui.domain.models import FileInfo
from agent_tui.i18n import texts
from agent_tui.knowledge.content.entries import Entry
from agent_tui.tui import attaching
from agent_tui.tui.widgets.message_lines import fill, human_size
from agent_tui.tui.wording import failure
from agent_tui.tui.working import run_beside


class Enclosed(Static):
    """Stores the answer's file while the reply is read, unless it is in `files`; hidden for an answer
    without one."""

    def __init__(self, desk: Desk, answer: Entry | None, files: tuple[FileInfo, ...] = ()) -> None:
        super().__init__("", classes="cover--enclosed", markup=False)
        self._desk = desk
        self._answer = answer if answer is not None and answer.file else None
        self._file = files[0] if files else None
        self._failed = ""
        self.display = self._answer is not None

    def on_mount(self) -> None:
        """Begin, where it is not stored yet."""
        self._say() if self._file is not None else self._begin()

    @property
    def files(self) -> tuple[FileInfo, ...]:
        """What goes along."""
        return (self._file,) if self._file is not None else ()

    def trouble(self) -> str:
        """Why the reply cannot go with its file yet; what failed is tried again. Empty when it can."""
        if self._answer is None or self._file is not None:
            return ""
        words, name = texts().helper, attaching.name_of(self._answer)
        if not self._failed:
            return fill(words.attaching, {"name": name})
        said = fill(words.not_attached, {"name": name, "reason": self._failed})
        self._begin()
        return said

    def _begin(self) -> None:
        if self._answer is not None:
            self._failed = ""
            self._say()
            run_beside(self, partial(self._store, self._answer), "attach", exclusive=True)

    async def _store(self, answer: Entry) -> None:
        try:
            self._file = await attaching.store(self._desk, answer)
        except BackendError as error:
            self._failed = failure(error)
        self._say()

    def _say(self) -> None:
        words = texts().helper
        name = attaching.name_of(self._answer) if self._answer is not None else ""
        if self._file is not None:
            said = fill(words.attached, {"name": name, "size": human_size(self._file.size)})
        elif self._failed:
            said = fill(words.not_attached, {"name": name, "reason": self._failed})
        else:
            said = fill(words.attaching, {"name": name})
        self.update(said)
