"""A template as far as its own words go: placeholders, tab stops and quotations taken out."""

import re

from agent_tui.knowledge.text.tokens import normalize

BLANK = "□"
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\$\{\d+:[^}]*\}", re.DOTALL)
_QUOTED = re.compile(r"「[^」]*」|『[^』]*』|“[^”]*”|《[^》]*》|\"[^\"\n]*\"|【[^】]*】")


def blanked(text: str) -> str:
    """`text` in its normal form, a placeholder or a quotation as one sign; lines stay where they are."""
    without = _PLACEHOLDER.sub(lambda found: BLANK + "\n" * found[0].count("\n"), text)
    return _QUOTED.sub(BLANK, normalize(without).replace("’", "'"))
