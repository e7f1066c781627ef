"""What customers say besides their question: thanks, nagging, anger, good-byes, and the same words varied."""

import random
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from agent_tui.sim.openings import Opening


class Voice(Struct, frozen=True, forbid_unknown_fields=True):
    """The phrases of one language; see `phrases.toml`."""

    thanks: tuple[str, ...]
    thanks_late: tuple[str, ...]
    patient: tuple[str, ...]
    restate: tuple[str, ...]
    again: tuple[str, ...]
    again_angry: tuple[str, ...]
    nag: tuple[str, ...]
    nag_more: tuple[str, ...]
    nag_angry: tuple[str, ...]
    given_already: tuple[str, ...]
    not_had: tuple[str, ...]
    hold_enough: tuple[str, ...]
    leave: tuple[str, ...]
    leave_strikes: tuple[str, ...]
    give_order: tuple[str, ...]
    give_phone: tuple[str, ...]
    give_address: tuple[str, ...]
    give_name: tuple[str, ...]
    give_photo: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]

    def giving(self, kind: str) -> tuple[str, ...]:
        """How a thing of `kind` is handed over; `{value}` stands for it."""
        found: tuple[str, ...] = getattr(self, f"give_{kind}", ("{value}",))
        return found


@cache
def voices() -> dict[str, Voice]:
    """The voices by language."""
    return msgspec.toml.decode((files("agent_tui.sim") / "phrases.toml").read_bytes(), type=dict[str, Voice])


def varied(opening: Opening, rng: random.Random) -> tuple[str, ...]:
    """The opening's messages in slightly other words, for the next customer who comes with it."""
    voice = voices()[opening.language]
    *first, last = opening.messages
    last = _without_end(last) + rng.choice(voice.after)
    said = [*first, last]
    if not first and rng.random() < 0.5:
        hello = rng.choice(voice.before)
        return (hello, last) if rng.random() < 0.5 else (f"{hello} {last}",)
    return tuple(said)


def _without_end(text: str) -> str:
    return text.rstrip("?？!！。.~～ ") or text
