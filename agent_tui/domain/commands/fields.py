"""A ticket's priority, category and tags, set by hand; what a person set is not read over again."""

from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from agent_tui.domain.commands.base import TicketCommand, Version
from agent_tui.domain.models import Category, Priority, Ticket
from agent_tui.domain.reading import class_of
from agent_tui.domain.ruling import Refused, Ruling, Scene, with_event
from agent_tui.domain.text import fold, is_seen, one_line

Tag = Annotated[str, Meta(min_length=1, max_length=40)]
Tags = Annotated[tuple[Tag, ...], Meta(max_length=20)]


class SetPriority(TicketCommand, frozen=True, kw_only=True):
    """Say how urgent a ticket is; what the customer's words say later does not change it back."""

    priority: Priority
    version: Version

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """The urgency follows at once."""
        after = replace(ticket, priority=self.priority, by_hand=_with(ticket, "priority"))
        values = {"from": ticket.priority.value, "to": self.priority.value, "by": scene.actor.name}
        return with_event(self.id, after, scene, "priority-set", values)


class SetCategory(TicketCommand, frozen=True, kw_only=True):
    """Correct what a ticket is about; what the customer's words say later does not change it back."""

    category: Category
    version: Version

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """The class follows the category. Promises that run were made to the customer and stay."""
        after = replace(
            ticket,
            category=self.category,
            class_=class_of(self.category),
            by_hand=_with(ticket, "category"),
        )
        values = {"from": ticket.category.value, "to": self.category.value, "by": scene.actor.name}
        return with_event(self.id, after, scene, "category-set", values)


class SetTags(TicketCommand, frozen=True, kw_only=True):
    """Say which tags a ticket has, all of them; each once, whatever its letters' case and width."""

    tags: Tags
    version: Version

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """A tag is one line with something in it."""
        lines = [one_line(tag).strip() for tag in self.tags]
        if not all(map(is_seen, lines)):
            return Refused("empty-tag")
        once: dict[str, str] = {}
        for tag in lines:
            once.setdefault(fold(tag), tag)
        tags = tuple(once.values())
        values = {"from": _listed(ticket.tags), "to": _listed(tags), "by": scene.actor.name}
        return with_event(self.id, replace(ticket, tags=tags), scene, "tags-set", values)


def _with(ticket: Ticket, field: str) -> tuple[str, ...]:
    return (*(each for each in ticket.by_hand if each != field), field)


def _listed(tags: tuple[str, ...]) -> str:
    return " · ".join(tags) or "—"
