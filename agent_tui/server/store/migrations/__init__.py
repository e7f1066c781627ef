"""The history of the tables; run by `agent_tui.server.migrate` when the server starts."""
