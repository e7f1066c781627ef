"""One error tree: every error of the product descends from AgentTuiError, and the drawing of it is true."""

import ast
import builtins
import re
from pathlib import Path

import agent_tui
from agent_tui import errors

ROOT = Path(agent_tui.__file__).parent
_DRAWN = re.compile(
    r"^(?P<bars>[│├└─ ]*)(?P<name>[A-Z]\w+)(?: {2,}(?P<place>agent_tui[\w.]*):?)?", re.MULTILINE
)


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
