"""The rules of the 1+1: asking, whispering, handing drafts, approving, taking over, handing over."""

from msgspec.structs import replace

from agent_tui.domain.commands import (
    AcceptDraft,
    Approve,
    AskBuddy,
    GiveBack,
    HandDraft,
    HandOver,
    OpenCard,
    ReturnReply,
    TakeOver,
    TickSteps,
    Whisper,
)
from agent_tui.domain.events import MessageChanged
from agent_tui.domain.models import (
    Availability,
    Category,
    HelpCall,
    Message,
    MessageKind,
    MessageState,
    Part,
    Role,
    Status,
    Ticket,
)
from agent_tui.domain.policy import Policy
from agent_tui.domain.ruling import (
    Applied,
    Refused,
    Ruling,
    Scene,
    applied,
    call_of,
    last_of,
    message_of,
    person_of,
    with_event,
)
from agent_tui.domain.urgency import promise_on_reply

HelpingDeed = (
    AskBuddy
    | Whisper
    | HandDraft
    | AcceptDraft
    | Approve
    | ReturnReply
    | TakeOver
    | GiveBack
    | HandOver
    | TickSteps
    | OpenCard
)
HELPER_DEEDS = (AskBuddy, AcceptDraft, HandOver, TickSteps, OpenCard)
CORE_DEEDS = (Whisper, HandDraft, Approve, ReturnReply, TakeOver, GiveBack)
# What passes between a helper and those who help: nobody else's deed is out of date by it.
ASIDE = (AskBuddy, Whisper, HandDraft, AcceptDraft, TickSteps, OpenCard)
NEVER_HELPERS = frozenset({Category.COMPLAINT, Category.RISK})


def fits_helper(
    ticket: Ticket,
    categories: frozenset[str],
    processes: frozenset[str],
    policy: Policy,
    language: str = "",
) -> bool:
    """Whether `ticket` is one a helper can settle alone.

    `categories` are those of the pack, `processes` those for which it has a procedure, `language` is what its
    answers are in. Complaints, risk, a second contact, and tiers and moods beyond the policy never fit.
    """
    return not why_unfit(ticket, categories, processes, policy, language)


def why_unfit(
    ticket: Ticket,
    categories: frozenset[str],
    processes: frozenset[str],
    policy: Policy,
    language: str = "",
) -> tuple[str, ...]:
    """Why `ticket` is not one a helper can settle alone, in stable words; nothing when it is."""
    rules = policy.helpers
    skills = {"query": categories, "process": processes}.get(ticket.class_.value, frozenset())
    reasons = {
        "core-only": ticket.core_only,
        "second-contact": ticket.contacts > 1,
        "mood": ticket.mood.value not in rules.moods,
        "tier": ticket.customer.tier.value not in rules.tiers,
        "high-value": ticket.high_value,
        "category": ticket.category in NEVER_HELPERS or ticket.category.value not in skills,
        "language": bool(language and ticket.language and language != ticket.language),
    }
    return tuple(reason for reason, holds in reasons.items() if holds)


def decide_helping(command: HelpingDeed, ticket: Ticket, scene: Scene) -> Ruling:
    """Rule on a deed of the 1+1; the caller has seen to it that the actor may see `ticket`."""
    is_helper = scene.actor.role is Role.HELPER
    if is_helper != isinstance(command, HELPER_DEEDS):
        return Refused("not-allowed")
    return _as_helper(command, ticket, scene) if is_helper else _as_core(command, ticket, scene)


def _as_helper(command: HelpingDeed, ticket: Ticket, scene: Scene) -> Ruling:
    id = command.id
    match command:
        case AskBuddy(text=text):
            call = call_of(scene, "asked", text)
            return with_event(id, replace(ticket, help=call), scene, "help-asked", _by(scene), text)
        case AcceptDraft(message=wanted):
            if not _is_draft(scene.message, ticket, wanted):
                return Refused("unknown-message")
            return with_event(id, replace(ticket, help=None), scene, "draft-accepted", _by(scene))
        case HandOver(reason=reason):
            after = replace(ticket, assignee=None, helper=None, help=None, core_only=True)
            return with_event(id, after, scene, "handed-over", _by(scene), reason)
        case TickSteps(text=text):
            part = Part(type="text", text=text)
            return applied(
                ticket, message_of(id, ticket, scene, MessageKind.NOTE, MessageState.KEPT, (part,)), scene
            )
        case OpenCard(title=title):
            call = replace(call_of(scene, "card", title), stage="lead")
            return with_event(id, replace(ticket, help=call), scene, "card-opened", _by(scene), title)
        case _:
            return Refused("not-allowed")


