"""A robot agent answers 100 held-out simulated customers with recommendations and palette alone.

Run: `python -m tests.bench.robot [--customers N] [--held-out only|no] [--seed N]`.

The robot sees what an agent sees: the conversation, the three recommended answers, the palette's rows and
previews, all filled for the customer. Its rules:

- A reader recognises an answer that settles the question when its filled text is on the screen; it never
  knows one that is not. It takes the recommended one with its digit.
- Otherwise it opens the palette and looks at what it proposes, then types, letter by letter in pinyin
  (English as it is), a word the customer used, the rarest in the entries' titles first, at most two words,
  until a row that settles the question is among the nine in sight; then arrows and Enter.
- A blank is filled by typing five keys and Tab to the next one; then Enter sends.
- A second, `blind`, robot cannot read: it sends the first recommended answer, then the second and third as
  the customer asks again, and gives up.

Then the robots serve the same customers once more, after the reader has worked a shift with other questions
and the library has learned from what it sent.

Every key counts: digit, `/`, letters, arrows, Tab, blanks, Enter. Beside it: typing the same answer in full
pinyin without a single choice of candidates, and canned replies called by an exact shortcut that the agent
knows by heart, with every variable typed by hand as those tools leave it empty.
"""

import argparse
import json
import random
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from agent_tui.domain.models import Category, Class, CustomerRef, Order, Priority, Status, TicketDetail
from agent_tui.domain.reading import read
from agent_tui.i18n import choose
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.content.sources import CombinedSources, built_in
from agent_tui.knowledge.errors import FillError
from agent_tui.knowledge.library import Library
from agent_tui.knowledge.recommend.advisor import Situation
from agent_tui.knowledge.recommend.usage_log import Said
from agent_tui.knowledge.templates.fill import Filled
from agent_tui.knowledge.text.tokens import normalize
from agent_tui.sim.cast import Case, make_case
from agent_tui.sim.customer import AT_ONCE, SimulatedCustomer, Stage
from agent_tui.sim.openings import select
from agent_tui.tui.palette.finding import Finder, PaletteOpening
from tests.bench.spoken import SPEAKER, blank_value, telling_words, typing

NOW = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
RESULTS = Path(__file__).parent / "results"
BLANK_KEYS = 5
IN_SIGHT = 9
MOST_REPLIES = 3


class Answer(Struct, frozen=True):
    """One way to the customer: the entry, its text with the blanks filled, and the keys it took."""

    entry: Entry
    text: str
    keys: int
    way: str


class Outcome(Struct, frozen=True):
    """What became of one customer; `typed` and `canned` are the keys of the same answer by other means."""

    opening: str
    helped: bool
    covered: bool
    way: str = ""
    keys: int = 0
    replies: int = 0
    typed: int = 0
    canned: int = 0


