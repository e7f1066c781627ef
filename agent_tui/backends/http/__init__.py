"""Our own server over HTTP. httpx lives here, and is loaded when the first request is made.

Start reading at `backend`; `connection` asks and turns httpx's errors into ours, `feed` is the stream of
events, and each optional part of a helpdesk is a module.
"""

from agent_tui.backends.http.backend import HttpBackend as HttpBackend
from agent_tui.backends.http.connection import server_address as server_address
