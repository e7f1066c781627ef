"""The history of the tables; run by `store.database.transactions` when the server starts."""
