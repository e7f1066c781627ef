"""What an answer is wanted for, and what may answer: the words of everybody who asks the advisor."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from agent_tui.domain.conditions import ALWAYS, Fit
from agent_tui.domain.models import Floor, Order, Ticket, TicketDetail, Tier
from agent_tui.domain.order_facts import OrderFacts
from agent_tui.domain.reading import ConversationReading
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend.usage_log import Said

# The server has said that an order is one of high value; which sum that takes is its own policy.
_ANY_SUM = 0.01


class Situation(Struct, frozen=True, kw_only=True):
    """What an answer is wanted for: the conversation, oldest first, the order as far as it is known, and
    where and when it happens.

    `category` is the ticket's; `language` is that of the customer's words where it is empty, `now` the
    advisor's own clock where it is None; `high_value` is the sum from which an order counts as one.
    """

    messages: tuple[Said, ...] = ()
    category: str = ""
    channel: str = ""
    language: str = ""
    order: Order | None = None
    tier: Tier = Tier.REGULAR
    floor: Floor | None = None
    now: datetime | None = None
    high_value: float = 0


def situation_of(ticket: Ticket | None, said: Sequence[Said], floor: Floor | None = None) -> Situation:
    """The situation of a ticket, as far as it is here; an empty one while nobody waits for an answer."""
    if ticket is None or not said or said[-1].side != "customer":
        return Situation()
    return Situation(
        messages=tuple(said), category=ticket.category.value, channel=ticket.channel,
        order=ticket.order_detail if isinstance(ticket, TicketDetail) else None, tier=ticket.customer.tier,
        floor=floor, high_value=_ANY_SUM if ticket.high_value else 0,
    )  # fmt: skip


class Advice(Struct, frozen=True, kw_only=True):
    """A recommended entry: `why` is a stable word, `because` the similar question that led to it.

    `score` is the probability that it answers, `stars` (0 to 3) its band; `fit` says whether it is true of
    the order; `question` is the place of what it answers in the guess's questions. Words: `learned`,
    `usages`, `popular`, `title`, `text`, `similar`, `danger`, `asks`.
    """

    entry: Entry
    score: float
    why: str
    because: str = ""
    stars: int = 0
    fit: Fit = ALWAYS
    question: int = 0


class Guess(Struct, frozen=True, kw_only=True):
    """What may answer, best first, and nothing that is untrue of the order: that stands in `untrue`.

    `offered` stands on digits, nothing where nothing is sure; a helper is offered it where it `is_certain`.
    `questions` are the customer's open questions, oldest first; with two of them the first advice for each
    stands in front. `reading` and `facts` are what all this rests on.
    """

    advice: tuple[Advice, ...] = ()
    offered: tuple[Advice, ...] = ()
    is_certain: bool = False
    questions: tuple[str, ...] = ()
    untrue: tuple[Advice, ...] = ()
    reading: ConversationReading | None = None
    facts: OrderFacts = OrderFacts()

    @property
    def is_sure(self) -> bool:
        """Whether something is good enough to be offered unasked."""
        return bool(self.offered)
