"""The database: tables, migrations, transactions, reads, and the one way to write (rows, then change log)."""
