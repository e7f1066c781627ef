"""`python -m tests.bench [--quick] [--json FILE] [NAME …]`: every bench in turn, as a table and as JSON.

A bench is a module of this folder with `run(*, quick) -> dict`, or with a `main` that prints and keeps its
own figures; what runs beside ours is in them.
"""

import argparse
import json
import pkgutil
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import tests.bench

PROGRAMS_ONLY = frozenset({"__init__", "__main__", "client", "robot"})


def benches() -> list[str]:
    """The names of all modules here that can be run."""
    names = [m.name for m in pkgutil.iter_modules(tests.bench.__path__)]
    return [n for n in names if n not in PROGRAMS_ONLY and _is_bench(n)]


def _is_bench(name: str) -> bool:
    source = _source(name)
    return "def run(" in source or "def main(" in source


def _source(name: str) -> str:
    return (Path(__file__).parent / f"{name}.py").read_text("utf-8")


def measure(name: str, *, quick: bool) -> object:
    """The figures of a bench with `run`; one with a `main` only speaks for itself."""
    module = import_module(f"tests.bench.{name}")
    if hasattr(module, "run"):
        return module.run(quick=quick)
    subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=True)
    return {}


def lines(value: object, path: str = "") -> list[tuple[str, str]]:
    """Nested figures as rows of a name and a value."""
    if isinstance(value, dict):
        return [row for key, v in value.items() for row in lines(v, f"{path}.{key}" if path else str(key))]
    text = f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return [(path, text)]


def main() -> None:
    """Run what is asked for, all by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--quick", action="store_true", help="fewer repeats and smaller sizes")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    args, rest = parser.parse_known_args()
    if rest:  # options of one bench's own
        subprocess.run([sys.executable, "-m", f"tests.bench.{args.names[0]}", *rest], check=True)
        return
    figures = {}
    for name in args.names or benches():
        began = time.perf_counter()
        print(f"\n{name} …", flush=True)
        figures[name] = measure(name, quick=args.quick)
        for row, text in lines(figures[name]):
            print(f"  {row:<48} {text:>14}")
        print(f"  ({time.perf_counter() - began:.0f} s)")
    document = json.dumps(figures, indent=2, ensure_ascii=False, default=str)
    if args.json:
        args.json.write_text(document + "\n", "utf-8")
    else:
        sys.stdout.write("\n" + document + "\n")


if __name__ == "__main__":
    main()
