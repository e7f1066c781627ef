"""The change feed: cursors, pages, server-sent events, word between processes, and presence beside it.

A reader never skips a change: what a stream says was read from the table, and a lost notification only
delays it. Presence has no cursor and is never stored. Start reading at `feed`, then `hub` (the streams) and
`presence`; `notify` carries both between processes on PostgreSQL.
"""