def _as_core(command: HelpingDeed, ticket: Ticket, scene: Scene) -> Ruling:
    match command:
        case Whisper(id=id, parts=parts):
            return _whispered(id, parts, replace(ticket, help=_unless_approval(ticket)), scene)
        case HandDraft(id=id, text=text):
            draft = Part(type="draft", text=text)
            return _whispered(id, (draft,), replace(ticket, help=_unless_approval(ticket)), scene)
        case Approve():
            return _approve(command, ticket, scene)
        case ReturnReply():
            return _return(command, ticket, scene)
        case TakeOver():
            return _take_over(command, ticket, scene)
        case GiveBack():
            return _give_back(command, ticket, scene)
        case _:
            return Refused("not-allowed")


def _whispered(id: str, parts: tuple[Part, ...], ticket: Ticket, scene: Scene) -> Applied:
    return applied(
        ticket, message_of(id, ticket, scene, MessageKind.WHISPER, MessageState.KEPT, parts), scene
    )


def _approve(command: Approve, ticket: Ticket, scene: Scene) -> Ruling:
    message = scene.message
    if not _awaits(message, ticket) or message is None:
        return Refused("nothing-awaits")
    answered = promise_on_reply(ticket, scene.now)
    status = Status.OPEN if ticket.status in (Status.NEW, Status.SOLVED) else ticket.status
    sent = replace(message, state=MessageState.SENT, at=scene.now)
    after = replace(
        answered, status=status, last_message=last_of(sent), unread=0, waiting_since=None, help=None
    )
    ruling = with_event(command.id, after, scene, "approved", _by(scene))
    return Applied((MessageChanged(message=sent), *ruling.events))


def _return(command: ReturnReply, ticket: Ticket, scene: Scene) -> Ruling:
    message = scene.message
    if not _awaits(message, ticket) or message is None:
        return Refused("nothing-awaits")
    back = replace(message, state=MessageState.RETURNED)
    parts = (Part(type="text", text=command.text),)
    ruling = _whispered(command.id, parts, replace(ticket, help=None), scene)
    return Applied((MessageChanged(message=back), *ruling.events))


def _take_over(command: TakeOver, ticket: Ticket, scene: Scene) -> Ruling:
    if ticket.assignee is None or ticket.assignee.id == scene.actor.id:
        return Refused("nothing-to-take")
    after = replace(ticket, assignee=person_of(scene.actor), helper=ticket.assignee, help=None)
    values = {**_by(scene), "from": ticket.assignee.name}
    return with_event(command.id, after, scene, "taken-over", values)


def _give_back(command: GiveBack, ticket: Ticket, scene: Scene) -> Ruling:
    if ticket.helper is None:
        return Refused("nothing-to-give-back")
    if scene.target is not None and scene.target.availability is Availability.OFFLINE:
        return Refused("not-online", ticket.helper.name)
    after = replace(ticket, assignee=ticket.helper, helper=None)
    values = {**_by(scene), "to": ticket.helper.name}
    return with_event(command.id, after, scene, "given-back", values)


def _awaits(message: Message | None, ticket: Ticket) -> bool:
    return message is not None and message.ticket == ticket.id and message.state is MessageState.AWAITING


def _is_draft(message: Message | None, ticket: Ticket, wanted: str) -> bool:
    if message is None or message.id != wanted or message.ticket != ticket.id:
        return False
    return any(p.type == "draft" for p in message.parts)


def _unless_approval(ticket: Ticket) -> HelpCall | None:
    """A whisper answers a question, but a reply that awaits approval goes on waiting."""
    return ticket.help if ticket.help is not None and ticket.help.reason == "approval" else None


def _by(scene: Scene) -> dict[str, str]:
    return {"by": scene.actor.name}
