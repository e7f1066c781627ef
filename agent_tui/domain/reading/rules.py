"""Rules over ideas, as they stand in the tables: all of the ideas named, none of those after a "!"."""

from collections.abc import Iterable, Iterator, Set

from msgspec import Struct


class IdeaRule(Struct, frozen=True):
    """A rule that holds where all of `needs` and none of `unless` were said; `name` is its text."""

    name: str
    needs: frozenset[str]
    unless: frozenset[str]

    def holds(self, ideas: Set[str]) -> bool:
        """Whether these ideas make the rule hold."""
        return self.needs <= ideas and self.unless.isdisjoint(ideas)


class IdeaRules:
    """Rules by number, looked up by one of their ideas instead of tried one by one."""

    def __init__(self, rules: Iterable[IdeaRule]) -> None:
        self.rules = tuple(rules)
        self._by_idea: dict[str, list[int]] = {}
        for number, rule in enumerate(self.rules):
            self._by_idea.setdefault(min(rule.needs), []).append(number)

    def held(self, ideas: Set[str]) -> Iterator[tuple[int, IdeaRule]]:
        """The rules that these ideas make hold, with their numbers, in the order of the table."""
        tried = sorted(number for idea in ideas for number in self._by_idea.get(idea, ()))
        for number in tried:
            if self.rules[number].holds(ideas):
                yield number, self.rules[number]


def rule_of(text: str) -> IdeaRule:
    """The rule that `text` spells."""
    parts = text.split()
    unless = frozenset(part[1:] for part in parts if part.startswith("!"))
    return IdeaRule(text, frozenset(part for part in parts if not part.startswith("!")), unless)


def unknown_ideas(place: str, rules: Iterable[IdeaRule], known: Set[str]) -> tuple[str, ...]:
    """What the rules of `place` name in vain: ideas without words."""
    return tuple(
        f"{place}: {idea}"
        for rule in rules
        for idea in rule.name.replace("!", "").split()
        if idea not in known
    )
