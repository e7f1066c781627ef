"""What can go wrong before a command is on its way: the rules refuse it, or it cannot be kept."""

from agent_tui.errors import AgentTuiError


class StoreError(AgentTuiError):
    """Something could not be kept or read on this machine; what is in memory is still there."""


class ProfileInUse(StoreError):
    """Another running client writes this profile."""


class RefusedHere(AgentTuiError):
    """A command that `rules.decide` refuses at once; nothing was kept. `code` is the rule's word."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail=detail)
        self.detail = detail