class Robot:
    """The reader: one customer at a time."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.entries = [entry for entry in library.most_used({}, limit=1_000_000) if entry.text]
        self.titles = [normalize(f"{entry.title} {' '.join(entry.tags)}") for entry in self.entries]

    def serve(self, case: Case) -> Outcome:
        """Answer until the customer is helped, leaves, or nothing more can be found."""
        customer = SimulatedCustomer(case, 0.0, AT_ONCE)
        said = [Said(says.text) for says in customer.tick(0.0) if says.text]
        detail = detail_of(case)
        covered = any(self.settles(case, entry, detail) for entry in self.entries)
        keys, replies, sent, way = 0, 0, "", "none"
        for turn in range(1, MOST_REPLIES + 1):
            answer = self.find(case, detail, said)
            if answer is None:
                break
            keys, replies, sent, way = keys + answer.keys, turn, answer.text, answer.way
            said += [Said(answer.text, "agent")]
            said += [Said(says.text) for says in customer.receive(answer.text, float(turn)) if says.text]
            if customer.stage is not Stage.WAITING:
                break
        return Outcome(
            opening=case.opening.id, helped=customer.stage is Stage.HELPED, covered=covered, way=way,
            keys=keys, replies=replies, typed=typing(sent), canned=self.canned(sent),
        )  # fmt: skip

    def find(self, case: Case, detail: TicketDetail, said: Sequence[Said]) -> Answer | None:
        """The answer that is recognised on the screen, recommended or found."""
        situation = situation_of(case, said)
        advice = self.library.advise(situation)
        for one in advice:
            filled = self.settles(case, one.entry, detail)
            if filled is not None:
                return Answer(one.entry, filled_in(filled), 1 + blanks(filled) + 1, "recommended")
        probable = self.library.guess(situation).advice
        finder = Finder(self.library, PaletteOpening(detail=detail, channel=case.channel, advice=probable))
        found, spent = self.pick(case, detail, finder, ""), 1
        if found is not None:
            return Answer(found.entry, found.text, spent + found.keys, "palette at rest")
        for word in self.words(said)[:2]:
            found, keys = self.type(case, detail, finder, word)
            spent += keys
            if found is not None:
                return Answer(found.entry, found.text, spent + found.keys, "palette")
            spent += len(word)  # deleted again
        return None

    def type(self, case: Case, detail: TicketDetail, finder: Finder, word: str) -> tuple[Answer | None, int]:
        """Type `word` until a row in sight settles the question."""
        for typed in range(1, len(word) + 1):
            if found := self.pick(case, detail, finder, word[:typed]):
                return found, typed
        return None, len(word)

    def pick(self, case: Case, detail: TicketDetail, finder: Finder, typed: str) -> Answer | None:
        """Go down to the first row in sight that settles the question, take it, fill it and send it."""
        for down, row in enumerate(finder.rows(typed)[:IN_SIGHT]):
            entry = self.library.get(row.id)
            filled = self.settles(case, entry, detail) if entry is not None and entry.text else None
            if entry is not None and filled is not None:
                return Answer(entry, filled_in(filled), down + 1 + blanks(filled) + 1, "palette")
        return None

    def words(self, said: Sequence[Said]) -> list[str]:
        """Words of the customer as they are typed, those that fewest titles hold first."""
        return telling_words([one.text for one in said if one.side == "customer"], self.titles)

    def settles(self, case: Case, entry: Entry, detail: TicketDetail) -> Filled | None:
        """The filled entry when the customer would be settled by it, else None."""
        try:
            filled = self.library.fill(entry, detail)
        except FillError:
            return None
        good = case.opening.is_settled_by(filled_in(filled), case.values)
        return filled if good else None

    def canned(self, sent: str) -> int:
        """Keys of an exact shortcut and every variable by hand; without an own shortcut, four letters."""
        for entry in self.entries:
            if sent and entry.title and sent[:12] in entry.text:
                return 1 + max(4, len(entry.shortcut)) + 1 + 6 * entry.text.count("{{") + 1
        return 1 + 4 + 1 + 12 + 1 if sent else 0


class Blind(Robot):
    """The one that cannot read: recommended answers in their order."""

    def find(self, case: Case, detail: TicketDetail, said: Sequence[Said]) -> Answer | None:
        """The next recommended answer that has not been sent."""
        sent = {one.text for one in said if one.side == "agent"}
        heard = [one for one in said if one.side == "customer"]
        for number, one in enumerate(self.library.advise(situation_of(case, heard)), 1):
            try:
                filled = self.library.fill(one.entry, detail)
            except FillError:
                continue
            if filled_in(filled) not in sent:
                return Answer(one.entry, filled_in(filled), 1 + blanks(filled) + 1, f"recommended {number}")
        return None


def situation_of(case: Case, said: Sequence[Said]) -> Situation:
    """What the desk knows: the words, the category the server's triage reads in them, the channel."""
    reading = read([one.text for one in said if one.side == "customer"])
    return Situation(
        messages=tuple(said[-8:]), category=reading.category.value, channel=case.channel,
        order=detail_of(case).order_detail, now=NOW,
    )  # fmt: skip


def blanks(filled: Filled) -> int:
    """The keys that its blanks take: the first is selected, Tab goes to each further one."""
    numbers = {blank.number for blank in filled.blanks}
    return len(filled.blanks) * BLANK_KEYS + max(0, len(numbers) - 1) if numbers else 0


