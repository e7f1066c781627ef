"""The linter of packs (`kb check`, `pack check`): 20/5/3, living references, dates, lengths, contacts."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from agent_tui import i18n
from agent_tui.knowledge.content.entries import ContentProblem, Entry
from agent_tui.knowledge.content.problems import problem
from agent_tui.knowledge.content.sources import Source, built_in, load
from agent_tui.knowledge.packs.format import (
    ANSWERS,
    CARDS,
    LEAST_STEPS,
    MOST_STEPS,
    PROCEDURES,
    EmergencyCard,
    Pack,
    Procedure,
)
from agent_tui.knowledge.packs.reading import PlacedPack, read_packs

SOON_DAYS = 14
MOST_WHEN, MOST_STEP, MOST_SAY, MOST_STOP, MOST_TITLE = 30, 60, 120, 30, 20
_ID = re.compile(r"[A-Za-z0-9._-]{1,80}\Z")
_ROLE = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_BLANK = re.compile(r"\{\{|\{%|\$\{")

Fault = tuple[str, str, dict[str, Any]]


def pack_folders(sources: Iterable[Source]) -> list[Path]:
    """The folders of `sources` in which packs may lie."""
    places = (place for source in sources for path in source.paths for place in (path, path / "kb"))
    return [place / "packs" for place in dict.fromkeys(places) if (place / "packs").is_dir()]


def lint_packs(
    sources: Iterable[Source], today: date | None = None, contacts: Collection[str] | None = None
) -> list[ContentProblem]:
    """Every problem of the packs beside `sources`, in file order.

    A pack may refer to built-in entries too. Without `contacts`, the roles that are set, nothing is said of
    those that are not.
    """
    day = today or date.today()  # noqa: DTZ011 - the author's calendar, not an instant
    listed = list(sources)
    folders = pack_folders(listed)
    entries = {entry.id: entry for entry in load([built_in(), *listed], day).entries} if folders else {}
    problems: list[ContentProblem] = []
    packs: list[PlacedPack] = []
    for folder in folders:
        found, faults = read_packs(folder)
        packs += found
        problems += faults
    problems += lint_all(packs, entries, day, contacts)
    return sorted(problems, key=lambda fault: (fault.file, fault.line, fault.field))


def lint_all(
    packs: Iterable[PlacedPack],
    entries: Mapping[str, Entry],
    today: date,
    contacts: Collection[str] | None = None,
) -> Iterator[ContentProblem]:
    """Every problem of several packs; a contact that is not set is named once."""
    seen: dict[str, str] = {}
    known = set(contacts) if contacts is not None else None
    for placed in packs:
        id = placed.pack.id
        if id in seen:
            yield problem("pack-same-id", placed.file, placed.line("id"), "id", id=id, other=seen[id])
        seen.setdefault(id, placed.file)
        yield from lint_pack(placed, entries, today, known)
        if known is not None:
            known |= {card.call for card in placed.pack.emergency}


def lint_pack(
    placed: PlacedPack,
    entries: Mapping[str, Entry],
    today: date,
    contacts: Collection[str] | None = None,
) -> Iterator[ContentProblem]:
    """Every problem of one pack that could be read."""
    pack = placed.pack
    answers = (*_answers(pack, entries), *_advice(pack))
    for at, code, values in (*_whole(pack), *answers, *_parts(pack), *_repeats(placed)):
        yield problem(code, placed.file, placed.line(at), at, **values)
    yield from _dates(placed, today)
    yield from _contacts(placed, contacts)


def wide(text: str) -> int:
    """How long `text` is on a screen, in Chinese characters: two Latin letters count as one."""
    cells = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return (cells + 1) // 2


def _whole(pack: Pack) -> Iterator[Fault]:
    if not _ID.match(pack.id):
        yield "id", "bad-id", {"id": pack.id}
    yield from _long("title", pack.title, MOST_TITLE)
    wanted = (("answers", ANSWERS), ("procedures", PROCEDURES), ("emergency", CARDS))
    for name, count in wanted:
        held = len(getattr(pack, name))
        if held != count:
            yield name, "pack-count", {"name": name, "count": held, "wanted": count}


def _answers(pack: Pack, entries: Mapping[str, Entry]) -> Iterator[Fault]:
    for number, answer in enumerate(pack.answers):
        at = f"answers[{number}]"
        yield from _long(f"{at}.when", answer.when, MOST_WHEN)
        entry = entries.get(answer.entry)
        if entry is None:
            hint = _hint(answer.entry, entries)
            yield f"{at}.entry", "pack-dead-entry", {"entry": answer.entry, "hint": hint}
        elif entry.language != pack.language:
            values = {"entry": entry.id, "language": entry.language, "wanted": pack.language}
            yield f"{at}.entry", "pack-language", dict(values)
        elif not entry.text.strip():
            yield f"{at}.entry", "pack-no-text", {"entry": entry.id}
        if answer.like and answer.like not in entries:
            hint = _hint(answer.like, entries)
            yield f"{at}.like", "pack-dead-entry", {"entry": answer.like, "hint": hint}


def _advice(pack: Pack) -> Iterator[Fault]:
    """What would make the advice ambiguous: two overviews of one state, one question of two answers."""
    overviews: dict[str, str] = {}
    questions: dict[str, str] = {}
    for number, answer in enumerate(pack.answers):
        for state in answer.overview:
            at = f"answers[{number}].overview"
            if state in overviews:
                yield at, "pack-overview-twice", {"state": state, "other": overviews[state]}
            overviews.setdefault(state, answer.entry)
        for place, question in enumerate(answer.asked):
            at = f"answers[{number}].asked[{place}]"
            if question in questions:
                yield at, "pack-asked-twice", {"question": question, "other": questions[question]}
            questions.setdefault(question, answer.entry)


def _hint(wanted: str, entries: Mapping[str, Entry]) -> str:
    near = get_close_matches(wanted, entries, n=1, cutoff=0.75)
    if i18n.language() == "en":
        return f"Do you mean {near[0]}?" if near else "Find one with `agent-tui kb search`."
    return f"是不是「{near[0]}」？" if near else "用 `agent-tui kb search` 找一条。"


def _parts(pack: Pack) -> Iterator[Fault]:
    for number, procedure in enumerate(pack.procedures):
        yield from _procedure(f"procedures[{number}]", procedure, pack)
    for number, card in enumerate(pack.emergency):
        yield from _card(f"emergency[{number}]", card)


def _procedure(at: str, procedure: Procedure, pack: Pack) -> Iterator[Fault]:
    count = len(procedure.steps)
    if not _ID.match(procedure.id):
        yield f"{at}.id", "bad-id", {"id": procedure.id}
    if not LEAST_STEPS <= count <= MOST_STEPS:
        limits = {"least": LEAST_STEPS, "most": MOST_STEPS}
        yield f"{at}.steps", "pack-steps", {"title": procedure.title, "count": count, **limits}
    if not set(procedure.categories) & set(pack.categories):
        yield f"{at}.categories", "pack-category", {"title": procedure.title}
    yield from _long(f"{at}.title", procedure.title, MOST_TITLE)
    for number, step in enumerate(procedure.steps):
        for name in ("do", "check", "if_fails"):
            yield from _long(f"{at}.steps[{number}].{name}", getattr(step, name), MOST_STEP)


def _card(at: str, card: EmergencyCard) -> Iterator[Fault]:
    if not _ID.match(card.id):
        yield f"{at}.id", "bad-id", {"id": card.id}
    if not _ROLE.match(card.call):
        yield f"{at}.call", "pack-role", {"role": card.call}
    if not card.words and card.level is None:
        yield at, "pack-no-words", {"title": card.title}
    for number, word in enumerate(card.words):
        if wide(word.strip()) < 2:
            yield f"{at}.words[{number}]", "pack-short-word", {"word": word}
    yield from _long(f"{at}.title", card.title, MOST_TITLE)
    yield from _long(f"{at}.stop", card.stop, MOST_STOP)
    yield from _long(f"{at}.say", card.say, MOST_SAY)
    if _BLANK.search(card.say):
        yield f"{at}.say", "pack-blank", {"name": "say"}


def _long(at: str, text: str, most: int) -> Iterator[Fault]:
    size = wide(text)
    if size > most:
        yield at, "pack-too-long", {"name": at.rpartition(".")[2], "size": size, "most": most}


def _repeats(placed: PlacedPack) -> Iterator[Fault]:
    """Answers with one entry or one when-line, procedures and cards with one id."""
    pack = placed.pack
    columns = (
        ("answers", "entry", [answer.entry for answer in pack.answers]),
        ("answers", "when", [answer.when.strip() for answer in pack.answers]),
        ("procedures", "id", [procedure.id for procedure in pack.procedures]),
        ("emergency", "id", [card.id for card in pack.emergency]),
    )
    for part, name, values in columns:
        first: dict[str, int] = {}
        for number, value in enumerate(values):
            at = f"{part}[{number}].{name}"
            if value in first:
                yield at, "pack-repeated", {"name": name, "value": value, "first": first[value]}
            first.setdefault(value, placed.line(at))


def _dates(placed: PlacedPack, today: date) -> Iterator[ContentProblem]:
    start, end = placed.pack.valid_from, placed.pack.valid_until
    if end is None:
        return
    line = placed.line("valid_until")
    if start > end:
        yield problem("not-yet", placed.file, placed.line("valid_from"), "valid_from", date=start)
    elif end < today:
        yield problem("expired", placed.file, line, "valid_until", date=end)
    elif (end - today).days <= SOON_DAYS:
        days = (end - today).days
        yield problem("expiring", placed.file, line, "valid_until", "warning", date=end, days=days)


def _contacts(placed: PlacedPack, contacts: Collection[str] | None) -> Iterator[ContentProblem]:
    if contacts is None:
        return
    for number, card in enumerate(placed.pack.emergency):
        if card.call not in contacts:
            at = f"emergency[{number}].call"
            values = {"role": card.call, "title": card.title}
            yield problem("pack-no-contact", placed.file, placed.line(at), at, "warning", **values)
