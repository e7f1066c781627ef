"""The database: tables, migrations, transactions, reads, and the one way to write (rows, then change log).

It must never know who asks over what, and nothing may write rows that others hear of but through `writing`.
Start reading at `tables`, then `database.transactions`, `writing`, and `events` (what becomes of a ruling's
events); `ticket_rows` is a ticket as its row has it.
"""
