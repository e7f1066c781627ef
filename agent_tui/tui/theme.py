"""Colours: one accent, red only for a broken promise, everything else calm; dark, light and high contrast."""

from textual.theme import Theme

_DARK = Theme(
    name="dark",
    primary="#6cb6ff",
    secondary="#6cb6ff",
    accent="#6cb6ff",
    warning="#e3b341",
    error="#ff6b66",
    success="#7cc38a",
    foreground="#e6e8eb",
    background="#14171c",
    surface="#14171c",
    panel="#1c2027",
    dark=True,
    variables={
        "calm": "#a3abb6",
        "faint": "#69717d",
        "line": "#2b313a",
        "scrollbar": "#2b313a",
        "scrollbar-hover": "#2b313a",
        "scrollbar-active": "#2b313a",
        "scrollbar-background": "#1c2027",
        "scrollbar-background-hover": "#1c2027",
        "scrollbar-background-active": "#1c2027",
        "cursor-row": "#212a36",
        "raised": "#1c2027",
        "text-muted": "#a3abb6",
        "text-disabled": "#717986",
    },
)

_LIGHT = Theme(
    name="light",
    primary="#0b5cad",
    secondary="#0b5cad",
    accent="#0b5cad",
    warning="#8a5800",
    error="#c4231f",
    success="#1a7f37",
    foreground="#1d2127",
    background="#fbfaf8",
    surface="#fbfaf8",
    panel="#f1efeb",
    dark=False,
    variables={
        "calm": "#515a66",
        "faint": "#7c8590",
        "line": "#dedbd5",
        "scrollbar": "#dedbd5",
        "scrollbar-hover": "#dedbd5",
        "scrollbar-active": "#dedbd5",
        "scrollbar-background": "#f1efeb",
        "scrollbar-background-hover": "#f1efeb",
        "scrollbar-background-active": "#f1efeb",
        "cursor-row": "#e3edf8",
        "raised": "#f1efeb",
        "text-muted": "#515a66",
        "text-disabled": "#757e89",
    },
)

_CONTRAST = Theme(
    name="contrast",
    primary="#ffff00",
    secondary="#ffff00",
    accent="#ffff00",
    warning="#ffb000",
    error="#ff8080",
    success="#80ff80",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    dark=True,
    variables={
        "calm": "#ffffff",
        "faint": "#d0d0d0",
        "line": "#909090",
        "scrollbar": "#909090",
        "scrollbar-hover": "#909090",
        "scrollbar-active": "#909090",
        "scrollbar-background": "#101010",
        "scrollbar-background-hover": "#101010",
        "scrollbar-background-active": "#101010",
        "cursor-row": "#003a80",
        "raised": "#101010",
        "text-muted": "#ffffff",
        "text-disabled": "#d0d0d0",
    },
)

THEMES: tuple[Theme, ...] = (_DARK, _LIGHT, _CONTRAST)
NAMES: tuple[str, ...] = tuple(t.name for t in THEMES)


def after(name: str) -> str:
    """The theme that follows `name` when a person switches."""
    return NAMES[(NAMES.index(name) + 1) % len(NAMES)] if name in NAMES else NAMES[0]
