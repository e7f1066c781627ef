"""The error tree: every error carries a code and values, never a finished sentence.

AgentTuiError
├── BadSettings       a settings or policy file that cannot be used (file, at, detail)
├── NotFound          something asked for by id that is not here (id)
└── BackendError      agent_tui.backends.base
    ├── Unavailable   try again later (detail)
    ├── Rejected      a person must look (status, detail)
    └── AuthExpired   ask for a new token
"""


class AgentTuiError(Exception):
    """The root: `code` is a stable word, `values` fill the text that a front end words in its language."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        detail = ", ".join(f"{k}={v}" for k, v in self.values.items())
        return f"{self.code} ({detail})" if detail else self.code


class BadSettings(AgentTuiError):
    """A settings or policy file that cannot be used."""


class NotFound(AgentTuiError):
    """Something asked for by id that is not here."""
