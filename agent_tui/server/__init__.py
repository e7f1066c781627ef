"""The server: the HTTP contract over SQLite or PostgreSQL, processes without state before one database.

The rooms, each standing only on those below it:

    http                    what is asked over the wire      admin   the same database from the command line
    commands                how a command is applied once, and what happens by the clock
    intake                  what channels bring in
    publishing              a team's content, a version at a time   (these three never import each other)
    lending, learning       helpers' shifts and packs; what the usages of entries teach
    delivery, feed          webhooks; how everyone hears of a change      (nor do these four)
    context                 what all rooms of one process share: database, policy, who is woken by a commit
    store                   tables, transactions, reads, and the one way to write what events say
    identity, problems      who a token is; how a request ends in an error

It must never rule on a command by itself (that is `domain.rules` and `domain.intake`), and never import the
client's side. Start reading at `http.app` (what is served), `commands.executor` (how a command is applied
once) and `feed.feed` (how everyone hears of it).

Invariants:

- Everything that changes goes through a `writing.UnitOfWork`: rows first, then the lines of the feed,
  numbered under the lock of one counter row that is held until the commit. So the order of cursors is the
  order of commits on both databases, and no reader ever skips a line.
- A stream always reads lines that were read from the table: a lost notification delays, it never loses.
- Who may see a line is written into it when it is made; masks are applied when a helper reads it.

2026-11-22: SQLite is not driven through an asynchronous driver, which hops to its thread some seventy times
a command (8 ms of CPU, now 0.8): the same coroutines run to their end over a plain connection in one hop,
and those that wait while a commit reaches the disk share the next one. See `store.database`.

2026-11-22: the counter row replaces an advisory lock before the sequence: the same wait, one round trip less,
and the same words on both databases.
"""
