"""`python -m agent_tui` is the same program as the `agent-tui` command."""

from agent_tui.cli import main

if __name__ == "__main__":
    main()
