"""Why a ticket stands where it stands: its promise and every part of its urgency, in words."""

from rich.text import Text

from agent_tui.domain.models import Ticket
from agent_tui.domain.urgency import above_all, next_promise
from agent_tui.i18n import texts
from agent_tui.tui.cells import fit
from agent_tui.tui.clocks import signed
from agent_tui.tui.dialogs.dialog import TextDialog
from agent_tui.tui.widgets.context_words import promise_clock


class WhyDialog(TextDialog):
    """The promise that breaks next, then what moves it forward."""

    def __init__(self, ticket: Ticket, now: float) -> None:
        title = texts().dialog.why_title.format(number=ticket.number, customer=ticket.customer.name)
        super().__init__(title, why(ticket, now))


def why(ticket: Ticket, now: float) -> Text:
    """The reasons as lines."""
    words = texts()
    promise = next_promise(ticket)
    if promise is None:
        return Text(words.dialog.why_none)
    kind = words.context.promise_kinds[promise.kind]
    clock, _ = promise_clock(promise, now)
    lines = [words.dialog.why_promise.format(kind=kind, clock=clock), ""]
    parts = ticket.urgency.parts
    lines += [words.dialog.reasons[p.reason] for p in parts if above_all(p)]
    counted = [p for p in parts if not above_all(p)]
    lines += [
        f"{fit(words.dialog.reasons.get(p.reason, p.reason), 20)} {signed(p.seconds)} s" for p in counted
    ]
    if counted:
        lines += ["", words.dialog.why_sum.format(seconds=-sum(p.seconds for p in counted))]
    return Text("\n".join(lines))
