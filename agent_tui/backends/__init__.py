"""Backends: where tickets really live. One small Protocol, one module or room a helpdesk, one contract suite.

A backend turns its library's errors into three (`base`) and its server's words into the domain's. It never
stores anything, never decides anything and never retries: the engine in `sync` does. httpx lives here.

Start reading at `base` (what every helpdesk must have) and `optional` (what a screen asks for besides), then
`memory` (a whole helpdesk for tests and drills) and `http` (our own server).
"""
