"""Handing to the desk what was written, and taking back a reply that is still held."""

from agent_tui.desk import Desk, RefusedHere, SendState, StoreError, new_id
from agent_tui.domain.commands import Command, UsedEntry
from agent_tui.domain.models import Part
from agent_tui.i18n import texts, words_of
from agent_tui.tui.composer.mode import Mode, command_of
from agent_tui.tui.widgets.message_lines import fill
from agent_tui.tui.wording import standing


def hand_over(
    desk: Desk,
    mode: Mode,
    ticket: str,
    parts: tuple[Part, ...],
    entries: tuple[UsedEntry, ...],
    confirmed: tuple[str, ...] = (),
) -> str | None:
    """Give the words to the desk; why it did not take them, None when it did."""
    try:
        if mode is Mode.REPLY:
            desk.outbox.reply(ticket, parts, entries, confirmed=confirmed)
        else:
            desk.submit(command_of(mode, new_id(), ticket, parts, entries))
    except RefusedHere as error:
        return standing(error.code)
    except StoreError as error:
        return fill(texts().composer.not_kept, {"reason": words_of(error)})
    return None


def take_back(desk: Desk, ticket: str | None) -> Command | None:
    """The newest held reply of `ticket`, which does not go now; None when none is held."""
    held = [o for o in desk.outbox.items() if o.state is SendState.HELD and o.command.ticket == ticket]
    command = desk.outbox.undo(held[-1].command.id) if held else None
    return command if command is not None and command.is_reply else None
