"""The content of the training plan: for each pack a set of skills, one of scenes and a shift, in TOML."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from agent_tui.errors import AgentTuiError, BadSettings, reason_of
from agent_tui.knowledge.packs.resolved import Pack
from agent_tui.knowledge.templates.values import day as said_day
from agent_tui.toml_file import read_toml

DrillStage = Literal["skills", "scenes", "live"]
Response = Literal["answer", "card", "hand-over", "ask"]
Situation = Literal[
    "none", "unpaid", "unshipped", "presale", "overdue", "just-shipped", "moving", "slow", "stuck",
    "delivering", "signed", "returning", "refunding",
]  # fmt: skip

STAGES: tuple[DrillStage, ...] = ("skills", "scenes", "live")
PARTS: Mapping[DrillStage, int] = {"skills": 7, "scenes": 3, "live": 1}
CUSTOMERS = 15
TRIED = 5
# What the screen knows of an order and no placeholder says.
UNSAID = frozenset({"parcel.last_event_at"})


class Days(Struct, frozen=True, forbid_unknown_fields=True):
    """A day counted from the one on which a drill is played."""

    ago: int = 0
    ahead: int = 0


class Turn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a customer says at once, and what is right then.

    `right` are the entries that answer it, best first; `wrong` those that look right and are not; `procedure`
    is the one to work through first; `kind` are words of which a good answer has one; `find` is what to type
    where the right answer is not among the first recommended; `buddy` is what the buddy whispers when asked.
    """

    says: tuple[str, ...]
    tone: str
    response: Response = "answer"
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    card: str = ""
    procedure: str = ""
    kind: tuple[str, ...] = ()
    find: str = ""
    buddy: str = ""


class DrillCustomer(Turn, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One customer of a drill in their situation; `then` is what they say once they have been answered.

    `goods` is what they have bought, `values` are placeholders that differ from the situation's.
    """

    id: str
    situation: Situation
    goods: str = ""
    values: dict[str, str | Days] = {}
    then: Turn | None = None

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What they say first, and what they come back with."""
        return (self,) if self.then is None else (self, self.then)


class DrillPart(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"customers": "customer"}
):
    """A skill, a scene or a shift: its name, what is told before it begins, and who comes.

    `every` is the seconds between two arrivals where customers do not wait for their turn to come; else 0.
    """

    name: str
    told: str = ""
    every: int = 0
    customers: tuple[DrillCustomer, ...]


class DrillSet(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"parts": "part"}):
    """The customers to practise one pack with, in the order in which they come."""

    pack: str
    set: DrillStage
    parts: tuple[DrillPart, ...]

    @property
    def customers(self) -> tuple[DrillCustomer, ...]:
        """Everybody who comes."""
        return tuple(one for part in self.parts for one in part.customers)

    def tried(self) -> "DrillSet":
        """A few customers to try the screen on, the first of each part, with nothing told before."""
        few = tuple(part.customers[0] for part in self.parts[:TRIED])
        return DrillSet(pack=self.pack, set=self.set, parts=(DrillPart(name="", customers=few),))


class DrillError(AgentTuiError):
    """A set that cannot be read: `bad-drill` with the file and what is wrong there, or `renamed-field` with
    the place, the old word and the new one."""


def set_for(pack: Pack, stage: DrillStage, team: Sequence[Path] = ()) -> DrillSet:
    """The set of a pack, or for a team's own pack without one that of its field.

    Raises FileNotFoundError and DrillError as `drill_set` does.
    """
    try:
        return drill_set(pack.id, stage, team)
    except FileNotFoundError:
        like = "basics-en" if pack.language == "en" else pack.field
        return replace(drill_set(like, stage, team), pack=pack.id)


def drill_set(pack: str, stage: DrillStage, team: Sequence[Path] = ()) -> DrillSet:
    """A set for a pack, from `drills/` in the last folder of a team that has it, else the built-in one.

    Raises FileNotFoundError when there is none, DrillError for one that cannot be read, BadSettings
    for one that is written wrongly.
    """
    name = f"{pack}-{stage}.toml"
    places: list[Traversable] = [folder / "drills" / name for folder in reversed(team)]
    places.append(files(__package__).joinpath("data", name))
    place = next((one for one in places if one.is_file()), None)
    if place is None:
        raise FileNotFoundError(name)
    try:
        return read_toml(place.read_bytes(), DrillSet, str(place))
    except OSError as error:
        raise DrillError("bad-drill", file=str(place), detail=reason_of(error)) from error
    except BadSettings as error:
        raise _told(error) from error


def _told(error: BadSettings) -> BadSettings | DrillError:
    """What is wrong with a file; for a field that is called otherwise now, what to write instead."""
    at, _, old = error.values.get("key", "").rpartition(".")
    new = _renamed().get(old) if error.code == "toml-unknown-key" else None
    if new is None:
        return error
    return DrillError("renamed-field", file=error.values["file"], at=at, old=old, new=new)


@cache
def _renamed() -> Mapping[str, str]:
    data = files(__package__).joinpath("data", "renamed.toml").read_bytes()
    return msgspec.toml.decode(data, type=dict[str, str])


def values_of(customer: DrillCustomer, day: date, language: str) -> dict[str, str]:
    """The values that fill an answer's placeholders for a customer, with dates around `day` in `language`."""
    given = _given(customer, language).items()
    return {path: _said(value, day, language) for path, value in given if path not in UNSAID}


def examples(language: str) -> Mapping[str, str]:
    """What stands in where the machine one practises on knows nothing of a shop."""
    return {path: value for path, value in _situations(language)["example"].items() if isinstance(value, str)}


def dates_of(customer: DrillCustomer, day: date, language: str) -> dict[str, date]:
    """Those of the values that are days."""
    given = _given(customer, language).items()
    return {path: _on(value, day) for path, value in given if isinstance(value, Days)}


def _given(customer: DrillCustomer, language: str) -> Mapping[str, str | Days]:
    goods = {"order.items": customer.goods} if customer.goods else {}
    return {**_situations(language)[customer.situation], **goods, **customer.values}


@cache
def _situations(language: str) -> Mapping[str, Mapping[str, str | Days]]:
    name = "situations-en.toml" if language == "en" else "situations.toml"
    data = files(__package__).joinpath("data", name).read_bytes()
    return msgspec.toml.decode(data, type=dict[str, dict[str, str | Days]])


def _said(value: str | Days, day: date, language: str) -> str:
    return value if isinstance(value, str) else said_day(_on(value, day), language)


def _on(value: Days, day: date) -> date:
    return day + timedelta(days=value.ahead - value.ago)
