"""Small pictures made in code: a customer's photo of something broken, as a valid PNG."""

import random
import struct
import zlib

_SIDE = 96


def make_png(seed: int, side: int = _SIDE) -> bytes:
    """A PNG of `side` × `side` pixels: a lit box with a crack across it, different for every `seed`."""
    rng = random.Random(seed)
    base = [rng.randint(90, 200) for _ in range(3)]
    crack = _crack(rng, side)
    rows = b"".join(b"\0" + _row(rng, y, crack[y], side, base) for y in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 6)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _crack(rng: random.Random, side: int) -> list[int]:
    at, path = rng.randrange(side // 4, side * 3 // 4), []
    for _ in range(side):
        at = min(max(at + rng.randint(-2, 2), 1), side - 2)
        path.append(at)
    return path


def _row(rng: random.Random, y: int, crack: int, side: int, base: list[int]) -> bytes:
    pixels = bytearray()
    for x in range(side):
        light = y // 3 + rng.randint(0, 12)
        pixels += bytes([20, 20, 20] if abs(x - crack) <= 1 else [min(255, part + light) for part in base])
    return bytes(pixels)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
