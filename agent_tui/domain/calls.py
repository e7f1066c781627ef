"""Calls for help on a ticket: all that run, the one that is shown, and how they escalate."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from agent_tui.domain.models import HelpCall, Person, Status, Ticket
from agent_tui.domain.policy import Policy
from agent_tui.domain.urgency import SETTLED

ASKED, APPROVAL, CARD = "asked", "approval", "card"
BUDDY, CORE, LEAD = "buddy", "core", "lead"
_STAGES = (BUDDY, CORE, LEAD)
_SHOWN_FIRST = (CARD, APPROVAL, ASKED)


def calls_of(ticket: Ticket) -> tuple[HelpCall, ...]:
    """All calls that run on `ticket`; a ticket that was stored before there could be several has one."""
    if not ticket.calls and ticket.help is not None:
        return (ticket.help,)
    return ticket.calls


def shown(calls: Iterable[HelpCall]) -> HelpCall | None:
    """The call that a list shows: a card before a reply that awaits before a question, the oldest first."""
    return min(calls, key=lambda call: (_SHOWN_FIRST.index(call.reason), call.at), default=None)


def with_calls(ticket: Ticket, calls: Iterable[HelpCall]) -> Ticket:
    """`ticket` with these calls; the one place where `help` is set."""
    calls = tuple(calls)
    return replace(ticket, calls=calls, help=shown(calls))


def new_call(
    by: Person, to: Person | None, reason: str, now: datetime, policy: Policy, text: str = ""
) -> HelpCall:
    """A call by a helper to their buddy, or to any core agent while they have none; a card calls the lead."""
    stage = LEAD if reason == CARD else BUDDY if to is not None else CORE
    return HelpCall(at=now, by=by, reason=reason, stage=stage, to=to, text=text, due=_due(stage, now, policy))


def called(ticket: Ticket, call: HelpCall) -> Ticket:
    """`ticket` with one call more; the same question or card again begins anew."""
    others = [one for one in calls_of(ticket) if (one.reason, one.message) != (call.reason, call.message)]
    return with_calls(ticket, (*others, call))


def answered(ticket: Ticket, *reasons: str) -> Ticket:
    """`ticket` without its calls for one of `reasons`."""
    return with_calls(ticket, (call for call in calls_of(ticket) if call.reason not in reasons))


def looked_at(ticket: Ticket, message: str) -> Ticket:
    """`ticket` whose reply `message` was approved or returned by somebody who has come and seen the rest."""
    left = answered(ticket, ASKED, CARD)
    return with_calls(left, (call for call in left.calls if call.message not in (message, None)))


def awaits_approval(ticket: Ticket) -> bool:
    """Whether a helper's reply waits for somebody's eye."""
    return any(call.reason == APPROVAL for call in calls_of(ticket))


def without_calls(ticket: Ticket) -> Ticket:
    """`ticket` on which nobody calls any more."""
    return with_calls(ticket, ())


def due_at(ticket: Ticket) -> datetime | None:
    """When the next call goes to its next stage; None while none does."""
    return min((call.due for call in ticket.calls if call.due is not None), default=None)


def escalated(ticket: Ticket, now: datetime, policy: Policy) -> Ticket:
    """`ticket` whose calls that nobody answered in time go on: from the buddy to any core agent, to the lead.

    Those of a helper who no longer has the ticket end; on a settled one only what awaits approval calls on.
    """
    further = (_further(call, now, policy) for call in calls_of(ticket) if _holds(call, ticket))
    return replace(with_calls(ticket, further), version=ticket.version + 1, updated_at=now)


def _holds(call: HelpCall, ticket: Ticket) -> bool:
    if ticket.assignee is None or ticket.assignee.id != call.by.id or ticket.status is Status.CLOSED:
        return False
    return ticket.status not in SETTLED or call.reason == APPROVAL


def _further(call: HelpCall, now: datetime, policy: Policy) -> HelpCall:
    if call.due is None or call.due > now:
        return call
    stage = _STAGES[min(_STAGES.index(call.stage) + 1, len(_STAGES) - 1)]
    return replace(call, stage=stage, to=None, due=_due(stage, now, policy))


def _due(stage: str, since: datetime, policy: Policy) -> datetime | None:
    seconds = {BUDDY: policy.helpers.buddy_seconds, CORE: policy.helpers.core_seconds}.get(stage)
    return None if seconds is None else since + timedelta(seconds=seconds)
