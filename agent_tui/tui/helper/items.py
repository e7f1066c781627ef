"""What the helper can choose from, as rows: recommended answers, fitting procedures, all the rest; pure."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from agent_tui.domain.text import fold
from agent_tui.i18n import counted, texts
from agent_tui.knowledge.packs.resolved import Procedure, ResolvedAnswer, ResolvedPack

HEADING, ANSWER, PROCEDURE, OWN, ASK = "heading", "answer", "procedure", "own", "ask"


class PackItem(Struct, frozen=True, kw_only=True):
    """A row: `digit` is the key that opens it, `detail` says when it is right; a heading is only read."""

    kind: str
    id: str = ""
    title: str
    detail: str = ""
    digit: str = ""

    @property
    def is_choice(self) -> bool:
        """Whether it can be opened."""
        return self.kind != HEADING


class Advised(Struct, frozen=True):
    """What the customer's words speak for, best first, and whether that is sure enough to be numbered.

    `is_answered` says that the last words were ours, so that nothing is wanted just now.
    """

    answers: tuple[ResolvedAnswer, ...] = ()
    is_sure: bool = False
    is_answered: bool = False


def offered(pack: ResolvedPack, advised: Advised, category: str) -> tuple[PackItem, ...]:
    """The rows while nothing is typed: what is sure has digits, and everything can be reached by arrows."""
    words = texts().helper
    if not pack.answers:
        return (_heading(words.withdrawn),)
    sure = advised.answers[:3] if advised.is_sure else ()
    fitting = pack.procedures_for(category)
    title = words.answered if advised.is_answered else words.answers if sure else words.unsure
    rows = [_heading(title), *_answers(sure, "123")]
    if not sure and not advised.is_answered:
        # Where nothing is sure the hand is on the one thing that is: Enter asks the buddy.
        rows.append(PackItem(kind=ASK, id=ASK, title=words.ask_row, detail=words.ask_detail, digit="0"))
    if fitting:
        rows += [_heading(words.procedures), *_procedures(fitting, "456")]
    others = [one for one in advised.answers if one not in sure]
    others += [one for one in pack.answers if one not in sure and one not in others]
    rows += [_heading(words.all_answers), *_answers(others)]
    rest = [one for one in pack.pack.procedures if one not in fitting]
    if rest:
        rows += [_heading(words.other_procedures), *_procedures(rest)]
    return tuple(rows)


def found(pack: ResolvedPack, typed: str, own: str = "") -> tuple[PackItem, ...]:
    """The rows for typed words: answers as the search ranks them, then procedures by their titles, at last
    the helper's `own` words where they may send them."""
    words = texts().helper
    if not pack.answers:
        return (_heading(words.withdrawn), *_own(own))
    answers = [answer for hit in pack.search(typed) if (answer := pack.get(hit.id)) is not None]
    wanted = fold(typed).split()
    procedures = [one for one in pack.pack.procedures if all(word in fold(one.title) for word in wanted)]
    if not answers and not procedures:
        return (_heading(words.nothing), *_own(own))
    rows = [_heading(words.found.format(n=len(answers))), *_answers(answers)] if answers else []
    if procedures:
        rows += [_heading(words.procedures), *_procedures(procedures)]
    return (*rows, *_own(own))


def _own(typed: str) -> list[PackItem]:
    words = texts().helper
    if not typed:
        return []
    return [_heading(words.own), PackItem(kind=OWN, id=OWN, title=typed, detail=words.own_detail)]


def _heading(title: str) -> PackItem:
    return PackItem(kind=HEADING, title=title)


def _answers(answers: Iterable[ResolvedAnswer], digits: str = "") -> list[PackItem]:
    return [
        PackItem(kind=ANSWER, id=one.id, title=one.title, detail=one.when, digit=digits[n : n + 1])
        for n, one in enumerate(answers)
    ]


def _procedures(procedures: Sequence[Procedure], digits: str = "") -> list[PackItem]:
    steps = texts().helper.steps
    return [
        PackItem(
            kind=PROCEDURE, id=one.id, title=one.title, detail=counted(steps, len(one.steps)),
            digit=digits[n : n + 1],
        )
        for n, one in enumerate(procedures)
    ]  # fmt: skip
