"""Commands: idempotency, the scene a command is decided on, outgoing rules, and what happens by the clock."""
