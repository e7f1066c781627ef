"""Partial matches, when no title answers: words in the bodies, and longest common subsequences of titles."""

from msgspec import structs
from rapidfuzz.distance import LCSseq

from agent_tui.knowledge.search import alignment as a
from agent_tui.knowledge.search import typos
from agent_tui.knowledge.search.bigrams import Query
from agent_tui.knowledge.search.index import SHORTCUT, IndexedText
from agent_tui.knowledge.search.matching import Matcher
from agent_tui.knowledge.search.ranking import BODY, PARTIAL, Covered, TextMatch
from agent_tui.knowledge.text.tokens import spans, units

_MOST_READ = 30
_LEAST_SHARE = 0.5
_LEAST_SOUNDS = 3


def read_bodies(judge: Matcher) -> None:
    """Entries whose text holds every word of the query as typed."""
    words = [word for word in judge.query.words if len(word) > (2 if word.isascii() else 1)]
    if not words or len(words) < len(judge.query.words):
        return
    for owner, body in judge.index.bodies.items():
        if owner not in judge.found and all(word in body for word in words) and judge.wants(owner):
            early = 1 / (2 + body.index(words[0]))
            judge.take(TextMatch(owner=owner, field=-1, band=BODY, tight=early, why="body"))


def read_partly(judge: Matcher) -> None:
    """Titles that share most of the query: enough of its words, or of its characters in their order."""
    reader = judge.reworded_reader
    for row in _likely(judge):
        text = judge.index.texts[row]
        if text.field != SHORTCUT and judge.wants(text.owner):
            judge.take(
                _by_words(judge, text, reader)
                or _by_characters(judge, text)
                or _by_leaving_out(judge, text, reader)
                or _by_sounds(judge, text)
            )


def _likely(judge: Matcher) -> list[int]:
    """Texts that share enough letter pairs with the query, or with the query in plainer words."""
    plain = Query(judge.rewording.plain_letters if judge.query.is_latin else judge.rewording.plain)
    masks = dict.fromkeys(query.all_pairs() for query in (judge.query, plain))
    most = _MOST_READ // len(masks)
    rows = [
        row
        for mask in masks
        for row in judge.index.best_shared(mask, max(2, (mask.bit_count() + 1) // 2), most)
    ]
    return list(dict.fromkeys(rows))


def _by_words(judge: Matcher, text: IndexedText, reader: a.QueryReader) -> TextMatch | None:
    query = judge.query
    if len(query.words) < 2:
        return None
    found = units(text.text)
    reader.know_words(unit.text for unit in found if unit.is_word)
    cells = a.cells_of(found)
    parts = [
        (part, end - start) for start, end in query.bounds if (part := a.align(cells, reader, start, end))
    ]
    share = sum(letters for _, letters in parts) / len(query.compact)
    covered = tuple((part.first, part.last, 0, 0) for part, _ in parts)
    return _partly(text, share, covered, len(found))


def _by_characters(judge: Matcher, text: IndexedText) -> TextMatch | None:
    query = judge.query
    if query.is_latin or len(query.compact) < 3:
        return None
    return max(
        (_by_shared(text, query.compact, text.text), _by_plain_form(judge, text)),
        key=lambda one: (one is not None, one and -one.band),
    )


def _by_plain_form(judge: Matcher, text: IndexedText) -> TextMatch | None:
    """The same for both in plainer words; nothing is lit, since other words stand there."""
    rewording = judge.rewording
    if not rewording.found:
        return None
    found = _by_shared(text, rewording.plain, rewording.plain_form(text.text))
    return structs.replace(found, covered=()) if found else None


def _by_shared(text: IndexedText, typed: str, said: str) -> TextMatch | None:
    ways = (_shared_pieces(typed, said), _shared_in_order(typed, said))
    hit, share = max(ways, key=lambda way: way[1])
    if share < _LEAST_SHARE or not any(place + 1 in hit for place in hit):
        return None
    places = spans(said)
    covered = [(unit, unit, 0, 0) for unit, (start, _) in enumerate(places) if start in hit]
    return _partly(text, share, tuple(covered), len(places))


def _by_leaving_out(judge: Matcher, text: IndexedText, reader: a.QueryReader) -> TextMatch | None:
    """The query in order, a few of the title's units between left out: `tuikuanjindu` for 退款的进度."""
    found = units(text.text)
    reader.know_words(unit.text for unit in found if unit.is_word)
    part = a.align(a.cells_of(found), reader, 0, reader.size, a.PREFIX)
    if part is None or part.cost >= a.HOMOPHONE:
        return None
    covered = part.last - part.first + 1
    left_out = part.cost // a.PREFIX
    if 3 * left_out > covered:
        return None
    return _partly(text, 1 - left_out / (2 * covered), ((part.first, part.last, 0, 0),), len(found))


def _by_sounds(judge: Matcher, text: IndexedText) -> TextMatch | None:
    """Pinyin that shares most of its syllables with the text, both in plainer words."""
    if not judge.query.is_latin:
        return None
    typed = typos.syllables_of(judge.rewording.plain_letters)
    if len(typed) < _LEAST_SOUNDS:
        return None
    said = [unit.spellings[0] for unit in units(judge.rewording.plain_form(text.text))]
    same = [op for op in LCSseq.opcodes(typed, said) if op.tag == "equal"]
    if not any(op.dest_end - op.dest_start > 1 for op in same):
        return None
    share = sum(len("".join(said[op.dest_start : op.dest_end])) for op in same) / len("".join(typed))
    return _partly(text, share, (), len(said))


def _shared_pieces(typed: str, text: str) -> tuple[set[int], float]:
    """Places of `text` that pieces of `typed` (two characters or more) cover, and their share of `typed`."""
    hit: set[int] = set()
    place = covered = 0
    while place < len(typed):
        size = 0
        while place + size < len(typed) and typed[place : place + size + 1] in text:
            size += 1
        if size > 1:
            start = text.index(typed[place : place + size])
            hit.update(range(start, start + size))
            covered += size
        place += max(size, 1)
    return hit, covered / len(typed)


def _shared_in_order(typed: str, text: str) -> tuple[set[int], float]:
    """Places of `text` that hold characters of `typed` in their order, and their share of `typed`."""
    same = [op for op in LCSseq.opcodes(typed, text) if op.tag == "equal"]
    hit = {place for op in same for place in range(op.dest_start, op.dest_end)}
    return hit, len(hit) / len(typed)


def _partly(text: IndexedText, share: float, covered: tuple[Covered, ...], size: int) -> TextMatch | None:
    if share < _LEAST_SHARE:
        return None
    band = PARTIAL + min(9, int((1 - share) * 20))
    tight = 0.9 * len(covered) / max(size, 1)
    return TextMatch(
        owner=text.owner, field=text.field, band=band, tight=min(tight, 0.99), why="partial", covered=covered
    )
