"""What a simulated day is told: where the server is, through which channels, how many come and how fast."""

import base64

from msgspec import Struct

from agent_tui.errors import AgentTuiError
from agent_tui.sim.openings import Choice, Field


class SimError(AgentTuiError):
    """The day cannot be played: `code` says why, `values` with what."""


class ChannelKey(Struct, frozen=True, forbid_unknown_fields=False):
    """A channel as `serve channel create --json` prints it: bearer token and signing secret (`whsec_…`)."""

    name: str
    token: str
    secret: str


class DaySettings(Struct, frozen=True, kw_only=True):
    """A day.

    `minutes` is the customers' time from the first to the last arrival, `fast` how many of their seconds pass
    in a real one, `peak` the height of the rush (3 to 8 times the usual). `waiting` customers are there at
    the start. The day is joined `begin` minutes after its first moment; who came before, but for those, is
    gone. `linger` is how many of their minutes the day goes on after the last arrival. `run` makes
    message ids unique; the same run again sends the same ids. `backoff` is the first pause after a failure,
    in real seconds. `inflight` limits requests at a time.
    """

    server: str
    channels: tuple[ChannelKey, ...]
    listen: str = "127.0.0.1:8091"
    seed: int = 1
    customers: int = 120
    minutes: float = 60.0
    fast: float = 1.0
    peak: float = 5.0
    held_out: Choice = "both"
    field: Field | None = None
    waiting: int = 0
    begin: float = 0.0
    linger: float = 15.0
    patience: float = 1.0
    run: str = ""
    backoff: float = 0.5
    inflight: int = 16


def parse_channel(text: str) -> ChannelKey:
    """`NAME:TOKEN:SECRET` as a channel; raises `SimError` when a piece is missing or the secret is none."""
    name, _, rest = text.partition(":")
    token, _, secret = rest.rpartition(":")
    if not (name and token and _is_secret(secret)):
        raise SimError("bad-channel", channel=name or text[:20])
    return ChannelKey(name, token, secret)


def _is_secret(text: str) -> bool:
    """Whether it can sign: base64, with `whsec_` before it or without."""
    try:
        return bool(base64.b64decode(text.removeprefix("whsec_")))
    except ValueError:
        return False


def parse_listen(text: str) -> tuple[str, int]:
    """`HOST:PORT` taken apart; raises `SimError` when it is not one."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise SimError("bad-listen", listen=text)
    return host.strip("[]"), int(port)
