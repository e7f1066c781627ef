"""What words are about, by a table anyone can edit: category, class, and whether it is urgent."""

from collections.abc import Iterable
from functools import cache

from msgspec import Struct, convert

from agent_tui.domain.models import Category, Class
from agent_tui.domain.reading.lexicon import Lexicon, table
from agent_tui.domain.text import fold

# Who complains about a parcel, complains: from this loudness on, goods are no longer listened to.
GRAVE = frozenset({Category.RISK, Category.COMPLAINT})
GRAVE_LINE = 4
# What the message before says speaks this much softer, the one before that again; grave words never fade.
FADING = 0.8
EXPERT = frozenset({Category.RISK, Category.ACCOUNT})
PROCEDURE = frozenset(
    {Category.RETURN, Category.EXCHANGE, Category.REFUND, Category.QUALITY, Category.COMPLAINT}
)


class Subject(Struct, frozen=True, kw_only=True):
    """What words are about; `because` are the ideas that spoke for the category, loudest first."""

    category: Category
    class_: Class
    is_urgent: bool
    because: tuple[str, ...] = ()


class _Words(Struct, frozen=True):
    words: tuple[str, ...]


class _Tables(Struct, frozen=True):
    words: dict[str, tuple[str, ...]]
    category: dict[Category, dict[str, float]]
    class_: dict[Class, tuple[str, ...]]
    expert: dict[Category, tuple[str, ...]]
    urgent: _Words


class _Rule(Struct, frozen=True):
    """`weight` for `category` where all of `needs` and none of `unless` were said."""

    name: str
    category: Category
    needs: frozenset[str]
    unless: frozenset[str]
    weight: float


@cache
def _tables() -> _Tables:
    raw = table("category.toml")
    raw["class_"] = raw.pop("class")
    return convert(raw, _Tables)


@cache
def _ideas() -> Lexicon:
    return Lexicon(_tables().words)


@cache
def _kinds() -> Lexicon:
    tables = _tables()
    kinds = {str(class_): words for class_, words in tables.class_.items()}
    return Lexicon({**kinds, "urgent": tables.urgent.words})


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _rule(text, category, weight)
        for category, said in _tables().category.items()
        for text, weight in said.items()
    )


def _rule(text: str, category: Category, weight: float) -> _Rule:
    parts = text.split()
    unless = {part[1:] for part in parts if part.startswith("!")}
    needs = {part for part in parts if not part.startswith("!")}
    return _Rule(text, category, frozenset(needs), frozenset(unless), weight)


def problems() -> tuple[str, ...]:
    """What the table says in vain: rules that name an idea without words."""
    known = _tables().words.keys()
    experts = ((category, " ".join(ideas)) for category, ideas in _tables().expert.items())
    rules = ((rule.category, " ".join(rule.needs | rule.unless)) for rule in _rules())
    return tuple(
        f"{category}: {idea}"
        for category, ideas in (*rules, *experts)
        for idea in ideas.split()
        if idea not in known
    )


def _loudness(texts: list[str]) -> dict[str, float]:
    """Every idea with how much it counts: all of it in the last message, less the longer ago."""
    heard: dict[str, float] = {}
    for age, text in enumerate(reversed(texts)):
        for idea in _ideas().meanings(text):
            heard.setdefault(idea, FADING**age)
    return heard


def _category(heard: dict[str, float]) -> tuple[Category, tuple[str, ...]]:
    ideas = heard.keys()
    scores: dict[Category, float] = {}
    spoke: dict[Category, list[tuple[float, str]]] = {}
    for rule in _rules():
        if rule.needs <= ideas and rule.unless.isdisjoint(ideas):
            fading = 1 if rule.category in GRAVE else max(heard[idea] for idea in rule.needs)
            weight = rule.weight * fading
            scores[rule.category] = scores.get(rule.category, 0) + weight
            spoke.setdefault(rule.category, []).append((weight, rule.name))
    best = _winner(scores)
    return best, tuple(name for _, name in sorted(spoke.get(best, ()), reverse=True))


def _winner(scores: dict[Category, float]) -> Category:
    grave = {category: scores[category] for category in GRAVE & scores.keys()}
    if max(grave.values(), default=0) >= GRAVE_LINE:
        scores = grave
    best = max(scores, key=scores.__getitem__, default=Category.OTHER)
    return best if scores.get(best, 0) > 0 else Category.OTHER


def _class(category: Category, ideas: Iterable[str], kinds: set[str]) -> Class:
    if not set(_tables().expert.get(category, ())).isdisjoint(ideas):
        return Class.TECHNICAL
    for class_ in _tables().class_:
        if class_ in kinds:
            return class_
    return class_of(category)


def class_of(category: Category) -> Class:
    """The class of a category where the words say nothing more definite."""
    if category in EXPERT:
        return Class.TECHNICAL
    return Class.PROCESS if category in PROCEDURE else Class.QUERY


def words_for(texts: list[str], category: Category) -> tuple[str, ...]:
    """The customer's words that speak for `category`, the loudest first; none where nothing does.

    They are the table's spelling of what was said (folded: lower case, simplified).
    """
    folded = [fold(text) for text in texts]
    ideas = _loudness(folded).keys()
    spoke = [rule for rule in _rules() if rule.category is category and rule.needs <= ideas]
    spoke = [rule for rule in spoke if rule.unless.isdisjoint(ideas)]
    said = [word for rule in sorted(spoke, key=lambda rule: -rule.weight) for word in _said(rule, folded)]
    return tuple(dict.fromkeys(said))


def _said(rule: _Rule, folded: list[str]) -> list[str]:
    found = [one for text in reversed(folded) for one in _ideas().found(text)]
    return [one.word for one in found if one.ideas & rule.needs]


def categorised(folded: list[str]) -> Subject:
    """What a customer's recent messages, folded and oldest first, are about."""
    heard = _loudness(folded)
    category, because = _category(heard)
    kinds = _kinds().meanings("\n".join(folded))
    return Subject(
        category=category,
        class_=_class(category, heard, kinds),
        is_urgent="urgent" in kinds,
        because=because,
    )
