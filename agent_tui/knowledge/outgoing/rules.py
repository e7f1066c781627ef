"""Outgoing rules (`outgoing.toml`): what must not, or not unasked, be sent, marked in a reply's text.

The composer runs them at every key, the server before it accepts a reply, the linter over content; all
three read the same file and get the same findings.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from agent_tui.domain.conditions import BadCondition, parse, vocabulary
from agent_tui.knowledge.errors import RulesError
from agent_tui.knowledge.outgoing import claims, detection
from agent_tui.knowledge.outgoing.detection import OutgoingContext, TextViews
from agent_tui.knowledge.outgoing.obfuscation import plain
from agent_tui.toml_file import read_toml

__all__ = ["Action", "Finding", "OutgoingContext", "Rules", "context_of", "strictest"]

Action = Literal["hint", "ask", "refuse"]
_Setting = Literal["off", "hint", "ask", "refuse"]
_Kind = Literal[
    "pattern", "phone", "bank-card", "link", "name", "number", "compensation",
    "claim", "day", "sum", "carrier",
]  # fmt: skip
_CLAIMING = frozenset({"claim", "day", "sum", "carrier"})
_STRICTNESS = {"off": 0, "hint": 1, "ask": 2, "refuse": 3}
_LONGEST = 10_000

_DETECTORS: Mapping[_Kind, Callable[[TextViews, OutgoingContext], Iterator[tuple[int, int]]]] = {
    "phone": detection.phones,
    "bank-card": detection.cards,
    "link": detection.links,
    "name": detection.names,
    "number": detection.numbers,
    "day": detection.passed_days,
    "sum": detection.wrong_sums,
    "carrier": detection.wrong_carriers,
}


class Finding(Struct, frozen=True):
    """A place in the text (`start` to `end`, code points) that a rule marks, what to do, and why."""

    rule: str
    action: Action
    start: int
    end: int
    zh: str
    en: str


class _RuleFile(Struct, frozen=True, forbid_unknown_fields=True, rename={"unless": "except"}):
    """One `[[rule]]` of the file."""

    id: str
    zh: str
    en: str
    action: _Setting = "ask"
    kind: _Kind = "pattern"
    patterns: tuple[str, ...] = ()
    true_when: str = ""
    unless: tuple[str, ...] = ()
    channel: dict[str, _Setting] = {}
    role: dict[str, _Setting] = {}


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    rule: tuple[_RuleFile, ...]
    version: int = 1
    limits: dict[str, float] = {}


class _CompiledRule(Struct, frozen=True):
    says: _RuleFile
    patterns: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None


class Rules:
    """The rules of one file, compiled."""

    def __init__(self, rules: tuple[_CompiledRule, ...], limits: Mapping[str, float]) -> None:
        self._rules = rules
        self._limits = dict(limits)

    @classmethod
    def load(cls, source: bytes | Path) -> "Rules":
        """Rules from TOML; raises RulesError for rules that cannot be, BadSettings for TOML that is wrong."""
        data = source.read_bytes() if isinstance(source, Path) else source
        file = read_toml(data, _File, str(source) if isinstance(source, Path) else "outgoing.toml")
        ids = [rule.id for rule in file.rule]
        for rule in ids:
            if ids.count(rule) > 1:
                raise RulesError("duplicate", rule)
        return cls(tuple(_compiled(rule) for rule in file.rule), file.limits)

    @classmethod
    def built_in(cls) -> "Rules":
        """The shipped rules: beside the package in a checkout, inside it in a wheel."""
        package = Path(__file__).parents[2]
        beside = package.parent / "kb" / "outgoing.toml"
        return cls.load(beside if beside.is_file() else package / "content" / "kb" / "outgoing.toml")

    @property
    def ids(self) -> tuple[str, ...]:
        """The rules' ids, in the order of the file."""
        return tuple(rule.says.id for rule in self._rules)

    def refusing(self, channel: str, role: str) -> "Rules":
        """Only the rules that refuse for this channel and role: few, and so quick to hold against a reply."""
        context = OutgoingContext(channel=channel, role=role)
        return Rules(
            tuple(rule for rule in self._rules if _action(rule.says, context) == "refuse"), self._limits
        )

    def claiming(self) -> "Rules":
        """Only the rules that hold words against the order."""
        return Rules(tuple(rule for rule in self._rules if rule.says.kind in _CLAIMING), self._limits)

    def may_claim(self, text: str) -> bool:
        """Whether any of these rules could find something in `text`, whatever the order."""
        view = detection.views(plain(text[:_LONGEST]))
        patterns = [pattern for rule in self._rules for pattern in rule.patterns]
        said = view.close.text
        return claims.may_be_wrong(said) or any(pattern.search(said) for pattern in patterns)

    def check(self, text: str, context: OutgoingContext | None = None) -> list[Finding]:
        """What the rules say of `text`, by place; under 1 ms for a reply of 200 characters."""
        context = context or OutgoingContext()
        view = detection.views(plain(text[:_LONGEST]))
        findings: dict[tuple[str, int, int], Finding] = {}
        for rule in self._rules:
            action = _action(rule.says, context)
            if action == "off":
                continue
            for start, end in self._places(rule, view, context):
                said = Finding(rule.says.id, action, start, end, rule.says.zh, rule.says.en)
                findings.setdefault((rule.says.id, start, end), said)
        return sorted(findings.values(), key=lambda found: (found.start, found.end, found.rule))

    def _places(
        self, rule: _CompiledRule, text: TextViews, context: OutgoingContext
    ) -> Iterator[tuple[int, int]]:
        kind = rule.says.kind
        if kind == "pattern":
            return _matches(rule, text)
        if kind == "claim":
            facts = claims.facts_now(context.order, context.now)
            denied = claims.denied(text.close, rule.patterns, rule.says.true_when, facts, context.order)
            return _unexcused(rule, text, denied)
        if kind == "compensation":
            limit = context.compensation_limit
            if limit is None:
                limit = self._limits.get(context.role)
            return _unexcused(rule, text, detection.sums(text, context, rule.patterns, limit))
        return _DETECTORS[kind](text, context)


