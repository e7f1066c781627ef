"""Commands: durable wishes to change something; a command's id is its idempotency key.

A module is a family of commands. Each command is a class that says of itself, in one place, who may give it
(`roles`), what it names (`names`), what its scene must hold (`needs`), whether it puts other people's
commands out of date (`touches`), whether it holds words that a person wrote (`says`) and what may change
under it (`tolerates`), and that decides (`decide`, or `rule` for what is not about one ticket). Nobody lists
commands: a new one is a class in a module of this package and is on the wire, in every scene and on the
optimistic screen from then on.

Start reading at `base`, then `status` for two plain ones.
"""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Union

from agent_tui.domain.commands.approving import Approve as Approve
from agent_tui.domain.commands.approving import ReturnReply as ReturnReply
from agent_tui.domain.commands.assigning import Claim as Claim
from agent_tui.domain.commands.assigning import ClaimNext as ClaimNext
from agent_tui.domain.commands.assigning import Transfer as Transfer
from agent_tui.domain.commands.base import BaseCommand as BaseCommand
from agent_tui.domain.commands.base import Named as Named
from agent_tui.domain.commands.base import Need as Need
from agent_tui.domain.commands.base import TicketCommand as TicketCommand
from agent_tui.domain.commands.base import UsedEntry as UsedEntry
from agent_tui.domain.commands.base import kebab
from agent_tui.domain.commands.fields import SetCategory as SetCategory
from agent_tui.domain.commands.fields import SetPriority as SetPriority
from agent_tui.domain.commands.fields import SetTags as SetTags
from agent_tui.domain.commands.floor import SetEmergency as SetEmergency
from agent_tui.domain.commands.floor import SetPhase as SetPhase
from agent_tui.domain.commands.helping import AcceptDraft as AcceptDraft
from agent_tui.domain.commands.helping import AskBuddy as AskBuddy
from agent_tui.domain.commands.helping import GiveBack as GiveBack
from agent_tui.domain.commands.helping import HandDraft as HandDraft
from agent_tui.domain.commands.helping import HandOver as HandOver
from agent_tui.domain.commands.helping import OpenCard as OpenCard
from agent_tui.domain.commands.helping import TakeOver as TakeOver
from agent_tui.domain.commands.helping import TickSteps as TickSteps
from agent_tui.domain.commands.helping import Whisper as Whisper
from agent_tui.domain.commands.replying import AddNote as AddNote
from agent_tui.domain.commands.replying import Recall as Recall
from agent_tui.domain.commands.replying import SendReply as SendReply
from agent_tui.domain.commands.seats import Finish as Finish
from agent_tui.domain.commands.seats import LetWrite as LetWrite
from agent_tui.domain.commands.seats import Pair as Pair
from agent_tui.domain.commands.seats import SendDrillResult as SendDrillResult
from agent_tui.domain.commands.seats import SetAvailability as SetAvailability
from agent_tui.domain.commands.status import SetStatus as SetStatus
from agent_tui.domain.commands.status import Snooze as Snooze


def _kinds(base: type[BaseCommand]) -> Iterator[type[BaseCommand]]:
    below = base.__subclasses__()
    if not below:
        yield base
    for each in below:
        yield from _kinds(each)


for _module in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

KINDS = tuple(sorted(_kinds(BaseCommand), key=lambda kind: kebab(kind.__name__)))

if TYPE_CHECKING:
    # A type checker can't read a union that is made while running; the base says what all of them have.
    Command = BaseCommand
else:
    Command = Union[KINDS]  # noqa: UP007


def type_of(command: BaseCommand) -> str:
    """The command's `type` on the wire, such as `send-reply`."""
    return kebab(type(command).__name__)
