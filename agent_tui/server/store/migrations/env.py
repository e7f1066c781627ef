"""What alembic runs: the steps, on the connection (and in the transaction) it is handed."""

from alembic import context

from agent_tui.server.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
