"""Whether a set of a drill fits its pack: who writes one for a team learns every mistake at once."""

from collections.abc import Iterator

from msgspec.structs import replace

from agent_tui.domain.names import is_known
from agent_tui.drill.sets import CUSTOMERS, PARTS, UNSAID, DrillCustomer, DrillSet, Turn
from agent_tui.knowledge.packs.resolved import ResolvedPack


def problems_of(known: DrillSet, pack: ResolvedPack) -> list[str]:
    """What does not fit in `known` beside `pack`, each with the customer's id."""
    return [*_shape(known, pack), *(told for one in known.customers for told in _customer(one, pack))]


def fitting(known: DrillSet, pack: ResolvedPack) -> DrillSet:
    """Those of a set whom `pack` can serve: a team's pack may lack an answer that ours has."""
    parts = []
    for part in known.parts:
        customers = tuple(one for one in part.customers if not list(_customer(one, pack)))
        if customers:
            parts.append(replace(part, customers=customers))
    return replace(known, parts=tuple(parts))


def _shape(known: DrillSet, pack: ResolvedPack) -> Iterator[str]:
    ids = [one.id for one in known.customers]
    if known.pack != pack.pack.id:
        yield f"pack: {known.pack} ≠ {pack.pack.id}"
    if len(known.parts) != PARTS[known.set]:
        yield f"part: {len(known.parts)} ≠ {PARTS[known.set]}"
    if len(ids) != CUSTOMERS:
        yield f"customer: {len(ids)} ≠ {CUSTOMERS}"
    yield from (f"{id}: id ×{ids.count(id)}" for id in dict.fromkeys(ids) if ids.count(id) > 1)


def _customer(one: DrillCustomer, pack: ResolvedPack) -> Iterator[str]:
    unknown = (path for path in one.values if not is_known(path) and path not in UNSAID)
    yield from (f"{one.id}: values.{path}" for path in unknown)
    for turn in one.turns:
        yield from (f"{one.id}: {told}" for told in _turn(turn, pack))


def _turn(turn: Turn, pack: ResolvedPack) -> Iterator[str]:
    yield from (f"right {id}" for id in turn.right if pack.get(id) is None)
    yield from (f"wrong {id}" for id in turn.wrong if pack.get(id) is None)
    yield from (f"right = wrong {id}" for id in turn.right if id in turn.wrong)
    if not turn.says:
        yield "says"
    if turn.response == "answer" and not turn.right:
        yield "right"
    if (turn.response == "card") != bool(turn.card):
        yield f"response {turn.response}, card {turn.card!r}"
    if turn.card and pack.pack.card(turn.card) is None:
        yield f"card {turn.card}"
    if turn.procedure and pack.pack.procedure(turn.procedure) is None:
        yield f"procedure {turn.procedure}"
