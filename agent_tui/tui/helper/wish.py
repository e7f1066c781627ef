"""What a customer wants, in one line of plain words; pure."""

from collections.abc import Iterable

from agent_tui.domain.text import one_line
from agent_tui.i18n import texts
from agent_tui.knowledge.recommend.usage_log import Said
from agent_tui.tui.helper.items import Advised

_LONGEST_QUOTE = 90


def wish_of(advised: Advised, category: str, said: Iterable[Said] = ()) -> str:
    """What the customer wants to know: the question of the answer that is advised for sure, else their own
    words."""
    if advised.is_sure and advised.answers:
        best = advised.answers[0]
        return best.similar[0] if best.similar else best.title
    wishes = texts().helper.wishes
    if category in wishes:
        return wishes[category]
    quoted = one_line("".join([one.text for one in said if one.side == "customer"][-1:]), _LONGEST_QUOTE)
    return f"“{quoted}”" if quoted else wishes["unclear"]
