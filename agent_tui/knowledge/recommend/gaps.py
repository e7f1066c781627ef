"""Gaps: what customers asked that no entry answered, in clusters (average linkage, Sokal & Michener 1958).

Personal data goes before anything is compared, shown or written. An opening is unanswered where the agent
sent words of their own, or, where nobody knows what was sent, where the advisor is sure of nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from agent_tui.domain.models import Category
from agent_tui.domain.order_facts import OrderFacts
from agent_tui.domain.text import clean, one_line
from agent_tui.knowledge.content.duplicates import NearDuplicates
from agent_tui.knowledge.recommend.asking import questions_of, written_in
from agent_tui.knowledge.recommend.recommender import Recommender
from agent_tui.knowledge.recommend.situation import Situation
from agent_tui.knowledge.recommend.term_index import TermIndex
from agent_tui.knowledge.recommend.usage_log import strip_personal
from agent_tui.knowledge.recommend.word_index import bag_of

Array = Any

MOST_OPENINGS = 1_500
MOST_QUESTIONS = 12
_LONGEST_QUESTION = 60
_LONGEST_REPLY = 600
# Alike enough to be one matter: where six of ten pairs of questions put together belong to one entry (five in
# English, which has fewer entries to come near to), tried on entries left out of the library.
_ALIKE = {"zh": 0.25, "en": 0.35}
_COMMON = 0.75
_CATEGORIES = frozenset(category.value for category in Category)
_TAKEN_OUT = re.compile(r"\[[\u4e00-\u9fff]{2,6}\]")
_STATES = ("unpaid", "paid", "shipped", "delivered", "returning", "returned", "refunded", "cancelled")
_ALSO = (
    "presale", "overdue", "uncollected", "stuck", "delivering", "refunding", "refund_paid", "refund_rejected",
)  # fmt: skip


class Unanswered(Struct, frozen=True, kw_only=True):
    """What a customer asked first and nothing answered, and what the agent wrote instead, without personal
    data."""

    question: str
    reply: str
    category: str
    language: str
    facts: OrderFacts


class ContentGap(Struct, frozen=True, kw_only=True):
    """Customers who asked the same: how many, how they put it, the most central first.

    `true_when` says what most of their orders have in common, empty where that is nothing; `reply` is the
    agents' own reply that is most like their other ones, empty where there is none.
    """

    size: int
    questions: tuple[str, ...]
    category: str
    language: str
    true_when: str
    reply: str


def unanswered_in(
    situation: Situation,
    recommender: Recommender,
    *,
    reply: str = "",
    is_own: bool | None = None,
    personal: Iterable[str] = (),
) -> Unanswered | None:
    """The opening of a situation where it is unanswered; None where it is answered or asks nothing.

    `is_own` says whether the agent's words were their own, None where that is not known; `personal` are the
    names and numbers of this customer.
    """
    if is_own is False:
        return None
    guess = recommender.guess(situation)
    if guess.reading is None or (is_own is None and guess.is_sure):
        return None
    asked = [one for one in questions_of(situation, guess.reading) if not (one.asks_nothing or one.is_vague)]
    if not asked:
        return None
    known = tuple(personal)
    words = strip_personal(clean(" ".join(one.words for one in asked)), known)
    return Unanswered(
        question=one_line(words, _LONGEST_QUESTION), reply=strip_personal(clean(reply), known).strip(),
        category=next((one.subject for one in asked if one.subject in _CATEGORIES), "other"),
        language=written_in(words), facts=guess.facts,
    )  # fmt: skip


def gaps_of(unanswered: Sequence[Unanswered], recommender: Recommender, least: int = 2) -> list[ContentGap]:
    """The clusters of at least so many, the largest first; of very many openings the last ones count.

    `recommender` tells what is alike by what it knows of customers' questions: the more, the better.
    """
    last = unanswered[-MOST_OPENINGS:]
    found: list[ContentGap] = []
    for language in dict.fromkeys(one.language for one in last):
        told = [one for one in last if one.language == language]
        likeness = _likeness(told, recommender)
        found += [
            _gap([told[place] for place in _central_first(places, likeness)])
            for places in _clusters(likeness, _ALIKE[language])
            if len(places) >= least
        ]
    return sorted(found, key=lambda gap: -gap.size)


def _likeness(told: Sequence[Unanswered], recommender: Recommender) -> Array:
    """How like each two openings are, 0 to 1: by what is asked, or more by like replies to both."""
    import numpy as np

    asked = _asked_alike([_TAKEN_OUT.sub(" ", one.question) for one in told], recommender)
    replied = _said_alike([_TAKEN_OUT.sub(" ", one.reply) for one in told])
    is_replied = np.array([bool(one.reply) for one in told])
    likest = np.maximum(asked, (asked + replied) / 2)
    return np.where(np.outer(is_replied, is_replied), likest, asked)


def _asked_alike(questions: Sequence[str], recommender: Recommender) -> Array:
    """Half by their words and ideas, half by which entries they come near (explicit semantic analysis)."""
    import numpy as np

    usual = [text for entry in recommender.entries for text in (entry.title, *entry.similar)]
    near = np.array([recommender.closeness(text) ** 2 for text in questions]).reshape(len(questions), -1)
    near /= np.maximum(np.sqrt((near**2).sum(axis=1, keepdims=True)), 1e-9)
    return (_said_alike(questions, usual) + near @ near.T) / 2


def _said_alike(texts: Sequence[str], usual: Sequence[str] = ()) -> Array:
    """The cosines of texts, words that are rare in them and in `usual` ones counting more."""
    import numpy as np

    bags = [bag_of(text) for text in (*texts, *usual)]
    index = TermIndex.built(bags, np.zeros(len(bags)))
    found = np.array([index.match(bag).cosine[: len(texts)] for bag in bags[: len(texts)]])
    return (found + found.T) / 2


def _clusters(likeness: Array, least: float) -> list[list[int]]:
    """Places grouped: again and again the two that are most alike on average, while they are enough."""
    import numpy as np

    groups: list[list[int]] = [[place] for place in range(len(likeness))]
    sums, sizes = likeness.astype(float).copy(), np.ones(len(groups))
    means = sums.copy()
    np.fill_diagonal(means, -1)
    while len(groups) > 1:
        into, gone = sorted(divmod(int(means.argmax()), len(means)))
        if means[into, gone] < least:
            break
        groups[into] += groups[gone]
        groups[gone] = []
        sums[into] += sums[gone]
        sums[:, into] += sums[:, gone]
        sizes[into] += sizes[gone]
        means[into] = sums[into] / (sizes[into] * sizes)
        means[into, [place for place, group in enumerate(groups) if not group]] = -1
        means[:, into] = means[into]
        means[gone], means[:, gone], means[into, into] = -1, -1, -1
    return [group for group in groups if group]


def _central_first(places: Sequence[int], likeness: Array) -> list[int]:
    """The places of a group, the one that is most like all others first."""
    import numpy as np

    inside = likeness[np.ix_(list(places), list(places))].sum(axis=1)
    return [places[at] for at in np.argsort(-inside, kind="stable")]


def _gap(told: Sequence[Unanswered]) -> ContentGap:
    return ContentGap(
        size=len(told), questions=_ways([one.question for one in told]), language=told[0].language,
        category=Counter(one.category for one in told).most_common(1)[0][0],
        true_when=_common([one.facts for one in told]),
        reply=_usual([one.reply for one in told if one.reply]),
    )  # fmt: skip


def _ways(questions: Iterable[str]) -> tuple[str, ...]:
    """Ways to put it that differ, as many as an entry lists."""
    seen: NearDuplicates[str] = NearDuplicates()
    kept: list[str] = []
    for question in questions:
        if next(seen.near(question), None) is None:
            kept.append(question)
            seen.add(question, question)
    return tuple(kept[:MOST_QUESTIONS])


def _usual(replies: Sequence[str]) -> str:
    """The reply that is most like the others."""
    if not replies:
        return ""
    first = _central_first(range(len(replies)), _said_alike(replies))[0]
    return replies[first][:_LONGEST_REPLY]


def _common(facts: Sequence[OrderFacts]) -> str:
    """What is so of most orders, as a condition, where most orders are known."""
    known = [one for one in facts if not one.no_order]
    if len(known) * 2 < len(facts):
        return ""
    words = [
        word
        for word in (*_STATES, *_ALSO)
        if sum(getattr(one, word) is True for one in known) >= _COMMON * len(known)
    ]
    return " and ".join(words)
