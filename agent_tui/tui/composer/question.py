"""What the composer asks before a reply goes, and the parts it goes as."""

from collections.abc import Sequence

from agent_tui.desk import Shown
from agent_tui.domain.models import FileInfo, MessageKind, Part
from agent_tui.i18n import texts
from agent_tui.tui.widgets.message_lines import fill, plain

_LAST, _MARKS, _SAID = 3, 2, 120


def question(unseen: Sequence[Shown], marked: Sequence[str]) -> str:
    """Whether to send although messages were not read, or words are doubtful: the last few of each."""
    lines = [_asked_about(item) for item in unseen[-_LAST:]]
    return "\n".join([*lines, *marked[:_MARKS], texts().composer.send_anyway])


def _asked_about(item: Shown) -> str:
    words, message = texts().composer, item.message
    is_customer = message.kind is MessageKind.CUSTOMER
    template = words.unseen_customer if is_customer else words.unseen_colleague
    said = plain(message).replace("\n", " ")
    return f"{fill(template, {'who': message.author.name})}:{said[:_SAID]}"


def parts_of(text: str, files: Sequence[FileInfo]) -> tuple[Part, ...]:
    """A message of `text`, when there is any, and the attached files."""
    words = [Part(type="text", text=text)] if text else []
    attached = [Part(type="image" if f.type.startswith("image/") else "file", file=f) for f in files]
    return (*words, *attached)
