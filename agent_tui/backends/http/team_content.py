"""A team's content over HTTP, behind `/v1/content`."""

from agent_tui.backends.base import Rejected
from agent_tui.backends.http.answers import NO_SUCH_PATH, status_of
from agent_tui.backends.http.connection import JSON, HttpConnection
from agent_tui.domain.team_content import (
    ContentIn,
    ContentVersion,
    ContentVersions,
    RollbackIn,
    TeamContent,
)
from agent_tui.wire import encode

_NOT_MODIFIED = 304


class HttpTeamContent:
    """The content that a team publishes, in versions."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    async def current(self, known: str) -> TeamContent | None:
        """The content in force; None when `known` is its tag, or for a server that knows no such thing."""
        headers = {"if-none-match": f'"{known}"'}
        try:
            return await self._connection.ask(TeamContent, "GET", "/v1/content", headers=headers)
        except Rejected as error:
            if status_of(error) in {_NOT_MODIFIED, *NO_SUCH_PATH}:
                return None
            raise

    async def version(self, version: int | None = None) -> TeamContent:
        """A version, the one in force when none is named."""
        params = {} if version is None else {"version": str(version)}
        return await self._connection.ask(TeamContent, "GET", "/v1/content", params=params)

    async def versions(self) -> tuple[ContentVersion, ...]:
        """The latest versions, the one in force first."""
        found = await self._connection.ask(ContentVersions, "GET", "/v1/content/versions")
        return found.versions

    async def publish(self, form: ContentIn) -> ContentVersion:
        """Put files in force for everyone."""
        return await self._sent("PUT", "/v1/content", form)

    async def roll_back(self, form: RollbackIn) -> ContentVersion:
        """Put an earlier version in force again, as a new one."""
        return await self._sent("POST", "/v1/content/rollback", form)

    async def _sent(self, method: str, path: str, form: ContentIn | RollbackIn) -> ContentVersion:
        content = encode(form)
        return await self._connection.ask(ContentVersion, method, path, content=content, headers=JSON)
