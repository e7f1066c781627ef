"""Measures how the code is built: sizes, names, circles, what a command touches; of one tree or of several.

`python -m tests.bench.house [NAME=]FOLDER …` prints a table with a column for each tree, then it as JSON.
"""

import ast
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from statistics import median, quantiles

PACKAGE = "agent_tui"
ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Module:
    """A module as it is written."""

    def __init__(self, root: Path, file: Path) -> None:
        parts = file.relative_to(root).with_suffix("").parts
        self.is_package = parts[-1] == "__init__"
        self.name = ".".join(parts[:-1] if self.is_package else parts)
        self.text = file.read_text("utf-8")
        self.lines = self.text.count("\n")
        self.tree = ast.parse(self.text)

    @property
    def docstring(self) -> str:
        """What it says of itself."""
        return ast.get_docstring(self.tree, clean=False) or ""

    @property
    def folder(self) -> str:
        """The package it lies in, itself for a package."""
        return self.name if self.is_package else self.name.rpartition(".")[0]

    @cached_property
    def functions(self) -> dict[str, int]:
        """How many lines each function has, by its place."""
        return {
            place: length(node) for place, node in nodes(self.tree, self.name) if isinstance(node, Function)
        }

    @cached_property
    def classes(self) -> list[ast.ClassDef]:
        """Its classes, those within others too."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef)]

    @cached_property
    def imported(self) -> dict[str, str]:
        """What a name that was imported is, in full."""
        found = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
            elif isinstance(node, ast.Import):
                found |= {one.asname or one.name: one.name for one in node.names}
        return found


class House:
    """All modules of the package under a folder."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        files = sorted((root / PACKAGE).rglob("*.py"))
        self.modules = {m.name: m for m in (Module(root, file) for file in files)}

    # -- sizes

    @cached_property
    def functions(self) -> dict[str, int]:
        """How many lines each function has."""
        return {place: size for module in self.modules.values() for place, size in module.functions.items()}

    @cached_property
    def flat(self) -> Counter[str]:
        """How many modules lie beside each other in a package."""
        return Counter(m.folder for m in self.modules.values() if not m.is_package)

    @cached_property
    def classes(self) -> dict[str, tuple[Module, ast.ClassDef]]:
        """Every class by its full name."""
        return {f"{m.name}.{node.name}": (m, node) for m in self.modules.values() for node in m.classes}

    @cached_property
    def class_sizes(self) -> dict[str, int]:
        """How many lines each class has together with its bases of ours."""
        return {name: sum(self._own_lines(one) for one in self._line_of(name)) for name in self.classes}

    def _own_lines(self, name: str) -> int:
        return length(self.classes[name][1])

    def _line_of(self, name: str) -> set[str]:
        """A class and the bases it has of ours."""
        module, node = self.classes[name]
        found = {name}
        for base in node.bases:
            full = self._full(module, ast.unparse(base).partition("[")[0])
            if full in self.classes and full not in found:
                found |= self._line_of(full)
        return found

    def _full(self, module: Module, name: str) -> str:
        """What `name` is, through packages that hand it on."""
        head, _, rest = name.partition(".")
        full = module.imported.get(head, f"{module.name}.{head}") + (f".{rest}" if rest else "")
        for _ in range(5):
            place, _, last = full.rpartition(".")
            if full in self.classes or place not in self.modules:
                break
            full = self.modules[place].imported.get(last, full)
        return full

    @cached_property
    def screens(self) -> dict[str, int]:
        """How many lines each screen has by itself."""
        return {name: self._own_lines(name) for name in self.classes if self._is_screen(name)}

    def _is_screen(self, name: str) -> bool:
        bases = {ast.unparse(base) for one in self._line_of(name) for base in self.classes[one][1].bases}
        return any(base.partition("[")[0] in ("Screen", "ModalScreen") for base in bases)

    # -- names

    @cached_property
    def twice(self) -> dict[str, list[str]]:
        """Class names that are used more than once, with where."""
        places = defaultdict(list)
        for module, node in self.classes.values():
            places[node.name].append(module.name)
        return {name: found for name, found in sorted(places.items()) if len(found) > 1}

    # -- circles

    @cached_property
    def circles(self) -> list[list[str]]:
        """Modules that import each other in a ring."""
        edges = {name: set(self._imports(module)) for name, module in self.modules.items()}
        return sorted(sorted(ring) for ring in rings(edges) if len(ring) > 1)

    def _imports(self, module: Module) -> Iterator[str]:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield from (self._module(f"{node.module}.{one.name}") for one in node.names)
            elif isinstance(node, ast.Import):
                yield from (self._module(one.name) for one in node.names)

    def _module(self, name: str) -> str:
        return name if name in self.modules else name.rpartition(".")[0]

    # -- commands and keys

    @cached_property
    def commands(self) -> set[str]:
        """The names of all commands and of the tuples and unions that are made of them."""
        known = set(self.command_classes)
        for _ in range(3):
            known |= {alias for module in self.modules.values() for alias in _aliases(module.tree, known)}
        return known

    @cached_property
    def command_classes(self) -> set[str]:
        """The names of all commands, without what they have in common."""
        found = {name for name in self.classes if self._is_command(name)}
        bases = {one for name in found for one in self._line_of(name) - {name}}
        return {name.rpartition(".")[2] for name in found - bases}

    @cached_property
    def command_files(self) -> dict[str, int]:
        """How many files of the product name each command: modules, texts of both languages, keys."""
        kinds = ("*.py", "*.toml")
        texts = [file.read_text("utf-8") for kind in kinds for file in (self.root / PACKAGE).rglob(kind)]
        return {name: sum(_names(name, text) for text in texts) for name in self.command_classes}

    def _is_command(self, name: str) -> bool:
        return any(one.endswith(".BaseCommand") for one in self._line_of(name))

    @cached_property
    def command_checks(self) -> list[str]:
        """Where `isinstance` asks what command it is."""
        return [
            f"{module.name}:{node.lineno}"
            for module in self.modules.values()
            for node in ast.walk(module.tree)
            if _is_check(node, self.commands)
        ]

    @cached_property
    def command_cases(self) -> list[str]:
        """Where a `case` outside the rules asks what command it is."""
        return [
            f"{module.name}:{node.cls.lineno}"
            for module in self.modules.values()
            if not module.name.startswith(f"{PACKAGE}.domain")
            for node in ast.walk(module.tree)
            if isinstance(node, ast.MatchClass) and ast.unparse(node.cls) in self.commands
        ]

    @cached_property
    def bindings(self) -> list[str]:
        """Where a key is bound in code instead of in the table of actions."""
        return [
            f"{module.name}:{line}" for module in self.modules.values() for line in _bound_keys(module.tree)
        ]


