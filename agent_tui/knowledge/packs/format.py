"""The typed structs of a knowledge pack (最小可行知识包): 20 answers, 5 procedures, 3 emergency cards.

How many there must be is the linter's to say; a pack that has more or fewer can still be read and used.
"""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from agent_tui.domain.models import Category

Field = Literal["logistics", "returns", "promotion", "live"]
Language = Literal["zh", "en"]
OrderState = Literal[
    "none", "unpaid", "paid", "presale", "shipped", "stuck", "delivered", "returning", "returned", "refunded",
    "cancelled",
]  # fmt: skip

ANSWERS, PROCEDURES, CARDS = 20, 5, 3
LEAST_STEPS, MOST_STEPS = 4, 7


class PackAnswer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One answer: the id of a snippet or an article, and the line that says when to use it.

    `like` is an article about the same matter: its similar questions find this answer too. `asked` are more
    questions as customers put them. `orders` are the states of an order in which it is right, empty is any:
    `none` is no order, `presale` a paid one that ships much later, `stuck` a shipped one that does not move.
    In those of `overview` it tells all that a customer of the pack can want, so it is the answer when the
    words leave open which one is meant.
    """

    entry: str
    when: str
    like: str = ""
    orders: tuple[OrderState, ...] = ()
    overview: tuple[OrderState, ...] = ()
    asked: tuple[str, ...] = ()


class ProcedureStep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of a procedure: what to do, how to see that it worked, what to do when it did not."""

    do: str
    check: str
    if_fails: str


class Procedure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Numbered steps that can be ticked; the category it fits best comes first in `categories`."""

    id: str
    title: str
    categories: tuple[Category, ...]
    steps: tuple[ProcedureStep, ...]


class EmergencyCard(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """When one of `words` is seen: stop, say this, call the contact of this role.

    Whatever `unless` names does not count (吃着火锅 is no fire). `level` is the emergency level of the floor
    from which the card comes by itself.
    """

    id: str
    title: str
    words: tuple[str, ...]
    stop: str
    say: str
    call: str
    unless: tuple[str, ...] = ()
    level: Annotated[int, Meta(ge=1, le=4)] | None = None


class Pack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A pack as its file says it; `categories` are those of the tickets it is for."""

    id: str
    title: str
    field: Field
    version: Annotated[int, Meta(ge=1)]
    categories: tuple[Category, ...]
    owner: str
    valid_from: date
    answers: tuple[PackAnswer, ...]
    procedures: tuple[Procedure, ...]
    emergency: tuple[EmergencyCard, ...]
    language: Language = "zh"
    valid_until: date | None = None

    def answer(self, entry: str) -> PackAnswer | None:
        """The answer that refers to `entry`."""
        return next((answer for answer in self.answers if answer.entry == entry), None)

    def procedure(self, id: str) -> Procedure | None:
        """The procedure with this id."""
        return next((procedure for procedure in self.procedures if procedure.id == id), None)

    def card(self, id: str) -> EmergencyCard | None:
        """The emergency card with this id."""
        return next((card for card in self.emergency if card.id == id), None)
