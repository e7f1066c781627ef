"""No test counts on the wall clock: none names seconds after which something should have come."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
WAITS = {
    "timeout",
    "sleep",
    "pause",
    "wait",
    "wait_for",
    "wait_until",
    "wait_gone",
    "wait_end",
    "drain",
    "join",
    "take_in",
}

# Who names seconds, and why that is no guess.
EXCEPTIONS = {
    # On the loop of `tests/sync/loop.py`, whose time jumps.
    ("sync/test_desk.py", "drain"),
    ("test_waiting.py", "sleep"),
    # One look of many, which ends with what is waited for.
    ("terminal.py", "take_in"),
    ("sim/test_real_server.py", "wait"),
}


def seconds_in(call: ast.Call) -> Iterator[str]:
    """The names under which `call` is told to wait for a number of seconds."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    on = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(on, ast.Attribute) and on.attr == "mark":
        return  # pytest's own limit: after which a test that hangs is ended
    if name in WAITS and any(map(_is_number, call.args)):
        yield name
    if any(keyword.arg == "timeout" and _is_number(keyword.value) for keyword in call.keywords):
        yield name


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float) and node.value > 0


def waits(source: str) -> Iterator[str]:
    nodes = list(ast.walk(ast.parse(source)))
    # `await agent.wait(4)` of `tests/driver.py`: the clock of the test goes on, nobody waits.
    passing = {id(node.value) for node in nodes if isinstance(node, ast.Await) and _is_wait(node.value)}
    calls = [node for node in nodes if isinstance(node, ast.Call) and id(node) not in passing]
    yield from (name for call in calls for name in seconds_in(call))


def _is_wait(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "wait"


def test_no_test_waits_for_a_time_that_should_be_enough() -> None:
    files = [file for file in TESTS.rglob("*.py") if "bench" not in file.parts]
    found = {(str(f.relative_to(TESTS)), name) for f in files for name in waits(f.read_text("utf-8"))}
    assert found == EXCEPTIONS


@pytest.mark.parametrize(
    "source",
    [
        "time.sleep(0.5)",
        "asyncio.timeout(2)",
        "Event().wait(1.0)",
        "queue.get(timeout=8)",
        "t.wait_for('x', 15)",
    ],
)
def test_a_number_of_seconds_is_found(source: str) -> None:
    assert list(waits(source))
