"""The reader of pack files: a YAML mapping to a pack and problems, all problems at once with their lines."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args

import msgspec
from msgspec import NODEFAULT, Struct

from agent_tui.knowledge.content.entries import ContentProblem
from agent_tui.knowledge.content.parsing import Marked, YamlError, parse, read_text
from agent_tui.knowledge.content.problems import problem
from agent_tui.knowledge.errors import KnowledgeError
from agent_tui.knowledge.packs.format import Pack

SUFFIXES = (".yaml", ".yml")
_EXPECTED = {
    "categories": "logistics, order, return, refund …",
    "field": "logistics, returns, promotion, live",
    "language": "zh, en",
    "level": "1–4",
    "valid_from": "2026-11-01",
    "valid_until": "2027-06-30",
    "version": "1, 2, 3 …",
}

Wanted = TypeVar("Wanted", bound=Struct)


class PackError(KnowledgeError):
    """A pack that cannot be used: `no-pack` (nothing by that name) or `bad-pack` (see `problems`)."""

    def __init__(self, code: str, detail: str, problems: tuple[ContentProblem, ...] = ()) -> None:
        super().__init__(code, detail)
        self.problems = problems


class PlacedPack(Struct, frozen=True):
    """A pack, its file and the line of each path in it, such as `answers[3].when`."""

    pack: Pack
    file: str
    marked: Marked

    def line(self, path: str = "") -> int:
        """The line of `path` or of the nearest thing around it."""
        return self.marked.line(path)


def built_in_packs() -> Path:
    """The folder of our own packs: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).parents[2]
    beside = package.parent / "kb" / "packs"
    return beside if beside.is_dir() else package / "content" / "kb" / "packs"


def pack_files(folder: Path) -> list[Path]:
    """The pack files of a folder in a steady order; a file stands for itself."""
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        return []
    return sorted(file for file in folder.iterdir() if file.suffix in SUFFIXES and file.is_file())


def read_packs(folder: Path) -> tuple[list[PlacedPack], list[ContentProblem]]:
    """Every pack of a folder; one that cannot be read is a problem and hides no other."""
    packs: list[PlacedPack] = []
    problems: list[ContentProblem] = []
    for file in pack_files(folder):
        placed, found = read_pack(file)
        problems += found
        if placed is not None:
            packs.append(placed)
    return packs, problems


def read_pack(path: Path, shown: str = "") -> tuple[PlacedPack | None, list[ContentProblem]]:
    """The pack of one file and everything that is wrong with it; `shown` is the name problems give it."""
    shown = shown or str(path)
    text, problems = read_text(path, shown)
    return (None, problems) if text is None else parse_pack(text, shown)


def parse_pack(text: str, shown: str) -> tuple[PlacedPack | None, list[ContentProblem]]:
    """The pack of a YAML text."""
    try:
        marked = parse(text)
    except YamlError as error:
        return None, [problem(error.code, shown, error.line, detail=error.detail)]
    if not isinstance(marked.value, dict):
        return None, [problem("pack-not-a-mapping", shown, marked.line(""))]
    reader = _Reader(marked, shown)
    pack = reader.struct(Pack, marked.value, "")
    if pack is None or reader.problems:
        return None, reader.problems
    return PlacedPack(pack, shown, marked), []


def load_pack(wanted: str | Path, folder: Path | None = None) -> Pack:
    """The pack in the file `wanted`, or the one of `folder` (the built-in ones) with that id.

    Raises PackError; one broken pack beside the wanted one does not matter.
    """
    file = Path(wanted)
    if file.suffix in SUFFIXES or isinstance(wanted, Path):
        placed, problems = read_pack(file)
        if placed is None:
            raise PackError("bad-pack", str(wanted), tuple(problems))
        return placed.pack
    packs, problems = read_packs(folder or built_in_packs())
    for found in packs:
        if found.pack.id == wanted:
            return found.pack
    raise PackError("no-pack", str(wanted), tuple(problems))


class _Reader:
    """Turns plain values into structs field by field, so that one wrong field does not hide the next."""

    def __init__(self, marked: Marked, shown: str) -> None:
        self._marked = marked
        self._shown = shown
        self.problems: list[ContentProblem] = []

    def struct(self, kind: type[Wanted], value: Any, at: str) -> Wanted | None:
        """A struct of `kind`, or None when anything in it is wrong."""
        before = len(self.problems)
        if not isinstance(value, dict):
            self._wrong(at, str(value)[:40])
            return None
        fields = {field.name: field for field in msgspec.structs.fields(kind)}
        for name in value:
            if name not in fields:
                self._report("unknown-field", _join(at, name), name=name, known=", ".join(fields))
        made = {}
        for name, field in fields.items():
            if value.get(name) is not None:
                made[name] = self._field(field.type, value[name], _join(at, name))
            elif field.default is NODEFAULT and field.default_factory is NODEFAULT:
                self._report("missing-field", _join(at, name), name=name)
        return kind(**made) if len(self.problems) == before else None

    def _field(self, kind: Any, value: Any, at: str) -> Any:
        inner = next(
            (one for one in get_args(kind) if isinstance(one, type) and issubclass(one, Struct)), None
        )
        if inner is not None:
            return tuple(self._structs(inner, value, at))
        try:
            made = msgspec.convert(value, kind, strict=False)
        except msgspec.ValidationError as error:
            message, _, inside = str(error).partition(" - at `$")
            self._wrong(at + inside.rstrip("`"), message)
            return None
        if isinstance(made, str) and not made.strip():
            self._report("empty-field", at, name=at)
        return made

    def _structs(self, kind: type[Wanted], value: Any, at: str) -> Iterator[Wanted | None]:
        if not isinstance(value, list):
            self._wrong(at, str(value)[:40])
            return
        for number, item in enumerate(value):
            yield self.struct(kind, item, f"{at}[{number}]")

    def _wrong(self, at: str, detail: str) -> None:
        name = at.rpartition(".")[2]
        plain = name.partition("[")[0]
        expected = _EXPECTED.get(plain)
        if expected is None:
            self._report("pack-wrong-shape", at, name=name, detail=detail)
        else:
            self._report("pack-wrong-value", at, name=name, detail=detail, expected=expected)

    def _report(self, code: str, at: str, **values: Any) -> None:
        self.problems.append(problem(code, self._shown, self._marked.line(at), at, **values))


def _join(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name
