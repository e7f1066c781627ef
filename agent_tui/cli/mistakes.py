"""What is wrong with a file a person wrote, in words; without typer, which the first frame must not load."""

from agent_tui.errors import AgentTuiError


def place_of(error: AgentTuiError) -> str:
    """What is wrong with a file, after its name."""
    return ": ".join(word for word in (error.values.get("file"), error.values.get("detail")) if word) or str(
        error
    )
