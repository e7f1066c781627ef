"""The HTTP host of the page for browsers: it lets helpers in, and starts one process a person behind it.

`serving` is the process, `host` what browsers talk to: a page, a one-time code that becomes a session cookie,
and a WebSocket. `gate` holds the origin check (CSRF) and the limit on wrong codes, `sessions` who works here,
`running` one person's process (`tui.browser.child`, which is told by `handshake` whose it is), `window` the
back-pressure towards a slow browser. Start at `serving.build`.

2026-11: the cookie is the helper's bearer token. So the host keeps nothing about anybody: a restart loses
nobody, the end of the shift ends the cookie too, and there is one thing to revoke, on the server. The page's
scripts cannot read it, and nothing here writes it down.

2026-11: textual-serve's own page asks another company for a font and starts a process for whoever opens it.
Taken from it are its process code and its browser script; the page, the routes and the reconnecting are ours.

2026-11: one process a person, not one process for all: a screen that fails takes nobody along, each profile
has one writer, and a person's token is in no other person's memory.

Architecture invariant: no process is started for anyone whom the server has not confirmed to be a helper;
no token, code or message text is in an argument, an environment, a log or an answer other than the cookie.
"""
