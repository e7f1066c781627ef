"""Authorization: a guard on a route says which roles may ask; who asks is then `request.user`."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from agent_tui.domain.models import Role
from agent_tui.server.http.services import Rooms


class RoleGuard:
    """Admits bearer tokens of some roles: 401 without one, 429 for one that asks too often, else 403."""

    def __init__(self, roles: frozenset[Role]) -> None:
        self.roles = roles

    async def __call__(
        self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        """Put the token's owner where the route finds them."""
        rooms: Rooms = connection.app.state.rooms
        reader = await rooms.door.admit(connection.headers.get("authorization"), self.roles)
        connection.scope["user"] = reader


def may(roles: frozenset[Role]) -> RoleGuard:
    """The guard of a route that these roles may ask."""
    return RoleGuard(roles)
