"""The few words the simulator says itself, in Chinese and English."""

from functools import cache
from importlib.resources import files

import msgspec

from agent_tui.i18n import load
from agent_tui.sim.settings import SimError


@cache
def texts() -> dict[str, dict[str, str]]:
    """The texts by language and code."""
    return msgspec.toml.decode(
        (files("agent_tui.sim") / "texts.toml").read_bytes(), type=dict[str, dict[str, str]]
    )


def say(code: str, language: str = "zh", **values: object) -> str:
    """The text for `code` with `values` filled in."""
    words = texts()["en" if language == "en" else "zh"]
    return words[code].format(**values)


def explain(error: SimError, language: str = "zh") -> str:
    """`error` as a sentence for a person."""
    reasons = load(language).errors["reasons"]
    return say(error.code, language, **{name: reasons.get(one, one) for name, one in error.values.items()})
