"""What runs beside the rule: the first guess however unsure, the words alone, and plain BM25."""

import math
from collections import Counter
from collections.abc import Callable

from agent_tui.domain.models import TicketDetail
from agent_tui.domain.reading import read
from agent_tui.knowledge.packs.advise import PackAdviser
from agent_tui.knowledge.packs.resolved import ResolvedPack
from agent_tui.knowledge.recommend.recommender import Recommender
from agent_tui.knowledge.recommend.usage_log import Said
from agent_tui.knowledge.text.tokens import normalize, units
from tests.bench.helpers_people import Guest

_K1, _B = 1.2, 0.75


def first_guess(pack: ResolvedPack) -> Callable[[Guest, TicketDetail], str]:
    """The recommendation at the top, sure or not."""
    adviser = PackAdviser(pack)

    def choose(guest: Guest, detail: TicketDetail) -> str:
        said = [Said(text) for text in guest.case.messages]
        advice = adviser.advise(said, read(list(guest.case.messages)).category.value, detail.order_detail)
        return advice.entries[0] if advice.entries else ""

    return choose


def first_by_words(pack: ResolvedPack) -> Callable[[Guest, TicketDetail], str]:
    """What the agents' recommender, which knows nothing of orders, puts first."""
    recommender = Recommender.build(pack.entries)

    def choose(guest: Guest, detail: TicketDetail) -> str:
        said = [Said(text) for text in guest.case.messages]
        category = read(list(guest.case.messages)).category.value
        hits = recommender.recommend(said, category, pack.pack.language).hits
        return hits[0].id if hits else ""

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
