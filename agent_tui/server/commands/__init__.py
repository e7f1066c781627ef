"""Commands: each is run once (idempotency keys), decided in `domain.rules` on what one transaction has read.

It must never rule by itself, nor answer before the commit is on the disk. Start reading at `executor` (one
command from its id to its stored answer), then `scenes` (what it is decided on) and `outgoing` (the filter
for words that must not leave); `timers` is what happens by the clock.
"""
