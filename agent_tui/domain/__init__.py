"""The domain: what a ticket is and what may happen to it. Pure: msgspec and the
standard library, nothing else.

One rule, three readers: the server, the memory backend and the optimistic screen call the same
`rules.decide` and `rules.apply`. Nothing here reads a clock, a file or the network; time comes in as an
argument.

Start reading at `models`, then `commands`, `events` and `rules`.
"""
