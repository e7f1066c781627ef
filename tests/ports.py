"""Ports for servers that come back on the one they had."""

import os
import socket
from itertools import count

# Below the range systems take for outgoing connections, and a stretch for each of the test workers: nobody
# else comes between the end of a server and its return.
_FIRST, _STRETCH, _WORKERS = 20_000, 500, 16
_number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _WORKERS
_offsets = count(os.getpid() % _STRETCH)


def free_port() -> int:
    """A port nobody listens on, handed out once."""
    for offset in _offsets:
        port = _FIRST + _number * _STRETCH + offset % _STRETCH
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("no port is free")
