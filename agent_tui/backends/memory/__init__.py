"""A whole helpdesk in memory, under the rules of the server: for tests, drills and the offline demo.

Start reading at `world` (what happens there) and `state` (what is kept), then `backend` (one person's line
to it). Each optional part of a helpdesk is a module.
"""

from agent_tui.backends.memory.backend import MemoryBackend as MemoryBackend
from agent_tui.backends.memory.world import World as World