def filled_in(filled: Filled) -> str:
    """The text as it goes out, each blank filled with a plain time or word."""
    text, at = "", 0
    for blank in filled.blanks:
        text += filled.text[at : blank.start] + blank_value(blank.prompt)
        at = blank.end
    return text + filled.text[at:]


def detail_of(case: Case) -> TicketDetail:
    """The ticket as the desk would have it."""
    order = msgspec.convert(case.order.body(), Order) if case.order else None
    customer = CustomerRef(id=case.person.id, name=case.person.name)
    return TicketDetail(
        id="t", number=1, version=1, status=Status.OPEN, priority=Priority.NORMAL, category=Category.OTHER,
        class_=Class.QUERY, channel=case.channel, customer=customer,
        created_at=NOW, updated_at=NOW, order=order.number if order else None, order_detail=order,
    )  # fmt: skip


def cases(count: int, which: str, seed: int) -> list[Case]:
    """`count` customers, every opening once before one comes twice in other words."""
    openings = list(select(which))  # type: ignore[arg-type]
    rng = random.Random(seed)
    rng.shuffle(openings)
    return [
        make_case(openings[n % len(openings)], seed, NOW, n, reworded=n >= len(openings))
        for n in range(count)
    ]


def report(name: str, outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Figures of one robot, printed and kept."""
    helped = [one for one in outcomes if one.helped]
    covered = [one for one in outcomes if one.covered]
    keys = [one.keys for one in helped]
    shown = {
        "customers": len(outcomes),
        "covered": round(len(covered) / len(outcomes), 3),
        "helped": round(len(helped) / len(outcomes), 3),
        "helped_of_covered": round(sum(one.helped for one in covered) / max(1, len(covered)), 3),
        "keys_median": statistics.median(keys) if keys else 0,
        "keys_mean": round(statistics.mean(keys), 1) if keys else 0,
        "keys_p90": sorted(keys)[int(0.9 * (len(keys) - 1))] if keys else 0,
        "typed_median": statistics.median([one.typed for one in helped]) if helped else 0,
        "canned_median": statistics.median([one.canned for one in helped]) if helped else 0,
        "recommended": round(
            sum(one.way.startswith("recommended") for one in helped) / max(1, len(helped)), 3
        ),
    }
    print(f"\n{name}")
    for key, value in shown.items():
        print(f"  {key:>18}  {value}")
    return shown


def main() -> None:
    """Serve, print, keep."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, default=100)
    parser.add_argument("--before", type=int, default=300)
    parser.add_argument("--held-out", default="only", choices=("only", "no", "both"))
    parser.add_argument("--seed", type=int, default=11)
    wanted = parser.parse_args()
    choose("zh")
    library = Library(CombinedSources([built_in()]), speaker=lambda: SPEAKER)
    library.refresh()
    library.relearn()
    kept: dict[str, object] = {"which": wanted.held_out, "seed": wanted.seed}
    served = cases(wanted.customers, wanted.held_out, wanted.seed)
    for name, robot in (("reader", Robot(library)), ("blind", Blind(library))):
        kept[name] = report(name, [robot.serve(case) for case in served])
    if wanted.held_out == "only":
        work(library, cases(wanted.before, "no", wanted.seed))
        for name, robot in (("reader", Robot(library)), ("blind", Blind(library))):
            shown = f"{name}, after {wanted.before} customers with other questions"
            kept[shown] = report(shown, [robot.serve(case) for case in served])
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"robot-{wanted.held_out}.json").write_text(json.dumps(kept, indent=1), "utf-8")


def work(library: Library, before: Sequence[Case]) -> None:
    """A shift of the reader with other customers, from every send of which the library learns."""
    robot = Robot(library)
    for case in before:
        customer = SimulatedCustomer(case, 0.0, AT_ONCE)
        said = [Said(says.text) for says in customer.tick(0.0) if says.text]
        answer = robot.find(case, detail_of(case), said)
        if answer is not None:
            library.advisor.record(
                {answer.entry.id: 1.0}, said, category=situation_of(case, said).category, at=0.0
            )


if __name__ == "__main__":
    main()
