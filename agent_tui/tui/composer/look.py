"""How the composer looks: its style rules, and what its frame says of whom the words reach."""

from collections.abc import Sequence

from textual.widget import Widget

from agent_tui.desk import Row
from agent_tui.domain.models import FileInfo
from agent_tui.i18n import texts
from agent_tui.tui.composer.mode import Mode, hint_of, title_of

RULES = """
Composer {
    height: auto;
    min-height: 4;
    max-height: 12;
    border: round $accent 60%;
    border-title-color: $accent;
    border-subtitle-color: $text-muted;
    padding: 0 1;
    &:focus-within { border: round $accent; }
    &.-note { border: round $warning; border-title-color: $warning; background: $warning 8%; }
    &.-whisper { border: round $secondary; border-title-color: $secondary; background: $secondary 8%; }
    &.-draft { border: double $success; border-title-color: $success; }
    &.-over { border: round $error; border-title-color: $error; }
    &.-asking { border: round $error; }
    & > .composer--notice { height: auto; max-height: 5; display: none; color: $warning; }
    & > .composer--notice.-shown { display: block; }
    & > ComposerField { height: auto; min-height: 2; max-height: 8; border: none; padding: 0;
                        background: transparent; }
    & > ComposerField:focus { border: none; }
}
"""


def name_frame(box: Widget, row: Row | None, mode: Mode, helper: str, files: Sequence[FileInfo]) -> None:
    """Let the frame of `box` say whom the words reach, what goes with them, and what the keys do."""
    if row is None:
        box.border_title, box.border_subtitle = texts().composer.no_ticket, ""
        return
    carried = "".join(f"📎{f.name} " for f in files)
    # Border titles take markup: a name from outside is only ever put in escaped.
    box.border_title = title_of(mode, row, helper).replace("[", "\\[")
    box.border_subtitle = (carried + hint_of(mode, row, helper)).replace("[", "\\[")
    for aside in (Mode.NOTE, Mode.WHISPER, Mode.DRAFT):
        box.set_class(aside is mode, f"-{aside}")
    box.set_class(bool(helper) and mode is Mode.REPLY, "-over")
