"""What runs beside the rule: the first guess however unsure, the words alone, and plain BM25."""

import math
from collections import Counter
from collections.abc import Callable

from agent_tui.domain.models import TicketDetail
from agent_tui.knowledge.packs.resolved import ResolvedPack
from agent_tui.knowledge.recommend.recommender import Recommender
from agent_tui.knowledge.recommend.situation import Situation
from agent_tui.knowledge.recommend.usage_log import Said
from agent_tui.knowledge.text.tokens import normalize, units
from tests.bench.helpers_people import Guest

_K1, _B = 1.2, 0.75


def first_guess(pack: ResolvedPack) -> Callable[[Guest, TicketDetail], str]:
    """The recommendation at the top, sure or not."""
    recommender = Recommender(pack.library)

    def choose(guest: Guest, detail: TicketDetail) -> str:
        said = tuple(Said(text) for text in guest.case.messages)
        found = recommender.guess(Situation(messages=said, order=detail.order_detail), only=pack.ids)
        return found.advice[0].entry.id if found.advice else ""

    return choose


def first_by_words(pack: ResolvedPack) -> Callable[[Guest, TicketDetail], str]:
    """What the words alone put first, the order unknown."""
    recommender = Recommender(pack.library)

    def choose(guest: Guest, detail: TicketDetail) -> str:
        said = tuple(Said(text) for text in guest.case.messages)
        found = recommender.guess(Situation(messages=said), only=pack.ids)
        return found.advice[0].entry.id if found.advice else ""

    return choose


def first_by_bm25(pack: ResolvedPack) -> Callable[[Guest, TicketDetail], str]:
    """The answer whose title, when-line and text fit best by BM25 over characters, pairs and words."""
    bags = {one.id: Counter(_terms(f"{one.title} {one.when} {one.entry.text}")) for one in pack.answers}
    held = Counter(term for bag in bags.values() for term in bag)
    usual = sum(bag.total() for bag in bags.values()) / max(1, len(bags))

    def fit(asked: list[str], bag: Counter[str]) -> float:
        long = _K1 * (1 - _B + _B * bag.total() / usual)
        rare = {term: math.log(1 + (len(bags) - held[term] + 0.5) / (held[term] + 0.5)) for term in asked}
        return sum(rare[term] * bag[term] * (_K1 + 1) / (bag[term] + long) for term in asked)

    def choose(guest: Guest, detail: TicketDetail) -> str:
        asked = _terms(" ".join(guest.case.messages))
        return max(bags, key=lambda id: fit(asked, bags[id]))

    return choose


def _terms(text: str) -> list[str]:
    """Characters, pairs of neighbouring characters, and words of letters."""
    found, before = [], ""
    for unit in units(normalize(text)):
        found.append(unit.text)
        if before and not unit.is_word:
            found.append(before + unit.text)
        before = "" if unit.is_word else unit.text
    return found
