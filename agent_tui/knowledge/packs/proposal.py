"""A pack proposed from what was really asked: the entries that solved most of what helpers can take.

Pure: records in, a proposal out; an editor changes the file it is written to (`writing`) and publishes it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Annotated

from msgspec import Meta, Struct, field
from msgspec.structs import replace

from agent_tui.domain.models import Category, Class, Mood, Tier
from agent_tui.domain.reading import read
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.packs.format import ANSWERS, Pack, PackAnswer
from agent_tui.knowledge.packs.lint import MOST_WHEN, wide
from agent_tui.knowledge.recommend.usage_log import Usage

_NEVER = frozenset({Category.COMPLAINT, Category.RISK})
_BLANK_COSTS = 0.6
_PROCESS_SHARE = 0.8

Count = Annotated[int, Meta(ge=0)]


class AskedRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """That tickets of one kind were answered with `entry`: `count` of them, `solved` of those afterwards.

    `again` says that the customers had been here before with the same matter, `core_only` that the server
    gives such tickets to no helper.
    """

    entry: str
    category: Category
    class_: Class = field(default=Class.QUERY, name="class")
    tier: Tier = Tier.REGULAR
    mood: Mood = Mood.CALM
    again: bool = False
    core_only: bool = False
    count: Count = 1
    solved: Count = 0


class Pick(Struct, frozen=True, kw_only=True):
    """A proposed answer: to how many tickets that a helper may take it was given, how many of them it solved,
    and its share of all that were solved."""

    answer: PackAnswer
    asked: int
    solved: int
    share: float
    is_new: bool


class Proposal(Struct, frozen=True, kw_only=True):
    """A proposed pack with the figures it rests on.

    `count` tickets were asked, `eligible` of them a helper may take, `solved` of those were solved at all,
    `covered` of those by the 20; `coverage` is covered by solved, `former` what the old pack would have had.
    """

    pack: Pack
    picks: tuple[Pick, ...]
    count: int
    eligible: int
    solved: int
    covered: int
    coverage: float
    former: float


def propose(asked: Iterable[AskedRecord], entries: Mapping[str, Entry], base: Pack) -> Proposal:
    """The next version of `base` after `asked`: its categories, procedures and cards stay.

    Where what was asked gives fewer than 20 answers, those of `base` fill up. Deterministic: ties go to the
    entry that `base` has, then by id.
    """
    records = list(asked)
    eligible = [record for record in records if helper_can(record, base) > 0]
    times, solved = _times(eligible), _solved(eligible)
    scores = _scores(eligible, entries, base)
    held = [answer.entry for answer in base.answers]
    ranked = sorted(scores, key=lambda id: (-scores[id], id not in held, id))[:ANSWERS]
    chosen = ranked + [id for id in held if id not in ranked][: ANSWERS - len(ranked)]
    total = sum(solved.values())
    picks = tuple(_pick(id, (times[id], solved[id], total), entries, base) for id in chosen)
    covered = sum(pick.solved for pick in picks)
    return Proposal(
        pack=replace(base, version=base.version + 1, answers=tuple(pick.answer for pick in picks)),
        picks=picks,
        count=sum(record.count for record in records),
        eligible=sum(record.count for record in eligible),
        solved=total,
        covered=covered,
        coverage=_share(covered, total),
        former=_share(sum(solved[id] for id in held), total),
    )


def choose_base(
    asked: Iterable[AskedRecord], packs: Iterable[Pack], entries: Mapping[str, Entry]
) -> Pack | None:
    """The pack whose helpers could have solved most of what was asked; None where they could nothing."""
    records = list(asked)

    def could(pack: Pack) -> float:
        return sum(_scores(records, entries, pack).values())

    best = max(packs, key=could, default=None)
    return best if best is not None and could(best) else None


def helper_can(asked: AskedRecord, pack: Pack) -> float:
    """How far a helper can solve such tickets alone, 0 to 1: as the server routes them.

    Queries of the pack's categories, processes for which it has a procedure; never complaints, risk, VIPs,
    angry customers or a second contact.
    """
    is_barred = asked.category in _NEVER or asked.tier is Tier.VIP or asked.mood is Mood.ANGRY or asked.again
    if (
        is_barred
        or asked.core_only
        or asked.category not in pack.categories
        or asked.class_ is Class.TECHNICAL
    ):
        return 0.0
    if asked.class_ is Class.QUERY:
        return 1.0
    return _PROCESS_SHARE if _has_procedure(pack, asked.category) else 0.0


def asked_of(usages: Iterable[Usage]) -> list[AskedRecord]:
    """Recorded usages as records, kinds counted together; where the server has not said of what kind a ticket
    was, the customer's words say class and mood."""
    kinds: Counter[AskedRecord] = Counter()
    solved: Counter[AskedRecord] = Counter()
    for usage in usages:
        kind = _kind(usage)
        kinds[kind] += 1
        solved[kind] += usage.solved
    return [replace(kind, count=count, solved=solved[kind]) for kind, count in kinds.items()]


def _kind(usage: Usage) -> AskedRecord:
    if usage.kind:
        with suppress(ValueError):
            class_, category, tier, mood, *_ = usage.kind.split("/")
            return AskedRecord(
                entry=usage.entry, class_=Class(class_), category=Category(category), tier=Tier(tier),
                mood=Mood(mood),
            )  # fmt: skip
    reading = read([said.text for said in usage.messages if said.side == "customer"])
    known = usage.category in set(Category)
    return AskedRecord(
        entry=usage.entry,
        category=Category(usage.category) if known else reading.category,
        class_=reading.class_,
        mood=reading.mood,
        core_only=usage.kind == "",
    )


def _scores(eligible: Sequence[AskedRecord], entries: Mapping[str, Entry], base: Pack) -> dict[str, float]:
    """What each usable entry solved, weighted by how far a helper gets alone with it."""
    scores: dict[str, float] = defaultdict(float)
    for record in eligible:
        entry = entries.get(record.entry)
        if entry is None or entry.language != base.language or not entry.text.strip() or not record.solved:
            continue
        ease = _BLANK_COSTS if "${" in entry.text else 1.0
        scores[record.entry] += record.solved * helper_can(record, base) * ease
    return scores


def _times(eligible: Iterable[AskedRecord]) -> Counter[str]:
    times: Counter[str] = Counter()
    for record in eligible:
        times[record.entry] += record.count
    return times


def _solved(eligible: Iterable[AskedRecord]) -> Counter[str]:
    solved: Counter[str] = Counter()
    for record in eligible:
        solved[record.entry] += min(record.solved, record.count)
    return solved


def _pick(id: str, counts: tuple[int, int, int], entries: Mapping[str, Entry], base: Pack) -> Pick:
    asked, solved, total = counts
    held = base.answer(id)
    answer = held or PackAnswer(entry=id, when=_short(entries[id].title))
    return Pick(answer=answer, asked=asked, solved=solved, share=_share(solved, total), is_new=held is None)


def _short(title: str) -> str:
    while wide(title) > MOST_WHEN:
        title = title[:-1]
    return title


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _has_procedure(pack: Pack, category: Category) -> bool:
    return any(category in procedure.categories for procedure in pack.procedures)
