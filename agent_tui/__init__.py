"""agent-tui: the terminal workstation of the people who answer customers."""
