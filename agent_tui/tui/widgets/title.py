"""Whose conversation this is, on one line: number, customer, clock, what about, how often, who has it."""

from rich.cells import cell_len

from agent_tui.desk import Row
from agent_tui.domain.models import Ticket
from agent_tui.i18n import texts
from agent_tui.tui.cells import cut, steady
from agent_tui.tui.clocks import row_clock
from agent_tui.tui.queue.row import sign_of, tier_of
from agent_tui.tui.widgets.line import Part, Span, fitting
from agent_tui.tui.widgets.ticket_line import TicketLine


class Title(TicketLine):
    """`#10231 王*敏 ◆VIP  超时 0:12  退款 · 处理中 · 第 3 次联系`."""

    def parts(self, width: int) -> list[Part]:
        """The customer, the clock and what makes it urgent always, the rest as there is room."""
        row = self._desk.queue.row(self.ticket) if self.ticket else None
        if row is None:
            return []
        facts = [("", [(" · " if i else "  ", "faint"), fact]) for i, fact in enumerate(self._facts(row))]
        return fitting([("", self._who(row, width)), *facts], width)

    def _who(self, row: Row, width: int) -> list[Span]:
        sign, tone = sign_of(row)
        clock, loud = row_clock(row, self._clock())
        before: list[Span] = [(f" #{row.number} ", "faint")]
        if sign.strip():
            before.append((f"{sign} ", tone))
        behind: list[Span] = [(f" {tier_of(row)}".rstrip(), "accent"), (f"  {clock}", loud.value)]
        room = width - sum(cell_len(text) for text, _ in (*before, *behind))
        return [*before, (cut(steady(row.customer), max(4, room)), "strong"), *behind]

    def _facts(self, row: Row) -> list[Span]:
        words = texts()
        ticket = self._desk.tickets.get(row.id)
        facts: list[Span] = [
            (words.common.categories[row.category], "calm"),
            (words.common.statuses[row.status], "calm"),
            (words.common.channels.get(row.channel, row.channel), "faint"),
        ]
        if _is_repeated(ticket):
            facts.insert(1, (words.context.contacts.format(n=ticket.contacts if ticket else 1), "warn"))
        if row.assignee_id and row.assignee_id != self._desk.team.me.id:
            facts.insert(0, (words.context.assignee.format(name=steady(row.assignee)), "warn"))
        if row.danger is not None:
            facts.insert(0, (words.common.dangers[row.danger], "late"))
        return [*self._company(row), *facts]

    def _company(self, row: Row) -> list[Span]:
        """Colleagues who have the same ticket before them, so that two do not answer it; a helper whose
        customer it is belongs there."""
        here = [
            one
            for one in self._desk.presence.lookers(row.id)
            if not (one.person.id == row.assignee_id and one.draft)
        ]
        writing = [one.person.name for one in here if one.writing]
        looking = [one.person.name for one in here if not one.writing and one.person.id != row.assignee_id]
        words, facts = texts().buddy, []
        if writing:
            facts.append((words.also_writes.format(names=_named(writing)), "warn"))
        if looking:
            facts.append((words.also_looks.format(names=_named(looking)), "calm"))
        return facts


def _named(names: list[str]) -> str:
    words, first = texts().buddy, steady(names[0])
    if len(names) == 1:
        return first
    if len(names) == 2:
        return words.two_names.format(one=first, other=steady(names[1]))
    return words.many_names.format(one=first, n=len(names))


def _is_repeated(ticket: Ticket | None) -> bool:
    return ticket is not None and ticket.contacts > 1
