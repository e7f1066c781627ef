"""A helper's words before they go: whether they may be written at all, and whether the buddy looks first."""

import re
from typing import Protocol

from msgspec.structs import replace

from agent_tui.domain.calls import APPROVAL, called
from agent_tui.domain.models import MessageKind, MessageState, Part, Role, Ticket
from agent_tui.domain.privacy import mask_text
from agent_tui.domain.ruling import Applied, Scene, applied, call_of, message_of
from agent_tui.domain.text import fillings, fold, refilled

# When less than that is left of an answer, it is not the pack's answer any more.
WHOLE = 0.6
_MONEY = re.compile(r"赔偿|赔付|赔您|补偿|补您|返您|代金券|compensat|reimburs|make it up to you")


class _Used(Protocol):
    """A knowledge entry that went into a reply, and the share of it that was kept."""

    @property
    def id(self) -> str:
        """Which entry."""

    @property
    def kept(self) -> float:
        """0 to 1."""


class HelpersReply(Protocol):
    """What these rules read of a `send-reply`."""

    @property
    def id(self) -> str:
        """The message it becomes."""

    @property
    def ticket(self) -> str:
        """The ticket it answers."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """What was written."""

    @property
    def entries(self) -> tuple[_Used, ...]:
        """What it was made of."""

    @property
    def draft(self) -> str | None:
        """The handed draft it follows."""


def may_write(command: HelpersReply, scene: Scene) -> bool:
    """Whether the actor may send these words at all.

    A helper answers with an entry of the pack, with an emergency card or with a draft they were handed; words
    of their own need the lead's leave (`Seat.free_text`). Everybody else writes what they like.
    """
    if not _is_lent(scene) or scene.actor.free_text:
        return True
    return _is_from_pack(command, scene) or _says_card(command, scene) or _follows_draft(command, scene)


def needs_approval(command: HelpersReply, ticket: Ticket, scene: Scene) -> bool:
    """Whether a helper's reply waits for the buddy's eye: the team's policy says what does.

    Two kinds of words do not wait, not even among the day's first ones. Those of an emergency card: whoever
    reads of fire or injury has to hear them now, the pack's editor has weighed them, and the lead has been
    called. And a draft sent as it was handed: a core agent wrote it. Words that give money away wait in a
    card too; what was typed into a draft's blanks makes it the helper's own.
    """
    if not _is_lent(scene) or _is_draft(command, scene):
        return False
    if _MONEY.search(fold(_words(command))):
        return True
    if _says_card(command, scene):
        return False
    rules = scene.policy.helpers
    if scene.actor.replies < rules.first_replies or ticket.category.value in rules.held_categories:
        return True
    return rules.outside_pack and not (_is_from_pack(command, scene) or _follows_draft(command, scene))


def awaiting(command: HelpersReply, ticket: Ticket, scene: Scene) -> Applied:
    """The reply is kept for the buddy; the customer has not been answered, so every promise runs on."""
    parts = spelled_out(command, scene)
    message = message_of(command.id, ticket, scene, MessageKind.REPLY, MessageState.AWAITING, parts)
    call = replace(call_of(scene, APPROVAL), message=message.id)
    return applied(called(ticket, call), message, scene)


def _is_lent(scene: Scene) -> bool:
    """Whether the actor is a helper with a pack; one who was only ever given tickets by hand has no rules."""
    return scene.actor.role is Role.HELPER and scene.actor.pack is not None


def _is_from_pack(command: HelpersReply, scene: Scene) -> bool:
    known = scene.pack_entries or frozenset()
    return any(used.id in known and used.kept >= WHOLE for used in command.entries)


def _says_card(command: HelpersReply, scene: Scene) -> bool:
    """A card counts by its words, not by its name: nothing else may go out under it."""
    said = _words(command)
    cards = (scene.pack_cards.get(used.id) for used in command.entries)
    return not _has_files(command) and any(card and card.strip() == said for card in cards)


def _is_draft(command: HelpersReply, scene: Scene) -> bool:
    return _typed(command, scene) == ()


def _follows_draft(command: HelpersReply, scene: Scene) -> bool:
    """Whether the reply is the draft it names, with nothing but its blanks filled in."""
    return _typed(command, scene) is not None


def _typed(command: HelpersReply, scene: Scene) -> tuple[str, ...] | None:
    """What was typed into the blanks of the draft that the reply names; None when it is not that draft."""
    draft = _draft(command, scene)
    if draft is None or not _carries_no_more(command, scene):
        return None
    said = _words(command)
    typed = fillings(draft, said)
    return typed if typed is not None else fillings(_as_helper_reads(draft, scene), said)


def _carries_no_more(command: HelpersReply, scene: Scene) -> bool:
    """Whether what the reply carries besides words was handed with the draft."""
    handed = {_carried(part) for part in scene.message.parts} if scene.message else set()
    return {_carried(part) for part in command.parts if part.type != "text"} <= handed


def _carried(part: Part) -> tuple[str, str]:
    return part.type, part.file.id if part.file else f"{part.number} {part.name} {part.url}"


def spelled_out(command: HelpersReply, scene: Scene) -> tuple[Part, ...]:
    """The parts of a reply as the customer reads them.

    A helper reads a draft with the customer's name and numbers masked; they go out as they were written.
    """
    typed = _typed(command, scene) if _is_lent(scene) else None
    draft = _draft(command, scene)
    if typed is None or draft is None:
        return command.parts
    words = (Part(type="text", text=refilled(draft, typed)),) if draft else ()
    return *words, *(part for part in command.parts if part.type != "text")


def _as_helper_reads(draft: str, scene: Scene) -> str:
    return mask_text(draft, scene.ticket.customer.name if scene.ticket else "")


def _draft(command: HelpersReply, scene: Scene) -> str | None:
    """The words of the draft that the reply names; None when none was handed on this ticket."""
    message = scene.message
    if command.draft is None or message is None or message.id != command.draft:
        return None
    if message.ticket != command.ticket or message.kind is not MessageKind.WHISPER:
        return None
    drafts = [part.text for part in message.parts if part.type == "draft"]
    return "\n".join(drafts).strip() if drafts else None


def _words(command: HelpersReply) -> str:
    return "\n".join(part.text for part in command.parts if part.text).strip()


def _has_files(command: HelpersReply) -> bool:
    return any(part.file is not None for part in command.parts)
