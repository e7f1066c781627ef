"""The writer of pack files: a pack as text an editor is given to change, with the figures as comments."""

from collections.abc import Iterator

from agent_tui.knowledge.packs.format import EmergencyCard, Pack, PackAnswer, Procedure
from agent_tui.knowledge.packs.proposal import Proposal
from agent_tui.knowledge.packs.words import PackTexts, pack_words

_PLAIN_START = frozenset("-?:,[]{}#&*!|>'\"%@` ")
_RESERVED = frozenset({"", "~", "null", "true", "false", "yes", "no", "on", "off"})


def write_pack(pack: Pack) -> str:
    """The text of a pack file that reads back the same."""
    return "\n".join(_pack(pack, {}, ())) + "\n"


def write_proposal(proposal: Proposal, former: str, language: str = "", basis: str = "") -> str:
    """The text of a proposed pack; its comments say what each answer solved and what is left to write.

    `former` is the title of the pack it continues, `basis` a sentence on where the figures come from.
    """
    words = pack_words(language)
    head = (*_head(proposal, former, words), *filter(None, [basis]))
    return "\n".join(_pack(proposal.pack, _beside(proposal, words), head)) + "\n"


def _head(proposal: Proposal, former: str, words: PackTexts) -> tuple[str, ...]:
    head = [words.built_head, words.built_basis, words.built_rest, words.built_keep]
    fresh = sum(1 for pick in proposal.picks if pick.solved)
    if fresh < len(proposal.picks):
        head.append(words.built_short)
    return tuple(
        line.format(
            count=fresh if line is words.built_short else proposal.count,
            eligible=proposal.eligible,
            solved=proposal.solved,
            covered=proposal.covered,
            share=_percent(proposal.coverage),
            before=_percent(proposal.former),
            title=former,
        )
        for line in head
    )


def _beside(proposal: Proposal, words: PackTexts) -> dict[str, str]:
    """The comment of each answer, by entry."""
    told = {}
    for pick in proposal.picks:
        comment = words.built_answer.format(asked=pick.asked, solved=pick.solved, share=_percent(pick.share))
        if pick.is_new:
            comment += f"{words.part_mark}{words.built_write_when}"
        told[pick.answer.entry] = comment
    return told


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _pack(pack: Pack, beside: dict[str, str], head: tuple[str, ...]) -> Iterator[str]:
    yield from (f"# {line}" for line in head)
    for name in ("id", "title", "language", "field"):
        yield f"{name}: {_scalar(str(getattr(pack, name)))}"
    yield f"version: {pack.version}"
    yield f"categories: {_flow(pack.categories)}"
    yield f"owner: {_scalar(pack.owner)}"
    yield f"valid_from: {pack.valid_from.isoformat()}"
    if pack.valid_until is not None:
        yield f"valid_until: {pack.valid_until.isoformat()}"
    yield from _listed("answers", [_answer(one, beside.get(one.entry, "")) for one in pack.answers])
    yield from _listed("procedures", [_procedure(one) for one in pack.procedures])
    yield from _listed("emergency", [_card(one) for one in pack.emergency])


def _listed(name: str, items: list[list[str]]) -> Iterator[str]:
    yield ""
    yield f"{name}:" if items else f"{name}: []"
    for item in items:
        yield from item


def _answer(answer: PackAnswer, comment: str) -> list[str]:
    first = f"  - entry: {_scalar(answer.entry)}"
    rows = [f"{first}  # {comment}" if comment else first, f"    when: {_scalar(answer.when)}"]
    if answer.like:
        rows.append(f"    like: {_scalar(answer.like)}")
    if answer.orders:
        rows.append(f"    orders: {_flow(answer.orders)}")
    if answer.overview:
        rows.append(f"    overview: {_flow(answer.overview)}")
    return (
        [*rows, "    asked:", *(f"      - {_scalar(one)}" for one in answer.asked)] if answer.asked else rows
    )


def _procedure(procedure: Procedure) -> list[str]:
    rows = [
        f"  - id: {_scalar(procedure.id)}",
        f"    title: {_scalar(procedure.title)}",
        f"    categories: {_flow(procedure.categories)}",
        "    steps:" if procedure.steps else "    steps: []",
    ]
    for step in procedure.steps:
        rows += [
            f"      - do: {_scalar(step.do)}",
            f"        check: {_scalar(step.check)}",
            f"        if_fails: {_scalar(step.if_fails)}",
        ]
    return rows


def _card(card: EmergencyCard) -> list[str]:
    rows = [
        f"  - id: {_scalar(card.id)}",
        f"    title: {_scalar(card.title)}",
        f"    words: {_flow(card.words)}",
    ]
    if card.unless:
        rows.append(f"    unless: {_flow(card.unless)}")
    if card.level is not None:
        rows.append(f"    level: {card.level}")
    return [
        *rows,
        f"    stop: {_scalar(card.stop)}",
        f"    say: {_scalar(card.say)}",
        f"    call: {_scalar(card.call)}",
    ]


def _flow(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(_scalar(str(value), ",[]{}") for value in values) + "]"


def _scalar(text: str, also: str = "") -> str:
    """`text` as YAML on one line: plain where that reads back the same, quoted where not."""
    is_plain = (
        text.isprintable()
        and text == text.strip()
        and text.lower() not in _RESERVED
        and text[:1] not in _PLAIN_START
        and ": " not in text
        and " #" not in text
        and not text.endswith(":")
        and not any(char in text for char in also)
        and not text[:1].isdigit()
    )
    if is_plain:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else _escape(char) for char in escaped) + '"'


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
