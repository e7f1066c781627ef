"""Telling the lead how drills went: each result is kept here until the server has it, and arrives once."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from agent_tui import i18n
from agent_tui.domain.commands import SendDrillResult
from agent_tui.drill.coach import Reported

_FILE = "drill-results.json"
_MOST = 50
_Results = tuple[SendDrillResult, ...]


def teller(server: str, folder: Path, practice: Any) -> Callable[[], Awaitable[Reported]]:
    """What tells the lead of the practice's result, and of earlier ones that could not be sent.

    A command's id is accepted once for good, so that pressing the key again, or an answer that was lost, does
    not tell it twice.
    """
    from agent_tui.backends.http import HttpBackend
    from agent_tui.sync.ids import new_id
    from agent_tui.sync.secrets import find_token

    id, file = new_id(), folder / _FILE

    async def tell() -> Reported:
        outcome = practice.outcome()
        mine = SendDrillResult(
            id=id, pack=outcome.pack, right=outcome.right, total=outcome.customers, seconds=outcome.seconds
        )
        waiting = (*(one for one in await asyncio.to_thread(_read, file) if one.id != id), mine)[-_MOST:]
        is_kept = await asyncio.to_thread(_write, file, waiting)
        line = HttpBackend(server, "", lambda: find_token(server).value)
        reason, left = await _send(line, waiting)
        await asyncio.to_thread(_write, file, left)
        return _told(reason, is_kept=is_kept, earlier=len(waiting) - 1)

    return tell


async def _send(line: Any, waiting: _Results) -> tuple[str, _Results]:
    """Send what waits; why not all of it arrived, in a word, and what is left."""
    from agent_tui.backends.base import AuthExpired, BackendError, Unavailable

    try:
        outcomes = await line.send(waiting)
    except AuthExpired as error:
        return ("no-token" if error.code == "no-token" else "expired"), waiting
    except Unavailable:
        return "unavailable", waiting
    except BackendError as error:
        return error.code, waiting
    finally:
        await line.aclose()
    left = tuple(one for one, done in zip(waiting, outcomes, strict=True) if done.outcome != "applied")
    problems = (done.problem.code if done.problem else done.outcome for done in outcomes[::-1])
    return (next(problems) if left else ""), left


def _told(reason: str, *, is_kept: bool, earlier: int) -> Reported:
    words = i18n.texts().drill
    if not reason:
        return Reported(words=i18n.counted(words.told_all, earlier) if earlier else words.told, is_told=True)
    why = words.not_sent.get(reason, words.not_sent["other"]).format(code=reason)
    after = words.kept if is_kept else words.not_kept
    return Reported(words=f"{words.not_told.format(reason=why)}\n{after}", is_told=False)


def _read(file: Path) -> _Results:
    """What waits; a file that cannot be read is as good as none."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Results)
    except (OSError, msgspec.DecodeError):
        return ()


def _write(file: Path, waiting: _Results) -> bool:
    """Keep what waits, no file for nothing; says whether it could be kept."""
    try:
        if not waiting:
            with suppress(FileNotFoundError):
                file.unlink()
            return True
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(f"{file.name}.new")
        beside.write_bytes(msgspec.json.encode(waiting))
        beside.replace(file)
    except OSError:
        return False
    return True
