"""UiMessages: what widgets and screens tell each other, always that something happened, never what to do."""

from msgspec import Struct
from textual.message import Message as UiMessage

from agent_tui.desk import Change


class TransferTarget(Struct, frozen=True):
    """Where a ticket goes: a person or a team, with the reason."""

    assignee: str | None
    team: str | None
    name: str
    reason: str


class DeskChanged(UiMessage):
    """The desk looks different now; whoever shows what `change` names reads it again."""

    def __init__(self, change: Change) -> None:
        super().__init__()
        self.change = change


class TicketChosen(UiMessage):
    """The person pressed Enter on a ticket: they want to answer it."""

    def __init__(self, ticket: str) -> None:
        super().__init__()
        self.ticket = ticket


class TicketRested(UiMessage):
    """The hand rests on a ticket of the queue: the other panes may follow. Null when the list is empty."""

    def __init__(self, ticket: str | None) -> None:
        super().__init__()
        self.ticket = ticket


class PartPressed(UiMessage):
    """A part of a one-line widget was clicked: `line` is the widget's id, `name` what it called the part."""

    def __init__(self, line: str, name: str) -> None:
        super().__init__()
        self.line = line
        self.name = name


class ActionFound(UiMessage):
    """An action was found in the palette; `action` is its row in the table."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
