"""The right answers of the drills can be found on the helper's screen: offered at once, or by a word."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from agent_tui.domain.models import Order
from agent_tui.domain.reading import read
from agent_tui.drill.orders import order_of
from agent_tui.drill.sets import STAGES, DrillCustomer, Turn, dates_of, drill_set, values_of
from agent_tui.knowledge.recommend.situation import Situation
from agent_tui.knowledge.recommend.usage_log import Said
from agent_tui.tui.helper.handbook import Handbook
from tests.tui.helping import pack

DAY = date(2026, 11, 11)
NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)
# Farther down than this nobody looks without typing.
IN_SIGHT = 3


def heard(customer: DrillCustomer) -> Iterator[tuple[Turn, list[Said]]]:
    """What has been said when each turn of a customer is to be answered."""
    talk: list[Said] = []
    for turn in customer.turns:
        talk = [*talk, *(Said(words) for words in turn.says)]
        yield turn, talk
        talk = [*talk, Said("好的", side="agent")]


def order(customer: DrillCustomer, language: str) -> Order | None:
    """What the screen knows of their order."""
    told = customer, DAY, language
    return order_of(values_of(*told), dates_of(*told), "c", 1)


@pytest.mark.parametrize("id", ["logistics", "returns", "promotion", "live", "basics-en"])
async def test_the_right_answer_is_in_sight_or_found_by_the_word_that_is_named(id: str) -> None:
    known = pack(id)
    handbook = Handbook(lambda *_: known)
    await handbook.open(id)
    hidden = []
    for one in (one for stage in STAGES for one in drill_set(id, stage).customers):
        bought = order(one, known.pack.language)
        for turn, talk in heard(one):
            category = read([said.text for said in talk if said.side == "customer"]).category.value
            situation = Situation(messages=tuple(talk), category=category, order=bought, now=NOON)
            advised = await handbook.advise(situation)
            seen = {answer.id for answer in advised.answers[:IN_SIGHT]}
            found = {hit.id for hit in known.search(turn.find)[:3]} if turn.find else set()
            if turn.response == "answer" and not set(turn.right) & (found or seen):
                hidden.append((one.id, turn.says, turn.find, sorted(seen)))
    assert hidden == []
