"""The error tree: every error carries a code and values, never a finished sentence.

AgentTuiError
├── BadSettings          settings, policy, options or their files that cannot be used (file, at, detail)
├── BadCondition         agent_tui.domain.conditions: when an entry is true, in words nobody knows (detail)
├── BackendError         agent_tui.backends.errors: on the way to a helpdesk or in it
│   ├── Unavailable      nobody answered: try again later (detail)
│   ├── Rejected         understood and refused: a person must look (status, detail)
│   ├── AuthExpired      ask for a new token
│   └── CursorLost       take a new snapshot
├── StoreError           agent_tui.sync.errors: cannot be kept or read on this machine (reason, file)
│   └── ProfileInUse     another client of this person is running (file)
├── RefusedHere          agent_tui.sync.errors: the rules refuse a command before it is kept (detail)
├── KnowledgeError       agent_tui.knowledge.errors: content that cannot be used (detail, line)
│   ├── FillError        a template that was refused or stopped
│   ├── RulesError       a file of outgoing rules
│   ├── YamlError        YAML that cannot be used
│   ├── ImportFailed     another helpdesk's export that is none
│   └── PackError        a pack that is not there or cannot be used
├── DrillError           agent_tui.drill.sets: a drill's file that cannot be read (file, detail, at)
├── SimError             agent_tui.sim.settings: a simulated day that cannot be played
├── EditorFailed         agent_tui.tui.composer.editor: the person's own editor
├── ServerAway           agent_tui.web.door: no answer to the host of the page
├── Slower               agent_tui.web.door: the server wants fewer questions
├── Full                 agent_tui.web.sessions: as many browsers as may
└── HttpProblem          agent_tui.server.problems: ends a request with a problem (status, detail)
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_REASONS = {
    errno.EACCES: "no-permission",
    errno.EPERM: "no-permission",
    errno.EROFS: "read-only",
    errno.ENOSPC: "disk-full",
    errno.EDQUOT: "disk-full",
    errno.ENOENT: "not-there",
    errno.ENOTDIR: "no-folder",
    errno.EISDIR: "is-folder",
    errno.EEXIST: "exists",
    errno.EADDRINUSE: "in-use",
    errno.EADDRNOTAVAIL: "no-address",
}


class AgentTuiError(Exception):
    """The root: `code` is a stable word, `values` fill the text that a front end words in its language."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        detail = ", ".join(f"{k}={v}" for k, v in self.values.items())
        return f"{self.code} ({detail})" if detail else self.code


def reason_of(error: OSError) -> str:
    """Why the system refused, as a word a front end knows; what is rare in the system's own words."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error) or type(error).__name__


@contextmanager
def naming(place: Path) -> Iterator[None]:
    """Have an error of the system that names no file, as that of a full disk does not, name `place`."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(place)
        raise


class BadSettings(AgentTuiError):
    """Settings, a policy, an option or a file of these that cannot be used."""
