"""What words are about, by a table anyone can edit: category, class, and whether it is urgent."""

from collections.abc import Iterable, Iterator
from functools import cache

from msgspec import Struct, convert

from agent_tui.domain.models import Category, Class
from agent_tui.domain.reading.lexicon import Lexicon, table
from agent_tui.domain.reading.rules import IdeaRule, IdeaRules, rule_of, unknown_ideas
from agent_tui.domain.reading.spelling import spelled

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


class _SubjectTables(Struct, frozen=True):
    words: dict[str, tuple[str, ...]]
    category: dict[Category, dict[str, float]]
    class_: dict[Class, tuple[str, ...]]
    expert: dict[Category, tuple[str, ...]]
    urgent: _Words


@cache
def _tables() -> _SubjectTables:
    raw = table("category.toml")
    raw["class_"] = raw.pop("class")
    return convert(raw, _SubjectTables)


@cache
def _ideas() -> Lexicon:
    return Lexicon(_tables().words)


@cache
def _kinds() -> Lexicon:
    tables = _tables()
    kinds = {str(class_): words for class_, words in tables.class_.items()}
    return Lexicon({**kinds, "urgent": tables.urgent.words})


@cache
def _rules() -> tuple[IdeaRules, tuple[tuple[Category, float], ...]]:
    """All rules, and what each says: a category and how loudly."""
    lines = [
        (text, category, weight)
        for category, rules in _tables().category.items()
        for text, weight in rules.items()
    ]
    return IdeaRules(rule_of(text) for text, *_ in lines), tuple((c, weight) for _, c, weight in lines)


def problems() -> tuple[str, ...]:
    """What the table says in vain: rules that name an idea without words."""
    known = _tables().words.keys()
    rules = [(category, [rule_of(text) for text in said]) for category, said in _tables().category.items()]
    experts = [(category, [rule_of(" ".join(ideas))]) for category, ideas in _tables().expert.items()]
    return tuple(
        one for category, named in (*rules, *experts) for one in unknown_ideas(category, named, known)
    )


def ideas_in(text: str) -> frozenset[str]:
    """The ideas that a text carries, whatever they speak for: what it is about, beyond its very words."""
    return frozenset(subjects_in(spelled(text)))


def subjects_in(read: str) -> set[str]:
    """The ideas that a text carries which is spelled for reading."""
    return _ideas().meanings(read)


def _loudness(texts: list[str]) -> dict[str, float]:
    """Every idea with how much it counts: all of it in the last message, less the longer ago."""
    heard: dict[str, float] = {}
    for age, text in enumerate(reversed(texts)):
        for idea in _ideas().meanings(text):
            heard.setdefault(idea, FADING**age)
    return heard


def _category(heard: dict[str, float], grave: dict[str, float]) -> tuple[Category, tuple[str, ...]]:
    scores: dict[Category, float] = {}
    spoke: dict[Category, list[tuple[float, str]]] = {}
    for category, rule, weight in _spoken(heard, grave):
        said = weight if category in GRAVE else weight * max(heard[idea] for idea in rule.needs)
        scores[category] = scores.get(category, 0) + said
        spoke.setdefault(category, []).append((said, rule.name))
    best = _winner(scores)
    return best, tuple(name for _, name in sorted(spoke.get(best, ()), reverse=True))


def _spoken(heard: dict[str, float], grave: dict[str, float]) -> Iterator[tuple[Category, IdeaRule, float]]:
    """The rules that hold: those for complaint and risk by `grave`, the others by what was `heard`."""
    book, says = _rules()
    for number, rule in book.held(heard.keys()):
        if says[number][0] not in GRAVE:
            yield says[number][0], rule, says[number][1]
    for number, rule in book.held(grave.keys()):
        if says[number][0] in GRAVE:
            yield says[number][0], rule, says[number][1]


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

    They are the table's spelling of what was said (lower case, simplified).
    """
    read = [spelled(text) for text in texts]
    ideas = _loudness(read).keys()
    book, says = _rules()
    spoke = [(says[n][1], rule) for n, rule in book.held(ideas) if says[n][0] is category]
    spoke.sort(key=lambda one: -one[0])
    return tuple(dict.fromkeys(word for _, rule in spoke for word in _said(rule, read)))


def _said(rule: IdeaRule, folded: list[str]) -> list[str]:
    found = [one for text in reversed(folded) for one in _ideas().found(text)]
    return [one.word for one in found if one.ideas & rule.needs]


def categorised(read: list[str], grave: list[str] | None = None) -> Subject:
    """What a customer's recent messages, spelled for reading and oldest first, are about.

    `grave` are the texts in which complaint and risk are heard, where they are more than those.
    """
    heard = _loudness(read)
    heard_grave = heard if grave is None else _loudness(grave)
    category, because = _category(heard, heard_grave)
    kinds = _kinds().meanings("\n".join(read if grave is None else grave))
    return Subject(
        category=category,
        class_=_class(category, heard, kinds),
        is_urgent="urgent" in kinds,
        because=because,
    )
