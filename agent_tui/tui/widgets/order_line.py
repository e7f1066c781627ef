"""The order of the ticket on the screen in one line, after what the customer names that is not in it."""

from agent_tui.i18n import language
from agent_tui.tui.cells import cut
from agent_tui.tui.widgets.line import Part, fitting
from agent_tui.tui.widgets.order_words import elsewhere_on, facts_of
from agent_tui.tui.widgets.ticket_line import TicketLine


class OrderLine(TicketLine):
    """`订单 8842…552 · 已发货 · 50 小时没有物流 · 圆通`; `-asks` while another order may be meant."""

    def say(self) -> None:
        """The line, and whether it asks something."""
        self.set_class(bool(self._elsewhere()), "-asks")
        super().say()

    def parts(self, width: int) -> list[Part]:
        """What must be asked first, then as much of the order as there is room for."""
        ticket = self._desk.tickets.get(self.ticket) if self.ticket else None
        if ticket is None:
            return []
        elsewhere = self._elsewhere()
        facts = facts_of(ticket, self._desk.tickets.detail(ticket.id), language(), self._clock())
        pieces = [(cut(elsewhere, width - 1), "late")] if elsewhere else []
        pieces += [(fact, "calm") for fact in facts]
        told: list[Part] = [("", [(" · " if n else " ", "faint"), one]) for n, one in enumerate(pieces)]
        return fitting(told, width)

    def _elsewhere(self) -> str:
        return elsewhere_on(self._desk, self.ticket)
