"""The model file: the strongest features, weights quantized to eight bits, in msgpack."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from agent_tui.knowledge.recommend.features import Features
from agent_tui.knowledge.recommend.vectors import FeatureCells, FeatureSpace

Array = Any

FORMAT = 1
FEATURES = 16_384
_CHUNK = 4_096


class ModelFile(Struct, frozen=True, kw_only=True):
    """What travels. `pull` holds a signed byte for every feature and entry, times the entry's `scale`."""

    format: int
    entries: list[str]
    counts: list[float]
    blend: list[float]
    groups: list[float]
    features: bytes
    rarity: bytes
    pull: bytes
    scale: bytes
    centre: bytes


class Model:
    """A shipped model, unpacked: it scores entries from a conversation's features."""

    def __init__(self, shipped: ModelFile) -> None:
        import numpy as np

        self.entries = tuple(shipped.entries)
        self.counts = np.array(shipped.counts)
        self.blend = np.array(shipped.blend)
        ids = np.frombuffer(shipped.features, dtype="<u4")
        rarity = np.frombuffer(shipped.rarity, dtype="<f2").astype(float)
        self.space = FeatureSpace(ids, rarity, np.array(shipped.groups))
        self._pull = np.frombuffer(shipped.pull, dtype=np.int8).reshape(len(ids), len(self.entries))
        self._scale = np.frombuffer(shipped.scale, dtype="<f4")
        self._centre = np.frombuffer(shipped.centre, dtype="<f4")

    def scores(self, document: Features) -> Array:
        """What the learner says of each of `entries`."""
        import numpy as np

        cols, values = self.space.encode(document)
        return (values.astype(np.float32) @ self._pull[cols]) * self._scale + self._centre


def unpack(data: bytes) -> Model | None:
    """The model in `data`; None when it is damaged or of another format."""
    try:
        shipped = msgspec.msgpack.decode(data, type=ModelFile)
        return Model(shipped) if shipped.format == FORMAT else None
    except (msgspec.DecodeError, ValueError):
        return None


def pack(
    entries: Sequence[str],
    counts: Array,
    blend: Array,
    space: FeatureSpace,
    pull: Array,
    centre: Array,
) -> bytes:
    """The bytes of a model whose `pull` is (features, entries)."""
    import numpy as np

    scale = np.maximum(np.abs(pull).max(axis=0, initial=0.0), 1e-9) / 127
    shipped = ModelFile(
        format=FORMAT,
        entries=list(entries),
        counts=[float(count) for count in counts],
        blend=[float(weight) for weight in blend],
        groups=[float(weight) for weight in space.weights],
        features=space.ids.astype("<u4").tobytes(),
        rarity=space.rarity.astype("<f2").tobytes(),
        pull=np.rint(pull / scale).astype(np.int8).tobytes(),
        scale=scale.astype("<f4").tobytes(),
        centre=centre.astype("<f4").tobytes(),
    )
    return msgspec.msgpack.encode(shipped)


def pulls(cells: FeatureCells, dual: Array, width: int) -> Array:
    """How much each feature pulls towards each class: the dual weights carried over to features."""
    import numpy as np

    found = np.zeros((width, dual.shape[1]), dtype=np.float32)
    ends = np.searchsorted(cells.rows, np.arange(cells.height + 1))
    for row in range(cells.height):
        part = slice(ends[row], ends[row + 1])
        found[cells.cols[part]] += cells.values[part, None].astype(np.float32) * dual[row]
    return found


def strongest(cells: FeatureCells, dual: Array, width: int, most: int = FEATURES) -> Array:
    """The columns (ascending) that matter most: how strongly they pull times how often they are met."""
    import numpy as np

    met = np.bincount(cells.cols, weights=cells.values**2, minlength=width)
    power = np.zeros(width)
    for start in range(0, width, _CHUNK):
        inside = (cells.cols >= start) & (cells.cols < start + _CHUNK)
        chunk = cells._replace(
            rows=cells.rows[inside], cols=cells.cols[inside] - start, values=cells.values[inside]
        )
        size = min(_CHUNK, width - start)
        power[start : start + size] = np.linalg.norm(pulls(chunk, dual, size), axis=1)
    return np.sort(np.argsort(-power * np.sqrt(met), kind="stable")[:most])
