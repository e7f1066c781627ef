"""What the palette answers: what was taken in it."""

from msgspec import Struct

from agent_tui.knowledge.templates.fill import Filled


class Put(Struct, frozen=True):
    """Put an entry's filled text into the composer, and send it when `send` says so."""

    entry: str
    filled: Filled
    send: bool = False


class Run(Struct, frozen=True):
    """Do the step with this action's id."""

    action: str


class Give(Struct, frozen=True):
    """Nothing was wanted: the character that opened the palette belongs into the composer."""

    typed: str


Taken = Put | Run | Give
