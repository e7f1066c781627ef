"""Answers: what the workstation asks of the knowledge, which is imported only after the first frame."""

import asyncio
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Protocol

from textual.screen import Screen

from agent_tui.desk import Change, Desk
from agent_tui.tui.composer.marks import Mark
from agent_tui.tui.workstation.panes import Panes

# A library, made in the thread that imports it; its type lives where the first frame must not look.
MakeLibrary = Callable[[], Any]


class Answers(Protocol):
    """Recommended answers, the palette, and the forms that write knowledge."""

    def start(self) -> None:
        """Load what there is, and learn from what is sent."""

    def refresh_from_desk(self, change: Change) -> None:
        """Think again about what differs."""

    def follow(self, ticket: str | None) -> None:
        """Recommend for another ticket."""

    def check(self, ticket: str | None, text: str) -> tuple[Mark, ...]:
        """What the outgoing rules say of `text` to `ticket`."""

    def open_palette(self, commands: Sequence[Any], *, typed: str = "", begin: str = "") -> None:
        """Open the palette."""

    def take(self, number: int) -> bool:
        """Put a recommended answer into the composer; False when there is none."""

    def take_both(self) -> bool:
        """Put the best answers to two questions into the composer; False when one was asked."""

    def toggle_why(self) -> None:
        """Say why these are recommended, or stop."""

    def write_snippet(self) -> None:
        """Keep the reply as a snippet."""

    def write_case(self, ticket: str | None) -> None:
        """Keep the ticket as a case."""


class Unread:
    """The answers while the knowledge is on its way: there are none yet."""

    def start(self) -> None:
        """Nothing to load."""

    def refresh_from_desk(self, change: Change) -> None:
        """Nothing to think about."""

    def follow(self, ticket: str | None) -> None:
        """Nothing to recommend."""

    def check(self, ticket: str | None, text: str) -> tuple[Mark, ...]:
        """No rules: the server has them."""
        return ()

    def open_palette(self, commands: Sequence[Any], *, typed: str = "", begin: str = "") -> None:
        """Nothing to find."""

    def take(self, number: int) -> bool:
        """There is none."""
        return False

    def take_both(self) -> bool:
        """There are none."""
        return False

    def toggle_why(self) -> None:
        """No reasons."""

    def write_snippet(self) -> None:
        """Not yet."""

    def write_case(self, ticket: str | None) -> None:
        """Not yet."""


async def begun(desk: Desk, make: MakeLibrary | None, panes: Panes, screen: Screen[None]) -> Answers:
    """The answers over the library that `make` makes, an empty one for none; imports in a thread."""
    library = await asyncio.to_thread(_library, make)
    offers = (panes.recommend, panes.recommend_rows)
    made: Answers = _answering().Answering(library, desk, panes.composer, offers, screen)
    return made


def _answering() -> Any:
    return import_module("agent_tui.tui.palette.answering")


def _library(make: MakeLibrary | None) -> Any:
    _answering()
    if make is not None:
        return make()
    # Named, not looked up by a string: a type checker sees it when one of them is renamed.
    from agent_tui.knowledge.content.sources import CombinedSources
    from agent_tui.knowledge.library import Library

    return Library(CombinedSources(()))
