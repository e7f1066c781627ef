"""Whom the host listens to: its own page on its own address (CSRF), and a rate limit on wrong codes."""

import ipaddress
from urllib.parse import urlsplit

from aiohttp.web import Request

from agent_tui.rate_limit import RateLimit

WRONG_CODES, WITHIN_SECONDS = 10, 60.0


class RequestGuard:
    """Tells our own page from others'. With `public` only that address counts; without it those that no name
    server can point at us: plain addresses, `localhost`, and the name the host was given.
    """

    def __init__(self, host: str, public: str = "", *, has_tls: bool = False) -> None:
        self._names = {host.lower(), "localhost"}
        self._public = urlsplit(public) if public else None
        self._scheme = "https" if has_tls else "http"
        self._wrong = RateLimit(WRONG_CODES / WITHIN_SECONDS, WRONG_CODES)

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach us over TLS."""
        return (self._public.scheme if self._public else self._scheme) == "https"

    def knows_host(self, request: Request) -> bool:
        """Whether the request was meant for this host."""
        if self._public is not None:
            return request.host.lower() == self._public.netloc.lower()
        try:
            name = urlsplit(f"//{request.host}").hostname or ""
        except ValueError:
            return False
        return name.lower() in self._names or _is_address(name)

    def is_ours(self, request: Request) -> bool:
        """Whether our own page asks: the origin a browser names is the address it asks."""
        if not self.knows_host(request):
            return False
        scheme = self._public.scheme if self._public else self._scheme
        return request.headers.get("Origin", "").lower() == f"{scheme}://{request.host}".lower()

    def wait(self, address: str) -> float:
        """How many seconds until `address` may send another code; 0 when it may now."""
        return self._wrong.wait(address)

    def note_wrong(self, address: str) -> None:
        """A code of `address` was wrong."""
        self._wrong.take(address)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
