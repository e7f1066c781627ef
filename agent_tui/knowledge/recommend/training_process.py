"""Training in a process of its own at low priority: usages in, the weights they teach out."""

import asyncio
import contextlib
import logging
import os
import sys

import msgspec
from msgspec import Struct

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend.usage_log import Usage

log = logging.getLogger(__name__)


class TrainingSet(Struct, frozen=True, kw_only=True):
    """What is learned from: the entries that there are, and how they were used."""

    entries: tuple[Entry, ...]
    usages: tuple[Usage, ...]


async def train_apart(training_set: TrainingSet) -> bytes:
    """The weights that a training set gives, empty when it is too small. The process ends with this call.

    Apart, because a thread would share its time with whoever types or asks, and could not be ended.
    """
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, env=environment,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        data, _ = await process.communicate(msgspec.msgpack.encode(training_set))
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode:
        log.warning("learning ended with %s", process.returncode)
        return b""
    return data


def main() -> None:
    """Train on the set on stdin; the weights go to stdout."""
    from agent_tui.knowledge.recommend.usage_model import UsageModel

    if hasattr(os, "nice"):
        os.nice(15)
    training_set = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=TrainingSet)
    sys.stdout.buffer.write(UsageModel.build(training_set.entries, training_set.usages).weights())


if __name__ == "__main__":
    main()
