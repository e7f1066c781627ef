"""Offline-first synchronization with a backend: replica, outbox, store and engine.

It shows what the backend confirmed plus `rules.decide` over what is still in the outbox; an empty outbox
means the two are the same. It knows no screen. tinydb lives here.

Start reading at `shapes`, then `outbox` and `overlay` (what is decided), `sender` and `feed` (what is done
about it), and `engine`, which ties them together.
"""
