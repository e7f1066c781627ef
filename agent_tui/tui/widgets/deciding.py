"""What of an order decides now: a promise that has passed, a parcel that stands still, a refund that runs."""

from collections.abc import Iterator
from datetime import UTC, datetime

from agent_tui.domain.order_facts import OrderFacts, facts_of
from agent_tui.domain.orders import Order
from agent_tui.i18n import texts
from agent_tui.knowledge.recommend.reasons import number_in_words

# A parcel is scanned once a day at least; before that nobody needs to hear of it.
_QUIET_HOURS = 24
_OLD_DAYS = 30


def deciding(order: Order, now: float) -> tuple[str, ...]:
    """What decides about `order` at `now` (epoch seconds), in words, the most pressing first."""
    return tuple(_deciding(facts_of(order, datetime.fromtimestamp(now, UTC))))


def _deciding(facts: OrderFacts) -> Iterator[str]:
    said = texts().fit.so
    if facts.overdue and facts.overdue_days is not None:
        yield number_in_words("overdue_days", facts.overdue_days)
    if facts.uncollected:
        yield said["uncollected"]
    if facts.scan_hours is not None and facts.scan_hours >= _QUIET_HOURS:
        yield number_in_words("scan_hours", facts.scan_hours)
    if facts.eta_passed:
        yield said["eta_passed"]
    if facts.refund_hours is not None:
        yield number_in_words("refund_hours", facts.refund_hours)
    if facts.delivered and facts.signed_days is not None and facts.signed_days <= _OLD_DAYS:
        yield number_in_words("signed_days", facts.signed_days)
