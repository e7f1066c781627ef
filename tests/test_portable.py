"""Nothing on the client's path is POSIX-only but for one guarded place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import agent_tui

ROOT = Path(agent_tui.__file__).parent
# The server is for a team's machine and the simulator for a developer's; everything else runs on Windows.
ELSEWHERE = ("server", "sim")
POSIX_MODULES = {
    "curses",
    "fcntl",
    "grp",
    "posix",
    "pty",
    "pwd",
    "readline",
    "resource",
    "syslog",
    "termios",
    "tty",
}
POSIX_NAMES = {
    "add_signal_handler", "remove_signal_handler", "fork", "forkpty", "getuid", "geteuid", "getgid",
    "getpgid", "killpg", "setsid", "mkfifo", "SIGKILL", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGALRM",
    "SIGCHLD", "SIGWINCH", "SIGSTOP", "SIGTSTP", "SIGCONT", "setitimer", "alarm", "O_DIRECTORY",
    "O_NOFOLLOW", "fchmod", "chown", "statvfs", "uname",
}  # fmt: skip
# A folder is forced to disk here, behind a question for the system.
GUARDED = {("sync/atomic_write.py", "os.open")}


def client_files() -> list[Path]:
    found = [path for path in ROOT.rglob("*.py") if path.relative_to(ROOT).parts[0] not in ELSEWHERE]
    assert len(found) > 40
    return found


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def is_guarded(tree: ast.Module, node: ast.AST) -> bool:
    """Whether a name stands in a function that asks first which system this is."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and node in ast.walk(function):
            words = ast.unparse(function)
            if "os.name" in words or "sys.platform" in words:
                return True
    return False


@pytest.mark.parametrize("file", client_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_posix_only_module_or_name(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    assert not POSIX_MODULES & set(imports(tree))
    for node in ast.walk(tree):
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        assert name not in POSIX_NAMES or is_guarded(tree, node), f"{name} in line {node.lineno}"


def test_a_folder_is_forced_to_disk_in_one_guarded_place() -> None:
    found = set()
    for file in client_files():
        tree = ast.parse(file.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "os.open":
                found.add((file.relative_to(ROOT).as_posix(), "os.open"))
                assert is_guarded(tree, node)
    assert found <= GUARDED


def test_files_are_replaced_with_another_try() -> None:
    """On Windows a scanner may hold the old file open for a moment."""
    for file in client_files():
        tree = ast.parse(file.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("os.replace", "os.rename"):
                assert file.relative_to(ROOT).as_posix() == "sync/atomic_write.py"
