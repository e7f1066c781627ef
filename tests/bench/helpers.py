"""200 simulated customers of each pack's field at the helper's real screen, by rule; what runs beside it too.

Run: `python -m tests.bench.helpers [--customers N] [--pack P] [--seed N] [--held-out only|no]`.

- The helper takes the first recommendation if the screen shows one, else searches with the customer's own
  words and takes an answer only if the search leaves a single one, else asks the buddy.
- An answer is right when it states one of the facts its customer came for, else wrong. A wrong one that asks
  for what the bank says the question needs is counted apart (`asks_back`), as are emergency cards.
- `all` are the customers of the field whom the team's rules let through; `routed` are those of them whose
  words triage reads as one of the pack's categories, which is who a helper meets.
- Beside it, without the screen: `weak` sends the first guess however unsure, `words` what the agents'
  recommender puts first, which knows nothing of orders, `bm25` the answer whose title, when-line and text fit
  best by BM25.
- Keys are what is pressed until the answer goes: digit or letters, Enter, and what is typed into blanks.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import msgspec

from agent_tui.domain.models import TicketDetail
from agent_tui.domain.policy import Policy
from agent_tui.knowledge.packs.resolved import ResolvedPack
from agent_tui.knowledge.templates.fill import fill
from agent_tui.knowledge.templates.values import values_of
from agent_tui.settings import Settings
from agent_tui.tui.helper.assembly import reading
from tests.bench.helpers_beside import first_by_bm25, first_by_words, first_guess
from tests.bench.helpers_judge import Figures, Outcome, figures, judged
from tests.bench.helpers_people import PACKS, Choice, Crowd, Guest, crowd
from tests.bench.helpers_play import seated
from tests.bench.robot import detail_of, filled_in
from tests.bench.spoken import SPEAKER

RESULTS = Path(__file__).parent / "results"
TARGETS = {"wrong": 0.02, "right": 0.7, "openings": 50}
SEED = 11
Played = dict[str, object]
Chooser = Callable[[Guest, TicketDetail], str]


def measured(id: str, customers: int, choice: Choice, seed: int) -> Played:
    """The figures of one pack."""
    pack = reading(Settings())(id, "")
    came = crowd(pack.pack, customers, choice, seed, Policy())
    began = time.perf_counter()
    outcomes = asyncio.run(_played(pack, came))
    seconds = time.perf_counter() - began
    return {
        "all": _shown(figures(outcomes)),
        "routed": _shown(figures([one for one in outcomes if one.is_routed])),
        "weak": _shown(figures(_beside(pack, came, first_guess(pack)))),
        "words": _shown(figures(_beside(pack, came, first_by_words(pack)))),
        "bm25": _shown(figures(_beside(pack, came, first_by_bm25(pack)))),
        "kept_away": came.kept_away,
        "seconds_a_customer": round(seconds / max(1, len(outcomes)), 3),
    }


async def _played(pack: ResolvedPack, came: Crowd) -> list[Outcome]:
    async with seated(pack) as helper:
        return [await helper.serve(guest, pack) for guest in came.guests]


def _beside(pack: ResolvedPack, came: Crowd, choose: Chooser) -> list[Outcome]:
    """What would have come of always sending what `choose` says."""
    outcomes = []
    for guest in came.guests:
        detail = detail_of(guest.case)
        answer = pack.get(choose(guest, detail))
        if answer is None:
            outcomes.append(Outcome(opening=guest.case.opening.id, is_routed=guest.is_routed, result="asked"))
            continue
        values = values_of(detail, SPEAKER, answer.entry.language)
        text = filled_in(fill(answer.entry.text, values, answer.entry.language))
        result = judged(guest.case, text)
        outcomes.append(Outcome(opening=guest.case.opening.id, is_routed=guest.is_routed, result=result))
    return outcomes


def _shown(sums: Figures) -> dict[str, object]:
    return dict(msgspec.to_builtins(sums))


def several(packs: Sequence[str], customers: int, choice: Choice, seed: int) -> dict[str, Played]:
    """The figures of several packs, two at a time."""
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        tasks = {id: pool.submit(measured, id, customers, choice, seed) for id in packs}
        return {id: task.result() for id, task in tasks.items()}


def run(*, quick: bool = False) -> dict[str, object]:
    """Held-out customers of every pack, and half as many of the rest; few of them when `quick`."""
    count = 20 if quick else 200
    held_out, rest = several(PACKS, count, "only", SEED), several(PACKS, count // 2, "no", SEED)
    return {"targets": TARGETS, "held_out": held_out, "rest": rest}


def main(args: Sequence[str] | None = None) -> None:
    """Play, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--customers", type=int, default=200)
    parser.add_argument("--pack", action="append", choices=PACKS, help="one or more; all by default")
    parser.add_argument("--held-out", default="only", choices=("only", "no"))
    parser.add_argument("--seed", type=int, default=SEED)
    wanted = parser.parse_args(args)
    kept = several(wanted.pack or PACKS, wanted.customers, wanted.held_out, wanted.seed)
    for id, found in kept.items():
        _print(id, found)
    if wanted.pack is None and wanted.customers >= 200:
        RESULTS.mkdir(exist_ok=True)
        document = {"seed": wanted.seed, "targets": TARGETS, "packs": kept}
        text = json.dumps(document, indent=1, ensure_ascii=False)
        (RESULTS / f"helpers-{wanted.held_out}.json").write_text(text + "\n", "utf-8")


_COLUMNS = (
    "customers",
    "openings",
    "right",
    "asked",
    "wrong",
    "asks_back",
    "cards",
    "keys_median",
    "keys_mean",
)


def _print(id: str, found: Played) -> None:
    print(f"\n{id:<10}" + "".join(f"{name:>12}" for name in _COLUMNS))
    for row in ("routed", "all", "weak", "words", "bm25"):
        sums = found[row]
        assert isinstance(sums, dict)
        print(f"{row:>10}" + "".join(f"{sums[name]:>12}" for name in _COLUMNS))
    print(f"  kept away {found['kept_away']}, {found['seconds_a_customer']} s a customer", flush=True)


if __name__ == "__main__":
    main()
