"""The published content of a helpdesk in memory, and the event that tells of a new version."""

from collections.abc import Callable
from datetime import UTC, datetime

from agent_tui.domain.events import ContentPublished, Event
from agent_tui.domain.models import Person
from agent_tui.domain.team_content import ContentFile, TeamContent, content_digest, content_size


class WorldContent:
    """Every version of one helpdesk; `tell` puts an event into its feed."""

    def __init__(self, tell: Callable[[Event], None], clock: Callable[[], float]) -> None:
        self._tell, self._clock = tell, clock
        self.versions: list[TeamContent] = []

    @property
    def head(self) -> TeamContent:
        """The version in force; version 0 before the first."""
        return self.versions[-1] if self.versions else TeamContent()

    def add(self, files: tuple[ContentFile, ...], by: Person, note: str, restored: int | None) -> TeamContent:
        """Put ordered files in force as the next version."""
        made = TeamContent(
            version=self.head.version + 1,
            digest=content_digest(files),
            size=content_size(files),
            count=len(files),
            at=datetime.fromtimestamp(self._clock(), UTC),
            by=by,
            note=note,
            restored=restored,
            files=files,
        )
        self.versions.append(made)
        self._tell(ContentPublished(version=made.version))
        return made
