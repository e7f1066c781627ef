"""The database: tables, migrations, transactions, reads, and the one way to write (rows, then change log).

It must never know who asks over what, and nothing may write rows that others hear of but through `writing`.
Start reading at `tables`, then `database` (transactions, tried again), `writing`, and `events` (what becomes
of a ruling's events); `sync_connection` and `prepared` are how SQLite is driven without hopping between
threads.
"""
