"""What can go wrong with what is kept on this machine.

AgentTuiError
└── StoreError        cannot be kept or read (reason, file)
    └── ProfileInUse  another client of this person is running (file)
"""

from agent_tui.domain.errors import AgentTuiError


class StoreError(AgentTuiError):
    """Something could not be kept or read on this machine; what is in memory is still there."""


class ProfileInUse(StoreError):
    """Another running client writes this profile."""
