"""What the buddy has to do with it: whether help is on its way, what was whispered, what awaits approval."""

from collections.abc import Sequence

from msgspec import Struct
from textual.events import Click
from textual.message import Message as UiMessage

from agent_tui.desk import Shown
from agent_tui.domain.models import HelpCall, Message, MessageKind, MessageState, Ticket
from agent_tui.i18n import texts
from agent_tui.tui.cells import steady
from agent_tui.tui.helper.prose import Prose
from agent_tui.tui.widgets.message_lines import fill, plain

_ANSWERED = frozenset({MessageState.SENT, MessageState.DELIVERED})
_MOST = 4


class Beside(Struct, frozen=True):
    """The lines beside a chat as (tone, words), newest last, and the draft that a key would take; `answered`
    is the id of the reply after which the customer has said nothing yet."""

    lines: tuple[tuple[str, str], ...] = ()
    draft: Message | None = None
    answered: str = ""


def beside(ticket: Ticket | None, shown: Sequence[Shown], taken: frozenset[str], now: float) -> Beside:
    """What is said beside the chat since the customer was last answered; `taken` are drafts already used."""
    since = _since_answer([one.message for one in shown])
    lines, draft = [], None
    for message in since:
        if message.kind is MessageKind.WHISPER and _draft_of(message):
            draft = None if message.id in taken else message
        elif message.kind is MessageKind.WHISPER:
            lines.append(("warn", f"{steady(message.author.name)} › {plain(message)}"))
        elif message.state is MessageState.RETURNED:
            lines.append(("warn", texts().helper.returned))
    lines = lines[-_MOST:]
    if draft is not None:
        lines.append(("accent", fill(texts().helper.draft, {"name": steady(draft.author.name)})))
    if ticket is not None and ticket.help is not None:
        lines.append(("calm", call_words(ticket.help, now)))
    return Beside(tuple(lines), draft, _last_word([one.message for one in shown]))


def call_words(call: HelpCall, now: float) -> str:
    """Who is being called, and for how long."""
    words = texts().helper
    name = steady(call.to.name) if call.to else words.somebody
    values = {"name": name, "n": str(max(0, int(now - call.at.timestamp())))}
    if call.reason == "approval":
        return fill(words.awaiting, values)
    return fill(words.calls[call.stage if call.stage in words.calls else "core"], values)


def draft_text(message: Message) -> str:
    """The words of a handed draft."""
    return "\n".join(part.text for part in message.parts if part.type == "draft")


def _last_word(messages: list[Message]) -> str:
    spoken = (MessageKind.CUSTOMER, MessageKind.REPLY)
    last = next((one for one in reversed(messages) if one.kind in spoken), None)
    is_ours = last is not None and last.kind is MessageKind.REPLY
    return last.id if last is not None and is_ours and last.state is not MessageState.RETURNED else ""


def _draft_of(message: Message) -> bool:
    return any(part.type == "draft" for part in message.parts)


def _since_answer(messages: list[Message]) -> list[Message]:
    answered = [
        n for n, one in enumerate(messages) if one.kind is MessageKind.REPLY and one.state in _ANSWERED
    ]
    return messages[answered[-1] + 1 if answered else 0 :]


class Aside(Prose):
    """Shows what is beside the chat; hidden while there is nothing. A click takes the draft."""

    class DraftPressed(UiMessage):
        """The draft was clicked."""

    said: Beside = Beside()

    def show(self, said: Beside) -> None:
        """Show other lines."""
        if said == self.said:
            return
        self.said = said
        self.tell((words if n == 0 else f"\n{words}", tone) for n, (tone, words) in enumerate(said.lines))
        self.set_class(bool(said.lines), "-filled")

    def on_click(self, event: Click) -> None:
        """The draft, when there is one."""
        if self.said.draft is not None:
            self.post_message(self.DraftPressed())