def _compiled(rule: _RuleFile) -> _CompiledRule:
    try:
        patterns = tuple(re.compile(pattern) for pattern in rule.patterns)
        unless = re.compile("|".join(f"(?:{pattern})" for pattern in rule.unless)) if rule.unless else None
    except re.error as error:
        raise RulesError("pattern", f"{rule.id}: {error}") from error
    try:
        parse(rule.true_when or "no_order")
    except BadCondition as error:
        is_odd = error.code == "condition-syntax"  # Python's parser says what it found in its own words
        piece = error.values["text" if is_odd else "detail"]
        known = ", ".join(vocabulary())
        raise RulesError("condition", piece, rule=rule.id, why=error.code, known=known) from error
    return _CompiledRule(rule, patterns, unless)


def _action(rule: _RuleFile, context: OutgoingContext) -> _Setting:
    """The rule's action, as its channel and role settings change it; the stricter of the two counts."""
    changed = [
        table[key]
        for table, key in ((rule.channel, context.channel), (rule.role, context.role))
        if key in table
    ]
    return max(changed, key=_STRICTNESS.__getitem__) if changed else rule.action


def _matches(rule: _CompiledRule, text: TextViews) -> Iterator[tuple[int, int]]:
    excused: list[tuple[int, int]] | None = None
    for pattern in rule.patterns:
        for found in pattern.finditer(text.tight.text):
            place = text.tight.span(*found.span())
            if excused is None:
                excused = _excused(rule, text)
            if not _overlaps(place, excused):
                yield place


def _unexcused(
    rule: _CompiledRule, text: TextViews, found: Iterator[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    excused = _excused(rule, text)
    return (place for place in found if not _overlaps(place, excused))


def _excused(rule: _CompiledRule, text: TextViews) -> list[tuple[int, int]]:
    if rule.unless is None:
        return []
    return [text.tight.span(*found.span()) for found in rule.unless.finditer(text.tight.text) if found[0]]


def _overlaps(place: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(place[0] < end and start < place[1] for start, end in others)


def strictest(findings: list[Finding]) -> Action | None:
    """The strictest action among `findings`; None when there are none."""
    return max((found.action for found in findings), key=_STRICTNESS.__getitem__, default=None)


def context_of(values: Mapping[str, object], **more: object) -> OutgoingContext:
    """A context from a ticket's values under their dotted names (`customer.name`, `order.number`, …).

    `more` are further fields of OutgoingContext, such as `channel` and `role`.
    """

    def texts(*paths: str) -> tuple[str, ...]:
        return tuple(str(values[path]) for path in paths if values.get(path))

    contacts = tuple(str(value) for path, value in values.items() if path.startswith("contact.") and value)
    base: dict[str, object] = {
        "customer": str(values.get("customer.name") or ""),
        "numbers": texts("order.number", "parcel.number"),
        "contacts": contacts + texts("agent.name"),
        "amounts": texts("refund.amount", "order.total"),
    }
    return msgspec.convert({**base, **more}, OutgoingContext)
