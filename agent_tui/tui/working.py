"""Work beside the screen, as Textual's workers."""

from collections.abc import Awaitable, Callable

from textual.dom import DOMNode
from textual.worker import Worker


def run_beside(
    node: DOMNode,
    work: Callable[[], Awaitable[object]],
    group: str = "default",
    *,
    name: str = "",
    exclusive: bool = False,
) -> None:
    """Run `work` as a worker of `node`; `exclusive` ends what runs in its group.

    A function and not a coroutine: one that is ended before it began would never be awaited.
    """

    async def run() -> None:
        await work()

    worker: Worker[None] = node.run_worker(run, name=name, group=group, exclusive=exclusive)
    del worker
