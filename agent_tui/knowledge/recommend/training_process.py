"""Training in a process of its own at low priority: usages in, the weights they teach out."""

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import AsyncIterable, AsyncIterator

import msgspec
from msgspec import Struct

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend.trust import Lesson
from agent_tui.knowledge.recommend.usage_log import Usage

log = logging.getLogger(__name__)


class TrainingSet(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is learned from, or a page of it: the entries that there are, how they were used (one's own
    usages), and how they are reported to have been used (others')."""

    entries: tuple[Entry, ...] = ()
    usages: tuple[Usage, ...] = ()
    lessons: tuple[Lesson, ...] = ()


async def train_apart(*pages: TrainingSet) -> bytes:
    """The weights that a training set gives, empty when it is too small. The process ends with this call.

    Apart, because a thread would share its time with whoever types or asks, and could not be ended.
    """
    return await train_from(_each(pages))


async def train_from(pages: AsyncIterable[TrainingSet]) -> bytes:
    """`train_apart` with a set that comes in pages, so that nobody waits while all of it is made ready."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, env=environment,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        data = await _talk(process, pages)
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode:
        log.warning("learning ended with %s", process.returncode)
        return b""
    return data


async def _talk(process: asyncio.subprocess.Process, pages: AsyncIterable[TrainingSet]) -> bytes:
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        async for page in pages:
            process.stdin.write(msgspec.json.encode(page) + b"\n")
            await process.stdin.drain()
    process.stdin.close()
    data, _ = await process.communicate()
    return data


async def _each(pages: tuple[TrainingSet, ...]) -> AsyncIterator[TrainingSet]:
    for page in pages:
        yield page


def learned_from(pages: list[TrainingSet]) -> bytes:
    """The weights that the pages of a set teach together."""
    from agent_tui.knowledge.recommend.training import train
    from agent_tui.knowledge.recommend.trust import trusted

    entries = tuple(entry for page in pages for entry in page.entries)
    lessons = [lesson for page in pages for lesson in page.lessons]
    return train(entries, [usage for page in pages for usage in page.usages] + trusted(entries, lessons))


def main() -> None:
    """Train on the pages on stdin, one a line; the weights go to stdout."""
    if hasattr(os, "nice"):
        os.nice(15)
    decoder = msgspec.json.Decoder(TrainingSet)
    sys.stdout.buffer.write(learned_from([decoder.decode(line) for line in sys.stdin.buffer]))


if __name__ == "__main__":
    main()