def nodes(tree: ast.AST, place: str) -> Iterator[tuple[str, ast.AST]]:
    """Every class and function under `tree` with its full name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function | ast.ClassDef):
            yield f"{place}.{node.name}", node
            yield from nodes(node, f"{place}.{node.name}")
        else:
            yield from nodes(node, place)


def length(node: ast.stmt) -> int:
    """How many lines `node` has, decorators left out."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def rings(edges: dict[str, set[str]]) -> list[set[str]]:
    """The strongly connected components of a graph (Tarjan)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[set[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in edges[name] & edges.keys():
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            ring = set(stack[stack.index(name) :])
            del stack[stack.index(name) :]
            found.append(ring)

    for name in edges:
        if name not in index:
            visit(name)
    return found


def _names(command: str, text: str) -> bool:
    """Whether `text` names a command as a class, on the wire or as a function."""
    words = re.findall("[A-Z][a-z]*", command)
    forms = (command, *(sign.join(words).lower() for sign in "-_"))
    return any(re.search(rf"(?<![\w-]){form}(?![\w-])", text) for form in forms)


def _aliases(tree: ast.Module, known: set[str]) -> Iterator[str]:
    """Names that a module gives to commands put together."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            parts = {one.id for one in ast.walk(node.value) if isinstance(one, ast.Name)}
            if parts and parts <= known and isinstance(node.value, ast.Tuple | ast.BinOp):
                yield node.targets[0].id


def _is_check(node: ast.AST, commands: set[str]) -> bool:
    if not isinstance(node, ast.Call) or ast.unparse(node.func) != "isinstance":
        return False
    return any(isinstance(one, ast.Name) and one.id in commands for one in ast.walk(node.args[1]))


def _bound_keys(tree: ast.Module) -> Iterator[int]:
    """Lines that write a key into `BINDINGS`, `Binding(…)` or a call of `bind`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Binding" and node.args:
            if isinstance(node.args[0], ast.Constant):
                yield node.lineno
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if ast.unparse(target) == "BINDINGS":
                yield from (one.lineno for one in ast.walk(node.value) if _is_key_row(one))


def _is_key_row(node: ast.AST) -> bool:
    return isinstance(node, ast.Tuple) and bool(node.elts) and isinstance(node.elts[0], ast.Constant)


def measured(house: House) -> dict[str, object]:
    """The figures of a tree."""
    sizes = sorted(house.functions.values())
    p90 = quantiles(sizes, n=10)[8]
    files = list(house.command_files.values())
    rooms = Counter({name: n for name, n in house.flat.items() if n})
    biggest = max(house.class_sizes, key=lambda name: house.class_sizes[name])
    screen = max(house.screens, key=lambda name: house.screens[name])
    return {
        "modules": len(house.modules),
        "lines of Python": sum(m.lines for m in house.modules.values()),
        "flat modules in one room, at most": ", ".join(f"{r} {n}" for r, n in rooms.most_common(3)),
        "functions": len(sizes),
        "function lines, median / p90 / longest": f"{median(sizes):g} / {p90:g} / {sizes[-1]}",
        "functions over 50 lines": sum(size > 50 for size in sizes),
        "modules over 400 lines": sum(m.lines > 400 for m in house.modules.values()),
        "biggest class with its bases of ours": f"{biggest} {house.class_sizes[biggest]}",
        "classes over 250 lines with their bases": sum(size > 250 for size in house.class_sizes.values()),
        "biggest screen by itself": f"{screen} {house.screens[screen]}",
        "class names used more than once": len(house.twice),
        "import circles (modules in them)": f"{len(house.circles)} ({sum(map(len, house.circles))})",
        "commands": len(house.command_classes),
        "files of the product that name a command, median / most": f"{median(files):g} / {max(files)}",
        "isinstance over commands": len(house.command_checks),
        "case over commands outside domain": len(house.command_cases),
        "keys bound in code": len(house.bindings),
    }


def main() -> None:
    """Print the figures of the trees that were named, of this one when none was."""
    columns = {}
    for argument in sys.argv[1:] or [f"now={ROOT}"]:
        name, _, folder = argument.rpartition("=")
        columns[name or Path(folder).name] = measured(House(Path(folder).resolve()))
    print(f"| | {' | '.join(columns)} |")
    print(f"|---|{'---|' * len(columns)}")
    for figure in next(iter(columns.values())):
        print(f"| {figure} | {' | '.join(str(column[figure]) for column in columns.values())} |")
    print(json.dumps(columns, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
