"""The two databases: transactions that are tried again, over SQLite or PostgreSQL, and the migrations.

It must never know what is kept in them. Start reading at `transactions` (what a room may ask of either), then
`sqlite` and `postgres`; `sync_connection` and `prepared` are how SQLite is driven without hopping between
threads.
"""
