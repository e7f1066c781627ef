"""The buddy's answer in a practice: what is right in words, as a draft where nothing is left to fill in."""

from agent_tui.drill.sets import Turn
from agent_tui.i18n import texts
from agent_tui.knowledge.packs.resolved import ResolvedPack
from agent_tui.knowledge.templates.fill import fill
from agent_tui.knowledge.templates.values import Values


def advice(turn: Turn, pack: ResolvedPack, values: Values) -> tuple[str, str]:
    """The words for a turn, and the draft; the draft is empty where a blank is left."""
    words = texts().drill
    card = pack.pack.card(turn.card)
    if card is not None:
        return turn.buddy or words.buddy_card.format(title=card.title), ""
    right = (pack.get(id) for id in turn.right)
    answer = next((found for found in right if found is not None), None)
    if answer is None:
        return turn.buddy or words.buddy_takes, ""
    draft = fill(answer.entry.text, values, answer.entry.language)
    told = turn.buddy or words.buddy_says.format(title=answer.title)
    return told, "" if draft.blanks else draft.text
