"""A team's content over a line to a helpdesk in memory: versions, who may publish, what conflicts."""

from msgspec.structs import asdict

from agent_tui.backends.base import Rejected
from agent_tui.backends.memory.line import MemoryLine
from agent_tui.domain.models import Person
from agent_tui.domain.rules import LEADING
from agent_tui.domain.team_content import (
    ContentFile,
    ContentIn,
    ContentVersion,
    RollbackIn,
    TeamContent,
    content_digest,
    file_faults,
    is_conflict,
    ordered,
    tag_of,
)


class MemoryTeamContent:
    """One person's view of what the team publishes."""

    def __init__(self, line: MemoryLine) -> None:
        self._line, self._world = line, line.world.content

    async def current(self, known: str) -> TeamContent | None:
        """The content in force; None when `known` is its tag."""
        self._line.check()
        held = self._world.head
        return None if tag_of(held) == known else held

    async def version(self, version: int) -> TeamContent:
        """An earlier version."""
        self._line.check()
        return self._found(version)

    async def versions(self) -> tuple[ContentVersion, ...]:
        """The versions, the one in force first."""
        self._line.check()
        return tuple(_without_files(one) for one in reversed(self._world.versions))

    async def publish(self, form: ContentIn) -> ContentVersion:
        """Put files in force for everyone."""
        await self._check_lead()
        files = ordered(form.files)
        for at, code in file_faults(files):
            raise Rejected("bad-content", status="400", detail=f"{at}: {code}")
        return await self._put(form.base, files, form.note, None)

    async def roll_back(self, form: RollbackIn) -> ContentVersion:
        """Put an earlier version in force again, as a new one."""
        await self._check_lead()
        return await self._put(form.base, self._found(form.to).files, form.note, form.to)

    async def _put(
        self, base: int, files: tuple[ContentFile, ...], note: str, restored: int | None
    ) -> ContentVersion:
        head, seat = self._world.head, self._line.seat
        if content_digest(files) == head.digest:
            return _without_files(head)
        if is_conflict(head, base):
            raise Rejected("content-changed", status="409", detail=f"v{head.version}")
        made = self._world.add(files, Person(id=seat.id, name=seat.name), note, restored)
        await self._line.answer()
        return _without_files(made)

    async def _check_lead(self) -> None:
        await self._line.reach()
        if self._line.seat.role not in LEADING:
            raise Rejected("forbidden", status="403")

    def _found(self, version: int) -> TeamContent:
        if version == 0:
            return TeamContent()
        if not 0 < version <= len(self._world.versions):
            raise Rejected("unknown-version", status="404")
        return self._world.versions[version - 1]


def _without_files(one: TeamContent) -> ContentVersion:
    return ContentVersion(**{name: value for name, value in asdict(one).items() if name != "files"})
