"""Claims of work done: words that say as fact that the sender or the shop has done, or is doing, something.

Chinese is read verb by verb within a clause: a verb of service with an aspect (已…, …了, …过, 正在…) and a
subject that is the sender, or no subject where only staff do such work or somebody is done a favour (为您).
English is read by tense: a perfect, a past or a progressive of `I`, `we` or our people, unless the verb is
one of seeing, getting or feeling; and a passive of what only staff do. What is asked, supposed, negated,
offered, quoted or left blank claims nothing, nor does what customers, couriers and systems do.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from agent_tui.knowledge.content.blanked import BLANK, blanked

_SENTENCE = re.compile(r"(?:[^。!?;\n.]|\.(?![\s]|$))+[。!?;\n.]*")
_CLAUSE = re.compile(r"(?:[^,、:()~…—。!?;\n]|(?<=\d)[,:](?=\d))+")
_FAVOUR = re.compile("(?:了|过)?[给您你]")


class _ClaimPatterns(Struct, frozen=True, forbid_unknown_fields=True):
    """`data/claimed_steps.toml`: alternatives of regular expressions by name."""

    zh: dict[str, tuple[str, ...]]
    en: dict[str, tuple[str, ...]]


class ClaimedStep(Struct, frozen=True):
    """The words that claim a step, and on which line of the text they stand (from 0)."""

    words: str
    line: int


def claimed_steps(text: str) -> Iterator[ClaimedStep]:
    """The clauses of a template that claim work done or under way, in either language."""
    plain = blanked(text)
    for sentence in _SENTENCE.finditer(plain):
        for clause, start in (*_chinese(sentence[0]), *_english(sentence[0])):
            line = plain.count("\n", 0, sentence.start() + start)
            yield ClaimedStep(clause.strip(), line)


@cache
def _tables() -> _ClaimPatterns:
    data = Path(__file__).parents[1] / "data" / "claimed_steps.toml"
    return msgspec.toml.decode(data.read_bytes(), type=_ClaimPatterns)


def _any(alternatives: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(alternatives)})"


def _stated(sentence: str) -> Iterator[re.Match[str]]:
    """The clauses of a sentence, without the one that a question mark ends."""
    parts = list(_CLAUSE.finditer(sentence))
    yield from parts[:-1] if "?" in sentence else parts


# -- Chinese


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """The Chinese tables by name, and what is made of several."""
    table = {name: _any(alternatives) for name, alternatives in _tables().zh.items()}
    made = {
        "verb": f"(?P<staff>{table['staff']})|(?P<shared>{table['shared']})",
        "subject": f"(?P<sender>{table['sender']})|(?P<other>{table['other']})",
        "mark": f"{table['done']}|{table['running']}",
        "no_subject": f"{table['object_of']}(?:{table['sender']}|{table['other']})"
        f"|(?:把|将|给|为|替|帮).{{0,8}}?包裹|{table['owned']}",
    }
    return {name: re.compile(pattern) for name, pattern in (table | made).items()}


def _chinese(sentence: str) -> Iterator[tuple[str, int]]:
    others_do = False
    for found in _stated(sentence):
        words = found[0]
        if not _patterns()["asks"].search(words) and (
            any(_claims(words, verb, others_do=others_do) for verb in _patterns()["verb"].finditer(words))
            or (not others_do and _is_favour(words))
        ):
            yield words, found.start()
        others_do = _patterns()["goes_on"].search(words) is not None


def _claims(clause: str, verb: re.Match[str], *, others_do: bool) -> bool:
    """Whether a verb of service is said to be done by the sender."""
    one = _patterns()
    before, after = clause[: verb.start()], clause[verb.end() :]
    if before.endswith("的") or one["describes"].match(after) or one["supposes"].search(before):
        return False
    subject = _subject(before)
    if subject == "other" or (not subject and others_do):
        return False
    is_named = bool(subject) or one["benefit"].search(before) is not None or _FAVOUR.match(after) is not None
    if not (is_named or verb["staff"] or one["things"].search(before)):
        return False
    return _is_done(before) or _is_over(before, after, is_named=is_named)


def _is_favour(clause: str) -> bool:
    """Whether the customer is said to have been done something for, by no one else."""
    one = _patterns()
    for found in one["favours"].finditer(clause):
        before = clause[: found.start()]
        denied = one["blocks"].search(found[0]) or one["supposes"].search(before)
        if (
            not denied
            and _subject(before) != "other"
            and not one["blocks"].search(before, _after_sender(before))
        ):
            return True
    return False


def _after_sender(before: str) -> int:
    """Where the words after the sender begin; the start where nobody is named."""
    said = [found.end() for found in _patterns()["subject"].finditer(before) if found["sender"]]
    return said[-1] if said else 0


def _is_done(before: str) -> bool:
    """Whether a mark says that it is done or under way, and nothing after the mark denies or delays it."""
    marks = list(_patterns()["mark"].finditer(before))
    return bool(marks) and _patterns()["blocks"].search(before, marks[-1].end()) is None


def _is_over(before: str, after: str, *, is_named: bool) -> bool:
    """Whether what follows the verb says that it is over; far from the verb only where the doer is named."""
    one = _patterns()
    if one["mark"].search(before) or one["sequel"].match(after):
        return False
    if not (
        one["over"].match(after)
        or (is_named and (one["over_last"].search(after) or one["going_on"].match(after)))
    ):
        return False
    return one["blocks"].search(before, _after_sender(before)) is None


def _subject(before: str) -> str:
    """`sender`, `other`, or nothing where nobody is named as who does it."""
    bare = _patterns()["no_subject"].sub(BLANK, before)
    found = list(_patterns()["subject"].finditer(bare))
    return found[-1].lastgroup or "" if found else ""


# -- English


@cache
def _active() -> re.Pattern[str]:
    """The sender in a perfect, past or progressive, of a verb that is work."""
    en = _tables().en
    adverbs = rf"(?:(?:{_any(en['adverbs'])})(?:-|\s+))*"
    past = rf"(?!{_any(en['stative'])}\b)(?:\w+ed|{_any(en['irregular'])})\b"
    tense = (
        rf"(?:'ve|'s|\s+have|\s+has)?\s+{adverbs}{past}",
        rf"\s+{adverbs}did\s+(?!not\b)\w+",
        rf"(?:'re|'m|\s+am|\s+are|\s+is|(?:'ve|\s+have|\s+has)\s+been)\s+{adverbs}{_any(en['doing'])}",
    )
    return re.compile(rf"{_any(en['sender'])}{_any(tense)}|^\s*(?:just|already)\s+{past}")


@cache
def _passive() -> re.Pattern[str]:
    en = _tables().en
    adverbs = rf"(?:(?:{_any(en['adverbs'])})\s+)*"
    be = rf"(?:(?:has|have|'s|'ve)\s+{adverbs}been|was|were|(?:is|are)\s+being)\s+"
    set_going = r"(?:opened|created|started|launched|set up|ordered|shipped|scheduled|made|sent)"
    by_name = rf"\b{_any(en['things'])}{be}{adverbs}{set_going}"
    return re.compile(rf"{be}{adverbs}{_any(en['staff'])}\b|{by_name}\b")


@cache
def _unreal() -> tuple[re.Pattern[str], re.Pattern[str]]:
    en = _tables().en
    return re.compile(_any(en["supposes"])), re.compile(_any(en["not_staff"]))


def _english(sentence: str) -> Iterator[tuple[str, int]]:
    supposes, not_staff = _unreal()
    for found in _stated(sentence):
        words = found[0]
        active, passive = _active().search(words), _passive().search(words)
        is_active = active is not None and supposes.search(words, 0, active.start()) is None
        is_passive = passive is not None and not (
            supposes.search(words, 0, passive.start()) or not_staff.search(words)
        )
        if is_active or is_passive:
            yield words, found.start()
