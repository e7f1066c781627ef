"""One error tree: every error of the product descends from AgentTuiError, and the drawing of it is true."""

import ast
import builtins
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
import pytest

import agent_tui
from agent_tui import errors
from agent_tui.i18n import LANGUAGES, load
from agent_tui.knowledge.content import problems
from agent_tui.server.problems import CODES
from agent_tui.sim import texts as sim

ROOT = Path(agent_tui.__file__).parent
_DRAWN = re.compile(
    r"^(?P<bars>[│├└─ ]*)(?P<name>[A-Z]\w+)(?: {2,}(?P<place>agent_tui[\w.]*):?)?", re.MULTILINE
)


@cache
def error_classes() -> dict[str, tuple[str, str]]:
    """Every class that is an error: its first base and the module it is in."""
    bases: dict[str, tuple[str, str]] = {}
    for file in ROOT.rglob("*.py"):
        module = ".".join(file.relative_to(ROOT.parent).with_suffix("").parts)
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and node.bases and isinstance(node.bases[0], ast.Name):
                bases[node.name] = (node.bases[0].id, module)

    def is_error(name: str) -> bool:
        if name in bases:
            return is_error(bases[name][0])
        return isinstance(it := getattr(builtins, name, None), type) and issubclass(it, BaseException)

    return {name: where for name, where in bases.items() if is_error(name)}


def drawn() -> dict[str, tuple[str, str]]:
    """Every class of the drawing: what it hangs from and the module it says, if any."""
    tree: dict[str, tuple[str, str]] = {}
    above: list[str] = []
    for line in _DRAWN.finditer(errors.__doc__ or ""):
        depth = len(line["bars"]) // 4
        del above[depth:]
        if depth or line["name"] == "AgentTuiError":
            tree[line["name"]] = (above[-1] if above else "Exception", line["place"] or "")
            above.append(line["name"])
    return tree


def test_every_error_descends_from_one_root() -> None:
    roots = {name for name, (base, _) in error_classes().items() if hasattr(builtins, base)}
    assert roots == {"AgentTuiError"}


def test_the_drawn_tree_is_the_tree_of_the_classes() -> None:
    there, tree = error_classes(), drawn()
    assert {name: base for name, (base, _) in there.items()} == {
        name: base for name, (base, _) in tree.items()
    }
    for name, (_, place) in tree.items():
        assert place in ("", there[name][1]), name


def raised() -> Iterator[tuple[str, str]]:
    """Every class of error with each code it is made with; a code that is passed on is made elsewhere."""
    classes = error_classes()
    for file in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            values = [one.value for one in node.args if isinstance(one, ast.Constant)]
            codes = [value for value in values[:2] if isinstance(value, str)]
            if node.func.id == "HttpProblem" and not codes and values:
                codes = [CODES[int(str(values[0]))]]
            if node.func.id in classes and codes:
                yield node.func.id, codes[0]


def codes_in_words(error: str, language: str) -> set[str]:
    """The codes of a class of error that a person is told of in words, wherever they stand."""
    texts = load(language)
    refusals, tables = set(texts.common.refusals), texts.errors
    if error == "SimError":
        return set(sim.texts()[language])
    if error in ("YamlError", "BadCondition"):
        return set(problems.codes())
    if error == "HttpProblem":
        # The client makes these of a 401, a 429 and a 5xx.
        return refusals.union(tables["AuthExpired"], tables["Unavailable"], tables["HttpProblem"])
    bases = {error, error_classes()[error][0]}
    return refusals.union(*(tables.get(name, {}) for name in bases))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_that_is_raised_has_words(language: str) -> None:
    found = set(raised())
    assert len(found) > 80
    assert sorted(one for one in found if one[1] not in codes_in_words(one[0], language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_errors_words_say_what_to_do(language: str) -> None:
    """More than one clause: what is wrong, and behind a sign what to do."""
    tables = load(language).errors
    for name in tables.keys() - {"reasons", "place"}:
        for code, words in tables[name].items():
            if code != "output":
                assert re.search("[：:，,；;。]", words), (name, code)


def test_both_languages_know_the_same_errors() -> None:
    zh, en = (msgspec.to_builtins(load(language).errors) for language in LANGUAGES)
    assert {name: set(zh[name]) for name in zh} == {name: set(en[name]) for name in en}
