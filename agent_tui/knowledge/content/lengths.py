"""How long a reply will be once it is filled, and how long a channel lets it be."""

import re

CHANNEL_MOST = {"live": 60, "wechat": 500, "miniprogram": 500, "app": 500, "social": 280}
DEFAULT_MOST = 2_000

_OUTPUT = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
_STOP = re.compile(r"\$\{\d+:(?P<hint>[^}]*)\}")
_TYPICAL_VALUE = "八个字左右的值"


def length(body: str) -> int:
    """About how many characters `body` has when its placeholders and blanks are filled."""
    text = _STOP.sub(lambda found: found["hint"], _TAG.sub("", body))
    return len(_OUTPUT.sub(_TYPICAL_VALUE, text).strip())
