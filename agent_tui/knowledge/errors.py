"""What can go wrong with content, as a code and the value it is about; `agent_tui.errors` draws the tree."""

from agent_tui.errors import AgentTuiError


class KnowledgeError(AgentTuiError):
    """Base of the room's errors: `code` is a stable word, `detail` the value it is about."""

    def __init__(self, code: str, detail: str = "", line: int = 0) -> None:
        super().__init__(code, detail=detail, **({"line": str(line)} if line else {}))
        self.args = (code, detail, line)  # what an error is made of again in another process
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
    """A rules file that was refused.

    Codes: `pattern`, `duplicate`, and `condition` for a `true_when` that cannot be read. Of that, `detail` is
    the piece that is wrong, `rule` where it stands, `why` the code of its `BadCondition`, `known` the words
    there are.
    """

    def __init__(self, code: str, detail: str = "", **values: str) -> None:
        super().__init__(code, detail)
        self.args = (code, detail)
        self.values |= values
