"""The bank of openings: what customers come with, and what settles it."""

import random
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

import msgspec
from msgspec import Struct

from agent_tui.sim.match import Fact, Values, fold, is_readable

Category = Literal[
    "presale", "price", "promotion", "coupon", "stock", "order", "payment", "invoice", "logistics",
    "return", "exchange", "refund", "quality", "complaint", "account", "risk", "live", "other",
]  # fmt: skip
Field = Literal["logistics", "returns", "promotion", "live", "other"]
Channel = Literal["web", "app", "miniprogram", "wechat", "live", "email", "phone", "social"]
State = Literal[
    "none", "unpaid", "paid", "paid_twice", "unshipped", "presale", "shipped", "stuck",
    "delivered", "returning", "returned", "refunded", "cancelled",
]  # fmt: skip
Choice = Literal["only", "no", "both"]

CHANNELS: tuple[Channel, ...] = ("web", "app", "miniprogram", "wechat", "live", "email", "phone", "social")
AFTER_SALES = frozenset({"return", "exchange", "refund", "quality", "complaint"})


class Opening(Struct, frozen=True, kw_only=True):
    """What a customer says first and what settles it.

    `facts`: a reply that states any of them is the answer. `state`: the order the customer must have.
    `supplies`: what the customer gives when asked for it. `channels`: where it is heard, empty is anywhere.
    """

    id: str
    messages: tuple[str, ...]
    category: Category
    field: Field
    language: Literal["zh", "en"]
    state: State
    facts: tuple[Fact, ...]
    supplies: dict[str, str]
    channels: tuple[Channel, ...]
    held_out: bool

    def is_settled_by(self, reply: str, values: Values) -> bool:
        """Whether `reply` (one text, or several joined by a newline) states one of the facts readably."""
        if not is_readable(reply, self.language):
            return False
        folded = fold(reply)
        return any(fact.stated_in(folded, values) for fact in self.facts)

    def reworded(self, rng: random.Random) -> str:
        """The question once more, in other words."""
        fact = rng.choice(self.facts)
        return rng.choice(fact.again_en if self.language == "en" else fact.again)


class _WrittenFact(Struct, frozen=True, forbid_unknown_fields=True):
    needs: tuple[tuple[str, ...], ...]
    again: tuple[str, ...]
    again_en: tuple[str, ...]
    unless: tuple[str, ...] = ()


class _WrittenOpening(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: str
    messages: tuple[str, ...]
    state: State
    facts: tuple[str, ...]
    language: Literal["zh", "en"] = "zh"
    supplies: dict[str, str] = {}
    channels: tuple[Channel, ...] = ()
    held_out: bool = False


class _BankFile(Struct, frozen=True, forbid_unknown_fields=True):
    category: Category
    field: Field
    opening: tuple[_WrittenOpening, ...]


@cache
def facts() -> dict[str, Fact]:
    """Every fact by name."""
    text = (files("agent_tui.sim") / "facts.toml").read_bytes()
    written = msgspec.toml.decode(text, type=dict[str, _WrittenFact])
    return {name: Fact(name=name, **msgspec.structs.asdict(fact)) for name, fact in written.items()}


@cache
def bank() -> tuple[Opening, ...]:
    """Every opening, in the order of the files' names.

    Raises `msgspec.ValidationError` for a file that does not fit, `KeyError` for an unknown fact.
    """
    folder = files("agent_tui.sim") / "bank"
    pages = sorted((page for page in folder.iterdir() if page.name.endswith(".toml")), key=lambda p: p.name)
    return tuple(opening for page in pages for opening in _read(page))


def _read(page: Traversable) -> Iterable[Opening]:
    sheet = msgspec.toml.decode(page.read_bytes(), type=_BankFile)
    known = facts()
    for written in sheet.opening:
        yield Opening(
            id=written.id,
            messages=written.messages,
            category=sheet.category,
            field=sheet.field,
            language=written.language,
            state=written.state,
            facts=tuple(known[name] for name in written.facts),
            supplies=written.supplies,
            channels=written.channels,
            held_out=written.held_out,
        )


def select(choice: Choice = "both", field: Field | None = None) -> tuple[Opening, ...]:
    """The openings of one `field` (or all), the held-out ones `only`, `no` or `both`."""
    wanted = {"only": (True,), "no": (False,), "both": (True, False)}[choice]
    return tuple(item for item in bank() if item.held_out in wanted and field in (None, item.field))
