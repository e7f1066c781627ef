"""Backends: where tickets really live. One Protocol, one file a helpdesk, one contract suite over all.

A backend turns its library's errors into three (`base`) and its server's words into the domain's. It never
stores anything, never decides anything and never retries: the engine in `sync` does. httpx lives here.

Start reading at `base`, then `memory` (the shortest that is complete) and `http` (our own server).
"""
