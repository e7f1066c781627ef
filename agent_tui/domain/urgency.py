"""Urgency: the time left to the next promise, made earlier by reasons that can be read on the screen."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from agent_tui.domain.models import (
    Category,
    Class,
    Danger,
    Floor,
    Mood,
    Phase,
    Priority,
    Promise,
    PromiseKind,
    PromiseState,
    Status,
    Ticket,
    Tier,
    Urgency,
    UrgencyPart,
)
from agent_tui.domain.policy import Policy

SETTLED = frozenset({Status.SOLVED, Status.CLOSED})
_ANSWERS = frozenset({PromiseKind.FIRST_RESPONSE, PromiseKind.NEXT_REPLY})
# What is dangerous stands above every tier and every promise, by more than any promise lasts.
ABOVE_ALL = 365 * 86_400
DANGEROUS = {danger: f"danger-{danger.value}" for danger in Danger}
_SETTLING = frozenset({PromiseKind.RESOLUTION, PromiseKind.PLAN, PromiseKind.DEPARTMENT})


def next_promise(ticket: Ticket) -> Promise | None:
    """The running promise that breaks first."""
    running = [p for p in ticket.promises if p.state is PromiseState.RUNNING]
    return min(running, key=lambda p: p.due_at, default=None)


def urgency_of(ticket: Ticket, floor: Floor, policy: Policy) -> Urgency:
    """The ticket's urgency with every reason for it; nothing promised or settled has no due time."""
    promise = None if ticket.status in SETTLED else next_promise(ticket)
    if promise is None:
        return Urgency()
    parts = tuple(UrgencyPart(reason=r, seconds=-s) for r, s in _reasons(ticket, floor, policy) if s)
    seconds = sum(p.seconds for p in parts)
    return Urgency(due_at=promise.due_at + timedelta(seconds=seconds), parts=parts)


def _reasons(ticket: Ticket, floor: Floor, policy: Policy) -> Iterator[tuple[str, int]]:
    sooner = policy.sooner
    if ticket.danger is not None:
        yield DANGEROUS[ticket.danger], ABOVE_ALL
    if ticket.customer.tier is Tier.VIP:
        yield "tier-vip", sooner.tier_vip
    elif ticket.customer.tier is Tier.MEMBER:
        yield "tier-member", sooner.tier_member
    if ticket.high_value:
        yield "high-value", sooner.high_value
    if ticket.priority is Priority.URGENT:
        yield "priority-urgent", sooner.priority_urgent
    elif ticket.priority is Priority.HIGH:
        yield "priority-high", sooner.priority_high
    if ticket.mood is Mood.ANGRY:
        yield "mood-angry", sooner.mood_angry
    elif ticket.mood is Mood.ANXIOUS:
        yield "mood-anxious", sooner.mood_anxious
    if floor.level and ticket.priority in (Priority.HIGH, Priority.URGENT):
        yield f"emergency-{floor.level}", floor.level * sooner.emergency_per_level


def above_all(part: UrgencyPart) -> bool:
    """Whether a reason is danger, which stands above all promises and isn't counted in seconds."""
    return part.seconds <= -ABOVE_ALL


def ranked(ticket: Ticket, floor: Floor, policy: Policy) -> Ticket:
    """`ticket` with its urgency worked out anew."""
    return replace(ticket, urgency=urgency_of(ticket, floor, policy))


def _first_response_seconds(ticket: Ticket, floor: Floor, policy: Policy) -> int:
    first = policy.first_response
    if floor.phase is Phase.PEAK and ticket.priority is Priority.URGENT:
        return first.urgent_in_peak
    if ticket.customer.tier is Tier.VIP or ticket.high_value:
        return first.vip
    by_class = {Class.TECHNICAL: first.technical, Class.PROCESS: first.process, Class.QUERY: first.query}
    return by_class[ticket.class_]


def _settle_by(ticket: Ticket, policy: Policy) -> tuple[PromiseKind, int] | None:
    rules = policy.resolution
    if ticket.category is Category.COMPLAINT:
        return PromiseKind.PLAN, rules.complaint_plan
    if ticket.customer.tier is Tier.VIP or ticket.high_value:
        return PromiseKind.RESOLUTION, rules.vip
    if ticket.category in (Category.RETURN, Category.EXCHANGE):
        return PromiseKind.RESOLUTION, rules.return_or_exchange
    return None


def _has(ticket: Ticket, kinds: frozenset[PromiseKind]) -> bool:
    return any(p.kind in kinds and p.state is PromiseState.RUNNING for p in ticket.promises)


def promise_on_customer_message(ticket: Ticket, at: datetime, floor: Floor, policy: Policy) -> Ticket:
    """`ticket` with the promises that a customer's message of time `at` starts."""
    promises = list(ticket.promises)
    if not _has(ticket, _ANSWERS):
        if any(p.kind is PromiseKind.FIRST_RESPONSE for p in promises):
            rule = policy.next_reply
            promises = [p for p in promises if p.kind is not PromiseKind.NEXT_REPLY]
            promises.append(_promise(PromiseKind.NEXT_REPLY, at, rule.breach, rule.warn))
        else:
            seconds = _first_response_seconds(ticket, floor, policy)
            promises.append(_promise(PromiseKind.FIRST_RESPONSE, at, seconds, seconds // 2))
    settle = _settle_by(ticket, policy)
    if settle is not None and not any(p.kind is settle[0] for p in promises):
        promises.append(_promise(settle[0], at, settle[1], settle[1] * 3 // 4))
    return replace(ticket, promises=tuple(promises))


def _promise(kind: PromiseKind, at: datetime, seconds: int, warn: int) -> Promise:
    return Promise(kind=kind, due_at=at + timedelta(seconds=seconds), warn_at=at + timedelta(seconds=warn))


def _close(ticket: Ticket, kinds: frozenset[PromiseKind], at: datetime) -> Ticket:
    def closed(promise: Promise) -> Promise:
        if promise.kind not in kinds or promise.state is not PromiseState.RUNNING:
            return promise
        state = PromiseState.KEPT if at <= promise.due_at else PromiseState.BROKEN
        return replace(promise, state=state)

    return replace(ticket, promises=tuple(closed(p) for p in ticket.promises))


def promise_on_reply(ticket: Ticket, at: datetime) -> Ticket:
    """`ticket` with its answer promises kept or broken by a reply of time `at`."""
    return _close(ticket, _ANSWERS, at)


def promise_on_status(ticket: Ticket, status: Status, at: datetime, policy: Policy) -> Ticket:
    """`ticket` with the promises that a new status starts, keeps or breaks."""
    if status in SETTLED:
        return _close(ticket, _ANSWERS | _SETTLING, at)
    if status is Status.ON_HOLD and ticket.status is not Status.ON_HOLD:
        seconds = policy.resolution.department_plan
        kept = tuple(p for p in ticket.promises if p.kind is not PromiseKind.DEPARTMENT)
        promise = _promise(PromiseKind.DEPARTMENT, at, seconds, seconds * 3 // 4)
        return replace(ticket, promises=(*kept, promise))
    if ticket.status is Status.ON_HOLD and status is not Status.ON_HOLD:
        return _close(ticket, frozenset({PromiseKind.DEPARTMENT}), at)
    return ticket
