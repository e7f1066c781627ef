"""What can go wrong with a template or a rules file, as a code and the value it is about.

KnowledgeError
├── FillError    a template that cannot be used: its syntax, its names, its appetite
└── RulesError   an outgoing-rules file that cannot be used
"""


class KnowledgeError(Exception):
    """Base of the room's errors: `code` is a stable word, `detail` the value it is about."""

    def __init__(self, code: str, detail: str = "", line: int = 0) -> None:
        super().__init__(code, detail, line)
        self.code = code
        self.detail = detail
        self.line = line

    def __str__(self) -> str:
        place = f" (line {self.line})" if self.line else ""
        return f"{self.code}: {self.detail}{place}" if self.detail else f"{self.code}{place}"


class FillError(KnowledgeError):
    """A template that was refused or stopped.

    Codes: `too-big`, `syntax`, `unknown-name`, `unknown-filter`, `reserved-name`, `dynamic-path`,
    `broken-stop`, `too-complex`, `too-deep`, `too-long`, `too-large`, `too-slow`, `value`.
    """


class RulesError(KnowledgeError):
    """A rules file that was refused: `syntax`, `pattern`, `duplicate`."""
