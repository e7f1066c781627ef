"""The history of the tables; run by `store.database` when the server starts."""
