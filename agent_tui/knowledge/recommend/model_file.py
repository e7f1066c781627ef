"""The model file: what was learned, quantized to eight bits, compressed, in msgpack; no text but ids."""

import zlib
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from agent_tui.knowledge.recommend.features import GROUPS, Features
from agent_tui.knowledge.recommend.stacking import OPINIONS
from agent_tui.knowledge.recommend.vectors import DIMENSIONS, SLOTS, FeatureSpace

Array = Any

FORMAT = 2
MOST_ENTRIES = 10_000
_LARGEST = 1e9


class ModelFile(Struct, frozen=True, kw_only=True):
    """What travels. `pull` holds a signed byte for every dimension and entry, times the entry's `scale`."""

    format: int
    entries: list[str]
    counts: bytes
    blend: list[float]
    groups: list[float]
    rarity: bytes
    pull: bytes
    scale: bytes
    centre: bytes


class Model:
    """A shipped model, unpacked: it scores entries from a conversation's features."""

    def __init__(self, shipped: ModelFile) -> None:
        import numpy as np

        count = len(shipped.entries)
        if count > MOST_ENTRIES:
            raise ValueError("too many entries")
        self.entries = tuple(shipped.entries)
        self.counts = _counted(_numbers(shipped.counts, count)).astype(float)
        self.blend = _checked(np.array(shipped.blend), len(OPINIONS))
        rarity = np.frombuffer(_unzipped(shipped.rarity, SLOTS), dtype=np.uint8)
        self.space = FeatureSpace(rarity, _weighing(_checked(np.array(shipped.groups), GROUPS)))
        pull = np.frombuffer(_unzipped(shipped.pull, DIMENSIONS * count), dtype=np.int8)
        self._pull = pull.reshape(DIMENSIONS, count)
        self._scale = _numbers(shipped.scale, count)
        self._centre = _numbers(shipped.centre, count)

    def scores(self, document: Features) -> Array:
        """What the learner says of each of `entries`."""
        cols, values = self.space.encode(document)
        return (values @ self._pull[cols]) * self._scale + self._centre


def _numbers(data: bytes, count: int) -> Array:
    import numpy as np

    return _checked(np.frombuffer(data, dtype="<f4"), count)


def _checked(numbers: Array, count: int) -> Array:
    import numpy as np

    if numbers.shape != (count,) or not np.isfinite(numbers).all() or (np.abs(numbers) > _LARGEST).any():
        raise ValueError("not numbers")
    return numbers


def _counted(numbers: Array) -> Array:
    if (numbers < 0).any():
        raise ValueError("less than none")
    return numbers


def _weighing(numbers: Array) -> Array:
    """Weights of which some one counts."""
    if not _counted(numbers).any():
        raise ValueError("nothing counts")
    return numbers


def _unzipped(data: bytes, size: int) -> bytes:
    """The bytes behind `data`, of which there must be `size`. Raises ValueError."""
    opened = zlib.decompressobj()
    found = opened.decompress(data, size + 1)
    if len(found) != size:
        raise ValueError("of another size")
    return found


def unpack(data: bytes) -> Model | None:
    """The model in `data`; None when it is damaged or of another format."""
    try:
        shipped = msgspec.msgpack.decode(data, type=ModelFile)
        return Model(shipped) if shipped.format == FORMAT else None
    except (msgspec.DecodeError, ValueError, zlib.error, RecursionError):
        return None


def pack(
    entries: Sequence[str],
    counts: Array,
    blend: Array,
    space: FeatureSpace,
    pull: Array,
    centre: Array,
) -> bytes:
    """The bytes of a model whose `pull` is (dimensions, entries)."""
    import numpy as np

    scale = np.maximum(np.abs(pull).max(axis=0, initial=0.0), 1e-9) / 127
    shipped = ModelFile(
        format=FORMAT,
        entries=list(entries),
        counts=counts.astype("<f4").tobytes(),
        blend=[float(weight) for weight in blend],
        groups=[float(weight) for weight in space.weights],
        rarity=zlib.compress(space.rarity.tobytes()),
        pull=zlib.compress(np.rint(pull / scale).astype(np.int8).tobytes(), 6),
        scale=scale.astype("<f4").tobytes(),
        centre=centre.astype("<f4").tobytes(),
    )
    return msgspec.msgpack.encode(shipped)
