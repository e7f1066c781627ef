"""The garbage collector waits for the first frame: what a start imports is kept for good anyway."""

import gc

_held: list[bool] = []


def hold() -> None:
    """Collect nothing until `release`; called before the screens are imported."""
    gc.disable()
    _held.append(True)


def release() -> None:
    """Collect again, sparing what the start has brought; without a `hold` before it nothing happens."""
    if _held:
        _held.clear()
        gc.freeze()
        gc.enable()
