"""The recorded streams: what was asked, step by step, and the lines that followed."""

import gzip
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
from msgspec import Struct

FILE = Path(__file__).with_name("streams.jsonl.gz")
# What follows a step: lines that name a thing and what became different of it.
Lines = list[str]


class Desk(Struct, omit_defaults=True):
    """Somebody of the team who is there from the beginning; `ref` is their name in the steps."""

    ref: str
    role: str
    name: str
    team: str | None = None


class Say(Struct, tag="say", tag_field="do", omit_defaults=True):
    """A customer writes."""

    at: float
    customer: str
    name: str
    words: list[str]
    tier: str = "regular"
    channel: str = "web"
    order: str | None = None
    id: str | None = None


class Send(Struct, tag="send", tag_field="do", omit_defaults=True):
    """Somebody gives commands; `$` stands before what the helpdesk names, `behind` is an old version."""

    at: float
    who: str
    commands: list[dict[str, Any]]


class Invite(Struct, tag="invite", tag_field="do", omit_defaults=True):
    """A lead invites a helper, who is `ref` from now on."""

    at: float
    who: str
    ref: str
    form: dict[str, Any]


class Revoke(Struct, tag="revoke", tag_field="do", omit_defaults=True):
    """A lead ends a helper's shift."""

    at: float
    who: str
    helper: str


class Shop(Struct, tag="shop", tag_field="do", omit_defaults=True):
    """The shop says how an order stands or who a customer is."""

    at: float
    customer: dict[str, Any] | None = None
    order: dict[str, Any] | None = None


Step = Say | Send | Invite | Revoke | Shop


class Stream(Struct, omit_defaults=True):
    """A stream; `memory` and `server` are what followed each step there, null where it is not played."""

    name: str
    seats: list[Desk]
    steps: list[Step]
    policy: str = ""
    memory: list[Lines] | None = None
    server: list[Lines] | None = None


def load() -> list[Stream]:
    """All streams."""
    lines = gzip.decompress(FILE.read_bytes()).splitlines()
    return [msgspec.json.decode(line, type=Stream) for line in lines]


def save(streams: list[Stream]) -> None:
    """Keep `streams`; the same streams make the same file."""
    data = b"\n".join(msgspec.json.encode(stream) for stream in streams)
    FILE.write_bytes(gzip.compress(data, 9, mtime=0))


def ulid_of(stream: str, ref: str) -> str:
    """The id of a command, the same at every play."""
    number = int(ref.lstrip("c"))
    return f"01{crc32(stream.encode()):08X}{number:016d}"


def filled(value: Any, names: dict[str, str]) -> Any:
    """`value` with what stands behind its `$` words."""
    if isinstance(value, str) and value.startswith("$"):
        return names.get(value[1:], "01JZZZZZZZZZZZZZZZZZZZZZZZ")
    if isinstance(value, dict):
        return {key: filled(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, names) for one in value]
    return value
