"""How the composer looks: its style rules, and what its frame says of whom the words reach."""

from textual.widget import Widget

from agent_tui.desk import Desk
from agent_tui.i18n import texts
from agent_tui.tui.composer.field import ComposerField
from agent_tui.tui.composer.mode import Mode, helper_of, hint_of, title_of
from agent_tui.tui.composer.written import WrittenReply
from agent_tui.tui.widgets.message_lines import fill

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


def hint_over(field: ComposerField) -> str:
    """What the keys do in the blank that is being filled or over an untouched answer; else nothing."""
    words, blank = texts().composer, field.blank_here
    if blank is not None:
        number, of, prompt = blank
        template = words.hint_blank if of > 1 else words.hint_last_blank
        return fill(template, {"prompt": prompt, "n": str(number), "of": str(of)})
    return words.hint_answer if field.holds_answer else ""


class ComposerFrame:
    """What the frame of `box` says: whom the words reach, what goes with them, what the keys do."""

    def __init__(self, box: Widget, desk: Desk, written: WrittenReply) -> None:
        self._box = box
        self._desk = desk
        self._written = written
        self._hint = ""

    def follow(self, ticket: str | None, hint: str) -> None:
        """The cursor has moved: other keys may do something else."""
        if hint != self._hint:
            self.tell(ticket, hint)

    def tell(self, ticket: str | None, hint: str) -> None:
        """Say whom the words for `ticket` reach, and what the keys do: `hint`, or what they always do."""
        self._hint, box, mode = hint, self._box, self._written.mode
        row = self._desk.queue.row(ticket or "")
        if row is None:
            box.border_title, box.border_subtitle = texts().composer.no_ticket, ""
            return
        helper = helper_of(self._desk, row)
        carried = "".join(f"📎{f.name} " for f in self._written.files)
        # Border titles take markup: a name from outside is only ever put in escaped.
        box.border_title = title_of(mode, row, helper).replace("[", "\\[")
        box.border_subtitle = (carried + (hint or hint_of(mode, row, helper))).replace("[", "\\[")
        for aside in (Mode.NOTE, Mode.WHISPER, Mode.DRAFT):
            box.set_class(aside is mode, f"-{aside}")
        box.set_class(bool(helper) and mode is Mode.REPLY, "-over")
